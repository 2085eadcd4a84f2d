"""What the desk can do to the plan: each one an edit of schedule.yaml, as `weekahead plan` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from weekahead.build.schedule_report import edit_schedule, unwritten
from weekahead.model.letter import Letter
from weekahead.model.schedule import State
from weekahead.source import schedule_editor
from weekahead.source.schedule_editor import EditError


def act(root: Path, wanted: Mapping[str, str]) -> list[str]:
    """Do what a form of the desk asks for; the lines of schedule.yaml that left (-) and came (+).

    `do` says what: `move` what is planned for `number` to `to`, changing places with what is planned there; give it
    another `state`; `drop` it into the backlog; `take` an idea, counted from 0, for the week `to`; `add` a `title` for
    the week `to`. `title` names what the author had before his eyes: when that is no longer there, nothing is done.
    Raises BuildError, and Refused when it makes no sense.
    """
    return edit_schedule(root, lambda text, letter: _edited(text, letter, wanted))


def _edited(text: str, letter: Letter, wanted: Mapping[str, str]) -> str:
    title = wanted.get("title", "").strip()
    match wanted.get("do"):
        case "move":
            number, other = _seen(letter, wanted, title), _number(wanted, "to")
            unwritten(letter, number, other)
            change = schedule_editor.swap if other in letter.schedule.entries else schedule_editor.renumber
            return change(text, number, other)
        case "state":
            number, state = _seen(letter, wanted, title), wanted.get("state", "")
            if state not in list(State):
                raise EditError(f'"{state}" is not a state; they are {", ".join(State)}')
            return schedule_editor.set_state(text, number, state)
        case "drop":
            return schedule_editor.drop(text, _seen(letter, wanted, title))
        case "take":
            return _taken(text, letter, _number(wanted, "idea"), title, _free(letter, wanted))
        case "add":
            if not title:
                raise EditError("a week needs a title")
            return schedule_editor.add(text, _free(letter, wanted), " ".join(title.split()), "planning")
    raise EditError("the desk can move, add, take and drop, and set a state")


def _taken(text: str, letter: Letter, place: int, title: str, number: int) -> str:
    """An idea of the backlog planned for a week."""
    ideas = letter.schedule.backlog
    if place >= len(ideas) or (title and ideas[place].title != title):
        raise EditError("this idea is no longer where it was; look at the backlog again")
    idea = ideas[place]
    return schedule_editor.add(schedule_editor.take(text, place), number, idea.title, "planning", notes=idea.notes)


def _seen(letter: Letter, wanted: Mapping[str, str], title: str) -> int:
    """The number that is to change, if it still has the title that the author saw."""
    number = _number(wanted, "number")
    entry = letter.schedule.entries.get(number)
    if entry and title and entry.title != title:
        raise EditError(f"number {number} is “{entry.title}” by now; look at the plan again")
    return number


def _free(letter: Letter, wanted: Mapping[str, str]) -> int:
    number = _number(wanted, "to")
    unwritten(letter, number)
    return number


def _number(wanted: Mapping[str, str], name: str) -> int:
    words = wanted.get(name, "")
    if not (words.isascii() and words.isdigit() and len(words) < 7):
        raise EditError(f"`{name}` must be a number")
    return int(words)

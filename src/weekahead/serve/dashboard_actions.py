"""What the desk can do to the plan: each one an edit of schedule.yaml, as `weekahead plan` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from weekahead.build.schedule_edit import edit_schedule
from weekahead.model.schedule import State
from weekahead.source.schedule_editor import EditError, ScheduleEditor


def act(root: Path, wanted: Mapping[str, str]) -> list[str]:
    """Make the edit that a form of the desk asks for; return the lines of schedule.yaml removed (-) and added (+).

    `do` says what: `move` what is planned for `number` to `to`, exchanging it with what is planned there; give it
    another `state`; `drop` it into the backlog; `take` an idea, counted from 0, for the week `to`; `add` a `title` for
    the week `to`. `title` is what the author's page showed: if something else is there by now, nothing is changed.
    Raise BuildError, and EditError when it makes no sense.
    """
    return edit_schedule(root, lambda editor: _edit(editor, wanted))


def _edit(editor: ScheduleEditor, wanted: Mapping[str, str]) -> None:
    title = wanted.get("title", "").strip()
    match wanted.get("do"):
        case "move":
            number, other = _seen(editor, wanted, title), _number(wanted, "to")
            if other in editor.schedule.entries:
                editor.swap(number, other)
            else:
                editor.move(number, other)
        case "state":
            number, state = _seen(editor, wanted, title), wanted.get("state", "")
            if state not in list(State):
                raise EditError(f'"{state}" is not a state; they are {", ".join(State)}')
            editor.set_state(number, state)
        case "drop":
            editor.drop(_seen(editor, wanted, title))
        case "take":
            index, backlog = _number(wanted, "idea"), editor.schedule.backlog
            if index >= len(backlog) or (title and backlog[index].title != title):
                raise EditError("this idea is no longer where it was; look at the backlog again")
            editor.take(index, _number(wanted, "to"))
        case "add":
            editor.add(_number(wanted, "to"), title)
        case _:
            raise EditError("the desk can move, add, take and drop, and set a state")


def _seen(editor: ScheduleEditor, wanted: Mapping[str, str], title: str) -> int:
    """Return the number that is to change, if it still has the title that the author saw."""
    number = _number(wanted, "number")
    entry = editor.schedule.entries.get(number)
    if entry and title and entry.title != title:
        raise EditError(f"number {number} is “{entry.title}” by now; look at the plan again")
    return number


def _number(wanted: Mapping[str, str], name: str) -> int:
    words = wanted.get(name, "")
    if not (words.isascii() and words.isdigit() and len(words) < 7):
        raise EditError(f"`{name}` must be a number")
    return int(words)

"""What the desk does with an issue and with the letter, each in the words of the command that does the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct

from weekahead.build.issue_status import mark_ready, unpublish
from weekahead.build.schedule_edit import edit_schedule
from weekahead.build.undo import undoable
from weekahead.model.findings import Finding
from weekahead.model.issue import Status
from weekahead.model.letter import Letter
from weekahead.serve.dashboard import submit_form
from weekahead.serve.job import Job, Jobs
from weekahead.site.published import is_published
from weekahead.source.schedule_editor import EditError
from weekahead.source.value_types import BadValue, parse_day

ACTS = ("ready", "unpublish")
"""What is done with an issue once its text is saved."""


class Done(Struct, frozen=True):
    """What was done: the command, a sentence or the changed lines, and what `check` says of it."""

    command: str
    words: str
    findings: tuple[Finding, ...] = ()


def command_of(form: Mapping[str, str]) -> str:
    """Return the command that does what a form of the plan asks for, as far as there is one."""
    number, to, title = form.get("number", ""), form.get("to", ""), form.get("title", "")
    arguments = {
        "move": ["move", number, to],
        "state": ["state", number, form.get("state", "")],
        "rename": ["rename", number, form.get("new_title", "")],
        "drop": ["drop", number],
        "take": ["add", title or form.get("idea", "").partition(" ")[2], "--number", to],
        "add": ["add", title, "--number", to],
        "idea": ["idea", title],
        "skip": ["skip", form.get("day", "")],
        "unskip": ["skip", form.get("day", ""), "--undo"],
    }.get(form.get("do", ""), [])
    return shlex.join(["weekahead", "plan", *arguments])


def change_plan(root: Path, form: Mapping[str, str]) -> Done:
    """Make the edit of the plan that a form asks for. Raise EditError and BuildError."""
    command, do = command_of(form), form.get("do")
    with undoable(root, command):
        if do == "idea":
            lines = edit_schedule(root, lambda editor: editor.add_idea(form.get("title", "")))
        elif do in ("skip", "unskip"):
            day = _day(form.get("day", ""))
            lines = edit_schedule(root, lambda editor: (editor.skip if do == "skip" else editor.unskip)(day))
        else:
            lines = submit_form(root, form)
    is_plan_alone = bool(lines) and lines[0].startswith(("- ", "+ "))
    saved = "Saved in schedule.yaml." if is_plan_alone else "Saved."
    return Done(command, "\n".join([saved, *lines]) if lines else "No change.")


def change_status(root: Path, form: Mapping[str, str]) -> Done:
    """Mark an issue ready, or a draft again. Raise BuildError with the findings that refuse it."""
    do, text = form.get("do"), form.get("number", "")
    if do not in ACTS or not re.fullmatch("[0-9]{1,6}", text):
        raise EditError("choose what to do with which number")
    command, number = f"weekahead {do} {int(text)}", int(text)
    with undoable(root, command):
        change = mark_ready(root, number) if do == "ready" else unpublish(root, number)
    if do == "unpublish":
        words = "It is a draft again. A site that is built already has it until the next build."
    else:
        day = f"{change.at:%A %Y-%m-%d at %H:%M} ({change.zone})"
        words = f"It is ready, and comes out {'with the next build' if change.is_due else f'on {day}'}."
    return Done(command, words, change.findings)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except BadValue:
        raise EditError(f'"{text}" is not a date; write it like 2022-09-23') from None


# -- commands that take their time


class Mailable(Struct, frozen=True):
    """An issue that can be sent: its key for `weekahead send`, and what its author calls it."""

    key: str
    name: str
    is_out: bool


def mailable(letter: Letter, now: datetime, count: int = 5) -> list[Mailable]:
    """Return the newest issues that are ready, those to come first."""
    ready = [
        each for each in letter.issues if each.status is Status.READY and each.mail.send and letter.known_day(each)
    ]
    ready.sort(key=letter.instant, reverse=True)
    return [
        Mailable(each.key, f"{letter.label(each.number)}: {each.title}", is_published(letter, each, now))
        for each in ready[:count]
    ]


def start_command(jobs: Jobs, letter: Letter, form: Mapping[str, str]) -> Job:
    """Start the command that a form asks for. Raise EditError.

    An issue is sent to its readers only after a dry run of the same issue, whose number the form has.
    """
    do = form.get("do", "")
    simple = {"build": ["build"], "check": ["check"], "deploy": ["deploy"], "deploy-dry": ["deploy", "--dry-run"]}
    if do in simple:
        return jobs.start(*simple[do])
    key = form.get("issue", "")
    if key not in {issue.key for issue in letter.issues}:
        raise EditError("choose an issue to send")
    offline = ["--offline"] if "offline" in form else []
    match do:
        case "send-dry":
            return jobs.start("send", key, *offline)
        case "send-to":
            return jobs.start("send", key, f"--to={_address(form.get('address', ''))}")
        case "send-status":
            return jobs.start("send", key, "--status")
        case "send":
            dry = jobs.last
            wanted = ("send", key, "--yes", *offline)
            if dry and dry.arguments == wanted and f"{dry.number - 1}" == form.get("after"):
                return dry  # the second click of a double click
            if not (
                dry
                and dry.is_fine
                and dry.arguments == ("send", key, *offline)
                and f"{dry.number}" == form.get("after")
            ):
                raise EditError("look at the dry run of this issue first")
            return jobs.start(*wanted)
    raise EditError("unknown form; reload the page")


def _address(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;\"']{1,64}@[^\s@<>,;\"']{1,255}", text.strip()):
        raise EditError(f'"{text}" is not an address')
    return text.strip()

"""What the desk shows where two people changed the same place, and what its form says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile

from weekahead.build.merging import Choice, Conflict, Meeting
from weekahead.serve.side_by_side import sides
from weekahead.site.published import PublishedIssue

NAMES = {"schedule.yaml": "The plan", "letter.yaml": "The settings of the letter"}
REMOVED = "(removed)"


def choices_of(form: Mapping[str, str]) -> dict[str, Choice]:
    """Return what a form says of each file: the fields `file.N`, `which.N` and `text.N`."""
    numbers = [key.removeprefix("file.") for key in form if key.startswith("file.")]
    return {form[f"file.{n}"]: Choice(form.get(f"which.{n}", ""), form.get(f"text.{n}", "")) for n in numbers}


def shown_meeting(
    meeting: Meeting | None, choices: Mapping[str, Choice], issue_of: Callable[[str], PublishedIssue | None]
) -> dict[str, object]:
    """Return what a page shows of a conflict, and of texts that were written for one that is gone."""
    files = meeting.files if meeting else ()
    names = {file.name for file in files}
    return {
        "meeting": meeting,
        "files": [_shown(file, choices.get(file.name), issue_of(file.name)) for file in files if not file.is_gone],
        "left": [(name, choice.text) for name, choice in choices.items() if name not in names and choice.text],
    }


def _shown(file: Conflict, choice: Choice | None, issue: PublishedIssue | None) -> dict[str, object]:
    here, there = (REMOVED if text is None else text for text in (file.here, file.there))
    return {
        "name": file.name,
        "title": NAMES.get(file.name, f"{issue.label}: {issue.issue.title}" if issue else ""),
        "is_here": file.here is not None,
        "is_there": file.there is not None,
        "sides": sides(here.rstrip("\n").split("\n"), there.rstrip("\n").split("\n")),
        "can_be_joined": file.can_be_joined,
        "which": choice.which if choice else "",
        "text": choice.text if choice and choice.text else file.together,
        "line": _first_difference(file.here or "", file.together),
    }


def _first_difference(here: str, together: str) -> int:
    """Return the line from which on the text with both is another than the one here."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(here.split("\n"), together.split("\n"), strict=False))
    return sum(1 for _ in same) + 1

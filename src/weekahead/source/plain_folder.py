"""The form in which `weekahead export folder` writes a letter, and `weekahead import` reads it again."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

OWN_KEY = "weekahead"
"""The key of front matter with what other systems have no place for."""
OWN = "_weekahead"
"""The folder of an export that is for `weekahead import`. Its files begin with a dot, for Hugo publishes all others."""
DRAFTS = "_drafts/"
"""Where drafts are, which Jekyll leaves out then; Hugo goes by `draft: true` and Eleventy by `permalink: false`."""
FILES = f"{OWN}/.files.json"
"""Where each file of the letter that is no text is in the export, by its path from the letter's root."""
SETTINGS = {name: f"{OWN}/.{name}" for name in ("letter.yaml", "schedule.yaml")}
"""Where letter.yaml and schedule.yaml are in the export."""
SHARED = ("title", "tags", "summary", "authors")
"""Keys of front matter that mean the same to other systems, and stand there as they did."""


class Change(Struct, frozen=True, array_like=True):
    """What stands in a text in place of something else: its first character and its length there, and what was there."""

    start: int
    length: int
    original: str


def put_back(text: str, changes: Sequence[Change]) -> str:
    """Return a text as it was before it was written out; `changes` are in its order."""
    for change in reversed(changes):
        text = text[: change.start] + change.original + text[change.start + change.length :]
    return text


def is_read_as_is(body: str) -> bool:
    """Return whether the body of a file is read with nothing taken off its ends."""
    first = body.split("\n", 1)[0]
    return bool(first.strip()) and body == body.rstrip()

"""The text of an issue as an editor has it: its body and the fields of its front matter, saved unless the file has changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from weekahead.model.findings import build_error
from weekahead.model.hashing import hash_bytes
from weekahead.source.folder import LARGEST
from weekahead.source.front_matter import split_text
from weekahead.source.front_matter_fields import read_fields, with_fields
from weekahead.source.schedule_editor import EditError
from weekahead.source.text_edit import LetterEdit, letter_edit

FOLDERS = ("issues", "pages")


class IssueText(Struct, frozen=True, kw_only=True):
    """What is in the file of an issue or a page. Line ends are LF, whatever the file has."""

    name: str
    digest: str
    """That of the file's bytes: another digest is another version."""
    body: str
    line: int
    """The line of the file on which the body begins, from 1."""
    fields: dict[str, str] | None
    """The values of its front matter; None where that cannot be read, and `body` is the whole file."""
    places: dict[str, int] = {}
    """The line of each key of the front matter."""


class TextChanged(Exception):
    """The file is not what its editor had read: nothing was written. `current` is what is there now."""

    def __init__(self, current: IssueText) -> None:
        super().__init__(f"{current.name} was changed elsewhere")
        self.current = current


def is_text_name(name: str) -> bool:
    """Return whether a name may be that of an issue's or a page's text, seen from the letter's root."""
    parts = name.split("/")
    return (
        parts[0] in FOLDERS
        and len(parts) > 1
        and name.endswith(".md")
        and not any(part in ("", "..") or part.startswith(".") for part in parts)
        and "\0" not in name
    )


def read_issue_text(root: Path, name: str, *, whole: bool = False) -> IssueText:
    """Return what is in the file of an issue or a page; with `whole` its front matter as text. Raise BuildError."""
    _require_name(name)
    return _of_edit(LetterEdit(root), name, whole=whole)


def save_issue_text(
    root: Path, name: str, seen: str, body: str, fields: Mapping[str, str] | None
) -> tuple[IssueText, IssueText]:
    """Write another body, and other values of fields, under the letter's lock; return what was there, and what is.

    Without `fields`, `body` is the whole file. `seen` is the digest of the version that was edited: raise TextChanged if
    the file has another by now. Raise EditError for what cannot be edited safely, BuildError for what cannot be read or
    written.
    """
    _require_name(name)
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    if len(body.encode("utf-8", "replace")) > LARGEST:
        raise EditError(f"a text has at most {LARGEST:,} bytes; split it")
    if "\0" in body:
        raise EditError("the text has a NUL character; delete it")
    with letter_edit(root, name) as edit:
        before = _of_edit(edit, name, whole=fields is None)
        if before.digest != seen:
            raise TextChanged(before)
        text = edit.text(name)
        if before.fields is None or fields is None:
            text = body
        else:
            text = with_fields(name, _with_body(text[: len(text) - len(before.body)], body), fields)
        edit.change(name, text)
    return before, read_issue_text(root, name, whole=fields is None)


def _with_body(head: str, body: str) -> str:
    """Return the front matter and what is below it, without the empty lines that a body begins with: they are no part of it."""
    body = re.sub(r"\A(?:[ \t]*\n)+", "", body)
    return head + ("\n\n" if body and head and not head.endswith("\n") else "") + body


def _require_name(name: str) -> None:
    if not is_text_name(name):
        raise build_error("issues", "no-such-issue", "there is no such text", "Choose one of the drafts on the desk.")


def _of_edit(edit: LetterEdit, name: str, *, whole: bool) -> IssueText:
    data, text = edit.data(name), edit.text(name)
    parts = None if whole else split_text(name, text)
    if parts is None:
        return IssueText(name=name, digest=hash_bytes(data), body=text, line=1, fields=None)
    return IssueText(
        name=name,
        digest=hash_bytes(data),
        body=text[parts.body :],
        line=text.count("\n", 0, parts.body) + 1,
        fields=read_fields(parts.keys),
        places={key: line for key, (line, _) in parts.keys.places().items()},
    )

"""Take back what was changed last: the texts that were there before, as long as nothing else has changed them since."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.hashing import hash_bytes
from weekahead.runtime.atomic_file import write_synced
from weekahead.runtime.files import open_unlinked, own_folder
from weekahead.source.edit_journal import is_edited_name
from weekahead.source.schedule_editor import EditError
from weekahead.source.text_edit import Change, letter_edit, noting_changes

MOST = 10
"""Changes that can be taken back."""
LARGEST = 100_000_000
"""Bytes of the record."""
ONE_SITTING = 600.0
"""Seconds within which saves of one text are one change."""


class Step(Struct, frozen=True, kw_only=True):
    """A change that can be taken back. It has no text of a new file, which is removed."""

    words: str
    at: float
    """Seconds since 1970."""
    files: list[tuple[str, str, str, str]]
    """For each file its name before ("" for a new one) and now, its text before, and the digest of the bytes now."""
    renamed: dict[str, str]
    is_writing: bool = False

    @property
    def names(self) -> list[str]:
        return [now for _, now, _, _ in self.files]


@contextmanager
def undoable(root: Path, words: str, *, is_writing: bool = False) -> Iterator[None]:
    """Remember what the edits in this block change, in words that the author reads; also if the block ends in an error."""
    with noting_changes() as changes:
        try:
            yield
        finally:
            if changes:
                with letter_edit(root):
                    _remember(root, _joined(changes, words, is_writing=is_writing))


def steps(root: Path) -> list[Step]:
    """Return the changes that can be taken back, the last one first; none if the record cannot be read."""
    try:
        with open_unlinked(_record(root), LARGEST) as file:
            found = msgspec.msgpack.decode(file.read(), type=list[Step])
    except (OSError, msgspec.MsgspecError):
        return []
    return found[::-1]


def undo(root: Path) -> Step:
    """Take the last change back and return it. Raise EditError, with nothing changed, if one of its files has changed since."""
    last = next(iter(steps(root)), None)
    if last is None:
        raise EditError("there is nothing to take back")
    if not all(
        map(
            is_edited_name,
            (*last.names, *(row[0] for row in last.files if row[0]), *last.renamed, *last.renamed.values()),
        )
    ):
        raise EditError("the record of changes is not of this letter")  # it could come with somebody else's letter
    with letter_edit(root) as edit:
        for before, now, text, digest in last.files:
            if not os.path.lexists(root / now) or hash_bytes(edit.data(now)) != digest:
                raise EditError(f"{now} has changed since; nothing was taken back")
            if before:
                edit.change(now, text)
            else:
                edit.remove(now)
        for before, now in last.renamed.items():
            edit.rename(now, before)
        if name := edit.taken_name():
            raise EditError(f"there is a file in the way: {name}; nothing was taken back")
    for folder in {os.path.dirname(name) for name in last.names}:
        if folder.count("/") and os.path.isdir(root / folder) and not os.listdir(root / folder):
            os.rmdir(root / folder)
    with letter_edit(root):
        _save(root, [step for step in steps(root)[::-1] if step != last])
    return last


def _joined(changes: Sequence[Change], words: str, *, is_writing: bool) -> Step:
    """Return several changes as one: each file from what it was at first to what it is now."""
    files: dict[str, tuple[str, str, str]] = {}
    renamed: dict[str, str] = {}
    for change in changes:
        earlier = {before: files.pop(before) for before, _, _, _ in change.files if before in files}
        for before, now, text, digest in change.files:
            first = earlier.get(before)
            files[now] = (*(first[:2] if first else (before, text)), digest)
        renamed |= change.renamed
    rows = [(before, now, text, digest) for now, (before, text, digest) in files.items()]
    return Step(words=words, at=changes[-1].at, files=rows, renamed=renamed, is_writing=is_writing)


def _remember(root: Path, step: Step) -> None:
    known = steps(root)[::-1]
    last = known[-1] if known else None
    is_same = last and last.is_writing and step.is_writing and last.names == step.names and not step.renamed
    if last and is_same and step.at - last.at < ONE_SITTING:
        rows = zip(last.files, step.files, strict=True)
        step = replace(step, files=[(old[0], new[1], old[2], new[3]) for old, new in rows], renamed=last.renamed)
        known.pop()
    _save(root, sorted([*known, step], key=lambda each: each.at)[-MOST:])


def _save(root: Path, found: list[Step]) -> None:
    own_folder(root / ".weekahead")
    write_synced(_record(root), msgspec.msgpack.encode(found))


def _record(root: Path) -> Path:
    return root / ".weekahead" / "changes"

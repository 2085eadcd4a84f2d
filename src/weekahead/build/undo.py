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
from weekahead.source.text_edit import Change, WrittenFile, letter_edit, noting_changes

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
    files: list[WrittenFile]
    renamed: dict[str, str]
    is_writing: bool = False

    @property
    def names(self) -> list[str]:
        return [file.now for file in self.files]


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
            (*last.names, *(file.before for file in last.files if file.before), *last.renamed, *last.renamed.values()),
        )
    ):
        raise EditError("the record of changes is not of this letter")  # it could come with somebody else's letter
    with letter_edit(root) as edit:
        for file in last.files:
            if not os.path.lexists(root / file.now) or hash_bytes(edit.data(file.now)) != file.digest:
                raise EditError(f"{file.now} has changed since; nothing was taken back")
            if file.before:
                edit.change(file.now, file.text)
            else:
                edit.remove(file.now)
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
    files: dict[str, WrittenFile] = {}
    renamed: dict[str, str] = {}
    for change in changes:
        earlier = {file.before: files.pop(file.before) for file in change.files if file.before in files}
        files |= {file.now: _since(earlier.get(file.before), file) for file in change.files}
        renamed |= change.renamed
    return Step(words=words, at=changes[-1].at, files=[*files.values()], renamed=renamed, is_writing=is_writing)


def _remember(root: Path, step: Step) -> None:
    known = steps(root)[::-1]
    last = known[-1] if known else None
    if last and step.at - last.at < ONE_SITTING and _goes_on(last, step):
        pairs = zip(last.files, step.files, strict=True)
        step = replace(step, files=[_since(old, new) for old, new in pairs], renamed=last.renamed)
        known.pop()
    _save(root, sorted([*known, step], key=lambda each: each.at)[-MOST:])


def _goes_on(last: Step, step: Step) -> bool:
    """Return whether a save goes on with the one before, and nothing else came between."""
    seen = [(file.before, file.digest_before) for file in step.files]
    return last.is_writing and step.is_writing and seen == [(file.now, file.digest) for file in last.files]


def _since(first: WrittenFile | None, file: WrittenFile) -> WrittenFile:
    """Return what two edits of a file did together."""
    if first is None:
        return file
    return WrittenFile(first.before, file.now, first.text, first.digest_before, file.digest)


def _save(root: Path, found: list[Step]) -> None:
    own_folder(root / ".weekahead")
    write_synced(_record(root), msgspec.msgpack.encode(found))


def _record(root: Path) -> Path:
    return root / ".weekahead" / "changes"

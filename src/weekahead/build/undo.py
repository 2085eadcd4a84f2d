"""Take back what was changed last, and do it again: as long as nothing else has changed the files since.

To take back a change is a change itself, the reverse; to do it again is the reverse of that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import BuildError
from weekahead.model.hashing import hash_bytes
from weekahead.runtime.atomic_file import place_new, write_synced
from weekahead.runtime.files import discard, is_folder, open_unlinked, own_folder, require_below
from weekahead.runtime.pieces import file_digest
from weekahead.source.edit_journal import is_edited_name
from weekahead.source.schedule_editor import EditError
from weekahead.source.text_edit import Change, LetterEdit, WrittenFile, letter_edit, naming_errors, noting_changes

MOST = 10
"""Changes that can be taken back."""
LARGEST = 100_000_000
"""Bytes of the record."""
LARGEST_KEPT = 200_000_000
"""Bytes of a file that can be had back: those of the largest that the desk takes."""
ONE_SITTING = 600.0
"""Seconds within which saves of one text are one change."""


class Step(Struct, frozen=True, kw_only=True):
    """A change that can be taken back, or done again. Of a file without a name before it is new, of one without a name now it is gone."""

    words: str
    at: float
    """Seconds since 1970."""
    files: list[WrittenFile]
    renamed: dict[str, str]
    is_writing: bool = False

    @property
    def names(self) -> list[str]:
        return [file.now or file.before for file in self.files]

    @property
    def key(self) -> str:
        return f"{self.at}"


class Record(Struct, frozen=True):
    """The last changes that were made, and those of them that were taken back; each the newest last."""

    done: list[Step] = []
    undone: list[Step] = []


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


def keep_texts(root: Path, words: str, before: Mapping[str, bytes]) -> None:
    """Remember texts that something else than an edit has just changed, as a change that can be taken back."""
    files = []
    for name, data in before.items():
        with suppress(OSError, UnicodeDecodeError):  # of what is gone, or is no text, nothing can be brought back
            now, text = file_digest(root / name), data.decode("utf-8-sig").replace("\r\n", "\n")
            if is_edited_name(name) and now != hash_bytes(data):
                files.append(WrittenFile(name, name, text, hash_bytes(data), now))
    if files:
        with letter_edit(root):
            _remember(root, Step(words=words, at=time.time(), files=files, renamed={}))


def read_record(root: Path) -> Record:
    """Return the changes that can be taken back, and those that can be done again; none if the record cannot be read."""
    try:
        with open_unlinked(_record(root), LARGEST) as file:
            return msgspec.msgpack.decode(file.read(), type=Record)
    except (OSError, msgspec.MsgspecError):
        return Record()


def undo(root: Path, seen: str = "") -> Step:
    """Take the last change back and return it, if it is the one that the author saw.

    Raise EditError, with nothing changed, if it is not, or if one of its files has changed since.
    """
    record = read_record(root)
    if not record.done:
        raise EditError("there is nothing to take back")
    last = record.done[-1]
    back = _reversed(root, _seen(last, seen))
    with letter_edit(root):
        now = read_record(root)
        _save(root, Record([step for step in now.done if step != last], [*now.undone, back][-MOST:]))
    return last


def redo(root: Path, seen: str = "") -> Step:
    """Do again what was taken back last, under the same conditions, and return it."""
    record = read_record(root)
    if not record.undone:
        raise EditError("there is nothing to do again")
    last = record.undone[-1]
    again = _reversed(root, _seen(last, seen))
    with letter_edit(root):
        now = read_record(root)
        _save(root, Record([*now.done, again][-MOST:], [step for step in now.undone if step != last]))
    return last


def _seen(step: Step, seen: str) -> Step:
    if seen not in ("", step.key):
        raise EditError("the last change is another one by now; look at the list again")
    return step


# -- inner


def _reversed(root: Path, step: Step) -> Step:
    """Make what the letter was before a change, and return the change that this is. Raise EditError and BuildError."""
    old = [file.before for file in step.files if file.before]
    if not all(map(is_edited_name, (*step.names, *old, *step.renamed, *step.renamed.values()))):
        raise EditError("the record of changes is not of this letter")  # it could come with somebody else's letter
    gone, new = [file for file in step.files if not file.now], [file for file in step.files if not file.before]
    put_back: list[Path] = []
    try:
        with letter_edit(root) as edit:
            made = _change_back(root, edit, step)
            put_back += (_put_back(root, file) for file in gone)
    except BaseException:
        for path in put_back:
            path.unlink()
        raise
    for file in new:
        _take_out(root, file)
    for folder in {os.path.dirname(name) for name in step.names}:
        if folder.count("/") and os.path.isdir(root / folder) and not os.listdir(root / folder):
            os.rmdir(root / folder)
    files = [
        *(WrittenFile(file.now, "", "", file.digest, "") for file in new),
        *(WrittenFile("", file.before, "", "", file.digest_before) for file in gone),
        *made.files,
    ]
    return replace(step, files=files, renamed=made.renamed)


def _change_back(root: Path, edit: LetterEdit, step: Step) -> Change:
    """Give texts and names what they had before a change, where nothing has changed since; return that as a change."""
    for file in step.files:
        if file.now and file.before:
            _require_unchanged(file.now, lambda name: hash_bytes(edit.data(name)), file.digest)
            edit.change(file.now, file.text)
        elif file.now:
            _require_unchanged(file.now, lambda name: file_digest(require_below(root, name)), file.digest)
    for before, now in step.renamed.items():
        edit.rename(now, before)
    if name := edit.taken_name():
        raise EditError(f"there is a file in the way: {name}; nothing was changed")
    return edit.change_made()


def _require_unchanged(name: str, digest: Callable[[str], str], seen: str) -> None:
    """Raise EditError if a file is not what the change left."""
    try:
        is_same = digest(name) == seen
    except (OSError, BuildError):
        is_same = False
    if not is_same:
        raise EditError(f"{name} has changed since; nothing was changed")


def _take_out(root: Path, file: WrittenFile) -> None:
    """Keep a file that is taken back, so that it can come again."""
    with naming_errors(file.now, "written"):
        own_folder(_kept(root))
        os.replace(require_below(root, file.now), _kept(root) / file.digest)


def _put_back(root: Path, file: WrittenFile) -> Path:
    """Put a file in its place again that was taken back; return its path. Raise EditError and BuildError."""
    with naming_errors(file.before, "written"):
        path = require_below(root, file.before)
        if os.path.lexists(path):
            raise EditError(f"there is a file in the way: {file.before}; nothing was changed")
        with open_unlinked(_kept(root) / os.path.basename(file.digest_before), LARGEST_KEPT) as kept:
            data = kept.read()
        if hash_bytes(data) != file.digest_before:
            raise EditError(f"{file.before} is not kept any more; nothing was changed")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path, data, root / ".weekahead/edited", place=place_new)
    return path


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
    known = list(read_record(root).done)
    last = known[-1] if known else None
    if last and step.at - last.at < ONE_SITTING and _goes_on(last, step):
        pairs = zip(last.files, step.files, strict=True)
        step = replace(step, files=[_since(old, new) for old, new in pairs], renamed=last.renamed)
        known.pop()
    _save(root, Record(sorted([*known, step], key=lambda each: each.at)[-MOST:]))


def _goes_on(last: Step, step: Step) -> bool:
    """Return whether a save goes on with the one before, and nothing else came between."""
    seen = [(file.before, file.digest_before) for file in step.files]
    return last.is_writing and step.is_writing and seen == [(file.now, file.digest) for file in last.files]


def _since(first: WrittenFile | None, file: WrittenFile) -> WrittenFile:
    """Return what two edits of a file did together."""
    if first is None:
        return file
    return WrittenFile(first.before, file.now, first.text, first.digest_before, file.digest)


def _save(root: Path, record: Record) -> None:
    """Write the record, and let go of files that nobody can have back."""
    own_folder(root / ".weekahead")
    write_synced(_record(root), msgspec.msgpack.encode(record))
    wanted = {file.digest_before for step in record.undone for file in step.files if not file.now}
    for name in os.listdir(_kept(root)) if is_folder(_kept(root)) else ():
        if name not in wanted:
            discard(_kept(root) / name)


def _kept(root: Path) -> Path:
    return root / ".weekahead" / "taken-back"


def _record(root: Path) -> Path:
    return root / ".weekahead" / "changes"

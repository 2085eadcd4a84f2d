"""Bring two versions of a letter together: what both changed in the same place is shown, and joined as its author says."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from weekahead.build.check import check
from weekahead.build.quiet_git import git_words, quiet_git, run_git, succeeds
from weekahead.build.undo import keep_texts
from weekahead.model.findings import BuildError
from weekahead.model.hashing import hash_value
from weekahead.runtime.atomic_file import write_synced
from weekahead.runtime.files import read_bytes, require_below
from weekahead.source.folder import LARGEST
from weekahead.source.git import GitFailed
from weekahead.source.schedule_editor import EditError
from weekahead.source.text_edit import letter_edit, naming_errors

HERE, THERE = 2, 3
PLAIN_FILES = ("100644", "100755")
MARKS = "<<<<<<< ", "||||||| ", "=======", ">>>>>>> "
"""The lines with which git marks what both changed: the version here, what it was, and the version there."""


class Conflict(Struct, frozen=True, kw_only=True):
    """A file that two people changed in the same place, with the two versions. None is a file that one of them removed."""

    name: str
    here: str | None
    there: str | None
    together: str
    """The text with both versions where they differ, to be edited."""
    is_text: bool

    @property
    def is_gone(self) -> bool:
        """Whether both removed it, as where they gave it different names."""
        return self.here is None and self.there is None

    @property
    def can_be_joined(self) -> bool:
        """Whether there are two texts of which one can be made."""
        return self.is_text and self.here is not None and self.there is not None


class Meeting(Struct, frozen=True, kw_only=True):
    """All files that two people changed in the same place."""

    files: tuple[Conflict, ...]
    who: str
    """Who made the versions there, and when."""
    key: str
    """Of the two commits and the versions: another key is another conflict."""


class Choice(Struct, frozen=True):
    """Which version of a file to keep: "here", "there", or "text" for the one that is given."""

    which: str
    text: str = ""


class MergeConflict(Exception):
    """Two people changed the same place: nothing was changed here."""

    def __init__(self, meeting: Meeting, why: str = "") -> None:
        super().__init__(why or "two people changed the same place")
        self.meeting = meeting
        self.why = why


def begin_merge(root: Path, upstream: str) -> None:
    """Merge what was pushed. Raise MergeConflict, and EditError, with all as it was before."""
    try:
        quiet_git(root, "merge", "--quiet", "--no-edit", "--no-verify", "@{upstream}")
    except GitFailed as error:
        is_begun = succeeds(root, "rev-parse", "--verify", "--quiet", "MERGE_HEAD")
        try:
            meeting = conflicts_of_merge(root, upstream) if is_begun else None
        finally:
            if is_begun:
                run_git(root, "merge", "--abort")
        if meeting and meeting.files:
            raise MergeConflict(meeting) from None
        raise EditError(f"git did not bring the two together: {git_words(error)}; nothing was changed") from None


def conflicts_of_merge(root: Path, upstream: str) -> Meeting:
    """Return the conflicts of the merge that was begun. Raise EditError for some that are not between two files of the letter."""
    stages = _stages(root)
    files = tuple(_conflict(root, name, found) for name, found in stages.items())
    there = run_git(root, "rev-parse", "MERGE_HEAD").split()[0]
    key = hash_value([run_git(root, "rev-parse", "HEAD"), there, [[*found.values()] for found in stages.values()]])
    who = run_git(root, "log", "-1", "--date=format:%A %H:%M", "--format=%an, %ad", there).strip()
    return Meeting(files=files, who=who, key=key)


def finish_merge(root: Path, upstream: str, seen: str, choices: Mapping[str, Choice], *, is_begun: bool) -> int:
    """Merge with the versions that were chosen, and return of how many files. With an error all is as it was before."""
    if not is_begun and succeeds(root, "merge", "--quiet", "--no-commit", "--no-ff", "--no-verify", "@{upstream}"):
        succeeds(root, "merge", "--abort")
        raise EditError("others have changed it since; pull again")
    if not is_begun and not succeeds(root, "rev-parse", "--verify", "--quiet", "MERGE_HEAD"):
        raise EditError("git does not bring the two together; pull again to see why")
    put_back: Callable[[], object] = partial(run_git, root, "merge", "--abort")
    try:
        meeting = conflicts_of_merge(root, upstream)
        if is_begun:
            put_back = _state_of(root, meeting)
        try:
            _join(root, meeting, seen, choices)
            run_git(root, "commit", "--quiet", "--no-verify", f"--message=Merge {upstream or 'another version'}")
        except (EditError, BuildError) as error:
            raise MergeConflict(meeting, f"{error}") from error
    except BaseException:
        put_back()
        raise
    return len(meeting.files)


def abort_merge(root: Path) -> None:
    """Take a merge back that was begun. Texts as they were meanwhile can be brought back. Raise EditError."""
    with letter_edit(root):
        names = run_git(root, "diff", "--name-only", "--relative", "-z", "HEAD", "--").split("\0")
        texts = {name: data for name in names if name and (data := _data(root, name)) is not None}
        run_git(root, "merge", "--abort")
    keep_texts(root, "git merge --abort", texts)


# -- the conflicts


def _stages(root: Path) -> dict[str, dict[int, tuple[str, str]]]:
    """Return mode and object of each version of the files in conflict. Raise EditError for what is no text or file of the letter."""
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for row in filter(None, run_git(root, "ls-files", "--unmerged", "-z").split("\0")):
        about, _, name = row.partition("\t")
        mode, blob, stage = about.split(" ")
        found.setdefault(name, {})[int(stage)] = (mode, blob)
        if mode not in PLAIN_FILES or "\ufffd" in name:
            raise EditError(f"{name} is not a plain file on both sides; merge the two with git itself: git pull")
    everywhere = filter(None, run_git(root, "diff", "--name-only", "--diff-filter=U", "-z").split("\0"))
    if len(found) < len(list(everywhere)):
        raise EditError("files outside the letter are in conflict as well; merge the two with git itself: git pull")
    return found


def _conflict(root: Path, name: str, stages: Mapping[int, tuple[str, str]]) -> Conflict:
    here, there = (_blob(root, stages[side][1]) if side in stages else None for side in (HERE, THERE))
    texts = [_as_text(data) if data is not None else None for data in (here, there)]
    is_text = not any(text is None and data is not None for text, data in zip(texts, (here, there), strict=True))
    now = _as_text(_data(root, name) or b"")
    return Conflict(
        name=name,
        here=texts[0] if is_text else _size(here),
        there=texts[1] if is_text else _size(there),
        together=_without_marks(now or "") if is_text else "",
        is_text=is_text,
    )


def _blob(root: Path, name: str) -> bytes:
    try:
        return quiet_git(root, "cat-file", "blob", name)
    except GitFailed as error:
        raise EditError(f"git: {git_words(error)}") from None


def _data(root: Path, name: str) -> bytes | None:
    """Return what is in a file of the letter; None where it cannot be read."""
    try:
        return read_bytes(root, name, LARGEST)
    except OSError:
        return None


def _as_text(data: bytes) -> str | None:
    """Return some bytes as text with LF line ends; None for what is no text, or too long for one."""
    try:
        return None if len(data) > LARGEST or b"\0" in data else data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _size(data: bytes | None) -> str | None:
    return None if data is None else f"{len(data):,} bytes"


def _without_marks(text: str) -> str:
    """Return a text that git merged, with both versions where they differ, the one here first."""
    kept, is_in, is_base = [], False, False
    for line in text.split("\n"):
        if line.startswith(MARKS[0]):
            is_in = True
        elif is_in and line.startswith(MARKS[1]):
            is_base = True
        elif is_in and line == MARKS[2]:
            is_base = False
        elif is_in and line.startswith(MARKS[3]):
            is_in = False
        elif not is_base:
            kept.append(line)
    return "\n".join(kept)


# -- what was chosen


def _join(root: Path, meeting: Meeting, seen: str, choices: Mapping[str, Choice]) -> None:
    """Put the versions in their places that were chosen. Raise EditError and BuildError."""
    if meeting.key != seen:
        raise EditError("one of the files has changed since you saw it; look at them again")
    for file in meeting.files:
        _apply(root, file, choices.get(file.name, Choice("")))
    edited = {file.name for file in meeting.files if not file.is_gone and choices[file.name].which == "text"}
    errors = [found for found in check(root, None).findings if found.is_error] if edited else []
    if errors := [found for found in errors if found.where.file in edited]:
        raise BuildError(errors)


def _apply(root: Path, file: Conflict, choice: Choice) -> None:
    """Put the version of a file in its place that was chosen, and note it as joined. Raise EditError and BuildError."""
    sides = {"here": file.here, "there": file.there}
    text = choice.text.replace("\r\n", "\n")
    if choice.which == "text" and file.can_be_joined:
        if any(line.startswith((MARKS[0], MARKS[3])) for line in text.split("\n")):
            raise EditError(
                f"{file.name} still has the marks {MARKS[0]}and {MARKS[3]}; delete them and what you do not want"
            )
        _write(root, file, text)
    elif file.is_gone:
        run_git(root, "rm", "--quiet", "--force", "--", file.name)
        return
    elif choice.which not in sides:
        raise EditError(f"choose which version of {file.name} to keep")
    elif sides[choice.which] is None:
        run_git(root, "rm", "--quiet", "--force", "--", file.name)
        return
    else:
        run_git(root, "checkout", "--ours" if choice.which == "here" else "--theirs", "--", file.name)
    run_git(root, "add", "--", file.name)


def _write(root: Path, file: Conflict, text: str) -> None:
    """Write a text with byte-order mark, line ends and permissions of the version here."""
    run_git(root, "checkout", "--ours", "--", file.name)
    with naming_errors(file.name, "written"):
        path = require_below(root, file.name)
        before = read_bytes(root, file.name, LARGEST)
        ended = text.replace("\n", "\r\n") if b"\r\n" in before else text
        mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
        write_synced(path, mark + ended.encode(), root / ".weekahead/edited", path.stat().st_mode & 0o7777)


def _state_of(root: Path, meeting: Meeting) -> Callable[[], None]:
    """Return what puts the files in conflict back as they are now, and git's notes of them."""
    texts = {file.name: _data(root, file.name) for file in meeting.files}
    rows = [row for row in run_git(root, "ls-files", "--unmerged", "--full-name", "-z").split("\0") if row]
    gone = [f"0 {'0' * len(row.split(' ')[1])}\t{row.partition(chr(9))[2]}" for row in rows]

    def put_back() -> None:
        for name, data in texts.items():
            if data is not None:
                write_synced(require_below(root, name), data, root / ".weekahead/edited", 0o644)
        given = "".join(f"{row}\0" for row in (*gone, *rows)).encode()
        quiet_git(root, "update-index", "-z", "--index-info", given=given)

    return put_back

"""What the history of issues/ in git tells of the addresses at which issues were published.

An issue was published if it was ready in a commit of the main line until its day had come. Only the first parent of a merge
counts: what was tried on a branch was never out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.config import Config
from weekahead.model.issue import Source, slug_from_stem
from weekahead.model.letter import Letter
from weekahead.model.published_address import PublishedAddress
from weekahead.runtime.store import Store
from weekahead.source.git import GitFailed, git, read_objects

AT_ONCE = 500
"""Files of the history that are held at once."""


class Period(Struct, array_like=True):
    """From which commit until which something was so, counted from the first; and the time of the last, in seconds."""

    since: int
    until: int | None = None
    ended: int | None = None

    def end(self, commit: int, seconds: int) -> None:
        self.until, self.ended = commit, seconds

    def meets(self, other: Period) -> bool:
        """Return whether two periods have a commit in common."""
        return (self.until is None or other.since < self.until) and (other.until is None or self.since < other.until)


class Version(Struct, array_like=True):
    """An issue as it was while it was ready."""

    file: str
    number: int | None
    slug: str
    title: str
    date: date | None
    period: Period


class History(Struct, array_like=True):
    """What the commits up to `head` tell: versions of issues, and permalinks."""

    head: str = ""
    commits: int = 0
    versions: list[Version] = []
    permalinks: list[tuple[str, Period]] = []


class AddressInGit(Struct, frozen=True):
    """An address at which an issue was published, and whether the newest commit still has it there."""

    of: PublishedAddress
    is_current: bool


def addresses_in_git(
    root: Path, letter: Letter, now: datetime, known: Collection[str], store: Store
) -> dict[str, AddressInGit]:
    """Return the addresses at which issues were published by an instant, but for the `known` ones; none without git."""
    history, found = _history(root, store), dict[str, AddressInGit]()
    for permalink, period in history.permalinks:
        config = replace(letter.config, permalink=permalink)
        for version in history.versions:
            if path := _published_path(version, config, period, letter, now, known):
                day = version.date or (None if version.number is None else letter.schedule.day(version.number))
                of = PublishedAddress(version.file, day, version.title, "", version.slug, version.number)
                found[path] = AddressInGit(of, version.period.until is None and period.until is None)
    return found


def _published_path(
    version: Version, config: Config, period: Period, letter: Letter, now: datetime, known: Collection[str]
) -> str | None:
    """Return the path at which a version was out under a permalink, unless it is known; None if it never was."""
    day = version.date or (None if version.number is None else letter.schedule.day(version.number))
    if day is None:
        return None
    number = day if version.number is None else version.number
    path = config.permalink_format.format(number=number, slug=version.slug, day=day)
    if path in known or not version.period.meets(period):
        return None
    at = letter.schedule.instant(day).timestamp()
    was_out = all(end is None or at < end for end in (version.period.ended, period.ended))
    return path if day <= now.date() and was_out else None


# -- reading it


def _history(root: Path, store: Store) -> History:
    """Return the history up to the newest commit, of which what an earlier run has read is remembered."""
    head = newest_commit(root)
    if not head:
        return History()
    try:
        before = store.load("addresses", "history", History) or History()
        if before.head == head:
            return before
        history = _read(root, before if before.head and _is_ancestor(root, before.head, head) else History(), head)
    except (GitFailed, ValueError):
        return History()
    store.save("addresses", "history", history)
    return history


def newest_commit(root: Path) -> str:
    """Return the name of the commit that is checked out; empty without git or a commit."""
    real = Path(os.path.realpath(root))
    if any((folder / ".git").exists() for folder in (real, *real.parents)):
        with suppress(GitFailed):
            return git(root, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip()
    return ""


def _is_ancestor(root: Path, commit: str, head: str) -> bool:
    with suppress(GitFailed):
        line = git(root, "rev-list", "--first-parent", head).decode().split()
        return commit in line
    return False


class _Change(Struct):
    """A file that a commit changed: which and when, and git's id of what is in it now; all zeros where it is gone."""

    commit: int
    seconds: int
    file: str
    blob: str


def _read(root: Path, before: History, head: str) -> History:
    """Return a history with the commits since `before`. Raise GitFailed."""
    changes = list(_changes(root, f"{before.head}..{head}" if before.head else head, before.commits))
    current = {version.file: version for version in before.versions if version.period.until is None}
    history = History(head, before.commits, [*before.versions], [*before.permalinks])
    for change, text in _texts(root, changes):
        history.commits = change.commit
        if change.file == "letter.yaml":
            _add_permalink(history.permalinks, _permalink(text), change)
        else:
            _add_version(history.versions, current, _version(change.file, text, Period(change.commit)), change)
    return history


def _add_permalink(permalinks: list[tuple[str, Period]], permalink: str, change: _Change) -> None:
    if permalinks and permalinks[-1][0] == permalink:
        return
    if permalinks:
        permalinks[-1][1].end(change.commit, change.seconds)
    permalinks.append((permalink, Period(change.commit if permalinks else 0)))


def _add_version(
    versions: list[Version], current: dict[str, Version], version: Version | None, change: _Change
) -> None:
    """Add a version of a file, unless its address is as it was in the commit before."""
    old = current.get(change.file)
    if old and version and replace(old, title="", period=version.period) == replace(version, title=""):
        return
    if old:
        old.period.end(change.commit, change.seconds)
        del current[change.file]
    if version:
        versions.append(version)
        current[change.file] = version


def _changes(root: Path, commits: str, count: int) -> Iterator[_Change]:
    """Yield the changes of the files of issues and of letter.yaml, oldest first; `count` commits are known. Raise GitFailed."""
    options = ("--first-parent", "-m", "--no-renames", "--raw", "--no-abbrev", "-z", "--reverse", "--relative")
    out = git(root, "log", "--no-show-signature", "--format=%x01%ct", *options, commits, "--", "issues", "letter.yaml")
    seconds, blob = 0, ""
    for token in out.decode("utf-8", "surrogateescape").split("\0"):
        if match := re.fullmatch(r"\n?\x01([0-9]{1,11})\n?", token):
            seconds, count = int(match[1]), count + 1
        elif match := re.fullmatch(r"\n?:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*", token):
            blob = match[2] if match[1].startswith("10") else "0"  # a link or a submodule is no text
        elif blob:
            if token == "letter.yaml" or re.fullmatch(r"issues/([^/]+\.md|[^/]+/index\.md)", token):
                yield _Change(count, seconds, token, blob)
            blob = ""


def _texts(root: Path, changes: list[_Change]) -> Iterator[tuple[_Change, str]]:
    """Yield each change with the text of its file then; an empty one where the file is gone. Raise GitFailed."""
    for start in range(0, len(changes), AT_ONCE):
        some = changes[start : start + AT_ONCE]
        texts = read_objects(root, [change.blob for change in some if change.blob.strip("0")])
        for change in some:
            text = (next(texts) if change.blob.strip("0") else None) or b""
            yield change, text.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _permalink(text: str) -> str:
    return _value(text, "permalink") or "/issues/{number}-{slug}/"


def _version(file: str, text: str, period: Period) -> Version | None:
    """Return what the front matter of an issue said, if it was ready."""
    match = re.match(r"\s*-{3,}[ \t]*\n(.*?)\n-{3,}[ \t]*(?:\n|$)", text, re.DOTALL)
    if match is None or _value(match[1], "status") != "ready":
        return None
    number, slug = _value(match[1], "number"), _value(match[1], "slug")
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(_value(match[1], "date"))
    return Version(
        file=file,
        number=int(number) if re.fullmatch("[0-9]{1,9}", number) else None,
        slug=slug or slug_from_stem(Source(file=file).stem),
        title=_value(match[1], "title"),
        date=day,
        period=period,
    )


def _value(yaml: str, key: str) -> str:
    """Return a short value at the left edge of a YAML text, without its quotes and what follows; empty if there is none."""
    match = re.search(rf"(?m)^{key}[ \t]*:[ \t]+(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\n]*?))[ \t]*(?:[ \t]#[^\n]*)?$", yaml)
    return next((each for each in match.groups() if each is not None), "").strip() if match else ""

"""From disk to a Letter, remembering what was read of files that have not changed.

What is wrong with a file becomes a finding with its line. Findings are remembered with the rest: the same letter gives
the same findings, read or remembered.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.book import KeptEdition
from weekahead.model.config import CitationSettings, Config
from weekahead.model.findings import BuildError, Finding, Location, warning
from weekahead.model.hashing import hash_value
from weekahead.model.issue import BIBLIOGRAPHY, STYLE, Issue, Page
from weekahead.model.letter import Letter, by_form
from weekahead.model.picture_size import ENDINGS, HEAD, PictureFacts, picture_facts
from weekahead.model.schedule import Schedule
from weekahead.runtime.files import OUTSIDE, open_file
from weekahead.runtime.store import Store
from weekahead.source.audio_probe import AudioInfo
from weekahead.source.files_beside import BIBLIOGRAPHIES, AnyText, FilesBeside
from weekahead.source.folder import LARGEST, FileStat, Folder, Listing, cannot_be_read, text_digest
from weekahead.source.parsers import Parser, config_file, editions_file, issue_file, page_file, schedule_file

T = TypeVar("T")


class Parsed(Struct, Generic[T], frozen=True, array_like=True):
    """What was read from a file of some content, and what was found in it."""

    digest: str
    value: T | None
    findings: tuple[Finding, ...]


class Memory(Struct, array_like=True):
    """What one run knows of a letter's files, for the next."""

    stats: dict[str, FileStat] = {}
    issues: dict[str, Parsed[Issue]] = {}
    pages: dict[str, Parsed[Page]] = {}
    configs: dict[str, Parsed[Config]] = {}
    schedules: dict[str, Parsed[Schedule]] = {}
    audio: dict[str, AudioInfo | None] = {}
    """What audio files say of themselves, by their digests; None for a file that is not audio."""
    pictures: dict[str, PictureFacts | None] = {}
    """What is known of pictures, by their digests; None for a file that is none, or of a kind that is not read."""
    transcripts: dict[str, bool] = {}
    """Whether transcripts have words, by their types and digests."""
    editions: dict[str, Parsed[tuple[KeptEdition, ...]]] = {}
    parts: tuple[list[str], list[str]] = ([], [])
    """Where the stats and the issues are in the store."""


class LoadedLetter(Struct, frozen=True):
    """What reading found: the letter as far as it could be read, and every finding on the way.

    `digest` names the content of every file of the letter: two readings of one digest are equal.
    """

    letter: Letter | None
    """Everything that is sound; None unless letter.yaml and schedule.yaml are."""
    partial: Letter
    """The same with stand-ins for what is not sound, to check the rest of the letter against."""
    schedule: Schedule | None
    findings: tuple[Finding, ...]
    folder: Folder
    digest: str
    digests: Mapping[str, str] = {}
    """The digest of each file of the letter."""
    bodies: dict[str, str] = {}
    """The words of bodies that were parsed just now, by the digests of their texts."""

    @property
    def is_whole(self) -> bool:
        """Was every file understood? Then what seems missing is missing."""
        return self.letter is not None and not any(finding.is_error for finding in self.findings)

    def is_sound(self, name: str) -> bool:
        """Return whether a file has no error."""
        return not any(finding.is_error and finding.where.file == name for finding in self.findings)

    def require_letter(self, *, whole: bool = False) -> Letter:
        """Return the letter. Raise BuildError if it could not be read or, with `whole`, if any file has an error."""
        if self.letter is None or (whole and not self.is_whole):
            raise BuildError(self.findings)
        return self.letter


NEEDED = {
    "letter.yaml": "The two keys it needs are title and url.",
    "schedule.yaml": "It says when the letter comes out: cadence, anchor, upcoming.",
}


def load_letter(root: Path, store: Store | None = None, listing: Listing | None = None) -> LoadedLetter:
    """Read letter.yaml, schedule.yaml, issues/ and pages/ of a folder; `listing` is what was seen of it just now."""
    before = _remembered(store) if store else Memory()
    loader = _Loader(root, before, listing)
    loaded = loader.load()
    if store and loader.after != before:
        after, (stats, issues) = loader.after, before.parts
        parts = store.save_map(after.stats, before.stats, stats), store.save_map(after.issues, before.issues, issues)
        store.save("letter", "files", replace(after, stats={}, issues={}, parts=parts))
    return loaded


def _remembered(store: Store) -> Memory:
    found = store.load("letter", "files", Memory) or Memory()
    stats, issues = found.parts
    found.stats = store.load_map(stats, FileStat) or {}
    found.issues = store.load_map(issues, Parsed[Issue]) or {}
    return found


class _Loader:
    """Reads one letter. `before` is what the last run knew of its files, `after` what this one knows."""

    def __init__(self, root: Path, before: Memory, listing: Listing | None) -> None:
        self.folder = Folder(root, before.stats, listing)
        self.before, self.after = before, Memory(stats=self.folder.stats, parts=before.parts)
        self.findings: list[Finding] = []
        self.broken: list[str] = []
        """The files that are there and not sound."""
        self.texts: list[str] = []
        self.bodies: dict[str, str] = {}
        self.beside = FilesBeside(self.folder, self.findings, before, self.after)

    def load(self) -> LoadedLetter:
        before, after = self.before, self.after
        config = self._top_file("letter.yaml", config_file, before.configs, after.configs)
        shared = self._citation_files(config)
        issues, files = self._issues()
        pages, more = self._pages()
        editions, kept = self._editions()
        files += more + kept
        schedule = self._top_file("schedule.yaml", schedule_file, before.schedules, after.schedules)
        digests = self._digests([*files, *shared])
        letter = None
        if schedule:
            written = {issue.number: issue for issue in issues if issue.number is not None}
            schedule = replace(schedule, written=written)
        if config and schedule:
            letter = Letter(
                config=config,
                schedule=schedule,
                issues=tuple(issues),
                pages=tuple(pages),
                files=frozenset(files),
                editions=editions,
                pictures=self._pictures(digests),
            )
        partial = letter if letter and not self.broken else self._partial(config, schedule, issues, pages, files)
        return LoadedLetter(
            letter=letter,
            partial=partial,
            schedule=partial.schedule if schedule else None,
            findings=tuple(self.findings),
            folder=self.folder,
            digest=hash_value([*digests.items()]),
            digests=digests,
            bodies=self.bodies,
        )

    def _partial(
        self, config: Config | None, schedule: Schedule | None, issues: list[Issue], pages: list[Page], files: list[str]
    ) -> Letter:
        """Return the letter as far as it can be read."""
        from weekahead.source.salvage import partial_letter  # with the parsers, which sound letters need not load

        data = {name: self._data(name) for name in self.broken}
        letter = partial_letter(config, schedule, issues, pages, frozenset(files), data, self.findings)

        def whole(text: AnyText) -> AnyText:
            return self.beside.with_tables(text, files, self.texts) if text.source.file in data else text

        return replace(letter, issues=tuple(map(whole, letter.issues)), pages=tuple(map(whole, letter.pages)))

    def _data(self, name: str) -> bytes:
        """Return the bytes of a file; none if it cannot be read or is too long."""
        with suppress(OSError):
            return self.folder.data(name) if self.folder.size(name) <= LARGEST else b""
        return b""

    def _digests(self, files: list[str]) -> dict[str, str]:
        """Return the digest of every file of the letter."""
        after = self.after
        parsed = (after.configs, after.schedules, after.issues, after.pages, after.editions)
        digests = {name: one.digest for each in parsed for name, one in each.items()}
        for name in files:
            try:
                digests[name] = self.folder.digest(name)
            except OSError as error:
                self.findings.append(cannot_be_read(name, error))
        return digests

    def _pictures(self, digests: Mapping[str, str]) -> dict[str, PictureFacts]:
        """Return what is known of the pictures among some files, by their names."""
        found, known = dict[str, PictureFacts](), self.before.pictures
        for name, key in digests.items():
            if name.lower().endswith(ENDINGS):
                facts = self.after.pictures[key] = known[key] if key in known else self._picture_facts(name)
                if facts:
                    found[name] = facts
        return found

    def _picture_facts(self, name: str) -> PictureFacts | None:
        try:
            with open_file(self.folder.root, name) as file:
                return picture_facts(file.read(HEAD))
        except OSError as error:
            self.findings.append(cannot_be_read(name, error))
            return None

    def _top_file(
        self, name: str, parse: Parser[T], before: Mapping[str, Parsed[T]], after: dict[str, Parsed[T]]
    ) -> T | None:
        where = Location(name)
        if not os.path.lexists(self.folder.root / name):
            message = f"{name} not found"
            self.findings.append(Finding(where, "file-missing", message, NEEDED[name]))
            return None
        if not self.folder.holds(name):
            self.findings.append(Finding(where, "outside", OUTSIDE, "Copy the file here."))
            return None
        return self._parsed(name, parse, before, after)

    def _parsed(
        self, name: str, parse: Parser[T], before: Mapping[str, Parsed[T]], after: dict[str, Parsed[T]]
    ) -> T | None:
        """Return what a file of the letter says, read or remembered."""
        digest = text_digest(self.folder, name, self.findings)
        if digest is None:
            self.broken.append(name)
            return None
        found = before.get(name)
        if found is None or found.digest != digest:
            findings: list[Finding] = []
            value = parse(name, self.folder.data(name), findings)
            found = Parsed(digest, value, tuple(findings))
        after[name] = found
        self.findings += found.findings
        if found.value is None:
            self.broken.append(name)
        return found.value

    def _citation_files(self, config: Config | None) -> list[str]:
        """Look for the bibliographies in the letter's folder, and for the style of its citations. Return their names."""
        settings = config.citation if config else CitationSettings()
        wanted = [(BIBLIOGRAPHY, name, 0) for name in BIBLIOGRAPHIES]
        if settings.file:
            wanted = [(BIBLIOGRAPHY, settings.file, settings.file_line)]
        if settings.style != "apa":
            wanted.append((STYLE, settings.style, settings.style_line))
        for words, name, line in wanted:
            if not os.path.lexists(self.folder.root / name):
                if line:
                    where, message = Location("letter.yaml", line), f'there is no file "{name}" in the letter\'s folder'
                    self.findings.append(
                        Finding(where, "file-missing", message, "Check its name; capital letters count.")
                    )
            elif not self.folder.holds(name):
                self.findings.append(Finding(Location(name), "outside", OUTSIDE, "Copy the file here."))
            elif (digest := text_digest(self.folder, name, self.findings)) is not None:
                self.beside.shared.append((words, name, digest))
        return [name for _, name, _ in self.beside.shared]

    def _issues(self) -> tuple[list[Issue], list[str]]:
        """Return the issues, and the other files under issues/."""
        if not (self.folder.root / "issues").exists():
            hint = "Put the folder back. For a letter without an issue make an empty one: mkdir issues"
            self.findings.append(Finding(Location("issues"), "file-missing", "issues/ not found", hint))
        texts, files = self._listed("issues", "not-an-issue")
        parse, issues, there = partial(issue_file, self.bodies), [], frozenset(files)
        for name in texts:
            parsed = self._parsed(name, parse, self.before.issues, self.after.issues)
            issue = self.beside.with_files(parsed, there) if parsed else None
            if issue:
                issues.append(self.beside.with_tables(self.beside.with_listed(issue, files, texts), files, texts))
            elif parsed:
                self.broken.append(name)
        return issues, files

    def _pages(self) -> tuple[list[Page], list[str]]:
        """Return the pages, and the other files under pages/."""
        texts, files = self._listed("pages", "not-a-page")
        parsed = (self._parsed(name, page_file, self.before.pages, self.after.pages) for name in texts)
        listed = [self.beside.with_listed(page, files, texts) for page in parsed if page]
        return [self.beside.with_tables(page, files, texts) for page in listed], files

    def _editions(self) -> tuple[tuple[KeptEdition, ...], list[str]]:
        """Return the editions of books that are kept, and their files."""
        names = self.folder.names("books", self.findings) if (self.folder.root / "books").is_dir() else []
        lists = [name for name in names if name.count("/") == 2 and name.endswith("/editions.yaml")]
        parsed = [self._parsed(name, editions_file, self.before.editions, self.after.editions) or () for name in lists]
        kept = tuple(edition for each in parsed for edition in each)
        for edition in kept:
            for name in edition.files:
                if name not in names:
                    hint = "Restore it from git, or remove the edition from the list."
                    self.findings.append(Finding(edition.where, "book-edition", f"there is no file {name}", hint))
        whole = tuple(edition for edition in kept if {*names}.issuperset(edition.files))
        return whole, sorted({name for edition in whole for name in edition.files})

    def _listed(self, top: str, rule: str) -> tuple[list[str], list[str]]:
        """Return the texts under issues/ or pages/, files and folders alike, and every other file, in the order of their names.

        `rule` is that of a warning about a file that looks like a text and is none.
        """
        texts: list[str] = []
        files: list[str] = []
        for name in self.folder.names(top, self.findings):
            depth = name.count("/")
            is_text = name.endswith(".md") and (depth == 1 or (depth == 2 and name.endswith("/index.md")))
            (texts if is_text else files).append(name)
        self.beside.forms |= by_form(files)
        self.texts += texts
        folders = {
            text.rpartition("/")[0] for text in texts if text.count("/") == 2
        }  # of these, planning the site says so
        for name in files:
            within, _, last = name.rpartition("/")
            if re.fullmatch(r"(?i).*\.(md|markdown|mdown|mkd)", last) and "/".join(name.split("/")[:2]) not in folders:
                wanted = "NAME.md, in small letters" if within == top else "index.md"
                what = "an issue" if top == "issues" else "a page"
                hint = f"{what.capitalize()}'s file here is called {wanted}."
                self.findings.append(warning(Location(name), rule, f"this file is not read as {what}", hint))
        return texts, files

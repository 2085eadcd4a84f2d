"""The whole letter: config, schedule, issues and pages."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain, count

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.book import KeptEdition
from weekahead.model.config import Config
from weekahead.model.doubts import NO_DOUBTS, Doubts
from weekahead.model.findings import Finding
from weekahead.model.issue import Issue, Page, Status
from weekahead.model.picture_size import PictureFacts
from weekahead.model.schedule import Schedule

LONG_AGO = date(1900, 1, 5)
"""A day for an issue whose own cannot be told, so that what links to it finds it."""


class Letter(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that the letter's files say, published or not."""

    config: Config
    schedule: Schedule
    issues: tuple[Issue, ...]
    pages: tuple[Page, ...] = ()
    """The pages beside the issues: pages/."""
    files: frozenset[str] = frozenset()
    """Every other file under issues/ and pages/, by its path from the letter's root."""
    pictures: Mapping[str, PictureFacts] = {}
    """Those that are pictures, as far as their size is known."""
    editions: tuple[KeptEdition, ...] = ()
    """The editions of books that are kept: books/."""
    doubts: Doubts = NO_DOUBTS

    @cached_property
    def by_number(self) -> dict[int, Issue]:
        return {issue.number: issue for issue in self.issues if issue.number is not None}

    def stored(self, name: str) -> str:
        """Return the name that a file has on the disk: macOS may have stored it with its accents apart (NFD)."""
        return name if name.isascii() else stored_name(name, self._by_form)

    @cached_property
    def _by_form(self) -> dict[str, str]:
        texts: list[Issue | Page] = [*self.issues, *self.pages]
        return by_form([*self.files, *(text.source.file for text in texts)])

    def known_day(self, issue: Issue) -> date | None:
        """Return the day on which an issue comes out: its own date, its entry's, or the cadence's for its number."""
        return issue.date or (None if issue.number is None else self.schedule.day(issue.number))

    def day(self, issue: Issue) -> date:
        """Return the day of an issue in a letter without errors."""
        day = self.known_day(issue)
        assert day is not None, "check_issue_days() refuses an issue without a day"
        return day

    def instant(self, issue: Issue) -> datetime:
        """Return the instant at which an issue becomes public, if it is ready."""
        return self.schedule.instant(self.day(issue))

    def updated(self, issue: Issue) -> datetime:
        """Return the instant of an issue's last correction; it grows with each one, also with two on one day."""
        updated = self.instant(issue)
        for number, correction in enumerate(issue.corrected, 1):
            updated = max(updated, self.schedule.instant(correction.date) + timedelta(seconds=number))
        return updated

    def path(self, issue: Issue) -> str:
        """Return the path of an issue's page in the site, by the permalink: "issues/87-mlops/".

        That of a draft with neither number nor date is in previews alone: "drafts/mlops/".
        """
        if issue.is_undated:
            return self._undated_paths[issue.source.file]
        day = self.day(issue)
        number = day if issue.number is None else issue.number
        return self.config.permalink_format.format(number=number, slug=issue.slug, day=day)

    @cached_property
    def _undated_paths(self) -> dict[str, str]:
        """The path of each draft with neither number nor date, by its file; no two are one, nor that of an alias or a page."""
        texts: list[Issue | Page] = [*self.issues, *self.pages]
        taken = {fold_path(f"{alias}/") for text in texts for alias in text.aliases}
        taken |= {fold_path(self.path(issue)) for issue in self.issues if self.known_day(issue)}
        paths: dict[str, str] = {}
        for issue in self.issues:
            if issue.is_undated:
                names = chain([issue.slug], (f"{issue.slug}-{again}" for again in count(2)))
                path = next(path for name in names if fold_path(path := f"drafts/{name}/") not in taken)
                taken.add(fold_path(path))
                paths[issue.source.file] = path
        return paths

    def label(self, number: int | None) -> str:
        """Return what readers call an issue: "Week 87", or "Issue 87" if not weekly, or "Special edition"."""
        return "Special edition" if number is None else f"{self.schedule.noun} {number}"

    def allows(self, finding: Finding) -> bool:
        """Return whether the rule of a finding is waived by `allow:`, in its issue or page or for the whole letter."""
        return self.waives(finding.rule, finding.where.file)

    def waives(self, rule: str, file: str) -> bool:
        """Return whether a rule is waived for a file of the letter."""
        return rule in self.config.allow or rule in self._allowed.get(file, ())

    def waived(self, file: str) -> tuple[str, ...]:
        """Return the rules that are waived for a file of the letter."""
        return (*self.config.allow, *self._allowed.get(file, ()))

    @cached_property
    def _allowed(self) -> dict[str, tuple[str, ...]]:
        texts: list[Issue | Page] = [*self.issues, *self.pages]
        return {each.source.file: each.allow for each in texts if each.allow}

    def with_changed(self, issue: Issue, changed: Issue) -> Letter:
        """Return this letter with another version of one of its issues."""
        return replace(self, issues=tuple(changed if each is issue else each for each in self.issues))

    def with_all_days(self, *, known: bool) -> Letter:
        """Return this letter with a day for every issue: one long ago where there is none, or where days are not `known`.

        A draft that needs none stays without.
        """
        times = Counter(issue.number for issue in self.issues)

        def dated(issue: Issue) -> Issue:
            number = issue.number
            if issue.is_undated and issue.status is Status.DRAFT:
                return issue
            if issue.date or (known and number is not None and times[number] == 1 and self.known_day(issue)):
                return issue
            day = self.schedule.cadence_day(number) if known and number is not None else None
            return replace(issue, date=day or LONG_AGO)

        return replace(self, issues=tuple(map(dated, self.issues)))

    def identity(self, issue: Issue) -> str:
        """Return an issue's feed id: its guid, else one from the letter's id and the number or the file's name."""
        if issue.guid:
            return issue.guid
        name = f"issue/{issue.number}" if issue.number is not None else f"special/{issue.source.stem}"
        return self.config.identity(name)


def fold_path(name: str) -> str:
    """Return a path as file systems see it that ignore case and Unicode forms."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def by_form(names: Iterable[str]) -> dict[str, str]:
    """Return the names beyond ASCII by themselves, and by their composed form (NFC)."""
    stored = [name for name in names if not name.isascii()]
    return {unicodedata.normalize("NFC", name): name for name in stored} | {name: name for name in stored}


def stored_name(name: str, forms: Mapping[str, str]) -> str:
    """Return the one of some names, by their forms, that is this name, its accents apart or not; else this name itself."""
    return forms.get(name) or forms.get(unicodedata.normalize("NFC", name), name)


LONGEST_NAME = 255
"""Bytes of one part of a path: what the file systems of Linux, macOS and Windows have in common."""
LONGEST_PATH = 3000
"""Bytes of a path of the site, so that with the folder before it the whole is within the 4,096 of Linux."""


def is_too_long(path: str) -> bool:
    """Return whether file systems cannot have a path of the site."""
    data = path.encode("utf-8", "surrogateescape")
    return len(data) > LONGEST_NAME and (
        len(data) > LONGEST_PATH or any(len(part) > LONGEST_NAME for part in data.split(b"/"))
    )

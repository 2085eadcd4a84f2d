"""The whole letter: masthead, issues and schedule, and the rules that join them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.config import Config
from weekahead.model.findings import Finding
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue, Page, Status
from weekahead.model.schedule import Schedule


class Letter(Struct, frozen=True, kw_only=True, dict=True):
    """Everything the author has said, published or not, as the files had it."""

    config: Config
    schedule: Schedule
    issues: tuple[Issue, ...]
    pages: tuple[Page, ...] = ()
    """The pages beside the issues: pages/."""
    files: frozenset[str] = frozenset()
    """Every file under issues/ and pages/ that is no text, by its path from the letter's root."""

    @cached_property
    def by_number(self) -> dict[int, Issue]:
        return {issue.number: issue for issue in self.issues if issue.number is not None}

    @cached_property
    def heads(self) -> str:
        """Names the front matter of every issue and where it stands, with what their audio files say."""
        known = [f"{issue.source.file}\n{issue.source.marks}\n{issue.head}" for issue in self.issues]
        return hash_value(["\n".join(known), [issue.audio for issue in self.issues if issue.audio]])

    def day(self, issue: Issue) -> date:
        """The day an issue comes out: its own, its entry's, or the cadence's for its number."""
        found = issue.date or (None if issue.number is None else self.schedule.day(issue.number))
        assert found is not None, "a rule of the letter holds that every issue has a day"
        return found

    def instant(self, issue: Issue) -> datetime:
        """The instant an issue becomes public, if it is ready."""
        return self.schedule.instant(self.day(issue))

    def updated(self, issue: Issue) -> datetime:
        """The instant of its last correction: later with each one, also when two were made on one day."""
        found = self.instant(issue)
        for number, correction in enumerate(issue.corrected, 1):
            found = max(found, self.schedule.instant(correction.date) + timedelta(seconds=number))
        return found

    def path(self, issue: Issue) -> str:
        """The path of an issue's page in the site, by the permalink: "issues/87-mlops/"."""
        day = self.day(issue)
        number = day if issue.number is None else issue.number
        return self.config.form.format(number=number, slug=issue.slug, day=day)

    def label(self, number: int | None) -> str:
        """What readers call an issue: "Week 87", "Issue 12" of a letter that is not weekly, "Special edition"."""
        return "Special edition" if number is None else f"{self.schedule.noun} {number}"

    def allows(self, finding: Finding) -> bool:
        """Is a finding of a rule that the issue or page it stands in, or the letter, is not held to?"""
        return finding.rule in self.config.allow or finding.rule in self._allowed.get(finding.where.file, ())

    @cached_property
    def _allowed(self) -> dict[str, tuple[str, ...]]:
        texts: list[Issue | Page] = [*self.issues, *self.pages]
        return {each.source.file: each.allow for each in texts if each.allow}

    def marked(self, issue: Issue, status: Status) -> Letter:
        """This letter, were one of its issues of another status."""
        return replace(
            self, issues=tuple(replace(each, status=status) if each is issue else each for each in self.issues)
        )

    def identity(self, issue: Issue) -> str:
        """The feed id: the recorded guid, else one from the letter's id and the number or the file's name."""
        if issue.guid:
            return issue.guid
        name = f"issue/{issue.number}" if issue.number is not None else f"special/{issue.source.stem}"
        return self.config.identity(name)


def fold_path(name: str) -> str:
    """A name as file systems that fold case and Unicode forms see it."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())

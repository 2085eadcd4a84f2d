"""The whole letter: masthead, issues and schedule, and the rules that join them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.findings import Finding, Where, warning
from weekahead.model.hashing import digest
from weekahead.model.issue import Issue, Leaf, Status, Text
from weekahead.model.schedule import Schedule
from weekahead.source.audio_probe import audio_findings, chapter_findings

PLAIN = re.compile(r"[\w./-]*", re.ASCII)
"""A path that is an address as it stands."""


class Podcast(Struct, frozen=True, kw_only=True):
    """What podcast directories ask of a letter with an audio edition."""

    cover: str | None = None
    """A picture in templates/assets/, or an address."""
    category: tuple[str, ...] = ()
    explicit: bool = False
    locked: bool = True
    """May no other host take the podcast over?"""
    guid: str | None = None
    items: int = 300
    line: int = 1


class Look(Struct, frozen=True, kw_only=True):
    """What the author has set of the theme: colours by name for day and night, and fonts."""

    light: Mapping[str, str] = {}
    dark: Mapping[str, str] = {}
    font: str | None = None
    headings: str | None = None


class Signup(Struct, frozen=True, kw_only=True):
    """The form that subscribes a reader: where it posts to, the field of the address, and what goes with it."""

    action: str
    field: str = "email"
    also: tuple[tuple[str, str], ...] = ()


class Deploy(Struct, frozen=True, kw_only=True):
    """Where `weekahead deploy` puts the site: a branch of a git repository, or a folder, from the letter's own."""

    branch: str = ""
    remote: str = "origin"
    folder: str | None = None
    line: int = 0


class Masthead(Struct, frozen=True, kw_only=True, dict=True):
    """Who writes the letter and where it lives: letter.yaml. `url` ends in a slash."""

    title: str
    url: str
    id: str | None = None
    tagline: str | None = None
    language: str = "en"
    author_name: str | None = None
    author_email: str | None = None
    subscribe_url: str | None = None
    subscribe_form: Signup | None = None
    signoff: Text | None = None
    copyright: str | None = None
    permalink: str = "/issues/{number}-{slug}/"
    whats_next: int = 8
    feed_items: int = 20
    feed_kilobytes: int = 500
    feed_archive: bool = True
    """Is what the feed holds no more kept in documents of its own (RFC 5005)?"""
    cards: bool = True
    """Is a picture drawn of each issue that has no cover, for those who share its page?"""
    search: bool = True
    """Does the archive's search know the words of the issues, and not only titles, tags and numbers?"""
    hub: str | None = None
    """The WebSub hub that tells subscribers of a new issue."""
    series_feeds: bool = False
    tag_feeds: bool = False
    budget: int = 2
    """Seconds that one text may take to be converted."""
    allow: tuple[str, ...] = ()
    """Rules that no issue is held to."""
    podcast: Podcast | None = None
    share: tuple[str, ...] = ("email", "whatsapp", "bluesky", "linkedin")
    """The ways to pass an issue on, as letter_file.WAYS has them."""
    look: Look = Look()
    deploy: Deploy | None = None
    file: str = "letter.yaml"

    @cached_property
    def _parts(self) -> tuple[str, str]:
        """The letter's url as scheme and host, and path."""
        from urllib.parse import urlsplit

        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}", parts.path

    @property
    def base(self) -> str:
        """The path of the letter's url: "/" or "/letter/"."""
        return self._parts[1]

    @cached_property
    def form(self) -> str:
        """The permalink as a form for the number, the slug and the day of an issue."""
        plain = self.permalink.lstrip("/").replace("{day}", "{day.day:02}")
        return plain.replace("{month}", "{day.month:02}").replace("{year}", "{day.year:04}")

    def address(self, path: str) -> str:
        """The address, from the host's root, of a path of the site ("issues/87-mlops/")."""
        if PLAIN.fullmatch(path):
            return self.base + path
        from urllib.parse import quote

        return self.base + quote(path, safe="/~@!$&'()*+,;=:")

    def absolute(self, address: str) -> str:
        """A root-relative address with scheme and host before it."""
        return self._parts[0] + address

    def identity(self, name: str) -> str:
        """A urn:uuid for a thing of this letter, by a name that never changes (RFC 9562, version 5)."""
        import uuid

        root = uuid.UUID(self.id) if self.id else uuid.uuid5(uuid.NAMESPACE_URL, self.url)
        return f"urn:uuid:{uuid.uuid5(root, name)}"


class Letter(Struct, frozen=True, kw_only=True, dict=True):
    """Everything the author has said, published or not, as the files had it."""

    masthead: Masthead
    schedule: Schedule
    issues: tuple[Issue, ...]
    leaves: tuple[Leaf, ...] = ()
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
        return digest(["\n".join(known), [issue.audio for issue in self.issues if issue.audio]])

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
        return self.masthead.form.format(number=number, slug=issue.slug, day=day)

    def label(self, number: int | None) -> str:
        """What readers call an issue: "Week 87", "Issue 12" of a letter that is not weekly, "Special edition"."""
        return "Special edition" if number is None else f"{self.schedule.noun} {number}"

    def allows(self, finding: Finding) -> bool:
        """Is a finding of a rule that the issue or page it stands in, or the letter, is not held to?"""
        return finding.rule in self.masthead.allow or finding.rule in self._allowed.get(finding.where.file, ())

    @cached_property
    def _allowed(self) -> dict[str, tuple[str, ...]]:
        texts: list[Issue | Leaf] = [*self.issues, *self.leaves]
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
        return self.masthead.identity(name)


# -- rules: each a small function from a letter to findings


def numbers_are_unique(letter: Letter) -> Iterator[Finding]:
    first: dict[int, Issue] = {}
    for issue in letter.issues:
        if issue.number is None:
            continue
        if twin := first.get(issue.number):
            free = max(first) + 1
            yield Finding(
                where=issue.source.at("number"),
                rule="number-taken",
                message=f"number {issue.number} is already taken by {twin.source.at('number')}",
                hint=f"The next number without an issue file is {_next_free(letter, free)}.",
            )
        else:
            first[issue.number] = issue


def _next_free(letter: Letter, least: int) -> int:
    taken = {issue.number for issue in letter.issues}
    return next(number for number in range(least, least + len(taken) + 1) if number not in taken)


def slugs_are_unique(letter: Letter) -> Iterator[Finding]:
    first: dict[str, Issue] = {}
    for issue in letter.issues:
        twin = first.setdefault(folded(issue.slug), issue)
        if twin is not issue:
            message = f'the slug "{issue.slug}" is already taken by {twin.source.at("slug")}'
            yield Finding(
                where=issue.source.at("slug"),
                rule="slug-taken",
                message=message,
                hint="Give one of the two another slug.",
            )


def guids_are_unique(letter: Letter) -> Iterator[Finding]:
    first: dict[str, Issue] = {}
    if not any(issue.guid for issue in letter.issues):
        return
    for issue in letter.issues:
        twin = first.setdefault(letter.identity(issue), issue)
        if twin is not issue and (issue.guid or twin.guid):
            message = f'the guid "{letter.identity(issue)}" is also that of {twin.source.file}'
            yield Finding(
                where=issue.source.at("guid"),
                rule="guid-taken",
                message=message,
                hint="Feed readers would show only one of the two.",
            )


def every_issue_has_a_day(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        if issue.number is None and issue.date is None:
            hint = "Give it number: (a regular issue) or date: (a special edition)."
            yield Finding(
                where=issue.source.at("title"),
                rule="no-number-no-date",
                message="an issue without a number needs a date",
                hint=hint,
            )
        elif issue.date is None and issue.number is not None and letter.schedule.day(issue.number) is None:
            message = f"number {issue.number} lies beyond the end of the calendar"
            yield Finding(where=issue.source.at("number"), rule="no-such-day", message=message)


def corrections_come_after_the_issue(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        day = issue.date or (None if issue.number is None else letter.schedule.day(issue.number))
        if issue.corrected and day and issue.corrected[0].date < day:
            message = f"it was corrected on {issue.corrected[0].date}, but it comes out on {day}"
            hint = "A correction is what readers may have read otherwise; leave out what was put right before."
            yield Finding(where=issue.source.at("corrected"), rule="corrected-early", message=message, hint=hint)


def plan_and_file_agree(letter: Letter) -> Iterator[Finding]:
    for number, entry in letter.schedule.entries.items():
        issue = letter.by_number.get(number)
        if issue is None:
            continue
        if issue.date and entry.date and issue.date != entry.date:
            message = f"the date is {issue.date}, but {entry.where} says {entry.date}"
            yield Finding(
                where=issue.source.at("date"),
                rule="date-disagrees",
                message=message,
                hint="Let one of the two go.",
            )
        if issue.title != entry.title:
            message = f'the title is "{issue.title}", but {entry.where} says "{entry.title}"'
            yield warning(issue.source.at("title"), "title-disagrees", message, "Change the plan's title, or this one.")


def dates_are_on_the_cadence(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        if issue.number is None or issue.date is None:
            continue
        due = letter.schedule.cadence_day(issue.number)
        if issue.date == due:
            continue
        entry = letter.schedule.entries.get(issue.number)
        declared = {entry.date if entry else None, letter.schedule.slips.get(issue.number)}
        if issue.date not in declared:
            message = (
                f"number {issue.number} is dated {issue.date:%A} {issue.date}, but the cadence has it on {due:%A} {due}"
                if due
                else ""
            )
            hint = f"Declare it in schedule.yaml: slips: {{{issue.number}: {issue.date}}}" + (
                f", or skip: [{due}]." if due else "."
            )
            yield warning(issue.source.at("date"), "off-cadence", message, hint)


def series_add_up(letter: Letter) -> Iterator[Finding]:
    parts: dict[str, dict[int, Issue]] = defaultdict(dict)
    totals: dict[str, tuple[int, Issue]] = {}
    names: dict[str, tuple[str, Issue]] = {}
    for issue in letter.issues:
        part = issue.series
        if part is None:
            continue
        name, namesake = names.setdefault(part.slug, (part.name, issue))
        if name != part.name:
            message = f'the series "{part.name}" and "{name}" of {namesake.source.file} would share one page'
            yield Finding(
                where=issue.source.at("series"),
                rule="series-name",
                message=message,
                hint="Spell the name the same in both.",
            )
        if twin := parts[part.name].get(part.part):
            message = f'part {part.part} of "{part.name}" is already {twin.source.at("series")}'
            yield warning(
                issue.source.at("series"),
                "series-part-taken",
                message,
                "Number the parts of a series one after another.",
            )
        parts[part.name][part.part] = issue
        if part.of is not None:
            of, first = totals.setdefault(part.name, (part.of, issue))
            if of != part.of:
                message = f'"{part.name}" has {part.of} parts here, but {of} in {first.source.at("series")}'
                yield warning(issue.source.at("series"), "series-total", message, "Give every part the same `of`.")


def audio_is_sound(letter: Letter) -> Iterator[Finding]:
    yield from audio_findings(letter.issues, letter.masthead.podcast is not None)
    for issue in letter.issues:
        yield from chapter_findings(issue)


def stamped_numbers_have_days(letter: Letter) -> Iterator[Finding]:
    for issue in letter.issues:
        for line in issue.next or ():
            if line.date is None and letter.schedule.day(line.number) is None:
                message = f"number {line.number} lies beyond the end of the calendar"
                yield Finding(where=issue.source.at("next"), rule="no-such-day", message=message)


def the_letter_has_an_id(letter: Letter) -> Iterator[Finding]:
    if letter.masthead.id is None:
        import uuid

        proposal = uuid.uuid5(uuid.NAMESPACE_URL, letter.masthead.url)
        message = "the letter has no id, so its feed ids come from url and would change with it"
        yield warning(
            Where(letter.masthead.file, 1),
            "letter-without-id",
            message,
            f"Add a line: id: urn:uuid:{proposal}",
        )


RULES: tuple[Callable[[Letter], Iterable[Finding]], ...] = (
    numbers_are_unique,
    slugs_are_unique,
    guids_are_unique,
    every_issue_has_a_day,
    corrections_come_after_the_issue,
    plan_and_file_agree,
    dates_are_on_the_cadence,
    series_add_up,
    audio_is_sound,
    stamped_numbers_have_days,
    the_letter_has_an_id,
)


def faults(letter: Letter) -> list[Finding]:
    """What every rule of the letter finds, whatever the instant, less what is allowed."""
    return [finding for rule in RULES for finding in rule(letter) if not letter.allows(finding)]


def missed_slots(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """A warning for each past slot, since the first known number, without a published issue."""
    known = [*letter.by_number, *letter.schedule.entries]
    if not known:
        return
    ready = {number for number, issue in letter.by_number.items() if issue.status is Status.READY}
    first = next(number for number in count(min(known)) if number not in ready)  # the days of those before tell nothing
    for number, day in letter.schedule.due(as_of, first):
        issue = letter.by_number.get(number)
        if issue and issue.status is Status.READY:
            continue
        entry = letter.schedule.entries.get(number)
        where = issue.source.at("status") if issue else entry.where if entry else Where("schedule.yaml", 1)
        what = (
            f"its issue is still in {issue.status}"
            if issue and issue.status is Status.REVIEW
            else "its issue is still a draft"
            if issue
            else "it has no issue file"
        )
        message = f"number {number} was due on {day:%A} {day}, but {what}"
        yield warning(
            where,
            "missed-slot",
            message,
            f"Publish it, or declare the pause: skip: [{day}] in schedule.yaml.",
        )


def corrected_ahead(letter: Letter, as_of: datetime) -> Iterator[Finding]:
    """A warning for each correction of a day that is still to come, which feeds would show as news from the future."""
    for issue in letter.issues:
        if issue.corrected and (last := issue.corrected[-1].date) > as_of.date():
            yield warning(
                issue.source.at("corrected"), "corrected-ahead", f"it is corrected on {last}, which is still to come"
            )


def short_buffer(letter: Letter, ready: int) -> Iterator[Finding]:
    """A warning when fewer issues are finished than the letter means to have."""
    if ready < letter.schedule.buffer:
        message = f"{ready} issues are ready, but the letter means to have {letter.schedule.buffer}"
        yield warning(Where("schedule.yaml", 1), "short-buffer", message, "Finish the next ones, or lower buffer.")


def folded(name: str) -> str:
    """A name as file systems that fold case and Unicode forms see it."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())

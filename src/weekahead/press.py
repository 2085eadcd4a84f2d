"""The whole program, in order: read, letter, plan, write."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from difflib import ndiff
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from weekahead import planning
from weekahead.cache import Cache
from weekahead.findings import Finding, NotReady, Severity, Where, in_file_order
from weekahead.issue import Issue, Status
from weekahead.letter import Letter, faults, missed_slots, short_buffer
from weekahead.output import digest_of
from weekahead.pages import Desk
from weekahead.plan import Plan, plan, texts_of
from weekahead.public import Public, is_published, publish
from weekahead.reading import Reading, Remembered, read_file, read_letter, read_theme
from weekahead.schedule import Entry, Promise, Schedule, Slot, State, fixed, promise
from weekahead.texts import Texts
from weekahead.writing import Changes, press_for, write
from weekahead.writing import edit as edit_file

MILD = {"control-character"}
"""Faults of a text that are mended on the way to the page, so that they need not stop a build."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What a build is asked for."""

    root: Path
    output: Path | None = None
    as_of: str | None = None
    base_url: str | None = None
    drafts: bool = False
    clean: bool = False
    dry_run: bool = False

    @property
    def site(self) -> Path:
        return self.output or self.root / "site"


class Built(Struct, frozen=True, kw_only=True):
    """What a build came to."""

    public: Public
    changes: Changes
    warnings: tuple[Finding, ...]
    withheld: tuple[tuple[str, str], ...]
    """Each issue that was read and is not in the site, with the reason."""


class Checked(Struct, frozen=True, kw_only=True):
    """What a check came to; `promise` is None when the schedule cannot be read."""

    as_of: datetime
    promise: Promise | None
    findings: tuple[Finding, ...]

    @property
    def is_fine(self) -> bool:
        return self.promise is not None and self.promise.kept and not any(finding.is_error for finding in self.findings)


class BadInstant(ValueError):
    """The words given for --as-of or SOURCE_DATE_EPOCH are not an instant."""


def build(wanted: Wanted) -> Built:
    """Make the site say what the letter says, as of an instant. Raises NotReady with every finding."""
    letter, as_of, warnings = _ready(wanted)
    cache = Cache(None if wanted.dry_run or wanted.clean else wanted.root / ".weekahead" / "cache.db")
    try:
        public = publish(letter, as_of, drafts=wanted.drafts)
        found = lay_out(wanted.root, letter, public, Texts(cache))
        warnings += [finding for finding in found.findings if not finding.is_error]
        if errors := [finding for finding in found.findings if finding.is_error]:
            raise NotReady([*errors, *warnings])
        changes = write(found.outputs.values(), press_for(wanted.site), clean=wanted.clean, dry_run=wanted.dry_run)
    finally:
        cache.close()
    return Built(public=public, changes=changes, warnings=in_file_order(warnings), withheld=withheld(letter, public))


def preview(wanted: Wanted, texts: Texts) -> Plan:
    """The plan of what a build would make, with its findings, without making or writing anything."""
    letter, as_of, _ = _ready(wanted)
    return lay_out(wanted.root, letter, publish(letter, as_of, drafts=wanted.drafts), texts)


def _read(root: Path, *, remember: bool = True) -> Reading:
    """The letter, with what the cache remembers of the issues that have not changed."""
    if not remember:
        return read_letter(root)
    cache = Cache(root / ".weekahead" / "cache.db")
    try:
        return read_letter(root, Remembered(cache, revision()))
    finally:
        cache.close()


def _ready(wanted: Wanted) -> tuple[Letter, datetime, list[Finding]]:
    """The letter, free of errors, the instant, and the warnings."""
    reading = _read(wanted.root, remember=not (wanted.clean or wanted.dry_run))
    findings = [*reading.findings, *(faults(reading.letter) if reading.letter else [])]
    if reading.letter is None or any(finding.is_error for finding in findings):
        raise NotReady(findings)
    letter = reading.letter
    as_of = instant(wanted.as_of, letter.schedule)
    findings += missed_slots(letter, as_of)
    if wanted.base_url:
        letter = replace(letter, masthead=replace(letter.masthead, url=wanted.base_url.rstrip("/") + "/"))
    return letter, as_of, findings


def lay_out(root: Path, letter: Letter, public: Public, texts: Texts) -> Plan:
    """The plan of the site, with what its texts hold that must not be published."""
    theme = read_theme(root)
    desk = Desk(public=public, theme=theme, texts=texts, files=letter.files, revision=revision())
    reading: Callable[[str], bytes] = lru_cache(maxsize=1)(lambda name: read_file(root, name))
    found = plan(desk, reading, lambda name: digest_of(reading(name)))
    return Plan(found.outputs, (*found.findings, *text_faults(public, texts)))


def text_faults(public: Public, texts: Texts) -> list[Finding]:
    """What the conversion found in the texts of the public issues; in previews of others it is a warning."""
    found = []
    for place in public.issues:
        for text, lines_before in texts_of(place):
            for fault in texts.facts(texts.add(text)).faults:
                where = Where(place.issue.source.file, fault.line + lines_before)
                mild = place.mark or fault.rule in MILD
                severity = Severity.WARNING if mild else Severity.ERROR
                found.append(
                    Finding(
                        where=where,
                        rule=fault.rule,
                        message=fault.message,
                        hint=fault.hint,
                        severity=severity,
                    )
                )
    if public.masthead.signoff:
        place_of = public.masthead.places.get("signoff", (1, 1))
        for fault in texts.facts(texts.add(public.masthead.signoff)).faults:
            found.append(
                Finding(
                    where=Where("letter.yaml", *place_of),
                    rule=fault.rule,
                    message=fault.message,
                    hint=fault.hint,
                )
            )
    return found


def withheld(letter: Letter, public: Public) -> tuple[tuple[str, str], ...]:
    """Each issue that is not in the site, with the reason."""
    reasons = []
    for issue in letter.issues:
        if issue.source.file in public.withheld:
            coming = (
                f"comes out on {letter.instant(issue):%Y-%m-%d at %H:%M}"
                if issue.status == "ready"
                else f"its status is {issue.status}"
            )
            reasons.append((issue.source.file, coming))
    return tuple(reasons)


def check(root: Path, as_of: str | None) -> Checked:
    """Every finding at once, and the promise. All issues are looked at as if they were out."""
    reading = _read(root)
    findings = [*reading.findings]
    if reading.letter is None:
        schedule = reading.schedule
        now = instant(as_of, schedule)
        return Checked(
            as_of=now, promise=promise(schedule, now) if schedule else None, findings=in_file_order(findings)
        )
    letter = reading.letter
    now = instant(as_of, letter.schedule)
    broken = faults(letter)
    findings += broken
    if reading.is_whole:
        findings += missed_slots(letter, now)
        findings += short_buffer(letter, promise(letter.schedule, now).buffer)
    if reading.is_whole and not any(finding.is_error for finding in broken):
        findings += _site_findings(root, letter, now)
    return Checked(as_of=now, promise=promise(letter.schedule, now), findings=in_file_order(findings))


def _site_findings(root: Path, letter: Letter, as_of: datetime) -> list[Finding]:
    """What a build would find now, and what is wrong with the issues that are still withheld."""
    cache = Cache(root / ".weekahead" / "cache.db")
    try:
        texts = Texts(cache)
        public, everything = publish(letter, as_of), publish(letter, as_of, drafts=True)
        found = [*lay_out(root, letter, public, texts).findings]
        later = lay_out(root, letter, everything, texts).findings if public.withheld else ()
        return [*found, *(finding for finding in later if finding.where.file in public.withheld)]
    except NotReady as error:
        return list(error.findings)
    finally:
        cache.close()


def findings_if_ready(root: Path, letter: Letter, issue: Issue) -> list[Finding]:
    """What a build would find on the day an issue comes out, were it ready."""
    issues = tuple(replace(each, status=Status.READY) if each is issue else each for each in letter.issues)
    ready = replace(letter, issues=issues)
    public = publish(ready, letter.instant(issue))
    return [*faults(ready), *lay_out(root, ready, public, Texts(Cache(None))).findings]


class Moment(Struct, frozen=True, kw_only=True):
    """What would be so at a coming instant of publication, if nothing were done."""

    slot: Slot
    out: bool
    standing: Promise


def simulate(root: Path, as_of: str | None, count: int) -> list[Moment]:
    """The next instants of publication: is the issue out, and does the promise hold? Raises NotReady."""
    reading = _read(root)
    if reading.letter is None:
        raise NotReady(reading.findings)
    letter = reading.letter
    now = instant(as_of, letter.schedule)
    moments = []
    for slot in islice(letter.schedule.slots(now), count):
        issue = letter.by_number.get(slot.number)
        out = issue is not None and is_published(letter, issue, slot.at)
        moments.append(Moment(slot=slot, out=out, standing=promise(letter.schedule, slot.at)))
    return moments


class Record(Struct, frozen=True, kw_only=True):
    """How the author has kept the promises of the past: days by number, on time or not, and the stamped lists."""

    issues: tuple[tuple[int, date | None, date], ...]
    """Number, the cadence's day, and the day it came out, oldest first."""
    outcomes: tuple[str, ...]

    @property
    def slipped(self) -> tuple[int, ...]:
        return tuple(number for number, due, day in self.issues if day != due)

    @property
    def streak(self) -> int:
        """How many of the newest issues came out on their day, without a break."""
        return sum(1 for _ in takewhile(lambda row: row[1] == row[2], reversed(self.issues)))


def history(root: Path, as_of: str | None) -> Record:
    """The author's own record as of an instant. Raises NotReady."""
    reading = _read(root)
    if reading.letter is None:
        raise NotReady(reading.findings)
    letter = reading.letter
    public = publish(letter, instant(as_of, letter.schedule))
    numbered = sorted((place.number, place.day) for place in public.issues if place.number is not None)
    outcomes = [
        row.outcome for place in public.issues if place.issue.next for row in public.after(place) if row.outcome
    ]
    return Record(
        issues=tuple((number, letter.schedule.cadence_day(number), day) for number, day in numbered),
        outcomes=tuple(outcomes),
    )


GRACE = timedelta(hours=1)
"""How late a published plan may be before it is missed: a scheduled job may start some minutes late."""


def live(source: str, as_of: str | None) -> tuple[Finding, ...]:
    """What a published next.json, at an address or in a file, says of a slot that was missed."""
    import json
    from urllib.request import urlopen

    where = Where(source)
    try:
        if source.startswith(("http://", "https://")):
            with urlopen(source, timeout=20) as answer:
                found = json.load(answer)
        else:
            found = json.loads(Path(source).read_text("utf-8"))
        due = found["next"]
        at = datetime.fromisoformat(due["at"]) if due else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "It must be the next.json of a site that weekahead built."
        return (
            Finding(
                where=where, rule="live-unreadable", message=f"the published plan cannot be read: {error}", hint=hint
            ),
        )
    now = instant(as_of, None)
    if at is None or now < at + GRACE:
        return ()
    message = f"{due['label']} was due on {at:%Y-%m-%d at %H:%M}, and the published site still waits for it"
    return (
        Finding(
            where=where,
            rule="live-missed",
            message=message,
            hint="See why the scheduled build did not run, and run it.",
        ),
    )


def check_schedule(root: Path, as_of: str | None) -> Checked:
    """The promise and the findings of schedule.yaml alone."""
    reading = _read(root)
    now = instant(as_of, reading.schedule)
    findings = [finding for finding in reading.findings if finding.where.file == "schedule.yaml"]
    return Checked(
        as_of=now,
        promise=promise(reading.schedule, now) if reading.schedule else None,
        findings=in_file_order(findings),
    )


def edit_schedule(root: Path, edit: Callable[[str, Letter], str]) -> list[str]:
    """Put an edit of schedule.yaml into effect; the lines that left (-) and came (+).

    A file with an error is refused. Raises NotReady, and planning.Refused when the edit makes no sense.
    """
    reading = _read(root)
    faulty = [f for f in reading.findings if f.is_error and (f.where.file == "schedule.yaml" or reading.letter is None)]
    if faulty or reading.letter is None:
        raise NotReady(faulty)
    letter = reading.letter
    before, after = edit_file(root / "schedule.yaml", lambda text: edit(text, letter))
    changed = ndiff(before.split("\n"), after.split("\n"))
    return [line for line in changed if line.startswith(("- ", "+ "))]


def fill(text: str, letter: Letter, as_of: datetime) -> tuple[str, list[tuple[int, str]]]:
    """Put the oldest ideas of the backlog into empty slots until the promise holds with a week to spare."""
    schedule, filled = letter.schedule, []
    ideas = list(enumerate(schedule.backlog))
    ideas.sort(key=lambda idea: (idea[1].since or date.max, idea[0]))
    taken: list[int] = []
    for place, idea in ideas:
        standing = promise(schedule, as_of)
        if standing.weeks_planned > schedule.horizon:
            break
        number = standing.first_gap.number
        if number in schedule.entries:  # an idea of the plan itself stands there
            text = planning.set_state(text, number, "planning")
            filled.append((number, schedule.entries[number].title))
            entry = replace(schedule.entries[number], state=State.PLANNING)
        else:
            text = planning.take(text, place - sum(earlier < place for earlier in taken))
            text = planning.add(text, number, idea.title, "planning")
            taken.append(place)
            filled.append((number, idea.title))
            entry = Entry(number=number, title=idea.title, state=State.PLANNING, where=Where("schedule.yaml"))
        schedule = replace(schedule, entries={**schedule.entries, number: entry})
    return text, filled


def instant(words: str | None, schedule: Schedule | None) -> datetime:
    """The instant a command is as of: the words given, else SOURCE_DATE_EPOCH, else now.

    A bare date means the end of that day, and a time without an offset is meant, in the cadence's zone.
    Raises BadInstant.
    """
    zone = schedule.zone if schedule else UTC
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if words:
            found = _parsed(words, zone)
        elif epoch:
            found = datetime.fromtimestamp(int(epoch), zone)
        else:
            found = datetime.now(zone).replace(microsecond=0)
        if not 1900 <= found.year <= 9980:
            raise ValueError
        return fixed(found, zone) if isinstance(zone, ZoneInfo) else found
    except (ValueError, OverflowError):
        raise BadInstant(
            f'"{words or epoch}" is not an instant; write 2022-09-23 or 2022-09-23T12:00:00-06:00'
        ) from None


def _parsed(words: str, zone: object) -> datetime:
    if len(words) == 10:
        return datetime.combine(date.fromisoformat(words), time(23, 59, 59), zone)  # type: ignore[arg-type]
    found = datetime.fromisoformat(words)
    return found if found.tzinfo else found.replace(tzinfo=zone)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def revision() -> str:
    """A digest of our own code and the versions of the libraries that make pages and feeds."""
    from importlib.metadata import version

    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    libraries = " ".join(
        version(name)
        for name in ("jinja2", "markdown", "pymdown-extensions", "pygments", "selectolax", "feedgen", "lxml")
    )
    return digest_of(code + libraries.encode())

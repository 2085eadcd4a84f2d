"""The whole program, in order: read, letter, plan, write."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from weekahead.build.schedule_report import Checked, instant, opened
from weekahead.build.up_to_date import Looks, Rest, keep, looks, options, site_of
from weekahead.build.writer import Changes, Made, edit, press_for, unchanged, write
from weekahead.lint.ci_schedule import late_builds
from weekahead.model.findings import Finding, NotReady, Where, in_file_order
from weekahead.model.hashing import digest, digest_of
from weekahead.model.issue import Issue, Status, Text, text_name
from weekahead.model.letter import Letter, corrected_ahead, faults, missed_slots, short_buffer
from weekahead.model.output import Output, key_of
from weekahead.model.schedule import WEEK, Promise, promise
from weekahead.runtime.fingerprint_cache import Names
from weekahead.runtime.parallel import cores, spread
from weekahead.runtime.store import Cache
from weekahead.runtime.toolchain import Revision, revision
from weekahead.site.published import publish, published_files
from weekahead.source.folder import read_file, workflows
from weekahead.source.loader import Reading, read_letter, read_theme
from weekahead.theme.lookup import Theme

if TYPE_CHECKING:
    from weekahead.build.site_plan import Plan
    from weekahead.lint.external_links import Asked
    from weekahead.lint.linter import Answer, Preflight
    from weekahead.markdown.blocks import File
    from weekahead.markdown.rendered_texts import Texts
    from weekahead.site.pages import Desk


class Wanted(Struct, frozen=True, kw_only=True):
    """What a build is asked for."""

    root: Path
    output: Path | None = None
    as_of: str | None = None
    base_url: str | None = None
    drafts: bool = False
    clean: bool = False
    dry_run: bool = False
    jobs: int = 0
    """Copies of the process that share the work; 0 for as many as there are cores."""
    notice: Callable[[str, int, int], object] = lambda what, done, all: None
    """Told what is being done, and how many of how many are."""

    seen: Looks | None = None
    """How everything looked just now, if someone has looked."""

    @property
    def site(self) -> Path:
        return self.output or self.root / "site"

    @property
    def options(self) -> str:
        """What of this bears on the site."""
        return options(drafts=self.drafts, base_url=self.base_url)


class Pressed(Struct, array_like=True):
    """The bytes of an output; and the same to be remembered, if they are `new`."""

    data: bytes
    new: bytes = b""


class Built(Struct, frozen=True, kw_only=True):
    """What a build came to."""

    issues: int
    changes: Changes
    warnings: tuple[Finding, ...]
    withheld: tuple[tuple[str, str], ...]
    """Each issue and page that was read and is not in the site, with the reason."""
    plan: Plan | None = None
    """What the site was made by, unless it was there already."""


class Edition(Struct, frozen=True, kw_only=True):
    """A letter free of errors, as of an instant: all that a site is made from.

    `digest` names the edition. Whatever the instant and wherever it is made, two editions of one digest have the same
    site and the same findings: nothing of the instant reaches a page but which issues are out and how the promise
    stands.
    """

    root: Path
    letter: Letter
    theme: Theme
    as_of: datetime
    drafts: bool
    revision: Revision
    digest: str
    out: frozenset[str]
    """The files of the issues in the site."""
    digests: Mapping[str, str]
    """Names what is in each file of the letter."""


def build(wanted: Wanted) -> Built:
    """Make the site say what the letter says, as of an instant. Raises NotReady with every finding."""
    seen = Looks() if wanted.dry_run else wanted.seen or looks(wanted.root)
    with opened(wanted.root, keep=not wanted.dry_run, remember=not wanted.clean) as (cache, revision):
        reading = read_letter(wanted.root, cache, revision.whole, seen.listing)
        edition, warnings = _edition(wanted, reading, cache, revision)
        press = press_for(wanted.site)
        found = _remembered(cache, edition.digest)
        plan = changes = None
        if found is not None and not any(finding.is_error for finding in found) and not wanted.clean:
            changes = unchanged(press, edition.digest)
        if changes is None:
            plan = lay_out(edition, cache, wanted.jobs, wanted.notice)
            found = _remember(cache, edition.digest, plan.findings)
            if any(finding.is_error for finding in found):
                raise NotReady([*found, *warnings])
            changes = write(
                plan.outputs.values(),
                press,
                edition.digest,
                make=lambda outputs: _made(outputs, cache, wanted),
                clean=wanted.clean,
                dry_run=wanted.dry_run,
            )
        built = Built(
            issues=len(edition.out),
            changes=changes,
            warnings=in_file_order([*warnings, *(found or ())]),
            withheld=withheld(edition),
            plan=plan,
        )
        if changes.written and not wanted.dry_run:
            cache.sweep(lambda: _alive(edition, built.changes.made))
        if seen.settled:
            keep(press, _rest(wanted, edition, seen.settled, built))
        return built


def _rest(wanted: Wanted, edition: Edition, looked: str, built: Built) -> Rest:
    """The record of a build, for the next one."""
    paths, site = site_of(built.changes.made)
    return Rest(
        letter=looked,
        options=wanted.options,
        as_of=wanted.as_of,
        since=edition.as_of.timestamp(),
        until=_due_until(edition).timestamp(),
        issues=built.issues,
        warnings=built.warnings,
        paths=paths,
        site=site,
    )


def _alive(edition: Edition, made: Mapping[str, Made]) -> dict[str, set[str]]:
    """What the next build may ask the cache for, by kind."""
    head = edition.letter.masthead
    texts = [
        *(text for issue in edition.letter.issues for text in issue.texts),
        *(leaf.body for leaf in edition.letter.leaves),
        *([head.signoff] if head.signoff else []),
    ]
    keys = {edition.revision.prose + text.digest for text in texts}
    pages = {key_of(path, each.fingerprint) for path, each in made.items()}
    return {"facts": keys, "parts": keys, "made": pages, "findings": {edition.digest}}


def _due_until(edition: Edition) -> datetime:
    """An instant until which the same site and the same warnings are surely due, with a day to spare for clock changes.

    What changes with time is which issues are out and how the promise stands: at the instants of slots, and at those
    whole weeks before.
    """
    letter, standing, as_of = edition.letter, promise(edition.letter.schedule, edition.as_of), edition.as_of
    if any(made.date >= as_of.date() for issue in letter.issues for made in issue.corrected):
        return as_of
    slots = [*standing.slots, *islice(letter.schedule.slots(standing.slots[-1].at), 1)]
    waits = [(slot.at - as_of) % WEEK or WEEK for slot in slots]
    instants = [letter.instant(issue) for issue in letter.issues if issue.source.file not in edition.out]
    waits += [instant - as_of for instant in instants if instant > as_of]
    return max(as_of, as_of + min(waits) - timedelta(hours=26))


def _made(outputs: Sequence[Output], cache: Cache, wanted: Wanted) -> Iterator[bytes | NotReady]:
    """Outputs as they are remembered, else made by copies of the process.

    What is made is remembered for a folder that has this cache and not the site: a fresh clone, as hosts build in.
    """

    def pressed(place: int) -> bytes:
        output = outputs[place]
        kept = None if output.copied else cache.load("made", output.key)
        if kept is not None:
            return msgspec.msgpack.encode(Pressed(zlib.decompress(kept)))
        made = output.make()
        return msgspec.msgpack.encode(Pressed(made, b"" if output.copied else zlib.compress(made, 1)))

    found = spread(pressed, len(outputs), wanted.jobs or cores(), cache.reopen)
    for place, made in enumerate(found):
        wanted.notice("pages", place + 1, len(outputs))
        if isinstance(made, NotReady):
            yield made
            continue
        one = msgspec.msgpack.decode(made, type=Pressed)
        if one.new:
            cache.save("made", outputs[place].key, one.new)
        yield one.data


def preview(wanted: Wanted, cache: Cache, before: Theme | None = None) -> tuple[Edition, Desk]:
    """What a build would be made from, without writing anything; `planned` makes it into the plan of a site, whose pages
    are made later. A theme equal to the one `before` is that one, with all that was made from it. Raises NotReady."""
    found = revision(cache)
    edition, _ = _edition(wanted, read_letter(wanted.root, cache, found.whole), cache, found)
    if before and before.digest == edition.theme.digest:
        edition = replace(edition, theme=before)
    return edition, furnish(edition, cache, wanted.jobs, wanted.notice)


def _edition(wanted: Wanted, reading: Reading, cache: Cache, revision: Revision) -> tuple[Edition, list[Finding]]:
    """The edition that is wanted, and the warnings. Raises NotReady."""
    findings = [*reading.findings, *(_faults(reading, reading.letter, cache, revision) if reading.letter else [])]
    if reading.letter is None or any(finding.is_error for finding in findings):
        raise NotReady(findings)
    letter = reading.letter
    as_of = instant(wanted.as_of, letter.schedule)
    findings += missed_slots(letter, as_of)
    findings += corrected_ahead(letter, as_of)
    if wanted.base_url:
        letter = replace(letter, masthead=replace(letter.masthead, url=wanted.base_url.rstrip("/") + "/"))
    edition = edition_of(
        wanted.root,
        letter,
        reading.digest,
        read_theme(wanted.root),
        promise(letter.schedule, as_of),
        revision,
        wanted.drafts,
        reading.digests,
    )
    return edition, findings


def _faults(reading: Reading, letter: Letter, cache: Cache, revision: Revision) -> tuple[Finding, ...]:
    """What the rules of the letter find, remembered for as long as nothing changes that they look at. In a text, they
    look for one thing only: is it still the one that was recorded?"""
    recorded = [issue.body.digest for issue in letter.issues if issue.recorded]
    files = [reading.digests[name] for name in ("letter.yaml", "schedule.yaml")]
    key = digest(["rules", letter.heads, recorded, files, revision.whole])
    found = _remembered(cache, key)
    return _remember(cache, key, tuple(faults(letter))) if found is None else found


def edition_of(
    root: Path,
    letter: Letter,
    content: str,
    theme: Theme,
    standing: Promise,
    revision: Revision,
    drafts: bool,
    digests: Mapping[str, str],
) -> Edition:
    """An edition as of the instant at which the promise stands so. `content` is the digest of the letter's files."""
    as_of = standing.as_of
    out = published_files(letter, as_of)
    slots = [(slot.number, slot.planned, slot.at <= standing.horizon_ends) for slot in standing.slots]
    made_from = [
        content,
        theme.digest,
        letter.masthead.url,
        revision.whole,
        drafts,
        sorted(out),
        [standing.kept, standing.weeks_planned, slots],
    ]
    return Edition(
        root=root,
        letter=letter,
        theme=theme,
        as_of=as_of,
        drafts=drafts,
        revision=revision,
        digest=digest(made_from),
        out=frozenset(issue.source.file for issue in letter.issues) if drafts else out,
        digests=digests,
    )


def texts_of(edition: Edition, cache: Cache) -> Texts:
    """The texts of an edition; the words of a body are read from its file. Raises NotReady."""
    from weekahead.markdown.rendered_texts import Texts
    from weekahead.theme.i18n import words

    head = edition.letter.masthead
    return Texts(
        cache,
        lambda text: words_of(edition.root, text),
        edition.revision.prose,
        head.budget,
        files=lambda text: files_of(edition.root, text),
        language=words(edition.theme, head.language),
    )


def files_of(root: Path, text: Text) -> dict[str, File]:
    """The files that the tables of a text are made from, by the names in it. Raises NotReady."""
    from weekahead.markdown.blocks import File

    return {words: File(name, read_file(root, name)) for words, name in text.beside}


def words_of(root: Path, text: Text) -> str:
    """The words of a body. Raises NotReady when its file, or one that a table is made from, is no longer what was read."""
    from weekahead.source.front_matter import body_of

    words = body_of(text.file, read_file(root, text.file)) if text.words is None else text.words
    if _name_of(root, text, words) != text.digest:
        message = "this file changed while the letter was being built"
        raise NotReady(
            [Finding(where=Where(text.file), rule="changed-meanwhile", message=message, hint="Build again.")]
        )
    return words


def _name_of(root: Path, text: Text, words: str) -> str:
    """What a text would be called with other words and with its files as they are now. Raises NotReady."""
    files = [digest_of(found.data) for found in files_of(root, text).values()]
    return text_name(digest_of(words.encode()), files)


def lay_out(
    edition: Edition,
    cache: Cache,
    jobs: int = 0,
    notice: Callable[[str, int, int], object] = lambda what, done, all: None,
) -> Plan:
    """The plan of the site, with what its texts hold that must not be published. No page is made yet."""
    return planned(edition, furnish(edition, cache, jobs, notice))


def furnish(edition: Edition, cache: Cache, jobs: int, notice: Callable[[str, int, int], object]) -> Desk:
    """All that the pages of an edition are made with; its texts are converted in so many copies of the process."""
    from weekahead.site.pages import Desk
    from weekahead.site.resolved_links import Routes

    public = publish(edition.letter, edition.as_of, drafts=edition.drafts)
    texts = texts_of(edition, cache)
    name = "drafts" if edition.drafts else "letter"
    routes = Routes(public, edition.letter.files, texts, cache, edition.revision.whole, name)
    texts.convert(routes.unknown(), jobs or cores(), partial(notice, "texts"))
    return Desk(
        public=public,
        theme=edition.theme,
        texts=texts,
        routes=routes,
        files=edition.letter.files,
        revision=edition.revision.whole,
        plan=edition.digests["schedule.yaml"],
        names=Names(cache, name),
    )


def planned(edition: Edition, desk: Desk) -> Plan:
    """The plan of an edition's site."""
    from weekahead.build.site_plan import plan

    content: Callable[[str], bytes] = lru_cache(maxsize=1)(lambda name: read_file(edition.root, name))
    found = plan(desk, content, edition.digests)
    desk.routes.keep()
    desk.names.keep(desk.around)
    return replace(found, findings=tuple(each for each in found.findings if not edition.letter.allows(each)))


def _remembered(cache: Cache, key: str) -> tuple[Finding, ...] | None:
    """The findings of an edition that was laid out before."""
    data = cache.load("findings", key)
    try:
        return msgspec.msgpack.decode(data, type=tuple[Finding, ...]) if data else None
    except msgspec.MsgspecError:
        return None


def _remember(cache: Cache, key: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    if not any(finding.rule == "too-slow" for finding in findings):
        cache.save("findings", key, msgspec.msgpack.encode(findings))
    return findings


def withheld(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Each issue and page that is not in the site, with the reason."""
    letter = edition.letter
    issues = tuple(
        (
            issue.source.file,
            f"comes out on {letter.instant(issue):%Y-%m-%d at %H:%M}"
            if issue.status is Status.READY
            else f"its status is {issue.status}",
        )
        for issue in letter.issues
        if issue.source.file not in edition.out
    )
    leaves = letter.leaves if not edition.drafts else ()
    return (*issues, *((leaf.source.file, "its status is draft") for leaf in leaves if leaf.is_draft))


def check(root: Path, as_of: str | None) -> Checked:
    """Every finding at once, and the promise. All issues are looked at as if they were out."""
    with opened(root) as (cache, revision):
        reading = read_letter(root, cache, revision.whole)
        findings = [*reading.findings]
        if reading.letter is None:
            schedule = reading.schedule
            now = instant(as_of, schedule)
            standing = promise(schedule, now) if schedule else None
            return Checked(as_of=now, promise=standing, findings=in_file_order(findings))
        letter = reading.letter
        now = instant(as_of, letter.schedule)
        standing = promise(letter.schedule, now)
        findings += _slips(root, reading, letter, cache, revision)
        broken = _faults(reading, letter, cache, revision)
        findings += broken
        if reading.is_whole:
            findings += missed_slots(letter, now)
            findings += corrected_ahead(letter, now)
            findings += short_buffer(letter, standing.buffer)
            findings += late_builds(workflows(root), letter, now)
        if reading.is_whole and not any(finding.is_error for finding in broken):
            findings += _site_findings(root, reading, letter, standing, cache, revision)
    return Checked(as_of=now, promise=standing, findings=in_file_order(findings))


def preflight(root: Path, reading: Reading, letter: Letter, cache: Cache, revision: Revision) -> Preflight:
    """The preflight of a letter that was read: `.findings()` tells every slip, `.findings({FILE})` those of one issue.

    They are warnings and notes and never stop a build. Raises NotReady when a file changes meanwhile.
    """
    from weekahead.lint.linter import Preflight

    return Preflight(letter, partial(words_of, root), reading.folder.size, cache, revision.whole)


def _slips(root: Path, reading: Reading, letter: Letter, cache: Cache, revision: Revision) -> tuple[Finding, ...]:
    """What the preflight finds, remembered for as long as no file of the letter changes."""
    key = digest(["preflight", reading.digest, revision.whole])
    found = _remembered(cache, key)
    return (
        _remember(cache, key, preflight(root, reading, letter, cache, revision).findings()) if found is None else found
    )


def online(root: Path, notice: Callable[[str, int, int], object]) -> tuple[tuple[Finding, ...], Asked]:
    """Ask for every page of the web that the letter links to: what is wrong, and how many were asked for.

    Asks for nothing when the letter cannot be read, which `check` says. Raises NotReady when a file changes meanwhile.
    """
    from weekahead.lint.external_links import Asked, ask

    with opened(root) as (cache, revision):
        reading = read_letter(root, cache, revision.whole)
        if reading.letter is None:
            return (), Asked({}, 0, 0, 0)
        url, asked = reading.letter.masthead.url, list[Asked]()

        def answers(addresses: list[str]) -> Mapping[str, Answer]:
            elsewhere = (address for address in addresses if not (address + "/").startswith(url))
            asked.append(ask(elsewhere, cache, url, notice=notice))
            return asked[0].answers

        return preflight(root, reading, reading.letter, cache, revision).lost_links(answers), asked[0]


def mend(root: Path) -> tuple[tuple[Where, str, str], ...]:
    """Mend in place what is safe to mend: each line that changed, as it was and as it is now.

    Only the words that are mended change, and a text that was read aloud stays as it was recorded. Raises NotReady.
    """
    with opened(root) as (cache, revision):
        reading = read_letter(root, cache, revision.whole)
        if reading.letter is None:
            raise NotReady(reading.findings)
        found = preflight(root, reading, reading.letter, cache, revision)
        changed = []
        for issue in reading.letter.issues:
            mends = [] if issue.audio and issue.recorded else found.mends(issue.body, issue)
            if mends:
                before, after = edit(root, issue.source.file, partial(mended, root, issue.body, mends))
                lines = zip(before.split("\n"), after.split("\n"), strict=True)
                changed += [
                    (Where(issue.source.file, n), old, new) for n, (old, new) in enumerate(lines, 1) if old != new
                ]
        return tuple(changed)


def mended(root: Path, body: Text, mends: Sequence[tuple[int, int, str]], text: str) -> str:
    """A file's text with mends of its body; as it was when the body is no longer what was looked at."""
    start = sum(len(line) + 1 for line in text.split("\n")[: body.line - 1])
    words = text[start:]
    if _name_of(root, body, words.rstrip()) != body.digest:
        return text
    for first, last, better in reversed(mends):
        words = words[:first] + better + words[last:]
    return text[:start] + words


def _site_findings(
    root: Path, reading: Reading, letter: Letter, standing: Promise, cache: Cache, revision: Revision
) -> list[Finding]:
    """What a build would find now, and what is wrong with the issues that are still withheld."""
    content, digests = reading.digest, reading.digests
    try:
        theme = read_theme(root)
        now = edition_of(root, letter, content, theme, standing, revision, False, digests)
        found = [*_findings(now, cache)]
        hidden = {issue.source.file for issue in letter.issues} - now.out
        hidden |= {leaf.source.file for leaf in letter.leaves if leaf.is_draft}
        later = edition_of(root, letter, content, theme, standing, revision, True, digests)
        return (
            [*found, *(finding for finding in _findings(later, cache) if finding.where.file in hidden)]
            if hidden
            else found
        )
    except NotReady as error:
        return list(error.findings)


def _findings(edition: Edition, cache: Cache) -> tuple[Finding, ...]:
    found = _remembered(cache, edition.digest)
    if found is None:
        found = _remember(cache, edition.digest, lay_out(edition, cache).findings)
    return found


def noticed(root: Path, reading: Reading, letter: Letter, issue: Issue) -> tuple[Finding, ...]:
    """What the preflight notices in an issue of a letter that was read, were it ready: warnings and notes."""
    with opened(root) as (cache, revision):
        found = preflight(root, reading, letter.marked(issue, Status.READY), cache, revision)
        return found.findings({issue.source.file})


def findings_if(
    root: Path, reading: Reading, letter: Letter, issue: Issue, status: Status, at: datetime
) -> list[Finding]:
    """What a build at an instant would find, were an issue of a letter that was read of another status."""
    changed = letter.marked(issue, status)
    with opened(root, keep=False) as (cache, revision):
        standing = promise(letter.schedule, at)
        edition = edition_of(root, changed, "", read_theme(root), standing, revision, False, reading.digests)
        return [*faults(changed), *lay_out(edition, cache).findings]

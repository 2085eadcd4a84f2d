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
from weekahead.build.up_to_date import InputStats, UpToDateRecord, options, save_record, site_of, stat_inputs
from weekahead.build.writer import Changes, ManifestEntry, edit_file, site_paths, unchanged, write
from weekahead.lint.ci_schedule import late_builds
from weekahead.model.findings import BuildError, Finding, Location, in_file_order
from weekahead.model.hashing import hash_bytes, hash_value
from weekahead.model.issue import Issue, Status, Text, text_name
from weekahead.model.letter import Letter
from weekahead.model.output import Output, key_of
from weekahead.model.rules import check_rules, corrected_ahead, missed_slots, short_buffer
from weekahead.model.schedule import WEEK, Promise, promise
from weekahead.runtime.code_version import CodeVersion, code_version
from weekahead.runtime.fingerprint_cache import Names
from weekahead.runtime.parallel import cores, spread
from weekahead.runtime.store import Cache
from weekahead.site.published import published_files, published_view
from weekahead.source.folder import read_file, workflows
from weekahead.source.loader import LoadedLetter, load_letter, load_theme
from weekahead.theme.lookup import Theme

if TYPE_CHECKING:
    from weekahead.build.site_plan import SitePlan
    from weekahead.lint.external_links import LinkReport, LinkStatus
    from weekahead.lint.linter import Linter
    from weekahead.markdown.blocks import File
    from weekahead.markdown.rendered_texts import RenderedTexts
    from weekahead.site.pages import RenderContext


class BuildOptions(Struct, frozen=True, kw_only=True):
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

    seen: InputStats | None = None
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


class BuildResult(Struct, frozen=True, kw_only=True):
    """What a build came to."""

    issues: int
    changes: Changes
    warnings: tuple[Finding, ...]
    withheld: tuple[tuple[str, str], ...]
    """Each issue and page that was read and is not in the site, with the reason."""
    plan: SitePlan | None = None
    """What the site was made by, unless it was there already."""


class Snapshot(Struct, frozen=True, kw_only=True):
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
    revision: CodeVersion
    digest: str
    out: frozenset[str]
    """The files of the issues in the site."""
    digests: Mapping[str, str]
    """Names what is in each file of the letter."""


def build(wanted: BuildOptions) -> BuildResult:
    """Make the site say what the letter says, as of an instant. Raises BuildError with every finding."""
    seen = InputStats() if wanted.dry_run else wanted.seen or stat_inputs(wanted.root)
    with opened(wanted.root, keep=not wanted.dry_run, remember=not wanted.clean) as (cache, revision):
        reading = load_letter(wanted.root, cache, revision.whole, seen.listing)
        edition, warnings = _edition(wanted, reading, cache, revision)
        press = site_paths(wanted.site)
        found = _remembered(cache, edition.digest)
        plan = changes = None
        if found is not None and not any(finding.is_error for finding in found) and not wanted.clean:
            changes = unchanged(press, edition.digest)
        if changes is None:
            plan = lay_out(edition, cache, wanted.jobs, wanted.notice)
            found = _remember(cache, edition.digest, plan.findings)
            if any(finding.is_error for finding in found):
                raise BuildError([*found, *warnings])
            changes = write(
                plan.outputs.values(),
                press,
                edition.digest,
                make=lambda outputs: _made(outputs, cache, wanted),
                clean=wanted.clean,
                dry_run=wanted.dry_run,
            )
        built = BuildResult(
            issues=len(edition.out),
            changes=changes,
            warnings=in_file_order([*warnings, *(found or ())]),
            withheld=unpublished(edition),
            plan=plan,
        )
        if changes.written and not wanted.dry_run:
            cache.sweep(lambda: _alive(edition, built.changes.made))
        if seen.settled:
            save_record(press, _rest(wanted, edition, seen.settled, built))
        return built


def _rest(wanted: BuildOptions, edition: Snapshot, looked: str, built: BuildResult) -> UpToDateRecord:
    """The record of a build, for the next one."""
    paths, site = site_of(built.changes.made)
    return UpToDateRecord(
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


def _alive(edition: Snapshot, made: Mapping[str, ManifestEntry]) -> dict[str, set[str]]:
    """What the next build may ask the cache for, by kind."""
    head = edition.letter.config
    texts = [
        *(text for issue in edition.letter.issues for text in issue.texts),
        *(leaf.body for leaf in edition.letter.leaves),
        *([head.signoff] if head.signoff else []),
    ]
    keys = {edition.revision.prose + text.digest for text in texts}
    pages = {key_of(path, each.fingerprint) for path, each in made.items()}
    return {"facts": keys, "parts": keys, "made": pages, "findings": {edition.digest}}


def _due_until(edition: Snapshot) -> datetime:
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


def _made(outputs: Sequence[Output], cache: Cache, wanted: BuildOptions) -> Iterator[bytes | BuildError]:
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
        if isinstance(made, BuildError):
            yield made
            continue
        one = msgspec.msgpack.decode(made, type=Pressed)
        if one.new:
            cache.save("made", outputs[place].key, one.new)
        yield one.data


def preview(wanted: BuildOptions, cache: Cache, before: Theme | None = None) -> tuple[Snapshot, RenderContext]:
    """What a build would be made from, without writing anything; `planned` makes it into the plan of a site, whose pages
    are made later. A theme equal to the one `before` is that one, with all that was made from it. Raises BuildError."""
    found = code_version(cache)
    edition, _ = _edition(wanted, load_letter(wanted.root, cache, found.whole), cache, found)
    if before and before.digest == edition.theme.digest:
        edition = replace(edition, theme=before)
    return edition, make_context(edition, cache, wanted.jobs, wanted.notice)


def _edition(
    wanted: BuildOptions, reading: LoadedLetter, cache: Cache, revision: CodeVersion
) -> tuple[Snapshot, list[Finding]]:
    """The edition that is wanted, and the warnings. Raises BuildError."""
    findings = [*reading.findings, *(_faults(reading, reading.letter, cache, revision) if reading.letter else [])]
    if reading.letter is None or any(finding.is_error for finding in findings):
        raise BuildError(findings)
    letter = reading.letter
    as_of = instant(wanted.as_of, letter.schedule)
    findings += missed_slots(letter, as_of)
    findings += corrected_ahead(letter, as_of)
    if wanted.base_url:
        letter = replace(letter, config=replace(letter.config, url=wanted.base_url.rstrip("/") + "/"))
    edition = snapshot_of(
        wanted.root,
        letter,
        reading.digest,
        load_theme(wanted.root),
        promise(letter.schedule, as_of),
        revision,
        wanted.drafts,
        reading.digests,
    )
    return edition, findings


def _faults(reading: LoadedLetter, letter: Letter, cache: Cache, revision: CodeVersion) -> tuple[Finding, ...]:
    """What the rules of the letter find, remembered for as long as nothing changes that they look at. In a text, they
    look for one thing only: is it still the one that was recorded?"""
    recorded = [issue.body.digest for issue in letter.issues if issue.recorded]
    files = [reading.digests[name] for name in ("letter.yaml", "schedule.yaml")]
    key = hash_value(["rules", letter.heads, recorded, files, revision.whole])
    found = _remembered(cache, key)
    return _remember(cache, key, tuple(check_rules(letter))) if found is None else found


def snapshot_of(
    root: Path,
    letter: Letter,
    content: str,
    theme: Theme,
    standing: Promise,
    revision: CodeVersion,
    drafts: bool,
    digests: Mapping[str, str],
) -> Snapshot:
    """An edition as of the instant at which the promise stands so. `content` is the digest of the letter's files."""
    as_of = standing.as_of
    out = published_files(letter, as_of)
    slots = [(slot.number, slot.planned, slot.at <= standing.horizon_ends) for slot in standing.slots]
    made_from = [
        content,
        theme.digest,
        letter.config.url,
        revision.whole,
        drafts,
        sorted(out),
        [standing.kept, standing.weeks_planned, slots],
    ]
    return Snapshot(
        root=root,
        letter=letter,
        theme=theme,
        as_of=as_of,
        drafts=drafts,
        revision=revision,
        digest=hash_value(made_from),
        out=frozenset(issue.source.file for issue in letter.issues) if drafts else out,
        digests=digests,
    )


def texts_of(edition: Snapshot, cache: Cache) -> RenderedTexts:
    """The texts of an edition; the words of a body are read from its file. Raises BuildError."""
    from weekahead.markdown.rendered_texts import RenderedTexts
    from weekahead.theme.i18n import words

    head = edition.letter.config
    return RenderedTexts(
        cache,
        lambda text: words_of(edition.root, text),
        edition.revision.prose,
        head.budget,
        files=lambda text: files_of(edition.root, text),
        language=words(edition.theme, head.language),
    )


def files_of(root: Path, text: Text) -> dict[str, File]:
    """The files that the tables of a text are made from, by the names in it. Raises BuildError."""
    from weekahead.markdown.blocks import File

    return {words: File(name, read_file(root, name)) for words, name in text.beside}


def words_of(root: Path, text: Text) -> str:
    """The words of a body. Raises BuildError when its file, or one that a table is made from, is no longer what was read."""
    from weekahead.source.front_matter import body_of

    words = body_of(text.file, read_file(root, text.file)) if text.words is None else text.words
    if _name_of(root, text, words) != text.digest:
        message = "this file changed while the letter was being built"
        raise BuildError(
            [Finding(where=Location(text.file), rule="changed-meanwhile", message=message, hint="Build again.")]
        )
    return words


def _name_of(root: Path, text: Text, words: str) -> str:
    """What a text would be called with other words and with its files as they are now. Raises BuildError."""
    files = [hash_bytes(found.data) for found in files_of(root, text).values()]
    return text_name(hash_bytes(words.encode()), files)


def lay_out(
    edition: Snapshot,
    cache: Cache,
    jobs: int = 0,
    notice: Callable[[str, int, int], object] = lambda what, done, all: None,
) -> SitePlan:
    """The plan of the site, with what its texts hold that must not be published. No page is made yet."""
    return planned(edition, make_context(edition, cache, jobs, notice))


def make_context(
    edition: Snapshot, cache: Cache, jobs: int, notice: Callable[[str, int, int], object]
) -> RenderContext:
    """All that the pages of an edition are made with; its texts are converted in so many copies of the process."""
    from weekahead.site.pages import RenderContext
    from weekahead.site.resolved_links import LinkResolver

    public = published_view(edition.letter, edition.as_of, drafts=edition.drafts)
    texts = texts_of(edition, cache)
    name = "drafts" if edition.drafts else "letter"
    routes = LinkResolver(public, edition.letter.files, texts, cache, edition.revision.whole, name)
    texts.convert(routes.unknown(), jobs or cores(), partial(notice, "texts"))
    return RenderContext(
        public=public,
        theme=edition.theme,
        texts=texts,
        routes=routes,
        files=edition.letter.files,
        revision=edition.revision.whole,
        plan=edition.digests["schedule.yaml"],
        names=Names(cache, name),
    )


def planned(edition: Snapshot, desk: RenderContext) -> SitePlan:
    """The plan of an edition's site."""
    from weekahead.build.site_plan import plan_site

    content: Callable[[str], bytes] = lru_cache(maxsize=1)(lambda name: read_file(edition.root, name))
    found = plan_site(desk, content, edition.digests)
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


def unpublished(edition: Snapshot) -> tuple[tuple[str, str], ...]:
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
        reading = load_letter(root, cache, revision.whole)
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


def preflight(root: Path, reading: LoadedLetter, letter: Letter, cache: Cache, revision: CodeVersion) -> Linter:
    """The preflight of a letter that was read: `.findings()` tells every slip, `.findings({FILE})` those of one issue.

    They are warnings and notes and never stop a build. Raises BuildError when a file changes meanwhile.
    """
    from weekahead.lint.linter import Linter

    return Linter(letter, partial(words_of, root), reading.folder.size, cache, revision.whole)


def _slips(
    root: Path, reading: LoadedLetter, letter: Letter, cache: Cache, revision: CodeVersion
) -> tuple[Finding, ...]:
    """What the preflight finds, remembered for as long as no file of the letter changes."""
    key = hash_value(["preflight", reading.digest, revision.whole])
    found = _remembered(cache, key)
    return (
        _remember(cache, key, preflight(root, reading, letter, cache, revision).findings()) if found is None else found
    )


def online(root: Path, notice: Callable[[str, int, int], object]) -> tuple[tuple[Finding, ...], LinkReport]:
    """Ask for every page of the web that the letter links to: what is wrong, and how many were asked for.

    Asks for nothing when the letter cannot be read, which `check` says. Raises BuildError when a file changes meanwhile.
    """
    from weekahead.lint.external_links import LinkReport, check_links

    with opened(root) as (cache, revision):
        reading = load_letter(root, cache, revision.whole)
        if reading.letter is None:
            return (), LinkReport({})
        url, asked = reading.letter.config.url, list[LinkReport]()

        def answers(addresses: list[str]) -> Mapping[str, LinkStatus]:
            elsewhere = (address for address in addresses if not (address + "/").startswith(url))
            asked.append(check_links(elsewhere, cache, url, notice=notice))
            return asked[0].statuses

        return preflight(root, reading, reading.letter, cache, revision).check_external_links(answers), asked[0]


def fix(root: Path) -> tuple[tuple[Location, str, str], ...]:
    """Mend in place what is safe to mend: each line that changed, as it was and as it is now.

    Only the words that are mended change, and a text that was read aloud stays as it was recorded. Raises BuildError.
    """
    with opened(root) as (cache, revision):
        reading = load_letter(root, cache, revision.whole)
        if reading.letter is None:
            raise BuildError(reading.findings)
        found = preflight(root, reading, reading.letter, cache, revision)
        changed = []
        for issue in reading.letter.issues:
            mends = [] if issue.audio and issue.recorded else found.fixes(issue.body, issue)
            if mends:
                before, after = edit_file(root, issue.source.file, partial(apply_fixes, root, issue.body, mends))
                lines = zip(before.split("\n"), after.split("\n"), strict=True)
                changed += [
                    (Location(issue.source.file, n), old, new) for n, (old, new) in enumerate(lines, 1) if old != new
                ]
        return tuple(changed)


def apply_fixes(root: Path, body: Text, mends: Sequence[tuple[int, int, str]], text: str) -> str:
    """A file's text with mends of its body; as it was when the body is no longer what was looked at."""
    start = sum(len(line) + 1 for line in text.split("\n")[: body.line - 1])
    words = text[start:]
    if _name_of(root, body, words.rstrip()) != body.digest:
        return text
    for first, last, better in reversed(mends):
        words = words[:first] + better + words[last:]
    return text[:start] + words


def _site_findings(
    root: Path, reading: LoadedLetter, letter: Letter, standing: Promise, cache: Cache, revision: CodeVersion
) -> list[Finding]:
    """What a build would find now, and what is wrong with the issues that are still withheld."""
    content, digests = reading.digest, reading.digests
    try:
        theme = load_theme(root)
        now = snapshot_of(root, letter, content, theme, standing, revision, False, digests)
        found = [*_findings(now, cache)]
        hidden = {issue.source.file for issue in letter.issues} - now.out
        hidden |= {leaf.source.file for leaf in letter.leaves if leaf.is_draft}
        later = snapshot_of(root, letter, content, theme, standing, revision, True, digests)
        return (
            [*found, *(finding for finding in _findings(later, cache) if finding.where.file in hidden)]
            if hidden
            else found
        )
    except BuildError as error:
        return list(error.findings)


def _findings(edition: Snapshot, cache: Cache) -> tuple[Finding, ...]:
    found = _remembered(cache, edition.digest)
    if found is None:
        found = _remember(cache, edition.digest, lay_out(edition, cache).findings)
    return found


def lint_issue(root: Path, reading: LoadedLetter, letter: Letter, issue: Issue) -> tuple[Finding, ...]:
    """What the preflight notices in an issue of a letter that was read, were it ready: warnings and notes."""
    with opened(root) as (cache, revision):
        found = preflight(root, reading, letter.marked(issue, Status.READY), cache, revision)
        return found.findings({issue.source.file})


def diagnose_as(
    root: Path, reading: LoadedLetter, letter: Letter, issue: Issue, status: Status, at: datetime
) -> list[Finding]:
    """What a build at an instant would find, were an issue of a letter that was read of another status."""
    changed = letter.marked(issue, status)
    with opened(root, keep=False) as (cache, revision):
        standing = promise(letter.schedule, at)
        edition = snapshot_of(root, changed, "", load_theme(root), standing, revision, False, reading.digests)
        return [*check_rules(changed), *lay_out(edition, cache).findings]

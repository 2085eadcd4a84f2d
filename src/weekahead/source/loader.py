"""From disk to a Letter, remembering what was read of files that have not changed.

What is wrong with a file becomes a finding with its line. Findings are remembered with the rest: the same letter gives
the same findings, read or remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.config import Config
from weekahead.model.decoding import decode_text
from weekahead.model.findings import BuildError, Finding, Location, warning
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Audio, Issue, Page, Status, combine_digests
from weekahead.model.letter import Letter
from weekahead.model.schedule import IssueSummary, Schedule, State
from weekahead.runtime.store import Store
from weekahead.source.audio_probe import AudioInfo, probe_audio, reconcile_audio
from weekahead.source.folder import FileStat, Folder, Listing, cannot_be_read, text_digest
from weekahead.theme.lookup import PACKAGED, Asset, Template, Theme, starter

T = TypeVar("T")
AnyText = TypeVar("AnyText", Issue, Page)


MAX_BODIES = 500
"""Bodies that are kept in memory after reading: some megabytes."""


class Parsed(Struct, Generic[T], frozen=True, array_like=True):
    """What was read from a file of some content, and what was found in it."""

    digest: str
    value: T | None
    findings: tuple[Finding, ...]


class Memory(Struct, array_like=True):
    """What one run knows of a letter's files, for the next."""

    looks: dict[str, FileStat] = {}
    issues: dict[str, Parsed[Issue]] = {}
    pages: dict[str, Parsed[Page]] = {}
    mastheads: dict[str, Parsed[Config]] = {}
    schedules: dict[str, Parsed[Schedule]] = {}
    heard: dict[str, AudioInfo | None] = {}
    """What audio files say of themselves, by their digests; None for a file that is not audio."""


class LoadedLetter(Struct, frozen=True):
    """What reading found: the letter as far as it could be read, and every finding on the way.

    `digest` names the content of every file of the letter: two readings of one digest are equal.
    """

    letter: Letter | None
    schedule: Schedule | None
    findings: tuple[Finding, ...]
    folder: Folder
    digest: str
    digests: Mapping[str, str] = {}
    """The digest of each file of the letter."""
    bodies: Mapping[str, str] = {}
    """The words of bodies that were parsed just now, by the digests of their texts."""

    @property
    def is_whole(self) -> bool:
        """Was every file understood? Then what seems missing is missing."""
        return self.letter is not None and not any(finding.is_error for finding in self.findings)


def load_letter(root: Path, store: Store | None = None, listing: Listing | None = None) -> LoadedLetter:
    """Read letter.yaml, schedule.yaml, issues/ and pages/ of a folder; `listing` is what was seen of it just now."""
    before = (store.load("letter", "files", Memory) if store else None) or Memory()
    folder = Folder(root, before.looks, listing)
    after = Memory(looks=folder.looks)
    findings: list[Finding] = []
    about = _top(folder, "letter.yaml", _masthead, before.mastheads, after.mastheads, findings)
    texts, files = _listed(folder, "issues", "not-an-issue", findings)
    issues, bodies = [], dict[str, str]()
    parse_issue = _issue_parser(bodies)
    for name in texts:
        found = _parsed(folder, name, parse_issue, before.issues, after.issues, findings)
        issue = _with_files(found, folder, before, after, findings) if found else None
        if issue:
            issues.append(_with_tables(issue, folder, files, texts, findings))
    sheets, more = _listed(folder, "pages", "not-a-page", findings)
    pages = []
    for name in sheets:
        page = _parsed(folder, name, _leaf, before.pages, after.pages, findings)
        if page:
            pages.append(_with_tables(page, folder, more, sheets, findings))
    files += more
    plan = _top(folder, "schedule.yaml", _schedule, before.schedules, after.schedules, findings)
    known = {
        name: parsed.digest
        for each in (after.mastheads, after.schedules, after.issues, after.pages)
        for name, parsed in each.items()
    }
    for name in files:
        try:
            known[name] = folder.digest(name)
        except OSError as error:
            findings.append(cannot_be_read(name, error))
    if store and after != before:
        store.save("letter", "files", after)
    schedule = replace(plan, written=_written(issues)) if plan else None
    letter = (
        Letter(config=about, schedule=schedule, issues=tuple(issues), pages=tuple(pages), files=frozenset(files))
        if about and schedule
        else None
    )
    return LoadedLetter(letter, schedule, tuple(findings), folder, hash_value([*known.items()]), known, bodies)


def _written(issues: Iterable[Issue]) -> dict[int, IssueSummary]:
    """What the schedule must know of the issues."""
    return {
        issue.number: IssueSummary(
            number=issue.number,
            title=issue.title,
            state=STATES[issue.status],
            date=issue.date,
            part=issue.series,
        )
        for issue in issues
        if issue.number is not None
    }


STATES = {Status.DRAFT: State.DRAFTING, Status.REVIEW: State.REVIEW, Status.READY: State.READY}


# -- what is remembered


def _parsed(
    folder: Folder,
    name: str,
    parse: Callable[[str, bytes, list[Finding]], T | None],
    before: Mapping[str, Parsed[T]],
    after: dict[str, Parsed[T]],
    findings: list[Finding],
) -> T | None:
    """What a file of the letter says, read or remembered."""
    digest = text_digest(folder, name, findings)
    if digest is None:
        return None
    found = before.get(name)
    if found is None or found.digest != digest:
        of_file: list[Finding] = []
        value = parse(name, folder.data(name), of_file)
        found = Parsed(digest, value, tuple(of_file))
    after[name] = found
    findings += found.findings
    return found.value


def _masthead(name: str, data: bytes, findings: list[Finding]) -> Config | None:
    from weekahead.source.config_file import parse_config
    from weekahead.source.yaml_map import YamlSource, read_yaml_map

    text = decode_text(name, data, findings)
    fields = None if text is None else read_yaml_map(text, YamlSource(name, findings), name)
    return parse_config(fields) if fields else None


def _schedule(name: str, data: bytes, findings: list[Finding]) -> Schedule | None:
    from weekahead.source.schedule_file import parse_schedule
    from weekahead.source.yaml_map import YamlSource, read_yaml_map

    text = decode_text(name, data, findings)
    fields = None if text is None else read_yaml_map(text, YamlSource(name, findings), name)
    return parse_schedule(fields) if fields else None


def _issue_parser(bodies: dict[str, str]) -> Callable[[str, bytes, list[Finding]], Issue | None]:
    """Return a parser of issues that keeps the bodies it has read, so that rendering need not read them again."""

    def parse(name: str, data: bytes, findings: list[Finding]) -> Issue | None:
        from weekahead.source.front_matter import parse_issue

        return parse_issue(name, data, findings, bodies if len(bodies) < MAX_BODIES else None)

    return parse


def _leaf(name: str, data: bytes, findings: list[Finding]) -> Page | None:
    from weekahead.source.front_matter import parse_page

    return parse_page(name, data, findings)


NEEDED = {
    "letter.yaml": "The two keys it needs are title and url.",
    "schedule.yaml": "It says when the letter comes out: cadence, anchor, upcoming.",
}


def _top(
    folder: Folder,
    name: str,
    parse: Callable[[str, bytes, list[Finding]], T | None],
    before: Mapping[str, Parsed[T]],
    after: dict[str, Parsed[T]],
    findings: list[Finding],
) -> T | None:
    if not (folder.root / name).exists():
        message = f"{name} is not there"
        findings.append(Finding(where=Location(name), rule="file-missing", message=message, hint=NEEDED[name]))
        return None
    if not folder.holds(name):
        message = "this is a link to a place outside the letter"
        findings.append(Finding(where=Location(name), rule="outside", message=message, hint="Copy the file here."))
        return None
    return _parsed(folder, name, parse, before, after, findings)


# -- issues and the files they name


def _listed(folder: Folder, top: str, rule: str, findings: list[Finding]) -> tuple[list[str], list[str]]:
    """The texts under issues/ or pages/, files and folders alike, and every other file, in the order of their names.

    `rule` is that of a warning about a file that looks like a text and is none.
    """
    texts: list[str] = []
    files: list[str] = []
    for name in folder.names(top, findings):
        depth = name.count("/")
        is_text = name.endswith(".md") and (depth == 1 or (depth == 2 and name.endswith("/index.md")))
        (texts if is_text else files).append(name)
    folders = {text.rpartition("/")[0] for text in texts if text.count("/") == 2}
    for name in files:
        within, _, last = name.rpartition("/")
        if re.fullmatch(r"(?i).*\.(md|markdown|mdown|mkd)", last) and within not in folders:
            wanted = "NAME.md, in small letters" if within == top else "index.md"
            what = "an issue" if top == "issues" else "a page"
            hint = f"{what.capitalize()}'s file here is called {wanted}."
            findings.append(warning(Location(name), rule, f"this file is not read as {what}", hint))
    return texts, files


def _with_files(issue: Issue, folder: Folder, before: Memory, after: Memory, findings: list[Finding]) -> Issue | None:
    """The issue with what its audio file says of itself; None, with a finding, when a file it names is not there."""
    if issue.audio is None and issue.cover is None:
        return issue
    missing = [
        (key, name)
        for key, name in (
            ("audio.file", issue.audio.file if issue.audio else None),
            ("cover.file", issue.cover.file if issue.cover else None),
        )
        if name and not folder.has(name)
    ]
    for key, name in missing:
        message = f'there is no file "{name.rpartition("/")[2]}" beside {issue.source.file}'
        hint = "Check the name; capital letters count."
        findings.append(Finding(where=issue.source.at(key), rule="file-missing", message=message, hint=hint))
    if missing or issue.audio is None or issue.audio.file is None:
        return None if missing else issue
    audio = _heard(issue, issue.audio, issue.audio.file, folder, before, after, findings)
    return replace(issue, audio=audio) if audio else None


def _with_tables(of: AnyText, folder: Folder, files: list[str], texts: list[str], findings: list[Finding]) -> AnyText:
    """The issue or page with its body named by its words and by the files that its tables are made from; a file that is
    not there, or that belongs to another issue, is none of them."""
    body = of.body
    if not body.beside:
        return of
    found, digests = list[tuple[str, str]](), list[str]()
    for words, name in body.beside:
        owner = "/".join(name.split("/")[:2]) + "/index.md"
        if name in files and (owner == body.file or owner not in texts):
            digest = text_digest(folder, name, findings)
            if digest is not None:
                found.append((words, name))
                digests.append(digest)
    digest = combine_digests(body.digest, digests)
    return replace(of, body=replace(body, digest=digest, beside=tuple(found)))


def _heard(
    issue: Issue, audio: Audio, name: str, folder: Folder, before: Memory, after: Memory, findings: list[Finding]
) -> Audio | None:
    try:
        key, size = folder.digest(name), folder.size(name)
    except OSError as error:
        findings.append(cannot_be_read(name, error))
        return None
    found = before.heard[key] if key in before.heard else probe_audio(folder.root / name)
    after.heard[key] = found
    if found is None:
        findings.append(
            Finding(
                where=issue.source.at("audio.file"),
                rule="audio",
                message=f'"{name.rpartition("/")[2]}" cannot be read as audio',
                hint="Export it again, as MP3 for the widest reach.",
            )
        )
        return None
    return reconcile_audio(issue, audio, size, found, findings)


# -- the theme


def load_theme(root: Path) -> Theme:
    """The packaged templates and assets, and over them the letter's own. Raises BuildError."""
    templates: dict[str, Template] = {}
    assets: dict[str, Asset] = {}
    findings: list[Finding] = []
    for folder, shown in ((starter() / "templates", f"{PACKAGED}/templates"), (root / "templates", "templates")):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or any(part.startswith(".") or part.endswith("~") for part in name.split("/")):
                continue
            where = f"{shown}/{name}"
            if not path.resolve().is_relative_to(folder.resolve()):
                message = "this is a link to a place outside templates/"
                findings.append(Finding(where=Location(where), rule="outside", message=message))
                continue
            try:
                data = path.read_bytes()
            except OSError as error:
                findings.append(cannot_be_read(where, error))
                continue
            if name.startswith("assets/"):
                assets[name.removeprefix("assets/")] = Asset(name.removeprefix("assets/"), data, where)
            elif text := decode_text(where, data, findings):
                templates[name] = Template(name, text, where)
                if shown.startswith(PACKAGED):  # the letter's own may extend it by that name
                    templates[f"{PACKAGED}/{name}"] = Template(f"{PACKAGED}/{name}", text, where)
    if findings:
        raise BuildError(findings)
    return Theme(templates, assets)

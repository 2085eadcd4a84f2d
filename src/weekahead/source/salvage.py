"""What can be read of files with errors, so that an error in one place hides no other.

A stand-in takes the place of a file that is not sound while the rest of the letter is checked. It is never published: a
letter with an error is not built.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from weekahead.model.config import Config
from weekahead.model.decoding import decode_text
from weekahead.model.doubts import Doubts
from weekahead.model.findings import Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import Issue, Page, Source, Status, Text, slug_from_stem
from weekahead.model.letter import LONG_AGO, Letter
from weekahead.model.schedule import Schedule
from weekahead.source.config_file import LetterKeys
from weekahead.source.front_matter import Header, body_of, issue_of, page_of
from weekahead.source.issue_keys import IssueKeys, PageKeys
from weekahead.source.key_table import Incomplete, Table
from weekahead.source.schedule_file import ScheduleKeys
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map

T = TypeVar("T")

PLAIN_SCHEDULE = f'cadence: {{every: friday, at: "09:00", timezone: UTC}}\nanchor: {{number: 1, date: {LONG_AGO}}}\n'


class StandIn(Struct, Generic[T], frozen=True):
    """What can be read of a file: a value, the keys that cannot be read, and the words that tell what the file may be."""

    value: T
    unread: frozenset[str] = frozenset()
    words: str = ""


# -- the files


def stand_in_issue(name: str, data: bytes) -> StandIn[Issue]:
    """Return what can be read of the file of an issue. Whether it is published is in doubt, so it is taken to be."""
    header, yaml = _front_matter(name, data)
    table, unread = _read(IssueKeys, yaml, header.head, {"title": slug_from_stem(Source(file=name).stem)})
    if "status" not in vars(table):
        vars(table)["status"] = Status.READY
    vars(table).update(dict.fromkeys(unread & {"audio", "cover", "series"}))
    is_draft = table.status is Status.DRAFT and not unread & {"number", "date"}
    if table.number is None and table.date is None and not is_draft:
        vars(table)["date"] = LONG_AGO
    issue = issue_of(table, header)
    return StandIn(replace(issue, body=_body(header, issue.body, data)), unread, _words(header, name))


def stand_in_page(name: str, data: bytes) -> StandIn[Page]:
    """Return what can be read of the file of a page."""
    header, yaml = _front_matter(name, data)
    table, unread = _read(PageKeys, yaml, header.head, {})
    page = page_of(table, header)
    return StandIn(replace(page, body=_body(header, page.body, data)), unread, _words(header, name))


def stand_in_config(name: str, data: bytes) -> StandIn[Config]:
    """Return what can be read of letter.yaml."""
    text = _decoded(name, data)
    yaml = _readable(text, YamlSource(name, []), name)
    table, unread = _read(LetterKeys, yaml, text, {"title": "", "url": "https://letter.invalid/"})
    return StandIn(table.build(), unread, text if "url" in unread else "")


def stand_in_schedule(name: str, data: bytes) -> StandIn[Schedule]:
    """Return what can be read of schedule.yaml."""
    text = _decoded(name, data)
    table, unread = _read(ScheduleKeys, _readable(text, YamlSource(name, []), name), text, {})
    try:
        return StandIn(table.build(), unread)
    except Incomplete:
        plain = ScheduleKeys(_readable(PLAIN_SCHEDULE, YamlSource(name, []), name))
        vars(table).update(cadence=plain.cadence, anchor=plain.anchor)
        return StandIn(table.build(), unread)


# -- their keys


Keys = TypeVar("Keys", bound=Table[Any])


def _read(table: type[Keys], yaml: YamlMap, text: str, needed: Mapping[str, str]) -> tuple[Keys, frozenset[str]]:
    """Return a table of what can be read of a text, with `needed` in place of keys that must be there, and the names of the keys
    that cannot be read, or may not have been."""
    lines = [(yaml.source.at(name.start_mark).line, name.value) for name, _ in yaml.pairs]
    found = table(yaml)
    errors = [finding.where for finding in yaml.source.findings if finding.is_error]
    wrong = {where.line for where in errors if where != yaml.where}  # there are those of keys that are missing
    spans = pairwise([*lines, (sys.maxsize, "")])
    unread = {name for (line, name), (end, _) in spans if any(line <= n < end for n in wrong)}
    unread |= {name for name in found.required if found.keys[name].attribute not in vars(found)}
    names, known = {name for _, name in lines}, {*found.keys}
    if not names <= known or {text[start:end] for start, end in _keys(text)} - names or not names:
        unread |= known - names  # one of them may be meant
    for name, value in needed.items():
        vars(found).setdefault(name, value)
    return found, frozenset(unread)


def _front_matter(name: str, data: bytes) -> tuple[Header, YamlMap]:
    """Return the header of a file, and the keys in it that can be read."""
    header = Header(YamlSource(name, []), _decoded(name, data))
    if header.first:
        try:
            header.split(header.text)
        except ValueError:
            header.head = header.text[header.start :].partition("\n\n")[0]
            header.body = header.text[header.start + len(header.head) :].strip()
            header.body_line = header.text.count("\n", 0, len(header.text.rstrip()) - len(header.body)) + 1
    return header, _readable(header.head, replace(header.source, findings=[]), "the front matter")


def _decoded(name: str, data: bytes) -> str:
    """Return the text of a file, with signs of replacement for what is not UTF-8."""
    text = decode_text(name, data, [])
    if text is None:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _keys(text: str) -> list[tuple[int, int]]:
    """Return where each key at the left edge of a YAML text begins and ends."""
    return [match.span(1) for match in re.finditer(r"(?m)^([^\s#:\-\[\]{}][^:\n]*?)[ \t]*:", text)]


def _readable(text: str, source: YamlSource, what: str) -> YamlMap:
    """Return the map in a YAML text, without the keys at its left edge whose lines are not valid."""
    yaml = read_yaml_map(text, source, what)
    if yaml is not None:
        return yaml
    seen, keys = set[str](), _keys(text)
    for (first, stop), (end, _) in pairwise([*keys, (len(text), 0)]):
        key, lines = text[first:stop], text[first:end]
        if key in seen or read_yaml_map(lines, replace(source, findings=[]), what) is None:
            text = text[:first] + re.sub("[^\n]", " ", lines) + text[end:]
        seen.add(key)
    source = replace(source, findings=[])
    return read_yaml_map(text, source, what) or YamlMap([], Location(source.file, 1), source)


def _body(header: Header, body: Text, data: bytes) -> Text:
    """Return the body with its words, where they cannot be found in the file again."""
    if body.content is not None or body_of(body.file, data) == header.body:
        return body
    words = header.body
    return replace(body, content=words, digest=hash_bytes(words.encode("utf-8", "surrogatepass")))


def _words(header: Header, name: str) -> str:
    return f"{name.removesuffix('.md')} {header.head[:5000]}"


# -- the letter


def partial_letter(
    config: Config | None,
    schedule: Schedule | None,
    issues: Iterable[Issue],
    pages: Iterable[Page],
    files: frozenset[str],
    broken: Mapping[str, bytes],
    findings: Sequence[Finding],
) -> Letter:
    """Return a letter of what is sound and of stand-ins for the `broken` files, of these bytes, with the doubts that are left."""
    names = [name for name in broken if name not in ("letter.yaml", "schedule.yaml")]
    not_audio = {finding.where.file for finding in findings if finding.rule in ("audio", "audio-disagrees")}
    issue_ins = [
        _with_files(stand_in_issue(name, broken[name]), files, has_audio=name not in not_audio)
        for name in names
        if name.startswith("issues/")
    ]
    page_ins = [stand_in_page(name, broken[name]) for name in names if name.startswith("pages/")]
    settings = StandIn(config) if config else stand_in_config("letter.yaml", broken.get("letter.yaml", b""))
    plan = schedule or stand_in_schedule("schedule.yaml", broken.get("schedule.yaml", b"")).value
    all_issues = sorted([*issues, *(each.value for each in issue_ins)], key=lambda issue: issue.source.file)
    all_pages = sorted([*pages, *(each.value for each in page_ins)], key=lambda page: page.source.file)
    words = [each.words for each in issue_ins] + [each.words for each in page_ins] + [*_named(findings)]
    paths_depend = re.search(r"\{(year|month|day)\}", settings.value.permalink) and schedule is None
    if paths_depend or settings.unread & {"url", "permalink"}:
        texts: list[Issue | Page] = [*all_issues, *all_pages]
        words += [settings.words, "archive next", *(f"{text.slug} {text.source.stem}" for text in texts)]
        words += [" ".join((*issue.tags, issue.series.name if issue.series else "")) for issue in all_issues]
    return Letter(
        config=settings.value,
        schedule=replace(plan, written={issue.number: issue for issue in all_issues if issue.number is not None}),
        issues=tuple(all_issues),
        pages=tuple(all_pages),
        files=files,
        doubts=Doubts(words=tuple(words), keys=frozenset().union(*(each.unread for each in issue_ins))),
    )


def _with_files(issue: StandIn[Issue], files: frozenset[str], *, has_audio: bool) -> StandIn[Issue]:
    """Return a stand-in without audio and cover whose files cannot be used."""
    audio, cover, unread = issue.value.audio, issue.value.cover, issue.unread
    if audio and not (has_audio and (audio.url or audio.file in files)):
        audio, unread = None, unread | {"audio"}
    if audio and audio.transcript:
        audio = replace(audio, transcript=None)
    if cover and cover.file not in files:
        cover = None
    return StandIn(replace(issue.value, audio=audio, cover=cover), unread, issue.words)


def _named(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the name of each file under issues/ and pages/ that has an error."""
    for file in dict.fromkeys(finding.where.file for finding in findings if finding.is_error):
        if file.startswith(("issues/", "pages/")):
            yield file.rpartition("/")[2]

"""The file of an issue, or of a page: its front matter, and where its body begins.

A value depends on the bytes of the file alone, so that it can be cached by their digest. Whether the files that it names
exist is for the loader to check.
"""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import unquote

import frontmatter
from frontmatter.default_handlers import YAMLHandler
from msgspec import Struct
from msgspec.structs import replace

from weekahead.markdown.kinds.finder import files_named, may_cite
from weekahead.model.decoding import decode_text
from weekahead.model.findings import Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import (
    ACTIVE_CONTENT,
    BIBLIOGRAPHY,
    Issue,
    Page,
    Source,
    Status,
    Text,
    pack_positions,
    slug_from_stem,
    slugify,
)
from weekahead.source.config_file import check_language
from weekahead.source.foreign_keys import foreign_front_matter
from weekahead.source.issue_keys import IssueKeys, PageKeys
from weekahead.source.key_table import build_sound
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map
from weekahead.source.yaml_tree import excerpt


def parse_issue(name: str, data: bytes, findings: list[Finding], bodies: dict[str, str] | None = None) -> Issue | None:
    """Return the issue in a file's bytes, or None and findings. `bodies` gains its body, by its digest."""
    header = _header(name, data, findings, "An issue begins with --- and its number, title and status.")
    if header is None:
        return None
    if not header.first:
        words = excerpt(header.text.strip().split("\n", 1)[0])
        message = f'this file begins with "{words}", not with front matter'
        hint = "Begin with a line ---, then number:, title: and status:, then --- again."
        header.source.find(Location(name, 1), "no-front-matter", message, hint)
        return None
    issue = build_sound(header.keys(), lambda yaml: issue_of(IssueKeys(yaml), header))
    if issue and bodies is not None:
        bodies[issue.body.digest] = header.body
    return issue


def parse_page(name: str, data: bytes, findings: list[Finding]) -> Page | None:
    """Return the page in a file's bytes, or None and findings.

    Front matter may be left out: then, as where it has no title, the text begins with one, `# About this letter`.
    """
    header = _header(name, data, findings, "A page begins with its title: # About this letter.")
    return None if header is None else build_sound(header.keys(), lambda yaml: page_of(PageKeys(yaml), header))


def _header(name: str, data: bytes, findings: list[Finding], hint: str) -> Header | None:
    """Return the header of a file, or None and a finding when there is nothing to read."""
    text = decode_text(name, data, findings)
    if text is None:
        return None
    source = YamlSource(name, findings)
    if not text.strip():
        source.find(Location(name, 1), "empty", "this file is empty", hint)
        return None
    if "\0" in text:
        where = Location(name, text.count("\n", 0, text.index("\0")) + 1)
        source.find(where, "control-character", "this line has a NUL character", "Delete it.")
        return None
    if foreign := foreign_front_matter(text):
        first = text.count("\n", 0, len(text) - len(text.lstrip())) + 1
        source.find(Location(name, first), "no-front-matter", *foreign)
        return None
    return Header(source, text)


def body_of(name: str, data: bytes) -> str:
    """Return the body of an issue, or nothing when the bytes are no issue."""
    text = decode_text(name, data, [])
    if text is None:
        return ""
    header = Header(YamlSource(name, []), text)
    try:
        return header.split(text)[1] if header.first else ""
    except ValueError:
        return ""


class Parts(Struct, frozen=True):
    """The front matter of a text, parsed, where it begins and ends in the text, and where the body begins."""

    keys: YamlMap
    head: tuple[int, int]
    body: int


def split_text(name: str, text: str) -> Parts | None:
    """Return the parts of the text of an issue or a page; None if it has front matter that cannot be read."""
    header = Header(YamlSource(name, []), text)
    keys = header.keys()
    if keys is None:
        return None
    body = sum(len(line) + 1 for line in text.split("\n")[: header.body_line - 1])
    return Parts(keys, (header.start, header.start + len(header.head)), min(body, len(text)))


_OPENING = re.compile(r"(?:[^\S\n]*+\n)*+(-{3,}[^\S\n]*+)(?:\n|\Z)")
_CLOSING = re.compile(r"(?m)^-{3,}[^\S\n]*+$")
_GAP = re.compile(r"\n(?:[^\S\n]*+\n)*+")


class Header(YAMLHandler):
    """Front matter between two lines of dashes, exactly; its values stay unread until their type is known.

    python-frontmatter takes a header that never closes as no header, a list as an empty one, and strips the
    first line's indentation off the body. So the fences are found here, and `load` returns a YamlMap of ours.
    """

    def __init__(self, source: YamlSource, text: str) -> None:
        super().__init__()
        self.source = source
        self.text = text
        self.head = ""
        opening = _OPENING.match(text)
        self.body = "" if opening else text.strip("\n").rstrip()
        self.body_line = 1 if opening else len(text) - len(text.lstrip("\n")) + 1
        self.start = opening.end() if opening else 0
        self.first = text.count("\n", 0, opening.start(1)) + 1 if opening else 0
        """The line of the opening fence, counted from 1; 0 when the file begins otherwise."""

    def split(self, text: str) -> tuple[str, str]:
        text = self.text  # as it is, where python-frontmatter strips its ends
        closing = _CLOSING.search(text, self.start)
        if closing is None:
            where = Location(self.source.file, self.first)
            hint = "Put a line --- after its last key."
            self.source.find(where, "front-matter-open", "the front matter begins here and never ends", hint)
            raise ValueError("python-frontmatter takes this for no header")
        gap = _GAP.match(text, closing.end())
        start = gap.end() if gap else closing.end()
        self.body = text[start:].rstrip()
        self.body_line = text.count("\n", 0, start) + 1
        self.source = YamlSource(self.source.file, self.source.findings, self.first)
        self.head = text[self.start : closing.start() - 1]
        return self.head, self.body

    def keys(self) -> YamlMap | None:
        """Return the keys, none where there is no front matter, or None and a finding when it cannot be read."""
        if not self.first:
            return YamlMap([], Location(self.source.file, 1), self.source)
        yaml = frontmatter.parse(self.text, handler=self)[0].get("yaml")
        return yaml if isinstance(yaml, YamlMap) else None

    def load(self, fm: str, **kwargs: object) -> Any:
        return {"yaml": read_yaml_map(fm, self.source, "the front matter")}


def issue_of(keys: IssueKeys, header: Header) -> Issue:
    """Return an issue of the keys in its header. Raise Incomplete."""
    source = _source(keys.yaml)
    slug = keys.slug or slug_from_stem(source.stem)
    if not slug and not keys.yaml.has("slug"):
        keys.yaml.find("title", "slug", "no slug can be made from the file's name", "Add a line such as slug: mlops.")
    note, frames = keys.research_note, ACTIVE_CONTENT in keys.allow
    if keys.language:
        check_language(keys.yaml, keys.language, "browsers and feed readers may not know it")
    own: dict[str, Any] = {"maths": keys.maths, "frames": frames, "language": keys.language}
    body = hash_bytes(header.body.encode())
    return Issue(
        number=keys.number, title=keys.title, date=keys.date, status=keys.status, slug=slug, series=keys.series,
        tags=tuple(dict.fromkeys(keys.tags)), summary=keys.summary, authors=keys.authors, language=keys.language,
        research_note=replace(note, **own) if note else None,
        audio=keys.audio, cover=keys.cover, files=keys.files, aliases=keys.aliases, guid=keys.guid,
        corrected=tuple(sorted(keys.corrected, key=lambda correction: correction.date)),
        recorded=keys.recorded, next=keys.next, discussion=keys.discussion, allow=keys.allow, extra=keys.extra,
        mail=keys.mail,
        body=replace(
            Text(body, source.file, header.body_line, None, _files(header.body, source)), **own
        ),
        source=source, head=hash_bytes(header.head.encode("utf-8", "surrogatepass")),
    )  # fmt: skip


def page_of(keys: PageKeys, header: Header) -> Page:
    """Return a page of the keys in its header."""
    source = _source(keys.yaml)
    title, body, line = keys.title, header.body, header.body_line
    if not title and (heading := re.match(r"#[ \t]+(.+?)[ \t#]*(?:\n|$)", body)):
        title, rest = heading[1], body[heading.end() :]
        body = rest.lstrip("\n")
        line += 1 + len(rest) - len(body)
    if not title and not keys.yaml.has("title"):
        hint = "Begin its text with one: # About this letter."
        keys.yaml.find("title", "key-missing", "this page has no title", hint)
    slug = slugify(source.stem)
    if not slug:
        hint = "Name it after its address, such as about.md."
        keys.yaml.find("title", "slug", "no address can be made from the file's name", hint)
    return Page(
        title=title or "", slug=slug, is_draft=keys.status is Status.DRAFT, summary=keys.summary, files=keys.files, aliases=keys.aliases,
        allow=keys.allow, extra=keys.extra, source=source,
        body=Text(hash_bytes(body.encode()), source.file, line, body, _files(body, source), keys.maths, ACTIVE_CONTENT in keys.allow),
        head=hash_bytes(f"{title}\n{header.head}".encode("utf-8", "surrogatepass")),
    )  # fmt: skip


def _source(yaml: YamlMap) -> Source:
    return Source(file=yaml.source.file, key_positions=pack_positions(yaml.places()))


def _files(body: str, source: Source) -> tuple[tuple[str, str], ...]:
    """Return the files that a body is made from, as named and from the letter's root, as far as they lie beside the text; and,
    if it cites references, the folder whose bibliography comes first."""
    paths = ((name, os.path.normpath(os.path.join(source.folder, unquote(name)))) for name in files_named(body))
    beside = tuple((name, path) for name, path in paths if path.startswith(source.folder + "/"))
    return (*beside, (BIBLIOGRAPHY, source.folder)) if may_cite(body) else beside

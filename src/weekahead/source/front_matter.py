"""What the file of an issue, or of a page, says: front matter key by key, and where its body begins.

It is read from its own text alone, so that what was read once can be remembered by its content. Whether the
files it names are there is the letter's business.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from weekahead.markdown.blocks import files_named
from weekahead.model.decoding import decode_text
from weekahead.model.findings import Finding, Location
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import (
    Audio,
    Chapter,
    Correction,
    Cover,
    Issue,
    Page,
    SeriesPart,
    Source,
    StampedPromise,
    Status,
    Text,
    pack_positions,
    slug_from_stem,
    slugify,
)
from weekahead.source.audio_probe import MEDIA_TYPES, media_type
from weekahead.source.config_file import allowed, read_text_file, web_address
from weekahead.source.yaml_map import YamlMap, YamlSource, read_yaml_map


def parse_issue(name: str, data: bytes, findings: list[Finding]) -> Issue | None:
    """The issue that a file's bytes are; None, with findings, when they are none."""
    found = _opened(name, data, findings, "An issue begins with --- and its number, title and status.")
    if found is None:
        return None
    header, text = found
    origin = header.origin
    if not header.first:
        words = text.strip().split("\n")[0].strip()[:40]
        message = f'this file begins with "{words}" and not with front matter'
        origin.find(
            Location(name, 1),
            "no-front-matter",
            message,
            "Begin with a line ---, then number:, title: and status:, then --- again.",
        )
        return None
    fields = _front_matter(header, text)
    return None if fields is None else front_matter_of(fields, header)


def parse_page(name: str, data: bytes, findings: list[Finding]) -> Page | None:
    """The page beside the issues that a file's bytes are; None, with findings, when they are none.

    Front matter may be left out: then, as where it has no title, the text begins with one, `# About this letter`.
    """
    found = _opened(name, data, findings, "A page begins with its title: # About this letter.")
    if found is None:
        return None
    header, text = found
    fields = _front_matter(header, text)
    if not header.first:
        header.body, header.body_line = text.strip("\n").rstrip(), len(text) - len(text.lstrip("\n")) + 1
    return None if fields is None else _leaf(fields, header)


def _opened(name: str, data: bytes, findings: list[Finding], hint: str) -> tuple[Header, str] | None:
    """The text of a file and its header; None, with a finding, when there is nothing to read."""
    text = decode_text(name, data, findings)
    if text is None:
        return None
    origin = YamlSource(name, findings)
    if not text.strip():
        origin.find(Location(name, 1), "empty", "this file is empty", hint)
        return None
    return Header(origin, text), text


def _front_matter(header: Header, text: str) -> YamlMap | None:
    """The keys of a text's front matter, none where it has no front matter; None, with a finding, if it cannot be read."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        where = Location(header.origin.file, line)
        header.origin.find(where, "control-character", "there is a NUL character here", "Delete it.")
        return None
    if not header.first:
        return YamlMap([], Location(header.origin.file, 1), header.origin)
    fields = frontmatter.parse(text, handler=header)[0].get("fields")
    return fields if isinstance(fields, YamlMap) else None


def body_of(name: str, data: bytes) -> str:
    """The words of an issue's body; empty when the bytes are no issue."""
    text = decode_text(name, data, [])
    if text is None:
        return ""
    header = Header(YamlSource(name, []), text)
    try:
        return header.split(text)[1] if header.first else ""
    except ValueError:
        return ""


_OPENING = re.compile(r"(?:[^\S\n]*+\n)*+(-{3,}[^\S\n]*+)(?:\n|\Z)")
_CLOSING = re.compile(r"(?m)^-{3,}[^\S\n]*+$")
_GAP = re.compile(r"\n(?:[^\S\n]*+\n)*+")


class Header(YAMLHandler):
    """Front matter between two lines of dashes, exactly; its values stay unread until their type is known.

    python-frontmatter takes a header that never closes as no header, a list as an empty one, and strips the
    first line's indentation off the body. So the fences are found here, and `load` gives our own Fields.
    """

    def __init__(self, origin: YamlSource, text: str) -> None:
        super().__init__()
        self.origin = origin
        self.text = text
        self.head = ""
        self.body = ""
        self.body_line = 1
        opening = _OPENING.match(text)
        self.start = opening.end() if opening else 0
        self.first = text.count("\n", 0, opening.start(1)) + 1 if opening else 0
        """The line of the opening fence, counted from 1; 0 when the file begins otherwise."""

    def split(self, text: str) -> tuple[str, str]:
        text = self.text  # as it is, where python-frontmatter strips its ends
        closing = _CLOSING.search(text, self.start)
        if closing is None:
            self.origin.find(
                Location(self.origin.file, self.first),
                "front-matter-open",
                "the front matter begins here and never ends",
                "Put a line --- after its last key.",
            )
            raise ValueError("python-frontmatter takes this for no header")
        gap = _GAP.match(text, closing.end())
        start = gap.end() if gap else closing.end()
        self.body = text[start:].rstrip()
        self.body_line = text.count("\n", 0, start) + 1
        self.origin = YamlSource(self.origin.file, self.origin.findings, self.first)
        self.head = text[self.start : closing.start() - 1]
        return self.head, self.body

    def load(self, fm: str, **kwargs: object) -> Any:
        return {"fields": read_yaml_map(fm, self.origin, "the front matter")}


def front_matter_of(fields: YamlMap, header: Header) -> Issue | None:
    """The issue that front matter and body are; None, with findings, when it is not usable."""
    findings = fields.origin.findings
    before = len(findings)
    source = Source(file=fields.origin.file, key_positions=pack_positions(fields.places()))
    fields.require("title")
    values = {
        "number": fields.whole("number"),
        "title": fields.line("title"),
        "date": fields.day("date"),
        "status": Status(fields.one_of("status", [str(status) for status in Status]) or "draft"),
        "slug": _slug(fields, source),
        "series": _series(fields),
        "tags": _tags(fields),
        "summary": fields.line("summary"),
        "authors": fields.texts("authors"),
        "research_note": read_text_file(fields, "research_note"),
        "audio": _audio(fields, source),
        "cover": _cover(fields, source),
        "aliases": _aliases(fields),
        "guid": fields.line("guid"),
        "corrected": _corrected(fields),
        "recorded": fields.line("recorded"),
        "next": _promised(fields),
        "discussion": web_address(fields, "discussion"),
        "allow": allowed(fields),
        "extra": fields.anything("extra"),
        "body": Text(
            digest=hash_bytes(header.body.encode()),
            file=source.file,
            line=header.body_line,
            beside=tuple(_tables(header.body, source)),
        ),
        "source": source,
        "head": hash_bytes(header.head.encode("utf-8", "surrogatepass")),
    }
    fields.close()
    return Issue(**values) if not any(finding.is_error for finding in findings[before:]) else None  # type: ignore[arg-type]


def _leaf(fields: YamlMap, header: Header) -> Page | None:
    findings = fields.origin.findings
    before = len(findings)
    source = Source(file=fields.origin.file, key_positions=pack_positions(fields.places()))
    title, body, line = fields.line("title"), header.body, header.body_line
    if not title and (heading := re.match(r"#[ \t]+(.+?)[ \t#]*(?:\n|$)", body)):
        title, rest = heading[1], body[heading.end() :]
        body = rest.lstrip("\n")
        line += 1 + len(rest) - len(body)
    if not title and "title" not in fields:
        fields.find("title", "key-missing", "this page has no title", "Begin its text with one: # About this letter.")
    slug = slugify(source.stem)
    if not slug:
        fields.find("title", "slug", "the file's name gives no address", "Name it as its address: about.md.")
    values = {
        "title": title,
        "slug": slug,
        "is_draft": fields.one_of("status", ["draft", "ready"]) == "draft",
        "summary": fields.line("summary"),
        "aliases": _aliases(fields),
        "allow": allowed(fields),
        "extra": fields.anything("extra"),
        "body": Text(hash_bytes(body.encode()), source.file, line, body, tuple(_tables(body, source))),
        "source": source,
        "head": hash_bytes(f"{title}\n{header.head}".encode("utf-8", "surrogatepass")),
    }
    fields.close()
    return Page(**values) if not any(finding.is_error for finding in findings[before:]) else None  # type: ignore[arg-type]


def _tables(body: str, source: Source) -> Iterator[tuple[str, str]]:
    """The files that tables of a body are made from, as far as they lie beside the issue or page."""
    for words in files_named(body):
        path = os.path.normpath(os.path.join(source.folder, unquote(words)))
        if path.startswith(source.folder + "/"):
            yield words, path


def _slug(fields: YamlMap, source: Source) -> str:
    words = fields.line("slug")
    if words is None:
        if not (derived := slug_from_stem(source.stem)):
            fields.find("title", "slug", "the file's name gives no slug", "Add a line such as slug: mlops.")
        return derived
    words = unicodedata.normalize("NFC", words)
    if re.fullmatch(r"[^\W_]([\w-]*[^\W_])?", words) and len(words) <= 100:
        return words
    fields.find(
        "slug",
        "slug",
        f'"{words[:60]}" is not a slug',
        "Up to 100 letters, digits and hyphens: one part of an address, such as what-is-mlops.",
    )
    return ""


def _series(fields: YamlMap) -> SeriesPart | None:
    series = fields.map("series")
    if series is None:
        return None
    series.require("name")
    series.require("part")
    name, part, of = series.line("name"), series.whole("part", 1, 9999), series.whole("of", 1, 9999)
    series.close()
    if not name or part is None:
        return None
    if of is not None and part > of:
        series.find(
            "part",
            "series-part",
            f"part {part} of {of}: there are only {of}",
            "Raise `of`, or check the part.",
        )
    found = SeriesPart(name=name, part=part, of=of)
    if not found.slug:
        series.find("name", "slug", f'the series name "{name}" gives no address', "Use at least one letter or digit.")
    return found


def _tags(fields: YamlMap) -> tuple[str, ...]:
    tags = tuple(unicodedata.normalize("NFC", tag) for tag in fields.texts("tags"))
    for tag in tags:
        if not slug_from_stem("x " + tag):
            fields.find("tags", "slug", f'the tag "{tag}" gives no address', "Use at least one letter or digit.")
    return tuple(dict.fromkeys(tags))


def _audio(fields: YamlMap, source: Source) -> Audio | None:
    """The spoken edition as front matter has it; size and duration of a file are read from the file later."""
    audio = fields.map("audio")
    if audio is None:
        return None
    file, url = audio.line("file"), web_address(audio, "url")
    size, seconds, kind = audio.whole("bytes", 0, 10**11), audio.duration("duration"), _media_type(audio)
    chapters = _chapters(audio)
    audio.close()
    if file and url:
        audio.find(
            "url",
            "audio",
            "audio has a file and a url",
            "Keep one: file for audio beside the issue, url for audio elsewhere.",
        )
        return None
    if file:
        path = _beside(audio, "file", file, source)
        if path and not media_type(path):
            audio.find(
                "file",
                "audio",
                f'"{file}" is not an audio file known here',
                f"Known endings: {', '.join(MEDIA_TYPES)}.",
            )
        stated = Audio(file=path, bytes=size or 0, duration=seconds, type=kind or "", chapters=chapters)
        return stated if path else None
    if not url:
        if "url" not in audio:
            audio.find("file", "audio", "audio names neither a file nor a url", "Write audio: {file: NAME.mp3}.")
        return None
    kind = kind or media_type(urlsplit(url).path) or "audio/mpeg"
    return Audio(url=url, bytes=size or 0, duration=seconds, type=kind, chapters=chapters)


def _media_type(audio: YamlMap) -> str | None:
    return audio.shaped("type", "(audio|video)/[A-Za-z0-9_.+-]+", "a media type such as audio/mpeg")


def _chapters(audio: YamlMap) -> tuple[Chapter, ...]:
    found = []
    for item in audio.maps("chapters"):
        item.require("at")
        item.require("title")
        at, title = item.duration("at"), item.line("title")
        item.close()
        if at is not None and title:
            found.append(Chapter(at=at, title=title, line=item.at("at").line))
    return tuple(found)


def _cover(fields: YamlMap, source: Source) -> Cover | None:
    cover = fields.map("cover")
    if cover is None:
        return None
    cover.require("file")
    file, alt = cover.line("file"), cover.line("alt")
    cover.close()
    path = _beside(cover, "file", file, source) if file else None
    return Cover(file=path, alt=alt or "") if path else None


def _beside(fields: YamlMap, key: str, words: str, source: Source) -> str | None:
    """The path, from the root, of a file that front matter names relative to its issue."""
    path = os.path.normpath(os.path.join(source.folder, unquote(words)))
    if path.startswith("issues/") and not os.path.isabs(words):
        return path
    fields.find(key, "outside", f'"{words}" lies outside issues/', "Keep it beside the issue.")
    return None


def _aliases(fields: YamlMap) -> tuple[str, ...]:
    found = []
    for alias in fields.texts("aliases"):
        parts = unquote(alias).strip("/").split("/")
        if alias.startswith("/") and all(re.fullmatch(r"[\w~-][\w.~ -]*", part) for part in parts):
            found.append("/".join(unicodedata.normalize("NFC", part) for part in parts))
        else:
            fields.find(
                "aliases",
                "alias",
                f'"{alias}" is not an address of this site',
                "Write it as it was, from the slash: /p/mlops.",
            )
    return tuple(found)


def _corrected(fields: YamlMap) -> tuple[Correction, ...]:
    found = []
    for item in fields.maps("corrected"):
        item.require("date")
        item.require("what")
        day, what = item.day("date"), item.line("what")
        item.close()
        if day and what:
            found.append(Correction(date=day, what=what))
    return tuple(sorted(found, key=lambda correction: correction.date))


def _promised(fields: YamlMap) -> tuple[StampedPromise, ...] | None:
    if "next" not in fields:
        fields.skip("next")
        return None
    found = []
    for item in fields.maps("next"):
        item.require("number")
        item.require("title")
        number, title, day = item.whole("number"), item.line("title"), item.day("date")
        item.close()
        if number is not None and title:
            found.append(StampedPromise(number=number, title=title, date=day))
    return tuple(found)

"""A book as an EPUB 3.3: a zip of XHTML, the same bytes whenever it is made."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from html import escape

from msgspec import Struct

from weekahead.book.carried import Cover
from weekahead.book.media import EPUB_PICTURES, Pictures
from weekahead.book.shown import BookContents
from weekahead.book.source import BookSource

_XHTML = "application/xhtml+xml"
_CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_COVER = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="book.css"/></head>
<body class="epub" epub:type="cover"><p class="cover-page"><img src="{picture}" alt="{title}" role="doc-cover"/></p></body>
</html>
"""
_PAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}" dir="{direction}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}
</metadata>
<manifest>
{manifest}
</manifest>
<spine page-progression-direction="{direction}">
{spine}
</spine>
</package>
"""


class EpubFile(Struct, frozen=True, kw_only=True):
    """A file of the package. Pages have a place in the order of reading."""

    name: str
    media_type: str
    data: bytes
    properties: str = ""

    @property
    def id(self) -> str:
        return "".join(sign if sign.isalnum() else "-" for sign in self.name)


def make_epub(
    source: BookSource,
    contents: BookContents,
    pictures: Pictures,
    page: Callable[..., bytes],
    style: bytes,
    read: Callable[[str], bytes],
    cover: Cover | None,
) -> bytes:
    """Return a book as EPUB. `page` renders one of its pages, by its part and title; `read` returns a file of the letter."""
    files = [
        *([_cover_picture(cover), _cover_page(source, cover)] if cover else []),
        *_pages(source, contents, page),
        EpubFile(name="book.css", media_type="text/css", data=without_media(style)),
        *(
            EpubFile(name=name, media_type=EPUB_PICTURES[f".{name.rpartition('.')[2]}"], data=read(file))
            for file, name in pictures.names.items()
        ),
    ]
    return _zipped(
        [
            ("mimetype", b"application/epub+zip"),
            ("META-INF/container.xml", _CONTAINER.encode()),
            ("EPUB/package.opf", _package(source, files).encode()),
            *((f"EPUB/{file.name}", file.data) for file in files),
        ],
        source.day,
    )


def _pages(source: BookSource, contents: BookContents, page: Callable[..., bytes]) -> Iterator[EpubFile]:
    """Yield the pages in the order of reading; the table of contents is the second one."""

    def made(name: str, part: str, title: str, properties: str = "", **more: object) -> EpubFile:
        data = page(part, title=title, **more)
        has_maths = "mathml" if b"<math" in data else ""
        named = " ".join(filter(None, (properties, has_maths)))
        return EpubFile(name=f"{name}.xhtml", media_type=_XHTML, data=data, properties=named)

    yield made("title", "title", source.title)
    yield made("nav", "nav", source.title, "nav")
    if contents.preface:
        yield made("preface", "preface", contents.preface.title)
    for chapter in contents.chapters:
        language = chapter.language or source.language
        direction = chapter.direction or source.direction
        yield made(chapter.id, "chapter", chapter.title, language=language, direction=direction, chapter=chapter)
    if contents.references:
        yield made("references", "references", source.title)
    if contents.changed:
        yield made("changes", "changes", source.title)


def _cover_picture(cover: Cover) -> EpubFile:
    ending = f".{cover.name.rpartition('.')[2].lower()}"
    return EpubFile(name=f"cover{ending}", media_type=EPUB_PICTURES[ending], data=cover.data, properties="cover-image")


def _cover_page(source: BookSource, cover: Cover) -> EpubFile:
    words = {"language": source.language, "title": escape(source.title), "picture": _cover_picture(cover).name}
    return EpubFile(name="cover.xhtml", media_type=_XHTML, data=_COVER.format(**words).encode())


def _package(source: BookSource, files: list[EpubFile]) -> str:
    """Return the package document: what the book is, which files it has, and in which order they are read."""
    manifest = [
        f'  <item id="{file.id}" href="{file.name}" media-type="{file.media_type}"'
        + (f' properties="{file.properties}"' if file.properties else "")
        + "/>"
        for file in files
    ]
    spine = [f'  <itemref idref="{file.id}"/>' for file in files if file.media_type == _XHTML]
    return _PAGE.format(
        language=source.language,
        direction=source.direction,
        metadata="\n".join(_metadata(source, files)),
        manifest="\n".join(manifest),
        spine="\n".join(spine),
    )


def _metadata(source: BookSource, files: list[EpubFile]) -> Iterator[str]:
    yield f'  <dc:identifier id="id">{source.identifier}</dc:identifier>'
    yield f"  <dc:title>{escape(source.title)}</dc:title>"
    yield f"  <dc:language>{source.language}</dc:language>"
    for author in source.authors:
        yield f"  <dc:creator>{escape(author)}</dc:creator>"
    yield f"  <dc:publisher>{escape(source.letter)}</dc:publisher>"
    yield f"  <dc:date>{source.day.isoformat()}</dc:date>"
    yield f"  <dc:source>{escape(source.address)}</dc:source>"
    if source.copyright:
        yield f"  <dc:rights>{escape(source.copyright)}</dc:rights>"
    yield f'  <meta property="dcterms:modified">{source.day.isoformat()}T00:00:00Z</meta>'
    has_pictures = any(file.media_type.startswith("image/") for file in files)
    modes = ["textual", *(["visual"] if has_pictures else [])]
    yield from (f'  <meta property="schema:accessMode">{mode}</meta>' for mode in modes)
    yield f'  <meta property="schema:accessModeSufficient">{"textual,visual" if has_pictures else "textual"}</meta>'
    features = ["tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability"]
    features += ["MathML"] if any("mathml" in file.properties for file in files) else []
    features += ["alternativeText"] if has_pictures else []
    yield from (f'  <meta property="schema:accessibilityFeature">{feature}</meta>' for feature in features)
    yield '  <meta property="schema:accessibilityHazard">none</meta>'


def without_media(style: bytes) -> bytes:
    """Return a style sheet without what is for a screen or for print: programs that show EPUBs do not all tell them apart."""
    kept, level, pieces = list[str](), 0, re.split(r"(@media\b[^{}]*\{|[{}])", style.decode())
    for piece in pieces:
        if level or piece.startswith("@media"):
            level += piece.endswith("{") - (piece == "}")
        else:
            kept.append(piece)
    return "".join(kept).strip().encode() + b"\n"


def _zipped(files: list[tuple[str, bytes]], day: date) -> bytes:
    """Return files as a zip whose bytes depend on nothing else; the first one is not compressed (EPUB 3.3, 4.2.3)."""
    made = io.BytesIO()
    when = (max(1980, day.year), day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(made, "w") as package:
        for place, (name, data) in enumerate(files):
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED if place else zipfile.ZIP_STORED
            package.writestr(entry, data)
    return made.getvalue()

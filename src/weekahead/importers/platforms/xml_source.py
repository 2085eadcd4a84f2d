"""The XML of an export as a tree: nothing is fetched, no entity is expanded, and what is not well-formed is mended aloud."""

from __future__ import annotations

import re
from contextlib import suppress
from html import escape
from html.entities import html5
from typing import Any

from lxml import etree

from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.platforms.spans import spans
from weekahead.importers.source_files import SourceFiles, decode_source, read_source
from weekahead.model.findings import Location, build_error

Element = Any
"""An element of lxml, which has no types."""

_HEAD_BYTES = 65_536
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_pis": True}
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[")
_DECLARATION = re.compile(r"\A\s*<\?xml.*?\?>", re.S)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_CDATA = re.compile(r"<!\[CDATA\[")
_AMPERSAND = re.compile(r"&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]*);)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def first_tag(files: SourceFiles, name: str) -> tuple[str, frozenset[str]]:
    """Return the name of a file's root element, as "{namespace}name", and the namespaces it declares; nothing for no XML."""
    with suppress(OSError, etree.XMLSyntaxError, ValueError):
        with files.open(name) as file:
            head = file.read(_HEAD_BYTES).lstrip()
        parser = etree.XMLPullParser(events=("start",), **_SAFE)
        with suppress(etree.XMLSyntaxError):
            parser.feed(head)
        for _, element in parser.read_events():
            return str(element.tag), frozenset(element.nsmap.values())
    return "", frozenset()


def read_xml(files: SourceFiles, name: str, notes: Notes) -> Element:
    """Return the root element of a file. Raise BuildError if it has entities of its own, or is no XML at all."""
    try:
        data = read_source(files, name)
    except OSError as error:
        raise build_error(name, "no-export", f"cannot read this file: {error.strerror or error}") from None
    _refuse_entities(name, data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace"))
    try:
        root = _parse(data.lstrip())
    except etree.XMLSyntaxError as error:
        root = _mended(name, data, error, notes)
    document = root.getroottree().docinfo.internalDTD
    if document is not None and any(True for _ in document.iterentities()):
        raise _entities(name)
    return root


def _parse(data: bytes, recover: bool = False) -> Element:
    return etree.fromstring(data, etree.XMLParser(recover=recover, **_SAFE))


def _refuse_entities(name: str, text: str) -> None:
    """Raise BuildError if there is an entity among the declarations before the root element."""
    at, end = len(text) - len(text.lstrip("\ufeff \t\r\n")), len(text)
    while at < end and (ending := {"<?": "?>", "<!": "-->"}.get(text[at : at + 2])):
        if not text.startswith(("<?", "<!--"), at):
            subset = _SUBSET.match(text, at)
            if subset and text.find("<!ENTITY", subset.end()) >= 0:
                raise _entities(name)
            return
        at = text.find(ending, at)
        if at < 0:
            return
        at += len(ending)
        while at < end and text[at].isspace():
            at += 1


def _entities(name: str) -> Exception:
    hint = (
        "No exporter writes these; in a hostile file they fill the memory. Take the <!DOCTYPE ...> out if you trust it."
    )
    return build_error(name, "xml-entities", "this file declares entities of its own and was not read", hint)


def _mended(name: str, data: bytes, error: Exception, notes: Notes) -> Element:
    """Return the root of a file that is not well-formed, with a note of what was done about it."""
    where = Location(name, getattr(error, "lineno", 0) or 0)
    text, sound = _decode(data)
    text = _DECLARATION.sub("", text.lstrip(), count=1)
    mended, at = "", 0
    for span in spans(text, _CDATA, lambda match: r"\]\]>"):
        mended += _escape_loose(text[at : span.start]) + text[span.start : span.end]
        at = span.end
    mended += _escape_loose(text[at:])
    mended = _NOT_XML.sub("", mended)
    encoding = "" if sound else ", and its encoding is not what it says"
    with suppress(etree.XMLSyntaxError):
        root = _parse(mended.encode())
        message = f"this file is not well-formed XML{encoding}; loose signs were mended ({error})"
        notes.add(Outcome.CHANGED, "damaged-xml", message, source=where)
        return root
    with suppress(etree.XMLSyntaxError):
        root = _parse(mended.encode(), recover=True)
        if root is not None:
            hint = "Compare the number of issues, and the last words of each, with the original."
            message = f"this file is not well-formed XML{encoding}; what could be read was read ({error})"
            notes.add(Outcome.ASK, "damaged-xml", message, source=where, hint=hint)
            return root
    raise build_error(where, "damaged-export", f"this XML cannot be read: {error}", "Download the export again.")


def _decode(data: bytes) -> tuple[str, bool]:
    """Return the text of a file, and whether it has the encoding that it declares."""
    declared = _ENCODING.match(data.lstrip())
    with suppress(LookupError, UnicodeDecodeError):
        return data.decode(declared[1].decode() if declared else "utf-8-sig"), True
    return decode_source(data)[0], False


def _escape_loose(text: str) -> str:
    """Return XML whose bare ampersands are escaped, and whose HTML entities, which XML lacks, are the signs they mean."""

    def replace(match: re.Match[str]) -> str:
        entity = match[1]
        if entity in ("amp", "lt", "gt", "quot", "apos") or (not entity and len(match[0]) > 1):
            return match[0]
        sign = html5.get(f"{entity};", "") if entity else ""
        return escape(sign) or f"&amp;{match[0][1:]}"

    return _AMPERSAND.sub(replace, text)


_FAMILIES = (
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/elements", "dc"),
    ("purl.org/dc/terms", "dcterms"),
    ("w3.org/2005/atom", "atom"),
    ("w3.org/2007/app", "app"),
    ("purl.org/atom/app", "app"),
    ("itunes.com/dtds/podcast", "itunes"),
    ("podcastindex.org/namespace", "podcast"),
    ("github.com/podcastindex-org", "podcast"),
    ("podlove.org/simple-chapters", "psc"),
    ("search.yahoo.com/mrss", "media"),
    ("purl.org/syndication/thread", "thr"),
    ("wordpress.org/export", "wp"),
    ("w3.org/1999/02/22-rdf-syntax", "rdf"),
    ("purl.org/rss/1.0", ""),
)
"""Parts of the addresses of namespaces, in small letters, and the prefix that each usually has. The first that fits counts."""


class Named:
    """The children of an element by their usual names, such as "content:encoded", whatever prefix the file declares."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._children: dict[str, list[Element]] = {}
        for child in element.iterchildren(etree.Element):
            self._children.setdefault(usual_name(child.tag), []).append(child)

    def all(self, name: str) -> list[Element]:
        """Return the children of a name."""
        return self._children.get(name, [])

    def texts(self, *names: str) -> list[str]:
        """Return the texts of the children of these names, without empty ones."""
        texts = ["".join(child.itertext()).strip() for name in names for child in self.all(name)]
        return [text for text in texts if text]

    def text(self, *names: str) -> str:
        """Return the first text of a child of these names, in the order of the names; nothing if there is none."""
        return next(iter(self.texts(*names)), "")

    @property
    def where(self) -> int:
        """The line of the element."""
        return self.element.sourceline or 0

    def names(self) -> frozenset[str]:
        """Return the names of all children."""
        return frozenset(self._children)


def usual_name(tag: str) -> str:
    """Return the name of an element with its usual prefix."""
    space, _, name = tag.rpartition("}")
    lower = space.lower()
    if not lower:
        return name
    if "wordpress.org/export" in lower and "/excerpt" in lower:
        return f"excerpt:{name}"
    prefix = next((prefix for part, prefix in _FAMILIES if part in lower), "other")
    return f"{prefix}:{name}" if prefix else name

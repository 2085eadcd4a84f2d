"""What a reader reads in HTML, in order: words, links, pictures, headings, code, cells and footnotes.

Both sides of the proof are read by this: the source, with the shapes of `html/shapes.py` in it, and what our converter makes of
the Markdown. Signs that our typographer replaces are read as those that it replaces.
"""

from __future__ import annotations

import re
from html import unescape

from msgspec import Struct

from weekahead.importers.html.shapes import (
    FOOTNOTE,
    FORMULA,
    LINKS,
    MARK,
    NOTE,
    PICTURE,
    POST,
    PREFIX,
    VIDEO,
    attribution,
    video_title,
)
from weekahead.importers.html.tables import LAYOUT
from weekahead.model.name_set import name_set


class Reading(Struct):
    """The contents of a text. Words are those between white space; each heading, cell and footnote is its words."""

    words: list[str] = []
    text: str = ""
    """The words as they stand: first with a space wherever an element begins or ends, then without."""
    links: list[tuple[str, str]] = []
    """The address and the words of each link."""
    pictures: list[tuple[str, str]] = []
    """The address and the alternative text of each picture."""
    headings: list[str] = []
    code: list[str] = []
    cells: list[str] = []
    footnotes: list[str] = []
    marks: list[str] = []
    """The number of the footnote that each mark leads to."""


_TOKEN = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*)((?:\s[^\s=>\"]+(?:=\"[^\"]*\")?)*)\s*/?>|<!--.*?-->|<[!?][^>]*>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"\s([^\s=>\"]+)(?:=\"([^\"]*)\")?")
_VOID = frozenset({"br", "hr", "img", "input", "wbr", "source", "col"})
_INLINE = name_set(
    "a abbr b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp ruby s samp small span "
    "strike strong sub sup time tt u var wbr input acronym math semantics annotation"
) | {MARK, FORMULA, f"{PREFIX}piece"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SIGNS = str.maketrans(
    {
        **dict.fromkeys('‘’‚‛′‵´`„“”‟″‶«»‹›「」『』〝〞״׳"', "'"),
        **dict.fromkeys("–—―−‒‐‑", "-"),
        "…": "...",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
        "\u2060": "",
    }
)
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DASHES, _DOTS, _QUOTES = re.compile("-{2,}"), re.compile(r"\.{4,}"), re.compile("'{2,}")
_BEFORE_SIGN = re.compile(r"\s+(?=[;:!?%]+(?:\s|$))|(?<=')\s+(?=')")


def plain_words(text: str) -> str:
    """Return the words of a text with one space between them, and plain signs."""
    if text.isascii() and text.isprintable():
        text = text.replace('"', "'").replace("`", "'")
    else:
        text = _INVISIBLE.sub("", text).translate(_SIGNS)
    text = _QUOTES.sub("'", _DOTS.sub("...", _DASHES.sub("-", text)))
    return _BEFORE_SIGN.sub("", " ".join(text.split()))


def read_html(html: str) -> Reading:
    """Return what a reader reads in HTML as a tree writes it, with the words of footnotes at the end."""
    reader = _Reader()
    done = 0
    for match in _TOKEN.finditer(html):
        if match.start() > done:
            reader.text(unescape(html[done : match.start()]))
        done = match.end()
        if match[2]:
            name = match[2].lower()
            (reader.end if match[1] else reader.begin)(name, match[3] or "")
    reader.text(unescape(html[done:]))
    return reader.reading()


class _Open(Struct):
    """An element that is open: where its words and pictures begin, and what it says."""

    name: str
    start: int
    pictures: int
    values: dict[str, str]

    @property
    def looks(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.values.get("class", "").split())


class _Reader:
    """Reads tags and texts in order."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._open: list[_Open] = []
        self._found = Reading(words=[], links=[], pictures=[], headings=[], code=[], cells=[], footnotes=[], marks=[])
        self._notes: dict[str, list[str]] = {}
        self._unread = 0
        """How many of the open elements have no words for readers: formulas but for their TeX, marks of footnotes."""
        self._lists_of_links = 0
        self._is_after_link = False

    def text(self, text: str) -> None:
        """Read a text."""
        if self._is_after_link and text.startswith(": "):
            text = f"\n{text[2:]}"  # our page shows the comment of a link on a line of its own
        self._is_after_link = False
        if not self._unread:
            self._texts.append(text)

    def begin(self, name: str, attributes: str) -> None:
        """Read a start tag."""
        values = {key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}
        if name not in _INLINE:
            self.text("\n")
        if name in ("img", PICTURE):
            self._found.pictures.append((values.get("src", ""), plain_words(values.get("alt", ""))))
        if name == "input" and values.get("type") == "checkbox":
            self.text("☑ " if "checked" in values else "☐ ")
        if name in _VOID:
            return
        element = _Open(name, len(self._texts), len(self._found.pictures), values)
        self._open.append(element)
        self._unread += _unread(element)
        self._lists_of_links += name == LINKS
        if name == MARK:
            self._found.marks.append(values.get("number", ""))
        elif name == VIDEO:
            self._say_video(values)
        elif name == PICTURE and values.get("href"):
            self._found.links.append((values["href"], ""))
        elif name == NOTE and values.get("title"):
            self.text(f"{values['title']}\n")

    def _say_video(self, values: dict[str, str]) -> None:
        address = values.get("address", "")
        title = video_title(address, values.get("title", ""))
        self._found.links.append((address, plain_words(title)))
        said = "".join(f" · {values[key]}" for key in ("by", "length") if values.get(key))
        self.text(f"{title}\n{said}\n")

    def end(self, name: str, attributes: str) -> None:
        """Read an end tag."""
        if all(element.name != name for element in reversed(self._open)):
            return
        while self._close(self._open.pop()) != name:
            pass

    def _close(self, element: _Open) -> str:
        name, values = element.name, element.values
        self._unread -= _unread(element)
        self._lists_of_links -= name == LINKS
        if name == POST:
            self._say_author(values)
        if name == "a":
            self._read_link(element)
        elif name in _HEADINGS or name == "pre" or (name in ("td", "th") and self._is_in_data()):
            self._read_part(name, "".join(self._texts[element.start :]))
        elif name == FOOTNOTE or (name == "li" and values.get("id", "").startswith("fn:")):
            number = values.get("number") or values["id"].removeprefix("fn:")
            self._notes[number] = self._texts[element.start :]
            del self._texts[element.start :]
        if name not in _INLINE:
            self.text("\n")
        return name

    def _is_in_data(self) -> bool:
        """Return whether the innermost table is one of data."""
        table = next((element for element in reversed(self._open) if element.name == "table"), None)
        return table is None or table.values.get("role") != LAYOUT

    def _read_link(self, element: _Open) -> None:
        address = element.values.get("href", "")
        text = plain_words("".join(self._texts[element.start :]))
        if "footnote-ref" in element.looks:
            self._found.marks.append(address.removeprefix("#fn:"))
        elif address and "footnote-backref" not in element.looks:
            if text or len(self._found.pictures) > element.pictures:
                self._found.links.append((address, text))
            self._is_after_link = self._lists_of_links > 0

    def _read_part(self, name: str, text: str) -> None:
        if not text.strip():
            return
        if name == "pre":
            self._found.code.append(text.strip("\n"))
        else:
            (self._found.cells if name in ("td", "th") else self._found.headings).append(plain_words(text))

    def _say_author(self, values: dict[str, str]) -> None:
        author, day, address = (values.get(key, "") for key in ("author", "day", "address"))
        before, linked = attribution(author, day, address)
        self.text(f"\n— {before}{linked}\n")
        if address:
            self._found.links.append((address, plain_words(linked)))

    def reading(self) -> Reading:
        """Return what was read."""
        while self._open:
            self._close(self._open.pop())
        for number in sorted(self._notes, key=lambda label: int(label) if label.isdecimal() else 0):
            texts = self._notes[number]
            self._found.footnotes.append(plain_words("".join(texts)))
            self._texts += ["\n", *texts]
        text = "".join(self._texts)
        self._found.text, self._found.words = f"{' '.join(self._texts)} {text}", plain_words(text).split()
        return self._found


def _unread(element: _Open) -> int:
    """Return how the words within an element count: 1 if they are not read, -1 if they are although those around are not."""
    if element.name == "annotation":
        return -1
    return int(element.name == "math" or bool({"footnote-ref", "footnote-backref", "filename"} & element.looks))

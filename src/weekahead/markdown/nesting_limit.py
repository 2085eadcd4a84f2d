"""How deep HTML is nested, told before it is parsed.

A parser looks through the open elements at many of the tags it meets, and opens a mark such as <i> again in every paragraph
until it is closed: of elements that never close it makes the square of their number. Browsers stop at 512 of them. Which are
open is told here as the HTML standard has it (13.2.6.4.7), though more roughly.
"""

from __future__ import annotations

import re

from msgspec import Struct

DEEPEST = 250
"""Elements open in one another. What comes out of a mail program has fifty; Markdown alone makes a hundred at most."""
WEIGHT = 5
"""A mark that was left open counts so many times."""
FEW = 100
"""Tags of an author's own that cannot go too deep."""


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


PASSED = _names(
    "area base basefont bgsound body br col embed form frame frameset head hr html image img input keygen link meta "
    "optgroup option param select source track wbr"
)
"""Elements without content, and those that a parser does not open in one another."""
MARKS = _names("a b big code em font i nobr s small strike strong tt u")
"""When something around one of these is closed, it is opened again behind that; equal ones three times at most."""
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
CELLS = _names("caption td th")
TABLE = CELLS | _names("colgroup table tbody tfoot thead tr")
BLOCKS = HEADINGS | _names(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer header "
    "hgroup li listing main menu nav ol p pre search section summary ul"
)
"""A paragraph ends where one of these begins."""
WALLS = CELLS | _names("applet marquee object table template")
"""An end tag closes nothing that lies outside of one of these."""
SPECIAL = BLOCKS | WALLS | TABLE | _names("button")
"""Nor does the end tag of any other element reach beyond one of these."""
ITEMS = SPECIAL - _names("address div p")
ALIKE = {
    **dict.fromkeys(("dd", "dt"), (_names("dd dt"), ITEMS)),
    **dict.fromkeys(("td", "th"), (_names("td th"), _names("table template"))),
    **dict.fromkeys(("tbody", "tfoot", "thead"), (_names("tbody tfoot thead"), _names("table template"))),
    "tr": (_names("tr"), _names("table template")),
    "li": (_names("li"), ITEMS),
    "button": (_names("button"), WALLS),
    "table": (_names("table"), CELLS | {"template"}),
}
"""What ends where an element begins, and what it lies in."""

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</\1|\Z)"
    r"|<(/?)([a-z][^\s/<>]*+)([^<>]*+)>",
    re.IGNORECASE | re.DOTALL,
)


def too_deep(html: str, source: str) -> tuple[str, int] | None:
    """The author's tag with which elements are open too deep in one another, and its place in the source of the HTML."""
    if source.count("<") - source.count("</") <= FEW:
        return None
    end = _end_of_depth(html)
    if end is None:
        return None
    tags = [match[0] for match in _TAG.finditer(html, 0, end) if match[3] and not match[2]]
    for number in range(len(tags) - 1, -1, -1):
        if tags[number] in source:
            break
    place = -1
    for _ in range(tags[: number + 1].count(tags[number])):
        place = max(place, source.find(tags[number], place + 1))
    return tags[number], max(place, 0)


def _end_of_depth(html: str) -> int | None:
    """Where the first tag ends with which elements are too deep in one another; none when they never are."""
    reader, last = _Reader(), 0
    for match in _TAG.finditer(html):
        if reader.marks and html[last : match.start()].strip():
            reader.words()
        last = match.end()
        if match[2]:
            reader.end(match[3].lower())
        elif match[3]:
            reader.begin(match[3].lower(), match[0])
        if len(reader.open) + WEIGHT * len(reader.marks) > DEEPEST:
            return last
    return None


class _Reader(Struct):
    """The elements that are open, each its name and, of a mark, its tag; and the marks that will be opened again."""

    open: list[tuple[str, str]] = []
    marks: list[tuple[str, str]] = []

    def begin(self, name: str, tag: str) -> None:
        if name in PASSED or (tag.endswith("/>") and any(known in ("svg", "math") for known, _ in self.open)):
            return
        if name in TABLE and name != "table" and ("table", "") not in self.open:
            return
        if name in BLOCKS:
            self.close(_names("p"), WALLS | {"button"})
        if name in HEADINGS and self.open and self.open[-1][0] in HEADINGS:
            self.cut(len(self.open) - 1)
        elif name in ("a", "nobr"):
            self.end(name)
        elif name in ALIKE:
            self.close(*ALIKE[name])
        if name not in BLOCKS and name not in TABLE:
            self.words()
        self.open.append((name, tag if name in MARKS else ""))

    def words(self) -> None:
        """Words, and what stands among words, lie in all marks."""
        self.open += self.marks
        self.marks.clear()

    def end(self, name: str) -> None:
        if name in MARKS:
            self.unmark(name)
        elif name in TABLE:
            self.close({name}, {"table", "template"})
        elif name in SPECIAL:
            self.close(HEADINGS if name in HEADINGS else {name}, WALLS | {"ul", "ol"} if name == "li" else WALLS)
        else:
            self.close({name}, SPECIAL)

    def close(self, names: frozenset[str] | set[str], walls: frozenset[str] | set[str]) -> None:
        """Close the innermost of some elements and all that it holds, unless there is a wall between."""
        for place in range(len(self.open) - 1, -1, -1):
            name = self.open[place][0]
            if name in names:
                self.cut(place)
            if name in names or name in walls:
                break

    def cut(self, place: int) -> None:
        for found in self.open[place + 1 :]:
            if found[0] in MARKS and self.marks.count(found) < 3:
                self.marks.append(found)
        del self.open[place:]

    def unmark(self, name: str) -> None:
        """Close the innermost mark of a name, and what it holds, but only up to the first block in it."""
        block = 0
        for place in range(len(self.open) - 1, -1, -1):
            found = self.open[place][0]
            if found == name:
                if block:
                    self.open[place:block] = [
                        between for between in self.open[place + 1 : block] if between[0] in MARKS
                    ]
                else:
                    self.cut(place)
                return
            if found in WALLS:
                return
            block = place if found in SPECIAL else block
        for place in range(len(self.marks) - 1, -1, -1):
            if self.marks[place][0] == name:
                del self.marks[place]
                return

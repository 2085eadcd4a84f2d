"""What our Markdown has beyond Python-Markdown's own: bare addresses, tables that scroll, figures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from typing import Any

from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

import markdown

_ADDRESS = r"(?<![\w/@.:=&-])((?:https?://|www\.)[^\s<>\[\]{}|\"`\x02\x03\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]+)"
_MARK = re.compile("\x02klzzwxh:(\\d+)\x03")


class Dialect(Extension):
    """Registers the parts. Priorities place them among Python-Markdown's own (docs: Extension API)."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        # Below raw HTML (90), so that the addresses in its attributes are left alone; above emphasis (60).
        md.inlinePatterns.register(BareAddress(_ADDRESS, md), "bare-address", 85)
        # After inline patterns (20), before attribute lists are read off (8) and the tree is tidied (10).
        md.treeprocessors.register(Shapes(md), "shapes", 5)


class BareAddress(InlineProcessor):
    """A bare address becomes a link that ends where a reader would end it (GFM 0.29, 6.9, and a little more)."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, Any, Any]:  # type: ignore[override]
        return (None, None, None) if self.open_links(data, 0, m.start()) > 0 else self.link(m)

    def link(self, m: re.Match[str]) -> tuple[Any, Any, Any]:
        """The link for a match, and where it starts and ends; nothing for what only looks like an address."""
        address = trimmed(m[1])
        if len(address) < 8 or "." not in address:
            return None, None, None
        link = xml.Element("a", href=address if "://" in address else f"http://{address}")
        # Atomic, or the typographer would turn "--" in the visible address into a dash.
        link.text = markdown.util.AtomicString(address)
        return link, m.start(1), m.start(1) + len(address)

    def open_links(self, data: str, start: int, end: int) -> int:
        """How many <a> of raw HTML stand in a stretch of a text, less those that are closed there."""
        stash = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]
        depth = 0
        for number in _MARK.findall(data, start, end):
            raw = re.fullmatch("\x02wzxhzdk:(\\d+)\x03", str(stash.get(number)))
            words = str(self.md.htmlStash.rawHtmlBlocks[int(raw[1])]).lower() if raw else ""
            depth += bool(re.match(r"<a[\s>]", words)) - words.startswith("</a")
        return depth


_PUNCTUATION = "?!.,:;*_~'’”»…"
_NAMES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def trimmed(address: str) -> str:
    """An address without the punctuation that belongs to the sentence around it."""
    end, surplus = len(address), address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        if last == ";":
            start = end - 2
            while start > 0 and address[start] in _NAMES:
                start -= 1
            end = start if start < end - 2 and address[max(start, 0)] == "&" else end - 1
        elif last in _PUNCTUATION:
            end -= 1
        elif last == ")" and surplus > 0:
            end, surplus = end - 1, surplus - 1
        else:
            break
    return address[:end]


class Shapes(Treeprocessor):
    """Tables that scroll on their own, columns aligned by class, a captioned picture as a figure."""

    def run(self, root: xml.Element) -> None:
        if next(root.iter("img"), None) is None and next(root.iter("table"), None) is None:
            return
        tables = 0
        for parent in [element for element in root.iter() if len(element)]:
            for place, child in enumerate(list(parent)):
                if child.tag == "table":
                    tables += 1
                    parent[place] = _scrolling(child, tables)
                elif child.tag == "p" and _is_captioned(child):
                    parent[place] = _figure(child)
        for tag in ("td", "th"):
            for cell in root.iter(tag):
                _aligned(cell)
        for picture in root.iter("img"):
            picture.set("loading", "lazy")
            picture.set("decoding", "async")
        for heading in list(root.iter("th")):
            if not len(heading) and not (heading.text or "").strip():
                heading.tag = "td"  # a heading without words heads nothing


def _scrolling(table: xml.Element, number: int) -> xml.Element:
    """A table in a box, which is told from the text's other tables by its number. `prose` gives it its name."""
    box = xml.Element("div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": f"wa-table {number}"})
    box.tail, table.tail = table.tail, None
    box.append(table)
    return box


def _aligned(cell: xml.Element) -> None:
    found = re.fullmatch(r"text-align: (left|center|right);", cell.get("style", ""))
    if found:
        del cell.attrib["style"]
        cell.set("class", f"align-{found[1]}")


def _is_captioned(paragraph: xml.Element) -> bool:
    """Does a paragraph hold one picture with a title, and nothing else?"""
    if len(paragraph) != 1 or (paragraph.text or "").strip() or (paragraph[0].tail or "").strip():
        return False
    picture = paragraph[0][0] if paragraph[0].tag == "a" and len(paragraph[0]) == 1 else paragraph[0]
    return picture.tag == "img" and bool(picture.get("title"))


def _figure(paragraph: xml.Element) -> xml.Element:
    figure = xml.Element("figure", paragraph.attrib)
    figure.tail = paragraph.tail
    figure.append(paragraph[0])
    picture = next(figure.iter("img"))
    caption = xml.SubElement(figure, "figcaption")
    caption.text = picture.attrib.pop("title")
    return figure

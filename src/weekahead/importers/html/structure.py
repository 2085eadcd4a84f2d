"""The structure of a text made plain: tight lists, headings without bold, targets of links within the text; depth bounded."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from weekahead.importers.html import shapes
from weekahead.importers.html.document import HtmlDocument, attribute, is_blank, words
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.model.name_set import name_set

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

DEEPEST = 110
"""Elements in one another, without those of `_VOID`, such as the items of a list: with them they are fewer than a page may have. Real
texts have 30, e-mails of tables up to 100."""
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
_VOID = name_set("area base br col embed hr img input link meta param source track wbr p li td tr th dt dd option")
"""Elements that have no end tag, or need none."""


def flatten_deep(html: str, notes: PostNotes) -> str:
    """Return HTML in which no elements are nested without end: what is deeper than real texts are loses its tags."""
    if html.count("<") - html.count("</") < DEEPEST // 2 and html.count("</") < DEEPEST:
        return html
    depth, has_deep = 0, False

    def bounded(tag: re.Match[str]) -> str:
        nonlocal depth, has_deep
        if tag[2].lower() in _VOID:
            return tag[0]
        if tag[1]:
            depth = max(0, depth - 1)
            return tag[0] if depth < DEEPEST else " "
        depth += 1
        has_deep |= depth > DEEPEST
        return tag[0] if depth <= DEEPEST else " "

    html = _TAG.sub(bounded, html)
    if has_deep:
        notes.add(Outcome.CHANGED, "deep-html", f"elements nested more than {DEEPEST} deep lost their tags")
    return html


def plain_structure(document: HtmlDocument, notes: PostNotes) -> None:
    """Unwrap paragraphs of lists that have no space between items, and bold that is all of a heading."""
    for items in reversed(document.css("ul, ol")):
        _tighten(items)
    if lettered := document.css("ol[type=a], ol[type=A], ol[type=i], ol[type=I]"):
        message = "a list that counted with letters or Roman numbers counts with digits now"
        notes.add(Outcome.CHANGED, "list-letters", message, words=words(lettered[0])[:60])
    for heading in document.css("h1, h2, h3, h4, h5, h6"):
        children = [
            node
            for node in heading.iter(include_text=True)
            if not (node.is_text_node and is_blank(node.text_content or ""))
        ]
        if len(children) == 1 and children[0].tag in ("strong", "b") and words(heading):
            children[0].unwrap()


def keep_targets(document: HtmlDocument, notes: PostNotes) -> None:
    """Leave a target where a link within the text leads; a link that leads nowhere in it is no link."""
    wanted = {attribute(link, "href")[1:] for link in document.css('a[href^="#"]')} - {"", "top"}
    found: set[str] = set()
    for node in document.css("[id], a[name]"):
        name = attribute(node, "id") or attribute(node, "name")
        if name in wanted and name not in found:
            found.add(name)
            _put_target(document, node, name)
        elif node.tag == "a" and "href" not in node.attributes:
            node.unwrap()
    for link in document.css('a[href^="#"]'):
        name = attribute(link, "href")[1:]
        if name not in found and name not in ("", "top"):
            message = f'the link "{words(link)[:60]}" led to #{name[:60]}, which is nowhere in the text: its words stay'
            notes.add(Outcome.CHANGED, "lost-target", message, words=words(link)[:60])
            link.unwrap()


def _put_target(document: HtmlDocument, node: LexborNode, name: str) -> None:
    target = f'<a id="{escape(name)}"></a>'
    while node.tag in ("ul", "ol", "table", "tbody", "tr", "figure", "picture", "dl") and node.parent is not None:
        if node.tag in ("ul", "ol", "table", "figure", "dl"):
            document.insert_before(node, shapes.paragraph(target))
            return
        node = node.parent
    first = node.first_child
    if node.tag == "a" and "href" in node.attributes:
        document.insert_before(node, target)
    elif first is not None:
        document.insert_before(first, target)
    elif node.tag not in ("img", "hr", "br"):
        document.append(node, target)
    else:
        document.insert_before(node, target)


def _tighten(items: LexborNode) -> None:
    """Unwrap the paragraph of each item, where no item has more than one."""
    paragraphs = []
    for item in items.iter():
        parts = [
            node
            for node in item.iter(include_text=True)
            if not (node.is_text_node and is_blank(node.text_content or ""))
        ]
        if not parts:
            continue
        if parts[0].tag != "p" or any(part.tag not in ("ul", "ol") for part in parts[1:]):
            return
        paragraphs.append(parts[0])
    for paragraph in paragraphs:
        paragraph.unwrap()

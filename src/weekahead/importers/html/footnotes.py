"""Footnotes of every shape: a mark that leads to a note, which leads back.

Substack, Ghost, WordPress, the engines of Markdown and word processors mark both ends with ids of their own, but all of them
link both ways, or say in a class or an id what it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from weekahead.importers.html import shapes
from weekahead.importers.html.document import (
    HtmlDocument,
    ancestors,
    attribute,
    classes,
    inner,
    is_blank,
    select,
    words,
)
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.model.name_set import name_set

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_NAMED = re.compile(
    r"(?:user-content-)?_?(?:fn|ftn|edn|footnote|note|easy-footnote)(?:[-:_.]?bottom)?[-:_.]?[\w.-]*", re.IGNORECASE
)
_MARK_CLASSES = name_set("footnote-anchor footnote-ref footnote footnote-reference fn simple-footnote footref noteref")
_BACK_CLASSES = (
    "a.footnote-backref, a.reversefootnote, a[data-footnote-backref], a.footnote-back, a.footnote-number, a.footdef"
)
_SHORT = re.compile(r"[\[({]?(?:note )?[\w*†‡§¶#]{1,4}[\])}]?", re.IGNORECASE)
_BACK = re.compile(r"[\s\u00a0]*(?:[↩↑⤴⏎^]\ufe0e?\ufe0f?|[\[({]?[\w*†‡]{1,4}[\])}.]?)?[\s\u00a0]*")
_EMPTIED = "section.footnotes, div.footnotes, ol.footnotes-list, section.footnote, div.footnote, aside.footnotes, ol.wp-block-footnotes, [role=doc-endnotes], [data-footnotes]"
_NOTE_ELEMENTS = frozenset({"li", "p", "div", "dd", "aside", "section", "td"})


class _Pair(Struct):
    """A mark, the element that stands for the whole of it, and its note."""

    link: LexborNode
    target: str


def gather_footnotes(document: HtmlDocument, notes: PostNotes) -> None:
    """Make shapes of marks and notes."""
    places = _places(document)
    order = {node.mem_id: number for number, node in enumerate(document.body.traverse())}
    marks = [
        _Pair(link, target)
        for link in document.css('a[href*="#"]')
        if (target := _target(link)) in places
        and order[link.mem_id] < order[places[target].mem_id]
        and _is_mark(link, places[target])
    ]
    found: dict[str, LexborNode] = {}
    for mark in marks:
        note = _note_element(places[mark.target])
        if note is not None and not any(above.mem_id == note.mem_id for above in ancestors(mark.link)):
            found.setdefault(mark.target, note)
    _leave_outer(found)
    for mark in marks:
        if mark.target in found:
            _replace_mark(document, mark.link, mark.target)
    containers = document.css(_EMPTIED) if found else []
    for target, note in found.items():
        _replace_note(document, note, target)
    _remove_emptied(containers)


def _leave_outer(found: dict[str, LexborNode]) -> None:
    """Forget the notes that hold another one: they are more than a note."""
    targets = {note.mem_id: target for target, note in found.items()}
    for note in list(found.values()):
        for above in ancestors(note):
            found.pop(targets.get(above.mem_id, ""), None)


def _target(link: LexborNode) -> str:
    """Return the id that a link leads to within the post."""
    return attribute(link, "href").rpartition("#")[2]


def _places(document: HtmlDocument) -> dict[str, LexborNode]:
    places: dict[str, LexborNode] = {}
    for node in document.css("[id], a[name]"):
        for name in (attribute(node, "id"), attribute(node, "name") if node.tag == "a" else ""):
            if name:
                places.setdefault(name, node)
    return places


def _is_mark(link: LexborNode, place: LexborNode) -> bool:
    """Return whether a link is the mark of the note at a place, and no way back from one or link within the text."""
    href = attribute(link, "href")
    if not href.startswith("#") and "#fn" not in href and "#footnote" not in href and "#_ftn" not in href:
        return False
    text = words(link)
    if not (_SHORT.fullmatch(text) or (is_blank(text) and classes(link) & _MARK_CLASSES)) or classes(link) & {
        "footnote-number",
        "footnote-backref",
        "reversefootnote",
        "footnote-back",
    }:
        return False
    names = {attribute(link, "id"), attribute(link, "name")}
    sup = next((above for above in ancestors(link) if above.tag in ("sup", "span")), None)
    if sup is not None:
        names.add(attribute(sup, "id"))
    note = _note_element(place)
    if note is None:
        return False
    back = {_target(other) for other in note.css('a[href*="#"]')} | ({_target(place)} if place.tag == "a" else set())
    if names - {""} & back:
        return True
    is_said = (
        bool(classes(link) & _MARK_CLASSES)
        or (sup is not None and sup.tag == "sup")
        or "data-footnote-ref" in link.attributes
    )
    return (
        is_said
        and bool(_NAMED.fullmatch(_target(link)))
        and not _target(link).lower().startswith(("fnref", "footnote-anchor", "_ftnref"))
    )


def _note_element(place: LexborNode) -> LexborNode | None:
    """Return the element that has the whole text of a note, by the place that its mark leads to."""
    if place.tag in _NOTE_ELEMENTS and place.tag != "section":
        return place
    return next((above for above in ancestors(place) if above.tag in _NOTE_ELEMENTS), None)


def _replace_mark(document: HtmlDocument, link: LexborNode, target: str) -> None:
    whole = link
    while (
        (parent := whole.parent) is not None
        and parent.tag in ("sup", "span")
        and words(parent).strip("[]()") in (words(link).strip("[]()"), "")
    ):
        whole = parent
    document.replace(whole, shapes.footnote_mark(target))


def _replace_note(document: HtmlDocument, note: LexborNode, target: str) -> None:
    for back in reversed(select(note, _BACK_CLASSES)):
        back.decompose()
    for back in note.css('a[href*="#"]'):
        if _BACK.fullmatch(back.text()) and not back.css("img"):
            parent = back.parent
            back.decompose()
            if parent is not None and parent.tag in ("sup", "span") and is_blank(parent.text()):
                parent.decompose()
    content = note.css_first("div.footnote-content") or note
    text = re.sub(r"(?:[\s\u00a0]|&nbsp;|\[\])+(?=(?:</p>)?\s*$)", "", inner(content).strip())
    text = re.sub(r"^(?:\s|&nbsp;)+", "", text)
    made = shapes.footnote(target, text)
    document.append(document.body, made)
    note.decompose()


def _remove_emptied(containers: list[LexborNode]) -> None:
    """Remove the lists and rules around notes that are gone."""
    for node in reversed(containers):
        rule = node.prev
        while rule is not None and rule.is_text_node and is_blank(rule.text_content or ""):
            rule = rule.prev
        if rule is not None and rule.tag == "hr" and is_blank(node.text()):
            rule.decompose()
        for other in node.css("ol, ul, hr"):
            if is_blank(other.text()) and not other.css("img"):
                other.decompose()
        heading = node.css_first("h1, h2, h3, h4, h5, h6")
        if (
            heading is not None
            and re.fullmatch(r"(?i)\W*(foot|end)?notes?\W*", words(heading))
            and classes(heading) & {"sr-only", "visually-hidden", "screen-reader-text"}
        ):
            heading.decompose()


def number_footnotes(document: HtmlDocument, notes: PostNotes) -> None:
    """Give the notes numbers in the order of their marks; marks without a note, and notes without a mark, become text."""
    texts: dict[str, LexborNode] = {}
    for node in document.css(shapes.FOOTNOTE):
        key = attribute(node, "note")
        if key in texts:
            notes.add(
                Outcome.ASK,
                "footnote",
                f'two footnotes are called "{key}": the second is a paragraph now',
                words=words(node)[:60],
            )
            node.unwrap()
        else:
            texts[key] = node
    numbers: dict[str, str] = {}
    for mark in document.css(shapes.MARK):
        key = attribute(mark, "note")
        if key in texts:
            number = numbers.setdefault(key, str(len(numbers) + 1))
            mark.attrs["number"] = number
            _out_of_link(document, mark)
        else:
            notes.add(Outcome.ASK, "footnote", f'the footnote "{key}" has no text')
            mark.replace_with(f"[{key}]")
    for key, node in texts.items():
        if key in numbers:
            node.attrs["number"] = numbers[key]
        else:
            notes.add(
                Outcome.ASK,
                "footnote",
                f'nothing refers to the footnote "{key}": it is a paragraph now',
                words=words(node)[:60],
            )
            node.unwrap()


def _out_of_link(document: HtmlDocument, mark: LexborNode) -> None:
    link = next((above for above in ancestors(mark) if above.tag == "a"), None)
    if link is not None:
        link.insert_after(mark)
        mark.decompose()

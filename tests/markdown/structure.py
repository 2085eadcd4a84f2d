"""What a piece of HTML says, in lines that can be compared: ours with another converter's.

Two converters agree when tags, nesting, words, addresses, titles and alternative texts are the same. What we do on purpose is
taken back first: heading levels and ids, highlighting, typographic marks, the boxes around tables, figures, the dress of task
lists and footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser
from tests.markdown.element import Element, read


def structure(html: str, flat: bool = False) -> list[str]:
    """Return HTML as lines: one an element or a piece of text, indented by its depth. Flat, no <strong> is right in another."""
    again = (
        LexborHTMLParser(html.strip("\n"), is_fragment=True).html or ""
    )  # a browser mends what a converter leaves unclosed
    root = Element("", {}, list(read(LexborHTMLParser(again, is_fragment=True).root)))
    if flat:
        _flatten(root)
    _settle(root)
    return list(_lines(root, 0))


def difference(ours: str, theirs: str, flat: bool = False, around: int = 2) -> str:
    """Return how the structures of two pieces of HTML differ, as a diff from theirs to ours; nothing when they agree."""
    one, other = structure(theirs, flat), structure(ours, flat)
    return "\n".join(line for line in unified_diff(one, other, "theirs", "ours", n=around, lineterm=""))


def _flatten(element: Element, within: bool = False) -> None:
    """Take away each <strong> in another, with nothing but raw HTML between them."""
    within = element.tag == "strong" or (within and element.tag not in ("em", "a", "del"))
    for child in element.elements:
        _flatten(child, within)
    element.children = [
        new
        for child in element.children
        for new in (child.children if within and isinstance(child, Element) and child.tag == "strong" else [child])
    ]


def _lines(element: Element, depth: int) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield "  " * depth + repr(child)
            continue
        attributes = "".join(f" {name}={value!r}" for name, value in sorted(child.attributes.items()))
        yield "  " * depth + child.tag + attributes
        yield from _lines(child, depth + 1)


# -- taking back what is ours

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt"}
)
_BLOCKS |= {
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h",
    "header",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
}
_BLOCKS |= {
    "notes",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
}
_BLOCKS |= {"th", "thead", "tr", "ul"}
_VERBATIM = frozenset({"pre", "textarea", "script", "style", "!--", "?", "xmp", "plaintext"})
_ADDRESSES = frozenset({"href", "src", "poster", "data", "action", "formaction", "cite", "xlink:href", "srcset"})
_ASCII = str.maketrans({"“": '"', "”": '"', "″": '"', "‘": "'", "’": "'", "′": "'", "–": "--", "—": "---", "…": "..."})
_OWN_CLASSES = frozenset(
    {"task-list", "task-list-item", "contains-task-list", "task-list-item-checkbox", "footnote", "footnotes"}
)


def _settle(element: Element, code: bool = False, verbatim: bool = False) -> None:
    """Bring an element and all below it into the one form that both sides share, from the leaves up."""
    verbatim = verbatim or element.tag in _VERBATIM
    code = code or verbatim or element.tag in ("code", "kbd", "samp")
    for child in element.elements:
        _settle(child, code, verbatim)
    element.children = [new for child in element.children for new in _replaced(child, code)]
    _attributes(element)
    _merge(element)
    if not verbatim:
        _trim(element)
    for rule in _RULES.get(element.tag, ()):
        rule(element)


def _replaced(child: Element | str, code: bool) -> list[Element | str]:
    """Return what stands for a child."""
    if isinstance(child, str):
        return [child if code else child.translate(_ASCII)]
    if child.tag == "tbody" or (child.tag == "div" and child.attributes.get("class") == "table"):
        return child.children
    if child.tag == "label" and child.elements and child.elements[0].tag == "input":
        return child.children
    if child.tag == "span" and child.attributes.get("class") == "task-list-indicator":
        return []
    if child.tag == "a" and "footnote-backref" in child.attributes.get("class", ""):
        return []
    return [child]


def _attributes(element: Element) -> None:
    found = element.attributes
    for name in _ADDRESSES & found.keys():
        found[name] = unquote(found[name], errors="surrogateescape")
    if "alt" in found:
        found["alt"] = found["alt"].translate(_ASCII).replace("\n", " ")
    if "title" in found:
        found["title"] = re.sub(r"\s*\n\s*", "\n", found["title"])
    if "class" in found:
        found["class"] = " ".join(name for name in found["class"].split() if name not in _OWN_CLASSES)
        if not found["class"]:
            del found["class"]
    if found.get("dir") == "auto":
        del found["dir"]


def _merge(element: Element) -> None:
    """Make one text of texts that stand side by side."""
    merged: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) and merged and isinstance(merged[-1], str):
            merged[-1] += child
        else:
            merged.append(child)
    element.children = merged


def _trim(element: Element) -> None:
    """Take away white space that nobody sees: at the ends of blocks and lines. Spaces within a line stay."""
    block = element.tag in _BLOCKS or not element.tag
    last = len(element.children) - 1
    for place, child in enumerate(element.children):
        if not isinstance(child, str):
            continue
        text = re.sub(r"[ \t\r\f]*\n[ \t\r\f\n]*", "\n", child)
        before = element.children[place - 1] if place else None
        behind = element.children[place + 1] if place < last else None
        if _breaks(before) or (place == 0 and block):
            text = text.lstrip(" \t\n\r\f")
        if _breaks(behind) or (place == last and block):
            text = text.rstrip(" \t\n\r\f")
        element.children[place] = "" if text == "\n" and (_is_silent(before) or _is_silent(behind)) else text
    element.children = [child for child in element.children if child != ""]


def _breaks(neighbour: Element | str | None) -> bool:
    return isinstance(neighbour, Element) and (neighbour.tag == "br" or neighbour.tag in _BLOCKS)


def _is_silent(neighbour: Element | str | None) -> bool:
    return isinstance(neighbour, Element) and neighbour.tag in ("!--", "?")


def _heading(element: Element) -> None:
    element.tag = "h"
    element.attributes.pop("id", None)


def _cell(element: Element) -> None:
    """Give the side to which a cell is set one name, and a heading without words the name of a cell."""
    found = element.attributes
    by_class = re.fullmatch(r"align-(left|center|right)", found.get("class", ""))
    by_style = re.fullmatch(r"text-align: ?(left|center|right);?", found.get("style", ""))
    if by_class or by_style:
        del found["class" if by_class else "style"]
        found["align"] = (by_class or by_style or [""])[1]
    if element.tag == "th" and not element.children:
        element.tag = "td"


def _picture(element: Element) -> None:
    if element.attributes.get("loading") == "lazy":
        del element.attributes["loading"]
    if element.attributes.get("decoding") == "async":
        del element.attributes["decoding"]


def _pre(element: Element) -> None:
    """Leave of a block of code its text alone: no highlighting, no language, no last end of line."""
    if element.attributes.get("tabindex") == "0":
        del element.attributes["tabindex"]
    element.children = [child for child in element.children if not (isinstance(child, Element) and _is_empty(child))]
    if not (len(element.children) == 1 and element.is_all("code")):
        return
    code = element.elements[0]
    if re.fullmatch(r"language-\S*", code.attributes.get("class", "")):
        del code.attributes["class"]
    if code.children and isinstance(code.children[-1], str):
        code.children[-1] = code.children[-1].removesuffix("\n")
        code.children = [child for child in code.children if child != ""]


def _is_empty(element: Element) -> bool:
    return element.tag == "span" and not element.children and not element.attributes


def _highlighted(element: Element) -> None:
    if element.attributes.get("class") != "highlight" or not element.is_all("pre"):
        return
    words = element.words
    element.tag, element.attributes, element.children = "pre", {}, [Element("code", {}, [words] if words else [])]


def _figure(element: Element) -> None:
    """Make a paragraph again of a picture whose title has become a caption."""
    if element.attributes or not (element.is_all("img", "figcaption") or element.is_all("a", "figcaption")):
        return
    first, caption = element.elements
    if first.tag == "a" and not first.is_all("img"):
        return
    picture = first if first.tag == "img" else first.elements[0]
    if "title" not in picture.attributes:
        picture.attributes["title"] = caption.words.translate(_ASCII)
        element.tag, element.children = "p", [first]


def _captioned(element: Element) -> None:
    """Treat the marks in the title of a picture that may be a caption as those of text."""
    inner = element.elements[0] if element.is_all("a") else element
    if inner.is_all("img") and "title" in (found := inner.elements[0].attributes):
        found["title"] = " ".join(found["title"].translate(_ASCII).split())


def _item(element: Element) -> None:
    """Make an attribute of the item's own of the box of a task, which may stand before or within its first paragraph."""
    first = element.children[0] if element.children else None
    within = first if isinstance(first, Element) and first.tag == "p" else element
    box = within.children[0] if within.children else None
    if isinstance(box, Element) and box.tag == "input" and box.attributes.get("type") == "checkbox":
        element.attributes["task"] = "x" if "checked" in box.attributes else " "
        del within.children[0]
        _trim(within)


def _reference(element: Element) -> None:
    """Make one mark of the number that leads to a footnote."""
    if element.is_all("a") and "footnote-ref" in element.elements[0].attributes.get("class", ""):
        element.tag, element.attributes, element.children = "note", {}, [element.words]


def _notes(element: Element) -> None:
    """Make one thing of the footnotes at the end, which have a rule above them here and none there."""
    inner = [child.tag for child in element.elements]
    if inner in (["ol"], ["hr", "ol"]) and "fn" in str(element.elements[-1].elements[:1]):
        element.tag, element.attributes = "notes", {}
        element.children = [element.elements[-1]]
        for note in element.elements[0].elements:
            note.attributes.pop("id", None)
            if note.elements and note.elements[-1].children and isinstance(note.elements[-1].children[-1], str):
                note.elements[-1].children[-1] = note.elements[-1].children[-1].rstrip(" \xa0\n")


def _unread(element: Element) -> None:
    """Leave away the HTML that something which never ends has swallowed."""
    element.children = [re.split(r"\s*</", element.words)[0]]


_RULES = {
    **dict.fromkeys(("!--", "script", "style"), (_unread,)),
    **{f"h{level}": (_heading,) for level in range(1, 7)},
    "td": (_cell,),
    "th": (_cell,),
    "img": (_picture,),
    "pre": (_pre,),
    "div": (_highlighted, _notes),
    "section": (_notes,),
    "figure": (_figure, _captioned),
    "p": (_captioned,),
    "li": (_item,),
    "sup": (_reference,),
}
"""What is done to an element of each tag, its children being done."""

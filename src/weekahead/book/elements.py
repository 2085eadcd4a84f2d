"""The HTML of a text as a small tree of elements: what a book shows of it, which all three formats can hold.

Scripts, forms, styles and unknown elements are gone; players are links. What is left is sound by the content models of the
HTML standard, so that it can be written as XML as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from weekahead.model.name_set import name_set
from weekahead.site.html_text import DROPPED, ELEMENTS, PLAYERS, strip_illegal_xml

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BLOCKS = name_set(
    "address article aside blockquote dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li ol p pre "
    "section summary table ul"
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORDS_ONLY = name_set("h1 h2 h3 h4 h5 h6 p pre summary")
"""Blocks that hold no other block."""
_TABLE = name_set("caption col colgroup tbody td tfoot th thead tr")
_INLINE = ELEMENTS - BLOCKS - _TABLE - name_set("a br del img ins rp rt wbr")
"""Elements that hold no block; `a`, `del` and `ins` may."""
_MATHS = name_set(
    "annotation maction math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot "
    "mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"
)
_ATTRIBUTES = {
    "*": name_set("class dir id lang title"),
    "a": name_set("href"),
    "col": name_set("span"),
    "colgroup": name_set("span"),
    "img": name_set("alt height src width"),
    "li": name_set("value"),
    "ol": name_set("reversed start type"),
    "td": name_set("colspan headers rowspan"),
    "th": name_set("abbr colspan headers rowspan scope"),
    "time": name_set("datetime"),
}
_NUMBERS = name_set("colspan height rowspan span start value width")
_VALUES = {
    "dir": re.compile("ltr|rtl|auto"),
    "lang": re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
    "scope": re.compile("row|col|rowgroup|colgroup"),
    "type": re.compile("[1aAiI]"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?"),
} | dict.fromkeys(_NUMBERS, re.compile("[1-9][0-9]{0,4}"))
"""What the value of an attribute must be."""


class Element(Struct):
    """An element that is being worked on."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, *tags: str) -> Iterator[Element]:
        """Yield this element and those in it, in order, or those with some tags."""
        if not tags or self.tag in tags:
            yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all(*tags)

    def text(self) -> str:
        """Return the words in it."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def edit(self, change: Callable[[Element], list[Element | str] | None]) -> None:
        """Put other nodes in place of the elements within this one, inner ones first; None leaves an element."""
        made: list[Element | str] = []
        for child in self.children:
            if isinstance(child, str):
                made.append(child)
                continue
            child.edit(change)
            other = change(child)
            made += [child] if other is None else other
        self.children = made


def parse(html: str) -> Element:
    """Return the HTML of a text as an element without a tag of its own, sound and without what books do not have."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html, is_fragment=True)
    root = Element("", {}, _children(tree.root) if tree.root else [])
    _repair(root)
    return root


def _children(node: LexborNode) -> list[Element | str]:
    return [made for child in node.iter(include_text=True) for made in _converted(child)]


def _converted(node: Any) -> list[Element | str]:
    tag = node.tag or ""
    if tag == "-text":
        return [strip_illegal_xml(node.text_content or "")]
    attributes = {name: strip_illegal_xml(value or "") for name, value in node.attributes.items()}
    if (
        tag.startswith(("-", "!"))
        or tag in DROPPED
        or ("hidden" in attributes and attributes["hidden"] != "until-found")
    ):
        return []
    if tag in PLAYERS:
        return _link_to_player(node, attributes.get(PLAYERS[tag], ""))
    if tag == "input":
        return ["☑" if "checked" in attributes else "☐"] if attributes.get("type") == "checkbox" else []
    if tag == "svg":
        title = node.css_first("title")
        return [title.text(strip=True)] if title else []
    if tag in _MATHS:
        plain = {name: value for name, value in attributes.items() if re.fullmatch("[a-z]+", name) and name[:2] != "on"}
        return [
            Element(
                tag, {name: plain[name] for name in plain.keys() - {"href", "style", "class", "id"}}, _children(node)
            )
        ]
    if tag not in ELEMENTS:
        return _children(node)
    return [Element(tag, _attributes(tag, attributes), _children(node))]


def _link_to_player(node: Any, address: str) -> list[Element | str]:
    source = node.css_first("source")
    address = address or (source.attributes.get("src") or "" if source else "")
    words = (node.attributes.get("title") or node.attributes.get("aria-label") or address) if address else ""
    return [Element("a", {"href": address}, [words])] if address else []


def _attributes(tag: str, given: dict[str, str]) -> dict[str, str]:
    known = _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag, frozenset())
    made = {name: value for name, value in given.items() if name in known and _is_valid(name, value)}
    looks = f"{given.get('align', '')};{given.get('style', '')}".replace(" ", "").lower()
    for side in ("right", "center"):
        if looks.startswith(f"{side};") or f"text-align:{side}" in looks:
            made["class"] = f"{made.get('class', '')} align-{side}".strip()
    if tag == "img":
        made.setdefault("alt", "")
    if "reversed" in made:
        made["reversed"] = "reversed"
    return made


def _is_valid(name: str, value: str) -> bool:
    return not ((pattern := _VALUES.get(name)) and not pattern.fullmatch(value)) and (name != "id" or bool(value))


# -- content models


def _repair(element: Element) -> None:
    """Make an element and those in it sound, from the inside out."""
    made: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) or child.tag in _MATHS:
            made.append(child)
        else:
            _repair(child)
            made += _fitting(child, element.tag)
    element.children = made
    if element.tag in ("ol", "ul"):
        element.children = _as_items(made)
    elif element.tag == "figure":
        captions = [child for child in made if isinstance(child, Element) and child.tag == "figcaption"]
        for caption in captions[1:]:
            caption.tag = "p"
    elif element.tag == "dl" and not _is_list_of_terms(made):
        element.tag = "div"
        for child in made:
            if isinstance(child, Element) and child.tag in ("dd", "dt"):
                child.tag = "div"


def _fitting(child: Element, parent: str) -> list[Element | str]:
    """Return what stands for a child in a parent; what was in a child that gave way must fit as well."""
    made = _repaired(child, parent)
    if made == [child]:
        return made
    return [node for each in made for node in ([each] if isinstance(each, str) else _fitting(each, parent))]


_PARENTS = {
    "li": ("ol", "ul"),
    "dt": ("dl",),
    "dd": ("dl",),
    "figcaption": ("figure",),
    "summary": ("details",),
}


def _repaired(child: Element, parent: str) -> list[Element | str]:
    """Return what stands for a child: one that its parent cannot have, or that has blocks and cannot, gives way to what is in it."""
    if child.tag in _PARENTS and parent not in _PARENTS[child.tag]:
        child.tag = "div"
    if child.tag in ("rp", "rt") and parent != "ruby":
        return child.children
    if child.tag == "a":  # a link within a link, as a broken table leaves it, is words
        child.edit(lambda inner: inner.children if inner.tag == "a" else None)
    if child.tag in _INLINE and _has_block(child):
        return child.children
    if child.tag in _WORDS_ONLY and _has_block(child):
        child.edit(lambda inner: [" ", *inner.children, " "] if inner.tag in BLOCKS | _TABLE else None)
    if child.tag == "p" and not child.text().strip() and not any(child.all("img", "math")):
        return []
    if child.tag == "img" and not child.attributes.get("src"):
        return []
    return [child]


def _has_block(element: Element) -> bool:
    return any(inner.tag in BLOCKS or inner.tag in _TABLE for inner in element.all() if inner is not element)


def _as_items(nodes: list[Element | str]) -> list[Element | str]:
    """Return the nodes of a list with items around whatever is none."""
    made: list[Element | str] = []
    for node in nodes:
        is_item = node.tag == "li" if isinstance(node, Element) else not node.strip()
        if is_item:
            made.append(node)
        elif made and isinstance(made[-1], Element) and made[-1].attributes.get("class") == "loose":
            made[-1].children.append(node)
        else:
            made.append(Element("li", {"class": "loose"}, [node]))
    return made


def _is_list_of_terms(nodes: list[Element | str]) -> bool:
    """Return whether nodes are terms and meanings in turn, each term with a meaning."""
    row = ""
    for node in nodes:
        if isinstance(node, str):
            row += "x" if node.strip() else ""
        else:
            row += {"dt": "t", "dd": "d"}.get(node.tag, "x")
    return bool(re.fullmatch("(t+d+)+", row))


# -- writing

_VOID = name_set("br col hr img wbr")


def write(node: Element | str, *, is_xml: bool = True) -> str:
    """Return a node as HTML that is XML as well, or with elements without content as HTML has them."""
    if isinstance(node, str):
        return _escaped(node)
    inner = "".join([write(child, is_xml=is_xml) for child in node.children])
    if not node.tag:
        return inner
    attributes = "".join(
        f' {name}="{_escaped(value).replace(chr(34), "&quot;")}"' for name, value in node.attributes.items()
    )
    if node.tag in _VOID:
        return f"<{node.tag}{attributes}{'/' if is_xml else ''}>"
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

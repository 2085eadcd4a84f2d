"""HTML as it may leave the site: what a feed reader needs and nothing it would strip or warn of, and plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urljoin, urlsplit


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


KEPT = _names(
    "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div "
    "dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp rt ruby s "
    "samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
"""The elements that a feed reader shows; of any other one its content stays."""

DROPPED = _names(
    "base button canvas datalist head link meta meter noscript optgroup option progress script select style "
    "template textarea title"
)
"""Elements that go with all they hold: scripts, styles, and parts of forms."""

PLAYERS = {"audio": "src", "video": "src", "iframe": "src", "embed": "src", "frame": "src", "object": "data"}
"""Players and frames: a link to what they would show stands for them."""

VOID = _names("br col hr img wbr")

ATTRIBUTES = _names(
    "abbr align alt cite colspan datetime dir headers height href hreflang id lang open reversed rowspan scope "
    "span src start title type valign value width"
)

ADDRESSES = _names("href src cite")
SCHEMES = _names("http https mailto tel geo xmpp irc ftp")

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""What no XML may hold; a reference such as &#1; brings it in although the text has none."""


def legal(words: str) -> str:
    """Words without characters that no XML may hold."""
    return _ILLEGAL.sub("", words)


@lru_cache(maxsize=64)  # every format of a feed asks for the same texts
def portable(html: str, base: str) -> str:
    """HTML for a feed: absolute addresses, no script, form or player, and no attribute that readers do not know."""
    return legal("".join(_walk(html, lambda node: _portable(node, base))))


Piece = tuple[str, bool, str]
"""What stands before an element's content, whether the content stays, and what stands after it."""


def _walk(html: str, shown: Callable[[Any], Piece]) -> Iterator[str]:
    """The pieces of a tree in order, without recursion, for HTML may be nested as deep as it likes."""
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(html, is_fragment=True).root
    waiting: list[Any] = _children(root) if root else []  # a fragment's root passes for its first element
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
            continue
        before, goes_on, after = shown(node)
        yield before
        waiting.append(after)
        if goes_on:
            waiting += _children(node)


def _children(node: Any) -> list[Any]:
    """The nodes within a node, the last one first."""
    return [*node.iter(include_text=True)][::-1]


def _portable(node: Any, base: str) -> Piece:
    tag = node.tag or ""
    if tag == "-text":
        return escape(node.text_content or "", quote=False), False, ""
    if tag in DROPPED or tag.startswith(("-", "!")):
        return "", False, ""
    attributes = node.attributes
    if tag == "input":
        checked = "checked" in attributes
        return ("☑ " if checked else "☐ ") if attributes.get("type") == "checkbox" else "", False, ""
    if tag in PLAYERS:
        return _link(_played(node, tag), base), False, ""
    if tag == "svg":
        title = node.css_first("title")
        return escape(title.text(strip=True), quote=False) if title else "", False, ""
    if tag == "div" and attributes.get("role") == "note":
        return "<blockquote>", True, "</blockquote>"  # set apart without a style of ours
    kept = _attributes(tag, attributes, base)
    if tag not in KEPT or (tag == "span" and not kept) or (tag == "img" and 'src="' not in kept):
        return "", tag != "img", ""
    return f"<{tag}{kept}>", tag not in VOID, "" if tag in VOID else f"</{tag}>"


def _played(node: Any, tag: str) -> str:
    """The address of what a player plays: its own, or that of its first source."""
    source = node.css_first("source")
    found = node.attributes.get(PLAYERS[tag]) or (source.attributes.get("src") if source else None)
    return found or ""


def _link(address: str, base: str) -> str:
    whole = absolute(address, base)
    return f'<a href="{escape(whole)}">{escape(whole, quote=False)}</a>' if whole and address else ""


def _attributes(tag: str, attributes: Mapping[str, str | None], base: str) -> str:
    """The attributes that stay. A column's alignment, a class or a style on the page, becomes an attribute."""
    if not attributes:
        return ""
    found: dict[str, str] = {}
    for name, value in attributes.items():
        words = value or ""
        if name in ADDRESSES:
            words = absolute(words, base)
            if not words:
                continue
        aligned = re.search(r"\b(?:text-align:\s*|align-)(left|right|center)\b", words)
        if aligned and name in ("class", "style"):
            found["align"] = aligned[1]
        elif name in ATTRIBUTES and not (name == "type" and tag != "ol"):
            found[name] = words
    return "".join(f' {name}="{escape(words)}"' for name, words in found.items())


def absolute(address: str, base: str) -> str:
    """An address in full; empty when a reader must not follow it."""
    if re.match(r"https?://[^\s/?#]++\S*+$", address):
        return address
    try:
        found = urljoin(base, re.sub(r"\s+", "%20", address.strip()))
        scheme = urlsplit(found).scheme
    except ValueError:
        return ""
    return found if scheme in SCHEMES or re.match(r"data:image/(png|jpeg|gif|webp|avif)[;,]", found) else ""


# -- plain words


def words_in(html: str) -> str:
    """Everything that can be read in some HTML, scripts and styles apart, in no particular layout."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html, is_fragment=True)
    tree.strip_tags(["script", "style"])
    return tree.root.text(separator=" ") if tree.root else ""


BLOCKS = _names(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr li ol p pre section summary table tr ul"
)


def plain(html: str) -> str:
    """The words of some HTML as one would read them: paragraphs apart, no addresses, no marks of footnotes."""
    words = legal("".join(_walk(html, _plain)))
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n{2,}", words)]
    return "\n\n".join(part for part in paragraphs if part)


def _plain(node: Any) -> Piece:
    tag = node.tag or ""
    if tag == "-text":
        return re.sub(r"\s+", " ", node.text_content or ""), False, ""
    note = re.match("footnote-(back)?ref", node.attributes.get("class") or "")
    if note or tag in DROPPED or tag in PLAYERS or tag == "svg" or tag.startswith(("-", "!")):
        return "", False, ""
    if tag == "img":
        return f" {node.attributes.get('alt') or ''} ", False, ""
    if tag == "br":
        return " ", False, ""
    gap = "\n\n" if tag in BLOCKS else " " if tag in ("td", "th") else ""
    return gap, True, gap

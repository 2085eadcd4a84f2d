"""Turn the HTML of an issue into HTML that feed readers and mail programs show, and into plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from weekahead.markdown.kinds import adapt
from weekahead.model.addresses import join_addresses
from weekahead.model.name_set import name_set

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser


# -- for feed readers

ELEMENTS = name_set(
    "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div "
    "dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp rt ruby s "
    "samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
"""The elements that feed readers show. Of any other element only the content stays."""

DROPPED = name_set(
    "base button canvas datalist head link meta meter noscript optgroup option progress script select style "
    "template textarea title"
)
"""Elements that are removed with their content: scripts, styles, and parts of forms."""

PLAYERS = {"audio": "src", "video": "src", "iframe": "src", "embed": "src", "frame": "src", "object": "data"}
"""Players and frames, which become a link to what they show: the attribute that has its address."""

ATTRIBUTES = {
    "*": name_set(
        "abbr align alt colspan datetime dir headers height hreflang id lang open reversed rowspan scope span start "
        "title valign value width"
    ),
    "a": name_set("href"),
    "img": name_set("src"),
    "ol": name_set("type"),
}
"""The attributes that stay, by element."""

SCHEMES = name_set("data ftp geo http https irc mailto tel xmpp")
"""The schemes of addresses that stay; `data` for pictures only."""


def strip_illegal_xml(text: str) -> str:
    """Return text without the characters that XML cannot contain (XML 1.0, 2.2). HTML may bring them in as &#1;."""
    return _ILLEGAL.sub("", text)


_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@lru_cache(maxsize=64)  # every format of a feed shows the same texts
def sanitize_for_feed(html: str, base: str) -> str:
    """Return HTML with absolute addresses and without scripts, forms, players and attributes that readers ignore."""
    return _clean(html, base, "feed", ELEMENTS, ATTRIBUTES)


# -- for mail programs

MAIL_ELEMENTS = ELEMENTS - name_set(
    "article aside details dfn figcaption figure footer header ins section summary time"
)
"""Outlook lays out nothing that HTML 4 did not have."""

MAIL_ATTRIBUTES = {
    **ATTRIBUTES,
    "*": ATTRIBUTES["*"] | name_set("bgcolor border bordercolor cellpadding cellspacing role style") - name_set("open"),
}

MAIL_STYLES = name_set(
    "border border-bottom border-collapse border-color border-left border-right border-spacing border-top font-size "
    "font-style font-weight list-style-type margin padding text-align text-decoration vertical-align white-space width "
    "word-break word-wrap"
)
"""The properties of an author's styles that stay: no colours, which may not go with a mail program's own."""


def sanitize_for_mail(html: str, base: str) -> str:
    """Return HTML of elements that all mail programs know, with absolute addresses. Its notes are found within it."""
    clean = _clean(html, base, "mail", MAIL_ELEMENTS, MAIL_ATTRIBUTES, MAIL_STYLES)
    return clean.replace(f'href="{escape(base)}#', 'href="#')


def sanitize_for_mail_text(html: str, base: str) -> str:
    """Return the HTML of a text that plain text is made of: what it says without styles, with absolute addresses."""
    clean = _clean(html, base, "text", ELEMENTS, ATTRIBUTES | {"a": name_set("href class")})
    return clean.replace(f'href="{escape(base)}#', 'href="#')


# -- for both


def _clean(
    html: str,
    base: str,
    medium: Literal["feed", "mail", "text"],
    elements: frozenset[str],
    attributes: dict[str, frozenset[str]],
    styles: frozenset[str] | None = None,
) -> str:
    import nh3

    clean = nh3.clean(
        _replace_unsupported(html, base, medium),
        tags=elements,
        clean_content_tags=DROPPED,
        attributes=attributes,
        attribute_filter=_without_data,
        filter_style_properties=styles,
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", base),
        link_rel=None,
    )
    return strip_illegal_xml(clean).replace("&nbsp;", "\xa0")


def _without_data(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute, or None for a `data:` address of anything but a picture."""
    if value.startswith("http") or name not in ("href", "src"):
        return value
    url = re.sub(r"[\x00-\x20]", "", value).lower()  # as browsers read it
    is_picture = tag == "img" and re.match(r"data:image/(png|jpeg|gif|webp|avif)[;,]", url)
    return None if url.startswith("data:") and not is_picture else value


def _replace_unsupported(html: str, base: str, medium: Literal["feed", "mail", "text"]) -> str:
    """Replace what a medium would drop by what it shows: players, drawings, styles, content kinds."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html, is_fragment=True)
    for node in reversed(tree.css(f"{', '.join(PLAYERS)}, svg")):  # an inner element before its outer one
        node.replace_with(_replacement(tree, node, base))
    adapt(tree, medium)
    for node in tree.css("span:not([dir], [id], [lang], [title])"):
        node.unwrap(delete_empty=True)
    for node in tree.css("img:not([src])"):
        node.decompose()
    return tree.html or ""


def _replacement(tree: LexborHTMLParser, node: Any, base: str) -> Any:
    """Return the element or text that stands for an element."""
    if node.tag == "svg":
        title = node.css_first("title")
        return title.text(strip=True) if title else ""
    source = node.css_first("source")
    address = node.attributes.get(PLAYERS[node.tag]) or (source.attributes.get("src") if source else None)
    if not address:
        return ""
    link = tree.create_node("a")
    link.attrs["href"] = join_addresses(base, address)
    link.insert_child(join_addresses(base, address))
    return link


# -- plain text


BLOCKS = name_set(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hr li ol p pre section summary table tr ul"
)


def to_plain_text(html: str) -> str:
    """Return the text of some HTML as one would read it aloud: paragraphs apart, no addresses, no footnote marks."""
    text = strip_illegal_xml("".join(_text_pieces(html)))
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n{2,}", text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _text_pieces(html: str) -> Iterator[str]:
    """Yield the text of a tree in order. Without recursion, because HTML may be nested to any depth."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html, is_fragment=True)
    adapt(tree, "text")
    pending: list[Any] = _children(tree.root) if tree.root else []  # a fragment's root stands for its first element
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
            continue
        before, has_content, after = _plain(node)
        yield before
        pending.append(after)
        if has_content:
            pending += _children(node)


def _children(node: Any) -> list[Any]:
    """Return the nodes within a node, the last one first."""
    return [*node.iter(include_text=True)][::-1]


def _plain(node: Any) -> tuple[str, bool, str]:
    """Return the text before an element's content, whether its content is shown, and the text after it."""
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

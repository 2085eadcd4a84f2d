"""Find active content in HTML: what runs, embeds a page, sends something, or changes what the page around it is.

It is looked for in the tree that a browser makes of what we write. An element that no browser had when this was written is
active content as well, once it has values to work with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

ACTIVE = {
    "script": "a script",
    "iframe": "a frame",
    "frame": "a frame",
    "fencedframe": "a frame",
    "portal": "a frame",
    "object": "an object",
    "embed": "an embedded object",
    "applet": "an applet",
    "base": "a base address",
    "meta": "a meta element",
    "link": "a link element",
    "template": "a template",
}
"""A template may become part of the page, as a shadow root, and would have to be read by rules of its own."""

SENDING = frozenset({"ping", "attributionsrc", "srcdoc", "browsingtopics", "sharedstoragewritable"})
"""Attributes that send something when a link is followed or a picture is shown, or hold a page."""

ANIMATIONS = frozenset({"animate", "set", "animatetransform", "animatemotion", "animatecolor"})


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN = (
    _names(
        "a abbr acronym address area article aside audio b basefont bdi bdo bgsound big blink blockquote body br button "
        "canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset "
        "figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i img input ins kbd label legend "
        "li listing main map mark marquee menu meter nav nobr noembed noframes noscript ol optgroup option output p param "
        "picture plaintext pre progress q rb rbc rp rt rtc ruby s samp search section select slot small source spacer span "
        "strike strong style sub summary sup table tbody td textarea tfoot th thead time title tr track tt u ul var video "
        "wbr xmp"
    )
    | ANIMATIONS
    | _names(
        "circle clippath defs desc ellipse feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix "
        "fediffuselighting fedisplacementmap fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr "
        "fegaussianblur feimage femerge femergenode femorphology feoffset fepointlight fespecularlighting fespotlight "
        "fetile feturbulence filter foreignobject g image line lineargradient marker mask metadata mpath path pattern "
        "polygon polyline radialgradient rect stop svg switch symbol text textpath tref tspan use view"
    )
    | _names(
        "annotation maction maligngroup malignmark math menclose merror mfenced mfrac mglyph mi mlabeledtr mlongdiv "
        "mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mscarries mscarry msgroup msline mspace "
        "msqrt msrow mstack mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"
    )
)
"""The elements of HTML, SVG and MathML that do nothing by themselves."""

_WORDS = _names("abbr alt alttext class content dir id label lang name placeholder role slot style summary title value")
"""Attributes that hold words and no address, as do those that begin with aria- and data-."""

_PICTURES = frozenset({"src", "srcset", "poster", "background"})
_SEPARATORS = {"values": ";", "srcset": ","}
_SCRIPT = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]")
"""Browsers pass over these in an address (URL standard, 4.4)."""

REMOVE = "Remove it, or describe it and link to it."


class Active(Struct, frozen=True):
    """Active content: the words to look for in the source, others in case those are written otherwise there.

    `near` are to be looked for first: they tell a frame from those of videos, which are no active content.
    """

    words: str
    message: str
    hint: str = REMOVE
    other: str = ""
    near: str = ""


def find_active(tag: str, attributes: Mapping[str, str | None], html: str = "") -> Iterator[Active]:
    """Yield the active content of one element; `html` is its own, if it is a <noscript>."""
    tag = tag.lower()
    if tag in ACTIVE:
        source = attributes.get("src")
        near = f'="{source[:60]}' if source and tag == "iframe" else ""
        yield Active(f"<{tag}", f"this text contains {ACTIVE[tag]} (<{tag}>)", near=near)
    elif tag not in KNOWN and not {"-", ":"} & {*tag} and any(map(_is_effective, attributes, attributes.values())):
        yield Active(f"<{tag}", f"this text contains an element that weekahead does not know (<{tag}>)")
    elif tag == "noscript" and html.lower().count("</noscript") > 1:  # a browser with scripting ends it at the first
        yield Active("<noscript", "this <noscript> contains another </noscript>, so that browsers differ on its end")
    for name, value in attributes.items():
        value = value or ""
        if name.lower().startswith("on"):
            yield Active(name, f'this text contains an event attribute ({name}="{value[:30]}")')
        elif name in SENDING:
            yield Active(name, f'this text contains the attribute {name}="{value[:30]}"', "Remove it.")
        elif tag == "use" and name.endswith("href") and not value.startswith("#"):
            yield Active(value[:20] or "<use", f'this <use> shows part of another file, "{value[:40]}"')
        elif tag in ANIMATIONS and name == "attributeName" and _is_risky(value):
            yield Active(value[:20], f'this animation changes the attribute "{value[:30]}"', "Remove it.")
        elif ":" in value and not _is_words(name):
            yield from _scripts(tag, name, value)


def _scripts(tag: str, name: str, value: str) -> Iterator[Active]:
    """Yield the addresses in a value that are scripts, or hold what they lead to. Pictures may be held in an address."""
    is_shown = name in _PICTURES or tag in ("image", "feimage")
    for address in value.split(_SEPARATORS[name]) if name in _SEPARATORS else (value,):
        bare = _IGNORED.sub("", address).lower()
        is_picture = bare.startswith("data:image/") and not bare.startswith("data:image/svg")
        if (found := _SCRIPT.match(bare)) and not (is_shown and is_picture):
            message = f'the address "{address[:40]}" is a script'
            yield Active(address[:20], message, "Link to a page or a file.", found[1])


def _is_words(name: str) -> bool:
    return name in _WORDS or name.startswith(("aria-", "data-"))


def _is_effective(name: str, value: str | None) -> bool:
    return bool(value) and not _is_words(name)


def _is_risky(name: str) -> bool:
    name = name.strip().lower()
    return name.endswith("href") or name.startswith("on")

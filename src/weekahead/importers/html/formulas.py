"""Formulas: their TeX, from whatever shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from weekahead.importers.html.document import HtmlDocument, ancestors, attribute, classes
from weekahead.importers.html.shapes import formula
from weekahead.importers.notes import PostNotes
from weekahead.model.addresses import split_address

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SCRIPT = re.compile(r"\s*math/tex(?:\s*;\s*mode\s*=\s*(display))?", re.IGNORECASE)
_SHOWN = ".MathJax, .MathJax_Display, .MathJax_Preview, .MathJax_SVG, mjx-container"
_STYLE = re.compile(r"\{\\(displaystyle|textstyle)\s*(.*)\}", re.DOTALL)


def bring_in_formulas(document: HtmlDocument, notes: PostNotes) -> None:
    """Put shapes in the place of what KaTeX, MathJax, MathML with its TeX, and pictures of formulas show."""
    scripts = [
        (script, found)
        for script in document.css("script[type]")
        if (found := _SCRIPT.match(attribute(script, "type")))
    ]
    if scripts:
        for shown in reversed(document.css(_SHOWN)):
            shown.decompose()
    for script, found in scripts:
        document.replace(script, formula(script.text().strip(), display=bool(found[1])))
    for selector in (".katex-display", ".katex", "math"):  # the outermost first: beside its TeX, each has looks
        for node in reversed(document.css(selector)):
            if tex := _tex_of(node):
                document.replace(node, formula(tex, display=_is_display(node)))
    for img in document.css("img"):
        if tex := _tex_of_picture(img):
            document.replace(img, formula(tex, display=False))


def _tex_of(node: LexborNode) -> str:
    source = node.css_first('annotation[encoding="application/x-tex"]')
    if source is not None:
        return _plain(source.text())
    return _plain(attribute(node, "alttext")) if node.tag == "math" else ""


def _plain(tex: str) -> str:
    found = _STYLE.fullmatch(tex.strip())
    return (found[2] if found else tex).strip()


def _is_display(node: LexborNode) -> bool:
    around = (node, *list(ancestors(node))[:3])
    return attribute(node, "display") == "block" or any("katex-display" in classes(above) for above in around)


def _tex_of_picture(img: LexborNode) -> str:
    """Return the TeX of a picture that a service made of it."""
    src = attribute(img, "src")
    if "latex.php?" in src or "chart?cht=tx" in src:
        query = parse_qs(split_address(src).query)
        return next((query[name][0] for name in ("latex", "chl") if name in query), "")
    return attribute(img, "alt") if classes(img) & {"latex", "tex", "mwe-math-fallback-image-inline"} else ""

"""Out of the tree: what runs, sends or is not shown. Each kind is counted, and what readers saw has a note of its own."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from weekahead.importers.html.document import HtmlDocument, attribute, is_blank, words
from weekahead.importers.notes import Outcome, PostNotes

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SILENT = "style, link, meta, base, title, template, head, colgroup, datalist"
"""Elements that no reader sees; what they do to others is looks."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def take_out_active(document: HtmlDocument, notes: PostNotes) -> None:
    """Take out scripts, forms, drawings and what is hidden."""
    _take_out_hidden(document, notes)
    for node in reversed(document.css(_SILENT)):
        node.decompose()
    counts: Counter[str] = Counter()
    for node in reversed(document.css("script, canvas, svg, map, portal, fencedframe, applet")):
        counts[node.tag or ""] += node.tag != "svg" or not is_blank(node.text())
        node.decompose()
    for tag, count in counts.items():
        if count:
            notes.add(Outcome.DROPPED, "active-content", f"left out <{tag}>, {count} time{'s'[: count > 1]}")
    _take_out_forms(document, notes)
    _remove_comments(document)


def _take_out_hidden(document: HtmlDocument, notes: PostNotes) -> None:
    for node in reversed(document.css("[hidden], [style]")):
        if "hidden" not in node.attributes and not _HIDDEN.search(attribute(node, "style")):
            continue
        if said := words(node)[:60]:
            notes.add(Outcome.DROPPED, "hidden-text", f'left out "{said}", which was hidden')
        node.decompose()


def _take_out_forms(document: HtmlDocument, notes: PostNotes) -> None:
    for node in reversed(document.css("form")):
        said = words(node)[:60]
        shown = f' ("{said}")' if said else ""
        notes.add(Outcome.DROPPED, "form", f"left out a form{shown}, which would send something")
        node.decompose()
    for node in reversed(document.css("input, select, textarea, button")):
        if node.tag == "input" and attribute(node, "type") == "checkbox" and _is_task(node):
            continue
        if said := words(node)[:60] or attribute(node, "value")[:60]:
            notes.add(Outcome.DROPPED, "form", f'left out the field or button "{said}"')
        node.decompose()


def _is_task(box: LexborNode) -> bool:
    node = box.parent
    return node is not None and (node.tag == "li" or (node.tag in ("p", "label") and _is_task(node)))


def _remove_comments(document: HtmlDocument) -> None:
    for node in list(document.body.traverse(include_text=True)):
        if node.is_comment_node:
            node.decompose()

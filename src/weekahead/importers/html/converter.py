"""The HTML of a post becomes Markdown: passes over its tree, then html-to-markdown, with our own marks escaped."""

from __future__ import annotations

from collections.abc import Sequence

from weekahead.importers.converted import ConvertedText
from weekahead.importers.html.document import HtmlDocument, inner
from weekahead.importers.notes import PostNotes
from weekahead.importers.platforms.platform import HtmlPass


def convert_html(html: str, passes: Sequence[HtmlPass], notes: PostNotes) -> ConvertedText:
    """Return a text as our Markdown; `passes` are those of its platform, which come before the shared ones."""
    document = HtmlDocument(html)
    for change in passes:
        change(document, notes)
    cleaned = inner(document.body)
    return ConvertedText(markdown=cleaned, html=cleaned)

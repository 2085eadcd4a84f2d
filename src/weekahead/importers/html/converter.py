"""The HTML of a post becomes Markdown: passes over its tree, then html-to-markdown, with our own marks escaped."""

from __future__ import annotations

from collections.abc import Sequence

from weekahead.importers.converted import ConvertedText
from weekahead.importers.html.cleaning import take_out_active
from weekahead.importers.html.document import HtmlDocument, inner
from weekahead.importers.html.embeds import show_embeds
from weekahead.importers.html.footnotes import gather_footnotes, number_footnotes
from weekahead.importers.html.formulas import bring_in_formulas
from weekahead.importers.html.holding import Holder
from weekahead.importers.html.links import clean_links
from weekahead.importers.html.pictures import clean_pictures, unlink_pictures
from weekahead.importers.html.placeholders import PLANE
from weekahead.importers.html.structure import flatten_deep, keep_targets, plain_structure
from weekahead.importers.html.tables import mark_layout_tables
from weekahead.importers.html.writer import Writer
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.platform import HtmlPass

SHARED_PASSES: tuple[HtmlPass, ...] = (
    bring_in_formulas,
    show_embeds,
    take_out_active,
    clean_links,
    clean_pictures,
    unlink_pictures,
    mark_layout_tables,
    gather_footnotes,
    number_footnotes,
    keep_targets,
    plain_structure,
)


def convert_html(html: str, passes: Sequence[HtmlPass], notes: PostNotes) -> ConvertedText:
    """Return a text as our Markdown; `passes` are those of its platform, which come before the shared ones.

    Raise BuildError if html-to-markdown is not installed.
    """
    document = HtmlDocument(flatten_deep(PLANE.sub("\ufffd", html), notes))
    for change in (*passes, *SHARED_PASSES):
        change(document, notes)
    cleaned = inner(document.body)
    writer = Writer()
    holder = Holder(document, writer, notes)
    holder.hold_all()
    text = writer.blocks(inner(document.body))
    if writer.has_flattened:
        notes.add(Outcome.CHANGED, "deep-list", "lists or quotations that were nested very deep are less deep now")
    parts = [text, *(holder.footnotes[number] for number in sorted(holder.footnotes))]
    markdown = "\n\n".join(part for part in parts if part)
    return ConvertedText(markdown=f"{markdown}\n" if markdown else "", html=cleaned, maths=writer.maths)

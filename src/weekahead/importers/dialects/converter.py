"""A post's Markdown, in whatever dialect its system has, becomes Markdown of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from weekahead.importers.converted import ConvertedText
from weekahead.importers.dialects.boxes import close_boxes
from weekahead.importers.dialects.formulas import has_formulas, settle_formulas
from weekahead.importers.dialects.marks import escape_kinds, summary_marks
from weekahead.importers.dialects.pandoc import fence_attributes
from weekahead.importers.dialects.pieces import markdown_of, shown_of, without_marks
from weekahead.importers.dialects.raw_html import refuse_active
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.markdown import renderer
from weekahead.markdown.options import TextOptions

SHARED: tuple[MarkdownPass, ...] = (escape_kinds, refuse_active, summary_marks, fence_attributes, close_boxes)
"""The passes that every dialect needs, behind its own."""


def convert_markdown(text: str, passes: Sequence[MarkdownPass], notes: PostNotes) -> ConvertedText:
    """Return a text of another system as our Markdown. `passes` are those of its dialect, in order.

    Its HTML is made of the source as the old system showed it: what a pass left out is not in it, and an embed is there as
    plain HTML, whatever it became in our Markdown.
    """
    text = without_marks(text)
    for rewrite in (*passes, *SHARED):
        text = rewrite(text, notes)
    maths = has_formulas(markdown_of(text))
    if maths:
        text = settle_formulas(text)
        notes.add(Outcome.CHANGED, "maths", "the text has formulas: its issue has maths: true")
    markdown, shown = _trimmed(markdown_of(text)), _trimmed(shown_of(text))
    rendered = renderer.convert(shown, options=TextOptions(maths=maths))
    return ConvertedText(markdown=markdown, html=renderer.place(rendered, {}, say=_say_nothing), maths=maths)


def _say_nothing(key: str, **values: object) -> str:
    """Return no words for our own labels."""
    return ""


def _trimmed(text: str) -> str:
    """Return a text without empty lines at its beginning, and with one line end behind it."""
    text = re.sub(r"\A(?:[ \t]*\n)+", "", text).rstrip()
    return f"{text}\n" if text else ""

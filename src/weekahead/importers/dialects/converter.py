"""A post's Markdown, in whatever dialect its system has, becomes Markdown of ours."""

from __future__ import annotations

from collections.abc import Sequence

from weekahead.importers.converted import ConvertedText
from weekahead.importers.notes import PostNotes
from weekahead.importers.platforms.platform import MarkdownPass
from weekahead.markdown import renderer


def convert_markdown(text: str, passes: Sequence[MarkdownPass], notes: PostNotes) -> ConvertedText:
    """Return a text of another system as our Markdown. `passes` are those of its dialect, in order."""
    for rewrite in passes:
        text = rewrite(text, notes)
    return ConvertedText(markdown=text, html=renderer.place(renderer.convert(text), {}))

"""Two judges of what a text means: GitHub's own converter, and one that follows a newer version of CommonMark."""

from __future__ import annotations

from cmarkgfm import cmark
from markdown_it import MarkdownIt

_EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]
_COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def html(text: str) -> str:
    """Return the HTML of a text by cmark-gfm: raw HTML passes, footnotes are off."""
    return str(cmark.markdown_to_html_with_extensions(text, cmark.Options.CMARK_OPT_UNSAFE, _EXTENSIONS))


def newer(text: str) -> str:
    """Return the HTML of a text by markdown-it, which links no bare address and has no tasks."""
    return str(_COMMONMARK.render(text))

"""GitHub's own converter, as a judge: cmark-gfm, and what it makes of a text."""

from __future__ import annotations

from cmarkgfm import cmark

_EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]


def html(text: str) -> str:
    """Return the HTML of a text by GFM: raw HTML passes, footnotes are off."""
    return str(cmark.markdown_to_html_with_extensions(text, cmark.Options.CMARK_OPT_UNSAFE, _EXTENSIONS))

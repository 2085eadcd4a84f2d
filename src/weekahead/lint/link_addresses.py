"""Where the addresses of a Markdown text are, for what rewrites them."""

from __future__ import annotations

from collections.abc import Iterator

from weekahead.lint.scanned_markdown import LinkSpan
from weekahead.lint.scanner import scan_markdown


def written_links(text: str, *, maths: bool) -> Iterator[LinkSpan]:
    """Yield the links of a text whose addresses stand in it as they are written, in order, each address once.

    Of a reference, the line that gives it its address is yielded.
    """
    spans = {link.address_span: link for link in scan_markdown(text, maths=maths).links if link.kind != "reference"}
    for span, link in sorted(spans.items()):
        if text[slice(*span)] == link.address:
            yield link

"""All addresses of a text: those of its links and pictures, and those of raw HTML that the linter has no use for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.link_addresses import written_links
from weekahead.lint.scanned_markdown import LinkSpan
from weekahead.lint.scanner import scan_markdown

_ATTRIBUTE = re.compile(r"""(?i)\s(?:src|poster|href|data)\s*=\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)')""")
_SRCSET = re.compile(r"""(?i)\s(?:srcset|sizes)\s*=\s*(?:"[^"]*"|'[^']*')""")
_MARK = re.compile(r"(?i)\s(?:src|poster|srcset|data)\s*=")


def addresses_of(markdown: str, *, maths: bool) -> list[LinkSpan]:
    """Return the links, pictures and other addresses of a text, in order, each place once."""
    links = {link.address_span: link for link in written_links(markdown, maths=maths)}
    if _MARK.search(markdown):
        for link in _in_tags(markdown, maths=maths):
            links.setdefault(link.address_span, link)
    return [links[span] for span in sorted(links)]


def _in_tags(markdown: str, *, maths: bool) -> Iterator[LinkSpan]:
    """Yield the addresses in the tags of videos, recordings and the like."""
    for tag in scan_markdown(markdown, maths=maths).tags:
        for match in _ATTRIBUTE.finditer(markdown, tag.start, tag.end):
            name = "a" if match["a"] is not None else "b"
            words = markdown[tag.start : tag.end]
            yield LinkSpan(
                "html", match[name], words, tag.start, tag.end, match.span(name), tag.name.lower() in ("img", "video")
            )


def without_other_sizes(markdown: str, *, maths: bool) -> tuple[str, int]:
    """Return a text whose pictures name one file each, and how many named more: the others are sizes that the old site made."""
    if not re.search("(?i)srcset", markdown):
        return markdown, 0
    count = 0
    for tag in sorted(scan_markdown(markdown, maths=maths).tags, key=lambda tag: -tag.start):
        words, found = _SRCSET.subn("", markdown[tag.start : tag.end])
        if found and "srcset" in markdown[tag.start : tag.end].lower():
            markdown, count = markdown[: tag.start] + words + markdown[tag.end :], count + 1
    return markdown, count

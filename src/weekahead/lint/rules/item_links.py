"""The rule about links that are given twice in one text, and the links that list items begin with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator

from msgspec import Struct

from weekahead.lint.rules.links import normalize_address
from weekahead.lint.rules.registry import NOTE, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt
from weekahead.lint.scanned_markdown import Item, LinkSpan, ScannedMarkdown
from weekahead.model.marks import plain_marks

_PROJECT_HOST = re.compile(
    r"(?i)https?://(?:www\.)?(?:github|gitlab|codeberg|crates\.io|docs\.rs|npmjs|pypi|hackage|hex|rubygems|cran\.r-project)\b"
)
_TRACKED = re.compile(r"/(?:pull|pulls|issues|commit|merge_requests|releases|compare|browse)/")
"""Parts of the addresses of changes and bugs, of which several things can be told."""


def is_single_page(address: str) -> bool:
    """Return whether an address is of one page elsewhere, and not of a site, a person or a project as a whole."""
    if not re.match(r"(?i)https?://", address) or "/search" in address or "/labels/" in address:
        return False
    path = re.sub(r"(?i)^https?://[^/]*", "", address).rstrip("/")
    return path.count("/") >= (3 if _PROJECT_HOST.match(address) else 2) or (path.count("/") == 1 and len(path) > 24)


_IS_WEB = re.compile(r"(?i)https?://|//|www\.")


class _ItemLink(Struct, frozen=True):
    """The first link of a list item, the words of the item up to an empty line, and the number of the heading above it."""

    link: LinkSpan
    words: str
    section: int
    parent: int
    """Where the item begins that its list is in; -1 if it is in none."""
    begins: bool
    """Whether an item of an outermost list begins with it, without a date."""


@text_rule("duplicate-link", NOTE)
def check_duplicate_links(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield list items with the same link and words as an earlier one, or with the same page: an item was pasted twice."""
    by_address: dict[str, list[tuple[Item, LinkSpan]]] = defaultdict(list)
    for item, link in _first_links(text):
        if _IS_WEB.match(link.address) and "\n\n" not in text.text[item.start : link.start]:
            by_address[normalize_address(link.address)].append((item, link))
    repeated = [[_item_link(text, item, link) for item, link in uses] for uses in by_address.values() if len(uses) > 1]
    summaries = _summaries(text, repeated) if repeated else set()
    for uses in repeated:
        for index, use in enumerate(uses):
            first = next((other for other in uses[:index] if _is_repetition(other, use, summaries)), None)
            if first:
                line = text.position(first.link.start)[0] + facts.lines_above
                message = f"the link to {excerpt(use.link.address, 80)} is already in line {line}"
                yield use.link.start, message, "Remove one, or check whether one has the wrong address."


def _is_repetition(first: _ItemLink, second: _ItemLink, summaries: Container[int]) -> bool:
    """Return whether an item has been pasted twice, or one of two has the other's address."""
    is_apart = (first.section, first.parent) != (second.section, second.parent)
    is_page = is_single_page(second.link.address)
    is_nested = max(first.parent, second.parent) >= 0
    if first.section != second.section and (is_nested or first.section in summaries):
        return False
    if first.words == second.words:
        is_listed_twice = is_apart and _DATED.match(second.words)  # an event, under two towns or kinds
        return not is_listed_twice and (is_page or not is_apart or second.words.count(" ") > 1)
    if not (first.begins and second.begins and is_page):
        return False
    if plain_marks(first.link.text) == plain_marks(second.link.text):
        return True
    return not is_apart and not _TRACKED.search(second.link.address)


_SUMMARY = re.compile(
    r"(?i)\W*(?:highlights?|featured|top|at a glance|in (?:brief|short)|in this (?:issue|letter)|tl;?dr|contents|summary|editor['’]?s?)\b"
)


def _summaries(text: ScannedMarkdown, repeated: list[list[_ItemLink]]) -> set[int]:
    """Return the sections that only repeat what is below them: by their name, or because two of their items return apart."""
    later: dict[int, set[int]] = defaultdict(set)
    for uses in repeated:
        later[uses[0].section] |= {use.section for use in uses[1:] if use.section != uses[0].section}
    named = {number for number, heading in enumerate(text.headings, 1) if _SUMMARY.match(heading.title)}
    return named | {section for section, others in later.items() if len(others) > 1}


_MARKER = re.compile(r"[ \t>]*(?:[-+*]|\d+[.)])[ \t]+")


def _item_link(text: ScannedMarkdown, item: Item, link: LinkSpan) -> _ItemLink:
    following = (other.start for other in text.items if other.start > item.start and other.depth <= item.depth)
    words = text.prose[item.start : min(following, default=len(text.text))].partition("\n\n")[0]
    section = sum(heading.start <= link.start for heading in text.headings)
    above = (other.start for other in text.items if other.start < item.start and other.depth < item.depth)
    begins = not item.depth and _begins(text, item, link)
    return _ItemLink(link, plain_marks(_MARKER.sub("", words, count=1)), section, max(above, default=-1), begins)


def _first_links(text: ScannedMarkdown) -> Iterator[tuple[Item, LinkSpan]]:
    """Yield the items that have a link in them, and the first one."""
    links = [link for link in text.links if link.kind != "definition" and not link.is_picture]
    index = 0
    for number, item in enumerate(text.items):
        end = text.items[number + 1].start if number + 1 < len(text.items) else len(text.text)
        while index < len(links) and links[index].start < item.start:
            index += 1
        if index < len(links) and links[index].start < end:
            yield item, links[index]


_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATED = re.compile(rf"[\s\W]*(?:\d{{1,2}}/\d|\d{{4}}-\d\d|(?:\d{{1,2}}\.?\s+)?{_MONTH}\b)")


def _begins(text: ScannedMarkdown, item: Item, link: LinkSpan) -> bool:
    """Return whether an item begins with a link, and not with a date: events may well share a page."""
    before = text.prose[item.start : link.start].strip(" \t-+*0123456789.)[]")
    return not before and not _DATED.match(link.text)


def list_item_links(text: ScannedMarkdown) -> Iterator[LinkSpan]:
    """Yield the link that an item of an outermost list begins with, if it leads to a page elsewhere."""
    for item, link in _first_links(text):
        if not item.depth and is_single_page(link.address) and _begins(text, item, link):
            yield link

"""Ask Crossref for the DOIs of references that have none; only with `check --external-links`. Nothing is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote_plus

from weekahead.lint.rules.references import NO_DOI
from weekahead.model.findings import Finding, Location
from weekahead.references.library import Work

SERVICE = "https://api.crossref.org/works?rows=3&select=DOI,title,author,issued&query.bibliographic="
KINDS = frozenset(["article-journal", "paper-conference", "chapter", "book"])
"""The types of works that mostly have a DOI."""
ALIKE = 0.92
"""How alike two titles of one work are at least, from 0 to 1."""


def propose_dois(works: Iterable[Work], ask: Callable[[str], bytes | None]) -> Iterator[Finding]:
    """Yield a note for each work without a DOI for which the service has one of that title, year and first author.

    `ask` returns the answer to a request, or None.
    """
    for work in works:
        item = work.item
        if item.get("DOI") or item.get("type") not in KINDS or not item.get("title") or not _family(item):
            continue
        doi = _match(work, ask(SERVICE + quote_plus(f"{_plain(item['title'])} {_family(item)}")))
        if doi:
            message = f'crossref.org has a DOI for "{work.key}": {doi}'
            hint = f"If https://doi.org/{doi} is this work, add it: doi = {{{doi}}},"
            yield Finding(Location(work.file, work.line), NO_DOI.name, message, hint, NO_DOI.severity)


def _match(work: Work, answer: bytes | None) -> str:
    """Return the DOI of the work in an answer that is the same; "" if none is."""
    try:
        found = json.loads(answer or b"")["message"]["items"]
    except (ValueError, KeyError, TypeError):
        return ""
    for other in found if isinstance(found, list) else []:
        if isinstance(other, dict) and _is_same(work.item, other):
            return str(other.get("DOI", ""))
    return ""


def _is_same(item: dict[str, Any], other: dict[str, Any]) -> bool:
    titles = other.get("title") or [""]
    alike = SequenceMatcher(None, _folded(item["title"]), _folded(str(titles[0])), autojunk=False).ratio()
    years = _year(item), _year(other)
    same_year = None in years or abs((years[0] or 0) - (years[1] or 0)) <= 1
    return alike >= ALIKE and same_year and _folded(_family(item)) == _folded(_family(other))


def _family(item: dict[str, Any]) -> str:
    names = item.get("author") or item.get("editor") or []
    return str(names[0].get("family", "")) if names and isinstance(names[0], dict) else ""


def _year(item: dict[str, Any]) -> int | None:
    try:
        return int(item["issued"]["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _plain(title: str) -> str:
    return re.sub(r"<[^>]*>", "", str(title))


def _folded(words: str) -> str:
    return re.sub(r"\W+", " ", _plain(words)).casefold().strip()

"""What the archive's search knows: a file for each year with the words of its issues, which the page asks for when a
reader begins to type.

A year is the unit because an edit then changes one file, and what is made of an issue depends on that issue alone. Words
are found as parts of words, so that no language needs a stemmer, nor one that writes without spaces a dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

import msgspec

from weekahead.model.findings import Location
from weekahead.model.output import Mould, Output, WriteOrder
from weekahead.site.html_text import words_in
from weekahead.site.pages import RenderContext, search_path
from weekahead.site.published import PublishedIssue


def searches(desk: RenderContext) -> Iterator[Output]:
    """The files of the search: `search/2026.json`, a map from the address of each issue to its words."""
    if not desk.public.config.search:
        return
    head, language = desk.public.config, desk.texts.language
    mould, where = Mould(letter=[head.url, language], code=desk.revision), Location(head.file, 1)
    for year, found in groupby(desk.public.issues, key=lambda place: place.day.year):
        issues = tuple(found)
        made_from = {"issues": "\n".join(f"{place.path} {' '.join(_digests(place))}" for place in issues)}
        yield mould.output(search_path(year), where, WriteOrder.FEED, partial(_known, desk, issues), made_from)


def _digests(place: PublishedIssue) -> Iterable[str]:
    return (text.digest for text in place.texts)


def _known(desk: RenderContext, issues: Iterable[PublishedIssue]) -> bytes:
    known = {}
    for place in issues:
        texts = " ".join(words_in(desk.texts.html(desk.texts.unplaced(text))) for text in place.texts)
        known[desk.address(place.path)] = " ".join(distinct(texts))
    return msgspec.json.encode(known) + b"\n"


def distinct(text: str) -> list[str]:
    """The different words of a text in order, in small letters and without accents, as find.js reads what is typed.

    One that is the beginning of the next is left out, for the next holds it.
    """
    plain = text.lower()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in apart if not unicodedata.category(letter).startswith("M"))
    found = sorted(set(re.findall(r"\w+", plain)))
    return [word for word, after in zip(found, [*found[1:], ""], strict=False) if not after.startswith(word)]

"""The number in a title: "Week 87: MLOps", "#87", "Issue No. 5", "Ep. 3", "Tides (no. 7)"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

_WORDS = (
    "week|issue|edition|episode|ep|no|nr|num|number|letter|newsletter|volume|vol|ausgabe|folge|woche|"
    "numéro|número|numero|n°|nº|edición|edição|édition|edizione|nummer"
)
_SIGN = re.compile(
    rf"(?:(?<!\w)(?P<label>{_WORDS})\.?(?:\s*(?:no|nr|number|n°|nº)\b\.?)?[\s:]*#?\s*|(?<![\w&])(?P<hash>#)\s*)"
    r"(?P<number>[0-9]{1,5})(?![0-9]|[.,/][0-9]|\s*(?:/|of)\s*[0-9]|(?:st|nd|rd|th|%)\b)",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"第\s*(?P<number>[0-9]{1,5})\s*[期号集周](?P<label>)")
_BARE = re.compile(r"(?P<number>[0-9]{1,4})(?P<label>)\s*(?:[:.)|–—-]\s)\s*(?=\S)")
_PLAIN = re.compile(r"(?<![\w.,/#-])(?P<number>[0-9]{1,5})(?=\s*(?:[:.|–—]\s|-\s|$))")
_BETWEEN = " \t:.,;|·•–—-"


class TitleNumber(Struct, frozen=True):
    """A number found in a title: the words around it that other titles share, and the title without them."""

    number: int
    form: tuple[str, ...]
    title: str


def numbers_in(title: str) -> Iterator[TitleNumber]:
    """Yield each way in which a title may have its number."""
    for match in (*_SIGN.finditer(title), *_CHINESE.finditer(title)):
        before, after = title[: match.start()], title[match.end() :]
        number, label = int(match["number"]), (match["label"] or "#").lower()
        rest = after.lstrip(")]").strip(_BETWEEN)
        yield TitleNumber(number, ("before", before.strip("([ ").lower(), label), rest)
        if before.strip("([ ") and not after.strip(")] "):
            yield TitleNumber(number, ("after", label), before.rstrip("([ ").strip(_BETWEEN))
    for match in _PLAIN.finditer(title):  # "This Week in Rust 301": the same words before, whatever they are
        before, number = title[: match.start()].strip(_BETWEEN), int(match["number"])
        if re.search(r"[^\W\d_]", before) and not 1900 <= number < 2100:
            yield TitleNumber(number, ("words", before.lower()), title[match.end() :].strip(_BETWEEN))
    if (bare := _BARE.match(title)) and not 1900 <= int(bare["number"]) < 2100:
        yield TitleNumber(int(bare["number"]), ("bare",), title[bare.end() :].strip(_BETWEEN))


def common_form(titles: Sequence[str]) -> tuple[str, ...] | None:
    """Return the form in which more than half of the titles, which are in the order of days, have a number that mostly grows."""
    forms = Counter(form for title in titles for form in {found.form for found in numbers_in(title)})
    for form, count in forms.most_common(3):
        if 2 * count <= len(titles):
            return None
        numbers = [found.number for title in titles if (found := number_of(title, form))]
        falls = sum(after <= before for before, after in pairwise(numbers))
        if len(numbers) == 1 or (falls <= max(1, len(numbers) // 4) and len({*numbers}) > 1):
            return form
    return None


def number_of(title: str, form: tuple[str, ...]) -> TitleNumber | None:
    """Return the number that a title has in a form."""
    return next((found for found in numbers_in(title) if found.form == form), None)

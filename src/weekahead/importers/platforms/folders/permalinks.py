"""Old addresses of posts, made of the patterns in the settings of their generators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}


class Address(Struct, frozen=True, kw_only=True):
    """What an address is made of."""

    slug: str
    stem: str
    """The name of the file without its ending."""
    when: datetime | date | None = None
    title: str = ""
    folders: Sequence[str] = ()
    """The sections or categories that it is in, from the outermost."""
    collection: str = ""


def from_tokens(pattern: str, address: Address) -> str:
    """Return the path for a pattern such as "/:year/:month/:slug/"; nothing where it needs a date that there is none of."""
    words = {
        "title": address.slug,
        "slug": address.slug,
        "name": address.stem,
        "filename": address.stem,
        "contentbasename": address.stem,
        "slugorfilename": address.slug,
        "slugorcontentbasename": address.slug,
        "categories": "/".join(address.folders),
        "sections": "/".join(address.folders),
        "section": next(iter(address.folders), ""),
        "collection": address.collection,
        "path": "/".join((*address.folders, address.stem)),
        "output_ext": ".html",
    }
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name = match[1]
        if name in words:
            return words[name]
        if name in _DATES and address.when is not None:
            return _dated(name, address.when)
        missing = True
        return ""

    path = re.sub(r":([a-z_]+)", value, pattern)
    return "" if missing else re.sub("/{2,}", "/", f"/{path}")


_DATES = {
    "year": "%Y", "short_year": "%y", "month": "%m", "short_month": "%b", "long_month": "%B", "monthname": "%B",
    "day": "%d", "y_day": "%j", "yearday": "%j", "week": "%V", "short_day": "%a", "weekdayname": "%A", "hour": "%H",
    "minute": "%M", "second": "%S", "i_month": "%m", "i_day": "%d",
}  # fmt: skip


def _dated(name: str, when: datetime | date) -> str:
    shown = when.strftime(_DATES[name])
    if name in ("monthname",):
        return shown.lower()
    return shown.lstrip("0") if name in ("i_month", "i_day", "yearday") else shown


def from_format(pattern: str, address: Address) -> str:
    """Return the path for a pattern of Pelican such as "{date:%Y}/{slug}.html"; nothing where it needs what there is none of."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name, form = match[1], match[2]
        if name == "date" and address.when is not None and form:
            return address.when.strftime(form)
        words = {"slug": address.slug, "category": next(iter(address.folders), ""), "filename": address.stem}.get(
            name, ""
        )
        missing = missing or not words
        return words

    path = re.sub(r"\{(\w+)(?::([^}]*))?\}", value, pattern)
    return "" if missing else re.sub("/{2,}", "/", f"/{path}")

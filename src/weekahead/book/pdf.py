"""HTML to PDF, by WeasyPrint: the only module that imports it. It is an extra, and needs Pango from the system."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from weekahead.book.fonts import Fonts, environment, shut_in
from weekahead.model.book import BookLimits
from weekahead.runtime.cpu_limit import CpuLimitExceeded, cpu_limit
from weekahead.site.output import PageNotice

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

BASE = "http://book.invalid/"
"""Begins the addresses of pictures while a PDF is made. Nothing is ever asked for there, or anywhere else."""


class TooLarge(Exception):
    """A book would take more than it may; the words say of what."""


@cache
def engine() -> str:
    """Return the versions of all that sets a page, for fingerprints; empty where WeasyPrint or Pango is missing."""
    if find_spec("weasyprint") is None or find_spec("ziamath") is None:
        return ""
    from importlib.metadata import version

    found = ctypes.util.find_library("pango-1.0")
    if not found or not ctypes.util.find_library("fontconfig"):
        return ""
    pango = ctypes.CDLL(found)
    pango.pango_version_string.restype = ctypes.c_char_p
    return f"WeasyPrint {version('weasyprint')}, Pango {pango.pango_version_string().decode()}"


def what_is_missing() -> str:
    """Return how to install what is not there."""
    if find_spec("weasyprint") is None or find_spec("ziamath") is None:
        return "Run: pip install 'weekahead[book]', or leave pdf out of its formats."
    return "WeasyPrint needs Pango from the system: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."


def html_to_pdf(
    html: str,
    fonts: Fonts,
    day: date,
    pictures: Mapping[str, bytes],
    limits: BookLimits,
    notice: PageNotice = lambda page: None,
) -> bytes:
    """Return HTML as a tagged PDF, the same bytes for the same fonts and versions. Raise TooLarge.

    `pictures` are those of the HTML, by their names.
    """
    epoch = str(max(0, int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())))
    with environment(SOURCE_DATE_EPOCH=epoch), shut_in(fonts), _counted_pages(limits.pages, notice):
        from weasyprint import HTML

        try:
            with cpu_limit(limits.seconds):
                document = HTML(string=html, base_url=BASE, url_fetcher=_fetcher(pictures))
                made = document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
        except CpuLimitExceeded:
            raise TooLarge(f"{limits.seconds} seconds of the processor") from None
    assert isinstance(made, bytes), "without a target the PDF is returned"
    return made


@contextmanager
def _counted_pages(most: int, notice: PageNotice) -> Iterator[None]:
    """Count the pages that are set by what WeasyPrint says of its progress. Raise TooLarge from within the block."""

    class Counter(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.args, tuple) and "Page %d" in record.msg:
                page = record.args[0]
                assert isinstance(page, int), "WeasyPrint numbers its pages"
                notice(page)
                if page > most:
                    raise TooLarge(f"{most} pages")

    progress, complaints, counter = logging.getLogger("weasyprint.progress"), logging.getLogger("weasyprint"), Counter()
    before = progress.level, complaints.level, progress.propagate
    progress.addHandler(counter)
    progress.setLevel(logging.INFO)
    complaints.setLevel(logging.CRITICAL)
    progress.propagate = False
    try:
        yield
    finally:
        progress.removeHandler(counter)
        progress.setLevel(before[0])
        complaints.setLevel(before[1])
        progress.propagate = before[2]


def _fetcher(pictures: Mapping[str, bytes]) -> Any:
    """Return what gives WeasyPrint the pictures of a book, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Pictures(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url)
            if not url.startswith(BASE):
                raise FatalURLFetchingError(f"a book has no {url[:100]}")
            return URLFetcherResponse(url, pictures[url.removeprefix(BASE)])

    return Pictures(allowed_protocols=["data"])

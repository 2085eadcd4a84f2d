"""What search engines read: sitemap.xml and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from html import escape

from weekahead.site.context import RenderContext
from weekahead.site.groups import author_path, series_path
from weekahead.site.listings import TAGS
from weekahead.site.output import Output


def search_engine_files(context: RenderContext) -> Iterator[Output]:
    """Yield the sitemap and robots.txt."""
    yield Output(path="sitemap.xml", context=lambda: list(_addresses(context)), render=_sitemap)
    yield Output(
        path="robots.txt",
        context=partial(context.absolute, "sitemap.xml"),
        render=lambda address: f"User-agent: *\nAllow: /\n\nSitemap: {address}\n".encode(),
    )


def _addresses(context: RenderContext) -> Iterator[tuple[str, datetime | None]]:
    """Yield every page that search engines may list, and when it last changed."""
    files = context.files
    newest = context.published_at(files[0]) if files else None
    for path in ("", "archive/", "next/"):
        yield context.absolute(path), newest
    for name in context.series_names:
        yield context.absolute(series_path(name)), context.published_at(context.series(name)[-1])
    for name in context.book_names:
        yield (
            context.absolute(context.book(name).path),
            max(context.updated_at(file) for file in context.book_files(name)),
        )
    if context.tag_slugs:
        yield context.absolute(TAGS), newest
    for slug in context.tag_slugs:
        yield context.absolute(f"tags/{slug}/"), context.published_at(context.tagged(slug)[0])
    for name in context.author_names:
        yield context.absolute(author_path(name)), context.published_at(context.written_by(name)[0])
    for path in context.page_paths:
        yield context.absolute(path), None
    for file in files:
        card = context.card(file)
        if card.mark is None:
            yield context.absolute(card.path), context.updated_at(file)


def _sitemap(rows: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Return a sitemap (sitemaps.org protocol 0.9) of addresses and the instants at which they last changed."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, changed in rows:
        when = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        lines.append(f"  <url><loc>{escape(address)}</loc>{when}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()

"""Export a letter as pages to paste into an editor that reads no file, such as Substack's.

A table is there as a picture and as a list of its rows, for such editors drop tables. Pictures lie beside a page.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from weekahead.exporters.issue_html import inner_html, issue_html, node_of
from weekahead.exporters.site_source import Export, ExportSource, export_source, made_file, write_folder
from weekahead.exporters.table_picture import draw_table
from weekahead.exporters.tables import Grid, read_table
from weekahead.site.output import CopiedFile
from weekahead.site.published import Place, PublishedIssue
from weekahead.theme.colors import by_day


def export_html(root: Path, target: Path, *, as_of: str | None = None, drafts: bool = False) -> Export:
    """Export each issue and page as a page to paste, and a list of them. Raise BuildError, with nothing written, on errors."""
    with export_source(root, target, as_of=as_of, drafts=drafts) as source:
        return write_folder(source, target, _files(source))


def _files(source: ExportSource) -> Iterator[CopiedFile]:
    places, shown = source.site.view.places, set[str]()
    for place in places:
        yield from _page(source, place, shown)
    yield from (file for file in source.files if file.path in shown)
    lines = "".join(map(_line, places))
    config = source.context.config
    page = _whole(config.title, source.context.translator.direction, config.language, f"<ul>\n{lines}</ul>")
    yield made_file("index.html", page, "letter.yaml")


def _line(place: Place) -> str:
    is_issue = isinstance(place, PublishedIssue)
    title = place.issue.title if isinstance(place, PublishedIssue) else place.page.title
    about = [place.label, place.day.isoformat()] if isinstance(place, PublishedIssue) and not place.is_undated else []
    words = " · ".join(map(escape, [*about, *([place.mark] if place.mark else [])]))
    return f'<li><a href="{quote(_path(place))}">{escape(title)}</a>{" · " * bool(words and is_issue)}{words}</li>\n'


def _path(place: Place) -> str:
    return place.path + "index.html" if place.path.endswith("/") else place.path


def _page(source: ExportSource, place: Place, shown: set[str]) -> Iterator[CopiedFile]:
    """Yield the page of an issue, and the pictures of its tables. `shown` gains the files that are pictures in it."""
    context = source.context
    folder, home = posixpath.dirname(_path(place)), context.absolute("")

    def picture(path: str) -> str:
        """Return an address beside the page for a picture of the letter."""
        shown.add(unquote(path))
        return quote(posixpath.relpath(unquote(path), folder or "."))

    tree = issue_html(source, place, lambda path: home + path, picture, cover=True)
    for number, table in enumerate(tree.css("table"), 1):
        grid = read_table(table)
        drawn = draw_table(grid, by_day(context.config.theme.light))
        name = f"{folder}/weekahead-table-{number}.png".lstrip("/")
        if drawn:
            yield made_file(name, drawn[0], place.source.file)
        _replace(table, grid, (posixpath.basename(name), *drawn[1:]) if drawn else None)
    yield made_file(_path(place), _document(source, place, tree), place.source.file)


def _replace(table: LexborNode, grid: Grid, picture: tuple[str, int, int] | None) -> None:
    """Put a picture and a list in place of a table."""
    caption = f"<p><strong>{escape(grid.caption)}</strong></p>" if grid.caption else ""
    alt = escape(grid.caption or " · ".join(filter(None, grid.head)))
    shown = f'<p><img src="{picture[0]}" alt="{alt}" width="{picture[1]}" height="{picture[2]}"></p>' if picture else ""
    rows = "".join(f"<li>{_row(grid, row)}</li>\n" for row in grid.rows)
    table.replace_with(node_of(f"<div>{caption}\n{shown}\n<ul>\n{rows}</ul></div>"))


def _row(grid: Grid, row: tuple[str, ...]) -> str:
    """Return a row as words: its name, and each cell with the name of its column."""
    name, *cells = (escape(cell, quote=False) for cell in row)
    heads = [escape(head, quote=False) for head in grid.head[1:]]
    said = [f"{head}: {cell}" if head else cell for head, cell in zip(heads, cells, strict=True) if cell]
    return " · ".join(filter(None, [f"<strong>{name}</strong>" if name else "", *said]))


def _document(source: ExportSource, place: Place, tree: LexborHTMLParser) -> bytes:
    context = source.context
    language, way = context.config.language, context.translator.direction
    if isinstance(place, PublishedIssue):
        issue, found = place.issue, context.card(place.source.file)
        summary = f"<p><em>{escape(issue.summary, quote=False)}</em></p>\n" if issue.summary else ""
        return _whole(issue.title, way, found.language or language, summary + inner_html(tree))
    return _whole(place.page.title, way, language, inner_html(tree))


def _whole(title: str, direction: str, language: str, body: str) -> bytes:
    words = escape(title, quote=False)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="robots" content="noindex">\n<title>{words}</title>\n</head>\n<body>\n<h1>{words}</h1>\n'
        f"{body}\n</body>\n</html>\n"
    ).encode()

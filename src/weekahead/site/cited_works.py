"""The references that issues and pages cite: their values, their style, and the files that have them beside a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from weekahead.model.findings import Location
from weekahead.model.issue import BIBLIOGRAPHY, STYLE
from weekahead.site.context import RenderContext
from weekahead.site.output import Output, WriteOrder
from weekahead.site.page_context import Link
from weekahead.site.published import Place

if TYPE_CHECKING:
    from weekahead.references.library import Work

FILES = {"BibTeX": "bibliography.bib", "CSL-JSON": "bibliography.json"}
"""The files beside a page that have the references it cites, by what their formats are called."""


def cited_works(context: RenderContext, file: str) -> tuple[Work, ...]:
    """Return the references that the body of an issue or a page cites, in the order of its list. Raise BuildError."""
    body = context.body(file)
    keys = context.facts(body).cited
    if not keys:
        return ()
    from weekahead.references.library import read_library

    names = [name for words, name in body.beside if words.startswith(BIBLIOGRAPHY)]
    works = read_library([(name, context.texts.file(name)) for name in names]).works
    return tuple(works[key] for key in keys if key in works)


def citation_style(context: RenderContext, file: str) -> bytes | None:
    """Return the style in which a body cites, as a CSL file; None for APA. Raise BuildError."""
    name = next((name for words, name in context.body(file).beside if words == STYLE), None)
    return context.texts.file(name) if name else None


def bibliography_links(context: RenderContext, file: str) -> list[Link]:
    """Return links to the references that an issue or a page cites, in each format in which they are published."""
    if not context.facts(context.body(file)).cited:
        return []
    has_bibtex = any(work.entry for work in cited_works(context, file))
    names = {name: path for name, path in FILES.items() if has_bibtex or name != "BibTeX"}
    return [Link(name=name, address=context.address(context.path(file) + path)) for name, path in names.items()]


def bibliography_files(context: RenderContext, place: Place) -> Iterator[Output]:
    """Yield the references that an issue or a page cites, as a file in each format."""
    if not any(words.startswith(BIBLIOGRAPHY) for words, _ in place.texts[-1].beside):
        return
    file, where = place.source.file, Location(place.source.file, 1)
    for link in bibliography_links(context, file):
        yield Output(
            path=place.path + FILES[link.name],
            source=where,
            order=WriteOrder.FILE,
            recipe=file,
            context=partial(cited_works, context, file),
            render=_bibtex if link.name == "BibTeX" else _csl_json,
        )


def _bibtex(works: Sequence[Work]) -> bytes:
    from weekahead.references.library import bibtex

    return bibtex(works)


def _csl_json(works: Sequence[Work]) -> bytes:
    from weekahead.references.library import csl_json

    return csl_json(works)

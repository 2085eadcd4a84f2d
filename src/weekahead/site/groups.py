"""Which published issues belong together: series, tags and authors, each by the files of its issues."""

from __future__ import annotations

from operator import itemgetter

from msgspec import Struct

from weekahead.model.book import Book
from weekahead.model.issue import slug_of_name
from weekahead.site.published import PublishedView


class Groups(Struct, frozen=True, kw_only=True):
    """Series, tags and authors with the files of their issues."""

    series: dict[str, list[str]]
    """By name, in order of the parts."""
    tags: dict[str, list[str]]
    """By slug, newest first."""
    tag_names: dict[str, str]
    """By slug, as the newest issue spells it."""
    authors: dict[str, list[str]]
    """By name, newest first; empty where the letter has one author."""
    books: dict[str, list[str]]
    """By name, the published issues in the order of the chapters; without books of which nothing is published."""


def group_issues(view: PublishedView) -> Groups:
    series: dict[str, list[tuple[int, str]]] = {}
    tags: dict[str, list[str]] = {}
    tag_names: dict[str, str] = {}
    for found in view.issues:
        issue, file = found.issue, found.source.file
        if part := issue.series:
            series.setdefault(part.name, []).append((part.part, file))
        for tag in issue.tags:
            slug = slug_of_name(tag)
            tag_names.setdefault(slug, tag)
            tagged = tags.setdefault(slug, [])
            if not tagged or tagged[-1] != file:  # it may spell a tag in two ways
                tagged.append(file)
    return Groups(
        series={name: [file for _, file in sorted(parts, key=itemgetter(0))] for name, parts in sorted(series.items())},
        tags=dict(sorted(tags.items())),
        tag_names=tag_names,
        authors=_authors(view),
        books={book.name: files for book in view.books if (files := _chapters(view, book))},
    )


def _chapters(view: PublishedView, book: Book) -> list[str]:
    """Return the files of a book's published issues in order: of a series by their parts, else by their days."""
    issues = [found for found in reversed(view.issues) if found.mark is None and book.has(found.issue, found.day)]
    if book.series:
        issues.sort(key=lambda found: found.issue.series.part if found.issue.series else 0)
    return [found.source.file for found in issues]


def _authors(view: PublishedView) -> dict[str, list[str]]:
    standard = (view.config.author_name,) if view.config.author_name else ()
    found: dict[str, tuple[str, list[str]]] = {}
    if not any(issue.issue.authors for issue in view.issues):
        return {}
    for issue in view.issues:
        for name in dict.fromkeys(issue.issue.authors or standard):
            found.setdefault(slug_of_name(name), (name, []))[1].append(issue.source.file)
    several = {name: files for slug, (name, files) in sorted(found.items()) if slug}
    return several if len(several) > 1 else {}


def series_path(name: str) -> str:
    return f"series/{slug_of_name(name)}/"


def tag_path(tag: str) -> str:
    return f"tags/{slug_of_name(tag)}/"


def author_path(name: str) -> str:
    return f"authors/{slug_of_name(name)}/"

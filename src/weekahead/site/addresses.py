"""The addresses of the pages that readers may have links to, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from weekahead.model.published_address import PublishedAddress
from weekahead.site.groups import Groups, author_path, series_path, tag_path
from weekahead.site.published import Place, PublishedIssue, PublishedView


def published_addresses(view: PublishedView, groups: Groups) -> dict[str, PublishedAddress]:
    """Return the path of every page that is made from the front matter of texts ("issues/87-mlops/"), and whose it is."""
    found: dict[str, PublishedAddress] = {}
    for key, lists in (("tags", _tags(groups)), ("series", _series(groups)), ("authors", _authors(groups))):
        for path, name, files in lists:
            day = min(place.day for file in files if isinstance(place := view.by_file[file], PublishedIssue))
            found[path] = PublishedAddress(files[0], day, name, key)
    for place in view.places:
        address = _of_text(place)
        for alias in place.aliases:
            found[alias_path(alias)] = address
        found[place.path] = address
    return found


def alias_path(alias: str) -> str:
    """Return the path of the page that redirects from an alias."""
    return alias if alias.endswith((".html", ".htm")) else alias + "/"


def _of_text(place: Place) -> PublishedAddress:
    if isinstance(place, PublishedIssue):
        issue = place.issue
        return PublishedAddress(issue.source.file, place.day, issue.title, "", issue.slug, issue.number)
    return PublishedAddress(place.source.file, None, place.page.title, "", place.page.slug)


Lists = Iterator[tuple[str, str, list[str]]]
"""The path of a list, its name and its files."""


def _tags(groups: Groups) -> Lists:
    return ((tag_path(slug), groups.tag_names[slug], files) for slug, files in groups.tags.items())


def _series(groups: Groups) -> Lists:
    return ((series_path(name), name, files) for name, files in groups.series.items())


def _authors(groups: Groups) -> Lists:
    return ((author_path(name), name, files) for name, files in groups.authors.items())

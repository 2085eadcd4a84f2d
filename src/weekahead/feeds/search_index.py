"""What the archive's search looks through: a file for each year with the texts of its issues, which the page fetches when a
reader begins to type.

A year is the unit because an edit then changes one file, and what is made of an issue depends on that issue alone. The texts
are as readers see them, for excerpts; assets/find.js folds accents, and finds words as parts of words, so that no language
needs a stemmer, nor one that writes without spaces a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

import msgspec

from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.hashing import hash_value
from weekahead.site.context import RenderContext
from weekahead.site.html_text import to_plain_text
from weekahead.site.output import Output
from weekahead.site.page_context import search_path
from weekahead.site.pages import Site


def search_files(site: Site) -> Iterator[Output]:
    """Yield the files of the search: `search/2026.json`, a map from the address of each issue to its text."""
    if not site.view.config.search:
        return
    for year, issues in groupby(site.view.issues, key=lambda issue: issue.day.year):
        files = [issue.source.file for issue in issues]
        yield Output(
            path=search_path(year),
            recipe=hash_value(["search", files]),
            context=partial(_texts, site.context, files),
            render=partial(_plain_texts, site.context),
        )


def _texts(context: RenderContext, files: Iterable[str]) -> dict[str, list[TextRef]]:
    """Return the texts of each issue by its address."""
    return {
        context.address(context.path(file)): [context.unplaced(text) for text in context.all_texts(file)]
        for file in files
    }


def _plain_texts(context: RenderContext, texts: dict[str, list[TextRef]]) -> bytes:
    plain = {
        address: " ".join(" ".join(to_plain_text(context.texts.html(text)) for text in of_issue).split())
        for address, of_issue in texts.items()
    }
    return msgspec.json.encode(plain) + b"\n"

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

from weekahead.markdown.rendered_texts import TextRef
from weekahead.model.hashing import hash_value
from weekahead.site.context import RenderContext
from weekahead.site.html_text import visible_text
from weekahead.site.output import Output
from weekahead.site.page_context import search_path
from weekahead.site.pages import Site


def search_files(site: Site) -> Iterator[Output]:
    """Yield the files of the search: `search/2026.json`, a map from the address of each issue to its words."""
    if not site.view.config.search:
        return
    for year, issues in groupby(site.view.issues, key=lambda issue: issue.day.year):
        files = [issue.source.file for issue in issues]
        yield Output(
            path=search_path(year),
            recipe=hash_value(["search", files]),
            context=partial(_texts, site.context, files),
            render=partial(_words, site.context),
        )


def _texts(context: RenderContext, files: Iterable[str]) -> dict[str, list[TextRef]]:
    """Return the texts of each issue by its address."""
    return {
        context.address(context.path(file)): [context.unplaced(text) for text in context.all_texts(file)]
        for file in files
    }


def _words(context: RenderContext, texts: dict[str, list[TextRef]]) -> bytes:
    words = {
        address: " ".join(distinct(" ".join(visible_text(context.texts.html(text)) for text in of_issue)))
        for address, of_issue in texts.items()
    }
    return msgspec.json.encode(words) + b"\n"


def distinct(text: str) -> list[str]:
    """Return the different words of a text in order, in small letters and without accents, as find.js reads what is typed.

    One that is the beginning of the next is left out, for the next holds it.
    """
    plain = text.lower()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in apart if not unicodedata.category(letter).startswith("M"))
    found = sorted(set(re.findall(r"\w+", plain)))
    return [word for word, after in zip(found, [*found[1:], ""], strict=False) if not after.startswith(word)]

"""Citations and lists in APA are those of pandoc's citeproc, over 300 references, but for what is listed here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import THOROUGH
from tests.references.corpus import AMBIGUOUS, COUNT, GROUPS, corpus, keys

from weekahead.references.bibtex import read_entries, to_item
from weekahead.references.library import read_library
from weekahead.references.style import format_text
from weekahead.references.syntax import Cite, read_group

PANDOC = json.loads(Path(__file__).with_name("pandoc.json").read_text("utf-8"))

OTHERS = "pandoc writes “et al.others” where a list of more than twenty authors ends with “and others”"
ORDER = "pandoc leaves spaces out when it sorts, so that “Duran, Katya” comes before “Duran, K.”; APA puts “nothing before something”"
JUNIOR = "pandoc puts “Zimmermann, Yusuf, Jr.” before “Zimmermann, Yusuf”, who wrote with somebody else"
DIFFERENT_ENTRIES = {"e036": OTHERS, "e167": OTHERS}
DIFFERENT_PLACES = {"e092": ORDER, "e231": ORDER, "e160": JUNIOR}


def shown(html: str) -> str:
    return html.replace("\u00a0", " ")


def as_pandoc_has_it(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item without the marks that keep the case of words, which pandoc leaves out of CSL-JSON."""
    plain = {
        key: re.sub(r"</?span[^>]*>", "", value) if isinstance(value, str) else value for key, value in item.items()
    }
    return {key: shown(value) if isinstance(value, str) else value for key, value in plain.items()}


def test_bibtex_becomes_the_csl_json_that_pandoc_makes_of_it() -> None:
    entries, faults = read_entries(corpus())
    assert (len(entries), faults) == (COUNT, [])
    ours = {entry.key: as_pandoc_has_it({"type": "", **to_item(entry)}) for entry in entries}
    assert ours == {item["id"]: item for item in PANDOC["items"]}


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_a_list_of_300_references_and_their_citations_are_those_of_pandoc() -> None:
    works = read_library([("references.bib", corpus().encode())]).works
    made = format_text([works[key].item for key in keys()], [([Cite(key)], False) for key in keys()], None, "en")
    assert [shown("".join(words for words, _ in parts)) for parts in made.citations] == PANDOC["corpus"]["citations"]
    ours, theirs = {entry.key: shown(entry.html) for entry in made.entries}, dict(PANDOC["corpus"]["entries"])
    assert {key for key in theirs if ours[key] != theirs[key]} == DIFFERENT_ENTRIES.keys()
    places = [[key for key in order if key not in DIFFERENT_PLACES] for order in (ours, theirs)]
    assert places[0] == places[1]
    assert list(ours) != list(theirs)


@pytest.mark.parametrize("number", range(len(GROUPS)), ids=lambda number: GROUPS[number][0])
def test_citations_that_would_be_the_same_are_told_apart_as_pandoc_does(number: int) -> None:
    works = read_library([("references.bib", AMBIGUOUS.encode())]).works
    groups = [read_group(words[1:-1]) for words in GROUPS[number]]
    cited = dict.fromkeys(cite.key for group in groups for cite in group)
    made = format_text([works[key].item for key in cited], [(group, False) for group in groups], None, "en")
    theirs = PANDOC["groups"][number]
    assert [shown("".join(words for words, _ in parts)) for parts in made.citations] == theirs["citations"]
    assert [[entry.key, shown(entry.html)] for entry in made.entries] == theirs["entries"]

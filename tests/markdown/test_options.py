"""A text is converted once for each language and each reading of `$`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.conftest import LETTER, Folder

from weekahead.markdown import renderer
from weekahead.markdown.kinds.kind import File
from weekahead.markdown.options import TextOptions
from weekahead.markdown.rendered_texts import RenderedTexts
from weekahead.markdown.renderer import RenderedText
from weekahead.model.issue import Text
from weekahead.runtime.store import Store
from weekahead.site.output import Output
from weekahead.source.loader import load_letter

ENGLISH, GERMAN = TextOptions("en"), TextOptions("de")
TEXT = Text(digest="x", file="issues/0001-a.md", content="words")


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[TextOptions | None]:
    """The options of each conversion."""
    found: list[TextOptions | None] = []

    def convert(
        text: str, budget: float, files: Mapping[str, File] | None, options: TextOptions | None = None
    ) -> RenderedText:
        found.append(options)
        return RenderedText(parts=(f"{text} in {options.language if options else ''}",))

    monkeypatch.setattr(renderer, "convert", convert)
    return found


def html(store: Store, options: TextOptions, text: Text = TEXT) -> str:
    texts = RenderedTexts(store, str, options=options)
    return texts.html(texts.unplaced(text))


def test_a_text_is_converted_again_in_another_language_and_no_more_in_the_same(
    converted: list[TextOptions | None],
) -> None:
    store = Store()
    assert [html(store, options) for options in (ENGLISH, GERMAN, ENGLISH)] == [
        "words in en",
        "words in de",
        "words in en",
    ]
    assert converted == [ENGLISH, GERMAN]


def test_what_a_text_says_of_formulas_goes_before_what_the_letter_says(converted: list[TextOptions | None]) -> None:
    store, with_maths = Store(), TextOptions("en", maths=True)
    for maths in (None, True, False):
        for letter in (ENGLISH, with_maths):
            html(store, letter, Text(digest="x", file="issues/0001-a.md", content="words", maths=maths))
    assert converted == [ENGLISH, with_maths]


def test_many_texts_are_converted_with_the_options_of_each(converted: list[TextOptions | None]) -> None:
    texts = [Text(digest=name, file="a.md", content="", maths=maths) for name, maths in (("x", None), ("y", True))]
    RenderedTexts(Store(), str, options=GERMAN).convert(texts, 1, lambda done, of: None)
    assert converted == [GERMAN, TextOptions("de", maths=True)]


def test_options_come_from_letter_yaml_and_front_matter(folder: Folder) -> None:
    folder.write("letter.yaml", f"{LETTER}language: de\nmaths: true\n")
    folder.replace("issues/0001-first.md", "status:", "maths: false\nresearch_note: A note.\nstatus:")
    folder.write("pages/about.md", "---\ntitle: About\nmaths: true\n---\n\nWords.\n")
    letter = load_letter(folder.root).letter
    assert letter is not None
    options = TextOptions.of_letter(letter.config)
    assert options == TextOptions("de", maths=True)
    first, second = sorted(letter.issues, key=lambda issue: issue.number or 0)[:2]
    assert [options.of_text(text).maths for text in first.texts] == [False, False]
    assert (second.body.maths, letter.pages[0].body.maths) == (None, True)


def test_a_change_of_either_has_pages_made_again(folder: Folder) -> None:
    def stale() -> set[str]:
        with folder.plan() as (plan, traces):
            return {path for path, file in plan.files.items() if isinstance(file, Output) and not traces.find(file)}

    folder.build()
    assert stale() == set()
    folder.replace("issues/0003-third.md", "status:", "maths: true\nstatus:")
    assert "issues/3-third/index.html" in stale()
    folder.build()
    folder.write("letter.yaml", f"{LETTER}maths: true\n")
    assert {"issues/1-first/index.html", "issues/3-third/index.html"} <= stale()

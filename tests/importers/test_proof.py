"""The proof says what differs between a text and its source, and nothing of a sound text."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.importers.html.conversion import conversion, differences

from weekahead.importers.converted import ConvertedText
from weekahead.importers.html import shapes
from weekahead.importers.notes import Outcome
from weekahead.importers.proof import MOST

HTML = (
    "<h2>First part</h2><p>It was “quoted” -- and 'so' on... <b>bold</b> with <a href='https://e.example/a?b=1&amp;c=%C3%A9'>a link</a>,"
    " <a href='https://e.example/second'>another</a>.</p><figure><img src='https://e.example/p.png' alt='Pier'><figcaption>A caption"
    "</figcaption></figure><ul><li>one</li><li>two</li></ul><table><tr><th>name</th><th>count</th></tr><tr><td>pier</td><td>154,162</td>"
    "</tr></table><pre><code>code = 1\n\n\nmore</code></pre><p>Said<a class='footnote-anchor' id='footnote-anchor-1' href='#footnote-1'>1"
    "</a> it.</p><div class='footnote'><a id='footnote-1' href='#footnote-anchor-1' class='footnote-number'>1</a><div class='footnote-content'>"
    "<p>A note at the foot.</p></div></div>"
)


@pytest.fixture(scope="module")
def text() -> ConvertedText:
    return conversion(HTML).text


def test_a_sound_text_has_no_notes(text: ConvertedText) -> None:
    assert differences(text, text.markdown) == []


CHANGES = {
    "a word lost": ("bold", "", "proof-words"),
    "a word changed": ("quoted", "quoten", "proof-words"),
    "a word added": ("one", "one more", "proof-words"),
    "an address changed": ("/second", "/third", "proof-link"),
    "a link lost": ("[another](https://e.example/second)", "another", "proof-link"),
    "a link added": ("two", "[two](https://e.example)", "proof-link"),
    "a picture changed": ("p.png", "q.png", "proof-picture"),
    "the words of a picture changed": ("![Pier]", "![Quay]", "proof-picture"),
    "a heading lost": ("## First", "First", "proof-heading"),
    "code changed": ("code = 1\n\n", "code = 1\n", "proof-code"),
    "a cell changed": ("154,162", "154,612", "proof-table"),
    "a note changed": ("at the foot", "at a foot", "proof-footnote"),
    "a mark lost": ("Said[^1]", "Said", "proof-footnote"),
    "a mark of another text": ("**bold**", "\\*\\*bold", "proof-words"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_differs_is_said(text: ConvertedText, change: str) -> None:
    old, new, rule = CHANGES[change]
    assert old in text.markdown
    said = differences(text, text.markdown.replace(old, new, 1))
    assert rule in [note.rule for note in said]
    assert {note.outcome for note in said} == {Outcome.ASK}


def test_words_in_another_order_are_said(text: ConvertedText) -> None:
    assert differences(text, text.markdown.replace("- one\n- two", "- two\n- one"))


@given(st.integers(0, 10**6), st.sampled_from(["drop", "double", "swap"]))
def test_any_word_that_goes_comes_or_moves_is_said(seed: int, change: str) -> None:
    text = conversion(HTML).text
    words = list(re.finditer(r"\b[a-z]{2,}\b", text.markdown))
    one, other = sorted(random.Random(seed).sample(range(len(words)), 2))
    first, second = words[one], words[other]
    assume(first[0] != second[0] and "[^" not in text.markdown[max(0, first.start() - 2) : first.start()])
    before, after = text.markdown[: first.start()], text.markdown[first.end() :]
    changed = {
        "drop": before + after,
        "double": f"{before}{first[0]} {first[0]}{after}",
        "swap": before
        + second[0]
        + text.markdown[first.end() : second.start()]
        + first[0]
        + text.markdown[second.end() :],
    }[change]
    assert differences(text, changed)


def test_addresses_that_were_changed_on_purpose_are_no_difference(text: ConvertedText) -> None:
    moved = text.markdown.replace("https://e.example/second", "2-two.md").replace("https://e.example/p.png", "p.png")
    addresses = {"https://e.example/second": "2-two.md", "https://e.example/p.png": "p.png"}
    assert differences(text, moved, addresses) == []
    assert differences(text, moved)


SOUND = (
    "<p>“Curly” ‘quotes’ and «these» — dashes – and… it’s</p>",
    "<p>\"Straight\" 'quotes', 6'2\", '90s, rock 'n' roll -- dashes --- and... more....</p>",
    "<p>a&nbsp;b&#8203;c&shy;d &amp;amp; é ﬁ a\u2003b\u2028c</p>",
    "<p>French : « oui » ! et\u00a0; non ?</p>",
    "<p>soft\nline\n  ends</p><p>   spaces   </p>",
    "<p>x<br></p><div><br></div><p><br>y</p>",
    "<p>https://e.example/a, www.e.example and a@b.example are words</p>",
    "<p><a href='HTTPS://E.example/%7Ea b'>x</a><a href='HTTPS://E.example/%7Ea b'>y</a></p>",
    "<p>日本語。「はい」 שלום</p>",
    "<blockquote><p>q</p></blockquote><blockquote><p>r</p></blockquote>",
    shapes.video("https://www.youtube.com/watch?v=abcDEF12345", "A *title*", by="Me", length="3:00"),
    shapes.video("https://www.youtube.com/watch?v=abcDEF12345", "See https://www.e.example/a_b [x]"),
    shapes.video("https://v.example/a_b", "https://v.example/a_b"),
    shapes.post("Jo https://e.example *x*", "<p>Dates: x</p>", day=date(2021, 5, 2)),
    shapes.note("<p>x</p>", alert="tip") + shapes.note("<p>x</p>", title="T [x]"),
    shapes.links([("https://e.example", "x", "said <b>so</b>"), ("https://e.example/2", "y", "")]),
    f"<ul><li>{shapes.post('A', '<p>x</p>', address='https://e.example')}</li></ul>",
    "<ul><li><input type='checkbox' checked> done</li></ul>",
    "<table role='presentation'><tr><td>a</td><td><p>b</p></td></tr></table>",
)


@pytest.mark.parametrize("html", SOUND)
def test_it_never_cries_wolf(html: str) -> None:
    made = conversion(html)
    assert made.proof == (), made.markdown


def test_many_differences_are_counted() -> None:
    html = "".join(f"<p>word{number} x <a href='https://e.example/{number}'>y</a></p>" for number in range(100))
    text = conversion(html).text
    said = differences(text, re.sub("word", "sword", text.markdown.replace("e.example", "f.example")))
    assert len(said) <= 2 * (MOST + 1)
    assert any("more differences" in note.message for note in said)


def test_a_long_text_that_is_all_different_is_compared_in_good_time() -> None:
    text = conversion(f"<p>{'word other ' * 5000}</p>").text
    said = differences(text, "again some " * 5000)
    assert any("5000 times" in note.message for note in said)

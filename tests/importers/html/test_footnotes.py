"""Footnotes of every shape become ours."""

from __future__ import annotations

import pytest
from tests.importers.html.conversion import conversion

SHAPES = {
    "Substack, new": (
        "<p>a<a class='footnote-anchor' id='footnote-anchor-1' href='#footnote-1'>1</a></p><div class='footnote'><a id='footnote-1' "
        "href='#footnote-anchor-1' class='footnote-number'>1</a><div class='footnote-content'><p>Note.</p></div></div>"
    ),
    "Substack, old": (
        "<p>a<a class='footnote-anchor' id='footnote-anchor-1' href='#footnote-1'>1</a></p><div class='footnote' id='footnote-1'>"
        "<a href='#footnote-anchor-1' class='footnote-number'>1</a><div class='footnote-content'><p>Note.</p></div></div>"
    ),
    "Ghost": (
        "<p>a<sup class='footnote-ref'><a href='#fn1' id='fnref1'>[1]</a></sup></p><hr class='footnotes-sep'><section class='footnotes'>"
        "<ol><li id='fn1' class='footnote-item'><p>Note. <a href='#fnref1' class='footnote-backref'>↩︎</a></p></li></ol></section>"
    ),
    "WordPress": (
        "<p>a<sup data-fn='u-1' class='fn'><a href='#u-1' id='u-1-link'>1</a></sup></p><ol class='wp-block-footnotes'><li id='u-1'>Note. "
        "<a href='#u-1-link' aria-label='Jump'>↩︎</a></li></ol>"
    ),
    "kramdown": (
        "<p>a<sup id='fnref:1'><a href='#fn:1' class='footnote' rel='footnote'>1</a></sup></p><div class='footnotes'><ol><li id='fn:1'>"
        "<p>Note.&nbsp;<a href='#fnref:1' class='reversefootnote'>&#8617;</a></p></li></ol></div>"
    ),
    "GitHub": (
        "<p>a<sup><a href='#user-content-fn-1' id='user-content-fnref-1' data-footnote-ref>1</a></sup></p><section data-footnotes "
        "class='footnotes'><h2 class='sr-only'>Footnotes</h2><ol><li id='user-content-fn-1'><p>Note. <a href='#user-content-fnref-1' "
        "data-footnote-backref>↩</a></p></li></ol></section>"
    ),
    "a word processor": (
        "<p>a<a href='#_ftn1' name='_ftnref1'>[1]</a></p><p><a href='#_ftnref1' name='_ftn1'>[1]</a> Note.</p>"
    ),
    "paragraphs": "<p>a<sup><a href='#n1' id='r1'>1</a></sup></p><p id='n1'><a href='#r1'>1</a> Note.</p>",
    "ours": (
        "<p>a<sup id='fnref:1'><a class='footnote-ref' href='#fn:1'>1</a></sup></p><div class='footnote'><hr><ol><li id='fn:1'><p>Note.&nbsp;"
        "<a class='footnote-backref' href='#fnref:1'>↩</a></p></li></ol></div>"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_footnote_becomes_ours(shape: str) -> None:
    made = conversion(SHAPES[shape])
    assert made.markdown == "a[^1]\n\n[^1]: Note.\n"
    assert made.proof == ()


def test_notes_are_numbered_as_their_marks_come_and_may_have_several() -> None:
    marks = "".join(
        f"<a class='footnote-anchor' id='footnote-anchor-{key}' href='#footnote-{key}'>{key}</a>" for key in (7, 3)
    )
    notes = "".join(
        f"<div class='footnote'><a id='footnote-{key}' href='#footnote-anchor-{key}' class='footnote-number'>{key}</a>"
        f"<div class='footnote-content'><p>Note {key}.</p><p>More.</p></div></div>"
        for key in (3, 7)
    )
    again = "<p>Again<a class='footnote-anchor' href='#footnote-3'>3</a></p>"
    made = conversion(f"<p>Said{marks}.</p>{again}{notes}")
    assert made.markdown == ("Said[^1][^2].\n\nAgain[^2]\n\n[^1]: Note 7.\n\n    More.\n\n[^2]: Note 3.\n\n    More.\n")
    assert made.proof == ()


NO_FOOTNOTES = (
    "<p><a href='#b' id='a'>1</a></p><p id='b'>Chapter one. <a href='#a'>Contents</a></p>",
    "<p><a href='#sec'>Section</a></p><h2 id='sec'>Section</h2>",
    "<p>x<sup>2</sup> [1]</p>",
)


@pytest.mark.parametrize("html", NO_FOOTNOTES[1:])
def test_what_is_no_footnote_stays(html: str) -> None:
    made = conversion(html)
    assert "[^" not in made.markdown
    assert made.proof == ()


def test_a_mark_without_a_note_and_a_note_without_a_mark_are_said() -> None:
    from weekahead.importers.html import shapes

    made = conversion(f"<p>a{shapes.footnote_mark('x')}</p>{shapes.footnote('y', '<p>Kept.</p>')}")
    assert made.markdown == "a\\[x\\]\n\nKept.\n" or made.markdown == "a[x]\n\nKept.\n"
    assert made.rules() == ["footnote", "footnote"]

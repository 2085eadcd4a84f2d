"""Formulas in a text: MathML on its page, TeX in feeds and plain text."""

from __future__ import annotations

import pytest

from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import RenderedText, convert, place
from weekahead.site.html_text import sanitize_for_feed, to_plain_text

MATHS = TextOptions(maths=True)


def rendered(text: str) -> RenderedText:
    return convert(text, options=MATHS)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Let $a_1 < b$ be.", "a_1 &lt; b"),
        ("$$x^2$$", "x^2"),
        (r"\(a\) and more", "a"),
        (r"\[\{a\}\]", r"\{a\}"),
        ("$*a* b*$ *c*", "*a* b*"),
        ("- $[a][b]$", "[a][b]"),
        ("| $a$ |\n|---|\n", "a"),
        ("> $$\n> a\n> - b\n> $$", "a\n- b"),
        ("Then\n$$\na\n= b\n$$", "a\n= b"),
        (
            "$$\n\\begin{aligned}\na &= b \\\\\n+ c\n\\end{aligned}\n$$",
            "\\begin{aligned}\na &amp;= b \\\\\n+ c\n\\end{aligned}",
        ),
    ],
)
def test_a_formula_is_mathml_with_its_tex_as_an_annotation(text: str, tex: str) -> None:
    page = place(rendered(text), {})
    assert page.count("<math") == 1
    assert f'<annotation encoding="application/x-tex">{tex}</annotation>' in page
    assert "<ul>\n<li>b" not in page


@pytest.mark.parametrize(
    "text", ["$5 and $6", r"\$a$", "`$a$`", "a $ b $", "$$\n\n- a\n\n$$", "$a\n\nb$", "```\n$$a$$\n```"]
)
def test_other_dollars_are_text(text: str) -> None:
    assert "<math" not in place(rendered(text), {})
    assert not rendered(text).faults


def test_without_maths_a_formula_is_text() -> None:
    assert place(convert("$a_1$ and $b_1$"), {}) == "<p>$a_1$ and $b_1$</p>"


def test_a_formula_is_its_tex_where_there_is_no_mathml() -> None:
    text = rendered(r"So $a \ne b$ holds.")
    page = place(text, {})
    assert sanitize_for_feed(page, "https://letter.example/") == r"<p>So a \ne b holds.</p>"
    assert to_plain_text(page) == r"So a \ne b holds."
    assert text.lead == r"So a \ne b holds."
    assert text.words == 5


def test_a_formula_that_cannot_be_read_is_a_fault_at_its_line_and_shown_as_written() -> None:
    text = rendered("Fine: $a$.\n\n$$\na\n\\nosuchcommand\n$$\n")
    assert [(fault.rule, fault.line) for fault in text.faults] == [("formula", 5)]
    assert "\\nosuchcommand" in place(text, {})


def test_quotation_marks_behind_a_formula_are_typographic() -> None:
    page = place(rendered('$a$ is "it", `"b"` and <kbd>"c"</kbd>, "d".'), {})
    assert "“it”" in page
    assert '<code>"b"</code>' in page
    assert '<kbd>"c"</kbd>, “d”.' in page

"""What is a formula, and what only looks like one."""

from __future__ import annotations

import pytest

from weekahead.importers.dialects.converter import convert_markdown
from weekahead.importers.dialects.pandoc import doubled_formulas
from weekahead.importers.notes import Notes, PostNotes
from weekahead.model.findings import Location


def converted(text: str) -> tuple[str, bool]:
    result = convert_markdown(text, (doubled_formulas,), PostNotes(Notes(), "post", Location("post.md", 1)))
    return result.markdown.rstrip("\n"), result.maths


@pytest.mark.parametrize(
    "text",
    [
        "So $x^2$ is.", "So $\\alpha$ is.", "So $x_1$ is.", "So $x_{ij}$ is.", "$$\n\\sum_i x_i\n$$", "So $O(n^2)$.", "\\[\na^2\n\\]",
        "- in a list $a^b$", "> $e^{i\\pi}$",
    ],
)  # fmt: skip
def test_a_text_with_formulas_stays_and_says_so(text: str) -> None:
    assert converted(text) == (text, True)


@pytest.mark.parametrize(
    "text",
    [
        "From $5 to $6.", "It costs $5.", "`$x^2$`", "```\n$x^2$\n```", "$HOME_DIR and $PATH_X.", "a \\(const_ptr_offset_from\\) b",
        "\\[let_chains\\] Forbid", "`\\(x^2\\)`", "US$10 (C$12)", "a $ b $ c",
    ],
)  # fmt: skip
def test_a_text_without_formulas_stays(text: str) -> None:
    assert converted(text) == (text, False)


def test_beside_formulas_what_only_looks_like_one_stays_text() -> None:
    text, is_maths = converted(
        "$x^2$ and $n$ but (in $some plain words$) and \\(also_plain_words\\) and \\[more_of_them\\]."
    )
    assert is_maths
    assert text == "$x^2$ and $n$ but (in \\$some plain words\\$) and (also_plain_words) and &#91;more_of_them&#93;."


def test_doubled_backslashes_of_mathjax_are_single_here() -> None:
    assert converted("So \\\\(a^2\\\\) and\n\n\\\\[b^2\\\\]") == ("So \\(a^2\\) and\n\n\\[b^2\\]", True)

"""Two versions of a text side by side."""

from __future__ import annotations

import pytest

from weekahead.serve.side_by_side import Line, sides


def marked(lines: list[Line]) -> str:
    """The lines as text, with what differs in brackets."""
    return "\n".join("".join(f"[{part.text}]" if part.is_other else part.text for part in line.parts) for line in lines)


@pytest.mark.parametrize(
    ("here", "there", "left", "right"),
    [
        ("one two three", "one 2 three", "one [two ]three", "one [2 ]three"),
        ("a\nb", "a\nb\nc", "a\nb\n[(nothing here)]", "a\nb\n[c]"),
        ("x\nb", "b", "[x]\nb", "[(nothing here)]\nb"),
        ("alpha", "beta", "[alpha]", "[beta]"),
        ("a  b", "a b", "[a  b]", "[a b]"),
        ("", "words", "[]", "[words]"),
        ("1\n2\n3\n4\n5\nsix", "1\n2\n3\n4\n5\n6", "…\n4\n5\n[six]", "…\n4\n5\n[6]"),
        ("one\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\n6", "[one]\n2\n3\n…", "[1]\n2\n3\n…"),
        ("a\n2\n3\n4\n5\n6\n7\nz", "b\n2\n3\n4\n5\n6\n7\ny", "[a]\n2\n3\n…\n6\n7\n[z]", "[b]\n2\n3\n…\n6\n7\n[y]"),
        ("same", "same", "same", "same"),
    ],
)
def test_what_differs_is_marked_and_long_parts_that_are_the_same_are_left_out(
    here: str, there: str, left: str, right: str
) -> None:
    found = sides(here.split("\n"), there.split("\n"))
    assert tuple(map(marked, found)) == (left, right)

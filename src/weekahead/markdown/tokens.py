"""What the inline parser makes of a text: tokens, in order, and the brackets that are still open meanwhile."""

from __future__ import annotations

from weekahead.markdown.emphasis import Run

Token = str | Run | tuple[str, dict[str, str]] | tuple[str, dict[str, str], str] | None
"""Words; a run of delimiters; the start of an element, by tag and attributes; a whole element with its words, which nothing
may change; the end of the innermost element. The tag "" is for words that nothing may change, "raw" for HTML."""


class Bracket:
    """An open bracket: its place in the text, its token, and how many runs there were."""

    __slots__ = ("has_inner", "is_image", "place", "runs", "token")

    def __init__(self, place: int, token: int, runs: int, is_image: bool) -> None:
        self.place, self.token, self.runs, self.is_image = place, token, runs, is_image
        self.has_inner = False


def plain_text(tokens: list[Token]) -> str:
    """Return the words of some tokens, as the alt text of an image has them (6.4)."""
    words = []
    for token in tokens:
        if isinstance(token, str):
            words.append(token)
        elif isinstance(token, Run):
            words.append(token.sign * token.count)
        elif token is not None and len(token) == 3 and token[0] != "raw":
            words.append(token[1].get("alt", token[2]))
    return "".join(words)

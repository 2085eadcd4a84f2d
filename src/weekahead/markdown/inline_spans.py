"""Where the inline parts of a text are, for those who point at them in the author's words."""

from __future__ import annotations

from msgspec import Struct

from weekahead.markdown.link_parts import read_label

NOWHERE = (-1, -1)


class InlineSpan(Struct, frozen=True, gc=False):
    """Where a part of a text begins and ends.

    `kind` is code, formula or raw (HTML); inline, reference, angle or bare (links); address (one that an HTML link shows);
    or what misses something: open-code, open-link, open-<!--, undefined, undefined-note,
    unlinked (the :// of an address without a space before it).
    """

    kind: str
    start: int
    end: int
    words: tuple[int, int] = NOWHERE
    """Where the words in the brackets of a link are, or the label of what is not defined."""
    address: tuple[int, int] = NOWHERE
    """Where the address of a link is; for a reference, in the source."""
    is_image: bool = False


def missing_target(text: str, start: int, end: int, is_image: bool) -> list[InlineSpan]:
    """Return what the words between two brackets seem to be, which are neither a link nor an image.

    `[x](address` without an end, `[^x]` without a note, or `[x][label]` without a definition; nothing for other words.
    """
    begin = start - 1 - is_image
    if text.startswith("(", end + 1):
        return [InlineSpan("open-link", begin, end + 2)]
    if text.startswith("^", start):
        return [InlineSpan("undefined-note", begin, end + 1, (start, end))]
    if text.startswith("[]", end + 1):
        label, close = (start, end), end + 3
    elif read := read_label(text, end + 1):
        label, close = (end + 2, read[1] - 1), read[1]
    else:
        return []
    is_label_of_another = text.startswith(("(", "[", " [", "\n["), close)
    if is_label_of_another or not text[start:end].strip() or text.startswith("^", label[0]):
        return []
    return [InlineSpan("undefined", begin, close, label)]

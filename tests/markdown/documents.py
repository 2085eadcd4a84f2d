"""Made documents of Markdown, ordinary and nasty: whatever GFM knows, in and beside everything else.

What our dialect adds to GFM is left out (footnotes, definitions, alerts, attribute lists ...), and so is what the specification
has changed since the version that cmark-gfm follows (comments with hyphens in them, declarations in small letters).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.markdown import pieces

Lines = list[str]


def document(chance: random.Random) -> str:
    """Return a document of one to seven blocks, a third of them after an accident or two."""
    lines = _blocks(chance, chance.randint(1, 7), 0)
    if chance.random() < 0.3:
        lines += ["", *_definitions(chance)]
    text = "\n".join(lines) + chance.choice(["", "\n", "\n", "\n\n"])
    for _ in range(chance.choice([0, 0, 0, 0, 1, 2])):
        text = _accident(chance, text)
    return text.replace("[^", "[")  # a footnote


# -- inline


def _inline(chance: random.Random, depth: int = 0) -> str:
    """Return a row of words and marks within a line or two."""
    space = " " if chance.random() < 0.8 else "  "
    return space.join(_span(chance, depth) for _ in range(chance.randint(1, 7 - 2 * depth)))


def _span(chance: random.Random, depth: int) -> str:
    """Return a word, or now and then a mark of some kind around others."""
    if depth > 2 or chance.random() < 0.7:
        return chance.choice(pieces.PLAIN if chance.random() < 0.8 else pieces.WORDS)
    return chance.choice(_SPANS)(chance, depth + 1)


def _one_line(chance: random.Random, depth: int = 0) -> str:
    return _inline(chance, depth).replace("\n", " ")


def _emphasis(chance: random.Random, depth: int) -> str:
    mark = chance.choice(pieces.EMPHASIS)
    other = mark[::-1] if chance.random() < 0.85 else chance.choice(pieces.EMPHASIS)
    before, behind = (chance.choice(["", "", "", "a", ".", sign]) for sign in "()")
    return f"{before}{mark}{_inline(chance, depth)}{other}{behind}"


def _code(chance: random.Random, depth: int) -> str:
    """Return code between marks of one length, two of them round code that has one in it.

    Runs of three lengths in a paragraph, one of them alone, lead cmark-gfm astray.
    """
    if chance.random() < 0.7:
        return f"`{chance.choice(pieces.CODE)}`"
    return f"``{chance.choice([*pieces.CODE, *pieces.TICKS])}``"


def _link(chance: random.Random, depth: int) -> str:
    words, address, title = _inline(chance, depth), chance.choice(pieces.ADDRESSES), chance.choice(pieces.TITLES)
    words = words.replace("<", "&lt;")  # a link in a link, and tags in an alternative text: HTML has neither
    space = chance.choice(["", "", "", "", " ", "\n"])
    return f"{chance.choice(['', '', '', '!'])}[{words}]({space}{address}{title}{space})"


def _reference(chance: random.Random, depth: int) -> str:
    shape, label = chance.choice(pieces.REFERENCES), chance.choice(pieces.LABELS)
    return chance.choice(["", "", "", "!"]) + shape.format(label, _inline(chance, depth).replace("<", "&lt;"))


def _break(chance: random.Random, depth: int) -> str:
    return chance.choice(pieces.PLAIN) + chance.choice(pieces.BREAKS) + chance.choice(pieces.WORDS)


_SPANS: tuple[Callable[[random.Random, int], str], ...] = (
    *(_emphasis, _emphasis, _emphasis, _code, _code, _link, _link, _reference, _break),
    lambda chance, depth: f"<{chance.choice(pieces.ANGLES)}>",
    lambda chance, depth: chance.choice(pieces.ENTITIES),
    lambda chance, depth: chance.choice(pieces.ESCAPES),
    lambda chance, depth: chance.choice(pieces.BARE),
    lambda chance, depth: chance.choice(pieces.TAGS),
    lambda chance, depth: chance.choice(pieces.TAGS),
)


# -- blocks


def _blocks(chance: random.Random, count: int, depth: int) -> Lines:
    """Return blocks one below another, most with an empty line between.

    Rules and definitions stand in no container: an empty line behind one makes no list loose for cmark-gfm.
    """
    lines: Lines = []
    for number in range(count):
        lines += [""] * chance.choice([0, 1, 1, 1, 1, 1, 2]) if number else []
        kinds = _LEAVES if depth > 2 or chance.random() < 0.6 else _CONTAINERS
        lines += (
            chance.choice(kinds)(chance, depth)
            if depth or chance.random() < 0.88
            else chance.choice([_rule, _definitions])(chance)
        )
    return lines


def _paragraph(chance: random.Random, depth: int) -> Lines:
    lines = [line for _ in range(chance.randint(1, 3)) for line in _inline(chance).split("\n")]
    return lines[:1] + [" " * chance.choice([0, 0, 0, 0, 0, 1, 3, 5]) + line for line in lines[1:]]


def _heading(chance: random.Random, depth: int) -> Lines:
    opening = " " * chance.choice([0, 0, 0, 0, 1, 3, 4]) + "#" * chance.choice([1, 2, 2, 3, 4, 6, 7])
    ending = chance.choice(["", "", "", " ##", " #  ", "#", " \\#"])
    return [opening + chance.choice([" ", " ", " ", "  ", "\t", ""]) + _one_line(chance) + ending]


def _setext(chance: random.Random, depth: int) -> Lines:
    return [*_paragraph(chance, depth), chance.choice(pieces.UNDERLINES)]


def _rule(chance: random.Random) -> Lines:
    return [chance.choice(pieces.RULES)]


def _fence(chance: random.Random, depth: int) -> Lines:
    sign, length = chance.choice("```~"), chance.choice([3, 3, 3, 4, 5])
    indent = " " * chance.choice([0, 0, 0, 0, 1, 2, 3])
    ending = " " * chance.choice([0, 0, 0, 1, 3, 4]) + sign * (length + chance.choice([0, 0, 0, 1, -1]))
    lines = [chance.choice(pieces.LINES_OF_CODE) for _ in range(chance.randint(0, 5))]
    lines = [indent + line if chance.random() < 0.8 else line for line in lines]
    opening = indent + sign * length + chance.choice(pieces.LANGUAGES)
    return [opening, *lines, *([indent + ending] if chance.random() < 0.88 else [])]


def _indented(chance: random.Random, depth: int) -> Lines:
    lines = ["first", *(chance.choice(pieces.LINES_OF_CODE) for _ in range(chance.randint(0, 4)))]
    indents = [chance.choice(["    ", "    ", "    ", "\t", "     ", "  \t"]) for _ in lines]
    return [
        f"{indent}{line}" if line else indent[: chance.randint(0, 5)]
        for indent, line in zip(indents, lines, strict=True)
    ]


def _html(chance: random.Random, depth: int) -> Lines:
    """Return a block of HTML of one of the seven kinds."""
    words, tag, raw = _inline(chance), chance.choice(pieces.BLOCK_TAGS), chance.choice(["pre", "style", "script"])
    empty: Lines = chance.choice([[], [], [""]])
    kinds: list[Lines] = [
        [f"<{raw}>", "*a*", *empty, "b -- c", f"</{raw}>"],
        ["<!-- *a*", *empty, "b -->" + chance.choice(["", " *c*"])],
        ["<?php *a*", *empty, "?>"],
        ["<!DOCTYPE html>"],
        ["<![CDATA[ *a*", *empty, "]]>"],
        [f"<{tag}>", *empty, words, *empty, f"</{tag}>"],
        [f'<{tag} class="a"', 'title="b">', *empty, words, *empty, f"</{tag}>"],
        [f"</{tag}>"],
        [f"<{tag}><summary>{words}</summary>", "", *_blocks(chance, 1, depth + 1), "", f"</{tag}>"],
        ["", chance.choice(pieces.OPENINGS), *empty, words],
    ]
    return "\n".join(chance.choice(kinds)).split("\n")


def _table(chance: random.Random, depth: int) -> Lines:
    """Return a table, with a row at least in a container: one without makes a list loose for cmark-gfm."""
    width = chance.randint(1, 4)
    under = [chance.choice(["---", "---", "-", ":--", "--:", ":-:", " - ", ":-"]) for _ in range(width)]
    if chance.random() < 0.1:
        under = [*under, "---"] if chance.random() < 0.5 else [*under[1:], "x"]
    widths = [max(1, width + chance.choice([0, 0, 0, 0, 1, -1])) for _ in range(chance.randint(min(1, depth), 3))]
    above = _paragraph(chance, depth) if chance.random() < 0.15 else []
    rows = [[_cell(chance) for _ in range(count)] for count in [width, *widths]]
    return [*above, _row(chance, rows[0]), _row(chance, under), *(_row(chance, row) for row in rows[1:])]


def _row(chance: random.Random, cells: Lines) -> str:
    before, behind = chance.choice(
        [("| ", " |")] * 5 + [("", ""), ("|", "|"), ("| ", ""), ("", " |"), ("  | ", " |  ")]
    )
    return before + chance.choice([" | ", " | ", "|", "  |\t"]).join(cells) + behind


def _cell(chance: random.Random) -> str:
    words = _one_line(chance, 1).replace("|", "\\|" if chance.random() < 0.7 else "|")
    return chance.choice([words, words, words, "", "`a \\| b`", "*a*", "\\|"])


def _definitions(chance: random.Random) -> Lines:
    """Return definitions of references, sound and not."""
    lines: Lines = []
    for _ in range(chance.randint(1, 3)):
        indent, space = " " * chance.choice([0, 0, 0, 1, 3, 4]), chance.choice([" ", " ", " ", "", "\n  ", "\t"])
        title = chance.choice([*pieces.TITLES, '\n"A tide"'])
        label, address = chance.choice(pieces.LABELS), chance.choice(pieces.ADDRESSES)
        lines += f"{indent}[{label}]:{space}{address}{title}".split("\n")
    return lines


# -- containers


def _list(chance: random.Random, depth: int) -> Lines:
    """Return a list of one to four items with one kind of mark, loose or tight, indented by their width or nearly so.

    Tasks are in the outermost lists alone: cmark-gfm has none in a quotation or in an item that begins on the same line.
    """
    mark, number = chance.choice("--*+..)"), chance.choice([1, 1, 1, 0, 2, 9, 10, 1986, 123456789, 1234567890])
    indent, gap = " " * chance.choice([0, 0, 0, 0, 1, 2, 3]), " " * chance.choice([1, 1, 1, 1, 2, 3, 4, 5])
    loose, lines = chance.random() < 0.3, Lines()
    for item in range(chance.randint(1, 4)):
        opening = indent + (f"{number + chance.choice([item, item, 0])}{mark}" if mark in ".)" else mark) + gap
        if chance.random() < 0.5:
            blocks = _blocks(chance, chance.choice([1, 1, 1, 1, 2, 3]), depth + 1)
        else:
            blocks = _paragraph(chance, depth)
            blocks[0] = (
                chance.choice(["[ ] ", "[x] ", "[X] ", "[] "]) if not depth and chance.random() < 0.2 else ""
            ) + blocks[0]
        lines += _within(chance, blocks, opening, " " * len(opening))
        lines += [""] if loose or chance.random() < 0.07 else []
    return lines[:-1] if not lines[-1] else lines


def _quotation(chance: random.Random, depth: int) -> Lines:
    mark = chance.choice(["> ", "> ", "> ", ">", " > ", ">  "])
    return _within(chance, _blocks(chance, chance.choice([1, 1, 2, 3]), depth + 1), mark, mark)


def _within(chance: random.Random, lines: Lines, first: str, others: str) -> Lines:
    """Return lines in a container; now and then one is lazy, or has a space too many or a tab.

    A lazy line is not indented: cmark-gfm keeps the spaces before it, in code and titles, against the specification.
    """
    lines = ["", *lines] if chance.random() < 0.04 and lines[0][:1] != "[" else lines
    made = [first + lines[0], *(others + line if line or others.strip() else "" for line in lines[1:])]
    for place in range(1, len(made)):
        line = lines[place]
        if chance.random() < 0.05:
            made[place] = chance.choice([line.lstrip(), line.lstrip(), others + " " + line, others + "\t" + line])
    return [line if line.strip(" >") else line.rstrip() for line in made]


_LEAVES: tuple[Callable[[random.Random, int], Lines], ...] = (
    *(_paragraph, _paragraph, _paragraph, _paragraph, _heading, _setext, _fence, _fence, _indented),
    *(_html, _html, _table, _table),
)
_CONTAINERS: tuple[Callable[[random.Random, int], Lines], ...] = (_list, _list, _list, _quotation)


def _accident(chance: random.Random, text: str) -> str:
    """Return a text with something in it broken."""
    place, lines = chance.randrange(len(text) + 1), text.split("\n")
    line = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            return text[:place] + text[place + chance.choice([1, 1, 2, 5]) :]
        case 1:
            return text[:place] + chance.choice(pieces.MARKS) + text[place:]
        case 2:
            lines[line] = lines[line].lstrip()
        case 3:
            lines[line] = " " * chance.randint(1, 5) + lines[line]
        case 4:
            lines.insert(line, chance.choice(pieces.LINES))
        case _:
            del lines[line]
    return "\n".join(lines)

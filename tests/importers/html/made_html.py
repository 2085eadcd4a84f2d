"""Random posts whose words are full of marks: what could go wrong when HTML becomes Markdown."""

from __future__ import annotations

import random
from html import escape

_BITS = [
    "*",
    "_",
    "`",
    "~",
    "=",
    "==",
    "**",
    "__",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "!",
    "![",
    "](",
    "<",
    ">",
    "&",
    "&amp;",
    "&copy",
    "<b>",
    "</b>",
    "#",
    "##",
    "+",
    "-",
    "---",
    "===",
    "***",
    "1.",
    "1984.",
    "2)",
    "|",
    "|---|---|",
    ":",
    "::",
    ":smile:",
    "{#id}",
    "{.c}",
    "{a=b}",
    "$",
    "$x$",
    "$$",
    "\\",
    "\\(",
    "\\*",
    "/",
    "///",
    "[^1]",
    "[^1]:",
    "[@key]",
    "a@b.co",
    "www.x.y",
    "https://x.example/a_b",
    "*[X]:",
    "[x]:",
    "[x][y]",
    "[",
    "]",
    "[x]",
    "[!NOTE]",
    "'",
    '"',
    "--",
    "...",
    "\xa0",
    "é",
    "字",
    "。",
    "a",
    "word",
    "x.",
    "y,",
    "z!",
    "Q?",
    "42",
    "😀",
    "<!--",
    "-->",
    "_x_",
    "snake_case",
    "*x*",
    "`x`",
    "```",
    "~x~",
    "==m==",
    "^",
    "%",
    "'s",
]
_INLINE = ("b", "i", "strong", "em", "s", "mark", "sub", "u", "span", "kbd")
_ADDRESSES = ("x", "a_b", "(c)", "d e", "q?a=1&copy=2", "*z*")


def words(chance: random.Random) -> str:
    """Return some words, with marks and without spaces between some of them."""
    return "".join(chance.choice(_BITS) + chance.choice(("", "", " ", " ")) for _ in range(chance.randint(1, 6)))


def text(chance: random.Random) -> str:
    """Return some words as HTML."""
    return escape(words(chance), quote=False)


def line(chance: random.Random, depth: int = 2) -> str:
    """Return what can stand in a paragraph."""
    parts = []
    for _ in range(chance.randint(1, 4)):
        kind = chance.random() if depth else 1.0
        if kind < 0.25:
            tag = chance.choice(_INLINE)
            parts.append(f"<{tag}>{line(chance, depth - 1)}</{tag}>")
        elif kind < 0.32:
            address = escape(f"https://e.example/{chance.choice(_ADDRESSES)}")
            parts.append(f'<a href="{address}">{line(chance, 0)}</a>')
        elif kind < 0.39:
            parts.append(f"<code>{text(chance)}</code>")
        elif kind < 0.44:
            parts.append("<br>")
        elif kind < 0.48:
            parts.append(f'<img src="p.png" alt="{escape(words(chance))}">')
        else:
            parts.append(text(chance))
        parts.append(chance.choice(("", " ")))
    return "".join(parts)


def post(chance: random.Random) -> str:
    """Return a few blocks."""
    return "".join(_block(chance, 2) for _ in range(chance.randint(1, 3)))


def _block(chance: random.Random, depth: int) -> str:
    makers = [_paragraph, _heading, _code, _table, _figure, _definitions]
    makers += [_list, _numbered, _quotation, _details, _mixed] if depth else []
    return chance.choice(makers)(chance, depth)


def _paragraph(chance: random.Random, depth: int) -> str:
    return f"<p>{line(chance)}</p>"


def _heading(chance: random.Random, depth: int) -> str:
    level = chance.randint(1, 6)
    return f"<h{level}>{line(chance, 1)}</h{level}>"


def _code(chance: random.Random, depth: int) -> str:
    return f"<pre><code>{text(chance)}\n\n\n{text(chance)}</code></pre>"


def _table(chance: random.Random, depth: int) -> str:
    rows = (
        "".join(f"<{tag}>{line(chance, 1)}</{tag}>" for _ in range(2)) for tag in ("th", *["td"] * chance.randint(0, 2))
    )
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _figure(chance: random.Random, depth: int) -> str:
    return f'<figure><img src="q.png" alt="x"><figcaption>{line(chance, 1)}</figcaption></figure><hr>'


def _definitions(chance: random.Random, depth: int) -> str:
    return f"<dl><dt>{line(chance, 1)}</dt><dd>{line(chance, 1)}</dd></dl>"


def _list(chance: random.Random, depth: int) -> str:
    items = (f"{line(chance)}{chance.choice(('', _block(chance, depth - 1)))}" for _ in range(chance.randint(1, 3)))
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _numbered(chance: random.Random, depth: int) -> str:
    items = (f"<li>{_block(chance, depth - 1)}</li>" for _ in range(chance.randint(1, 3)))
    return f'<ol start="{chance.randint(1, 12)}">{"".join(items)}</ol>'


def _quotation(chance: random.Random, depth: int) -> str:
    return f"<blockquote>{_block(chance, depth - 1)}{_block(chance, depth - 1)}</blockquote>"


def _details(chance: random.Random, depth: int) -> str:
    return f"<details><summary>{line(chance, 1)}</summary>{_block(chance, 0)}</details>"


def _mixed(chance: random.Random, depth: int) -> str:
    return f"<div>{line(chance)}{_block(chance, 0)}{line(chance, 1)}</div>"

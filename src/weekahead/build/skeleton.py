"""The text that `new` writes into a draft, from templates/issue.md.j2, and which of its sentences still stand in an issue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from weekahead.lint.rules.across_issues import locate
from weekahead.lint.rules.text_helpers import excerpt
from weekahead.model.findings import Finding, warning
from weekahead.model.issue import Issue
from weekahead.model.letter import Letter
from weekahead.theme.lookup import Theme

TEMPLATE = "issue.md.j2"
HINT = (
    f"Replace it. A sentence for every issue goes between {{% if stays %}} and {{% endif %}} in templates/{TEMPLATE}."
)


def render_skeleton(
    theme: Theme,
    letter: Letter,
    number: int | None,
    day: date | None,
    title: str,
    *,
    promised: Sequence[dict[str, str]] = (),
    stays: bool = False,
) -> str:
    """Return the text of a new issue; without `stays`, less the sentences that are meant for every issue. Raise BuildError."""
    from weekahead.site.templates import render_text

    context: dict[str, Any] = {
        "number": number,
        "label": letter.label(number),
        "title": title,
        "date": day,
        "letter": {"title": letter.config.title},
        "promised": promised,
        "stays": stays,
    }
    return render_text(theme, TEMPLATE, context)


def check_skeleton(theme: Theme, letter: Letter, issue: Issue, words: str) -> Iterator[Finding]:
    """Yield a warning for each sentence of the template of new issues in an issue's body, which has these words.

    Links to what earlier issues promised are for readers, and no such sentences. Raise BuildError if the template fails.
    """
    from weekahead.lint.scanner import scan_markdown

    text = scan_markdown(words)
    plain = text.without_code.translate(_WITHOUT_EMPHASIS)
    skeleton = render_skeleton(theme, letter, issue.number, letter.known_day(issue), issue.title)
    found = {
        match.start("words"): " ".join(sentence)
        for sentence in _sentences(skeleton)
        for match in re.finditer(_pattern(sentence), plain)
    }
    for start, sentence in sorted(found.items()):
        message = f'"{excerpt(sentence)}" is from the template of new issues'
        yield warning(locate(issue.body, *text.position(start)), "template-text", message, HINT)


_WITHOUT_EMPHASIS = str.maketrans("*_~", "   ")
_ASKING = frozenset({"paragraph", "list", "quote", "html", "note", "terms"})
"""The blocks of a template that stand for an author's words; headings, code and tables are to stay."""
_ITEM = r"[ \t>]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]+\[[ xX]\])?(?=\s)"
_GAP = r"[\s>]+"
_SENTENCE_END = re.compile(rf"\n[ \t>]*\n|(?m:^){_ITEM}|(?<=[.!?…])\s+|(?<=[。！？])")


def _sentences(markdown: str) -> list[list[str]]:
    """Return the sentences that readers would see of a text as lists of words, less its headings, code and tables."""
    from weekahead.lint.scanner import scan_markdown

    text = scan_markdown(markdown)
    blocks = (text.without_code[block.start : block.end] for block in text.blocks if block.kind in _ASKING)
    sentences = (each.translate(_WITHOUT_EMPHASIS) for block in blocks for each in _SENTENCE_END.split(block))
    return [each.replace(">", " ").split() for each in sentences if re.search(r"[^\W\d_]", each)]


def _pattern(words: Sequence[str]) -> str:
    """Return a pattern of a sentence, however its lines are broken; one English word must have a line of its own."""
    sentence = f"(?P<words>{_GAP.join(map(re.escape, words))})"
    if len(words) == 1 and words[0].isascii():
        return rf"(?m)^(?:{_ITEM})?[ \t>]*{sentence}[ \t]*$"
    return rf"(?<!\w){sentence}(?!\w)"

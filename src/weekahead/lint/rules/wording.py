"""Rules about words: placeholders, words typed twice, quotations without a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import (
    excerpt,
    find_each,
    is_english,
    is_in_link,
    is_in_post,
    is_quoted,
    split_words,
)
from weekahead.lint.scanned_markdown import BlockSpan, ScannedMarkdown

_PLACEHOLDER = re.compile(
    r"(?<![\w/.-])TK(?:TK)*\b(?![-/.]\w|['’]s|\s(?:Maxx|Elevator)\b)"
    r"|\b(?:TODO|FIXME|XXX)\b(?=\s*[:(\]])"
    r"|(?m:(?:(?<=[:–—=][ ])|^[ \t]*)(?:TODO|FIXME|XXX)\b(?=[.!]?[ \t]*$))"
    r"|(?:\A|\n[ \t]*\n|\n(?=[ \t]*(?:[-+*]|\d+[.)])[ \t]))[ \t]*(?:(?:[-+*]|\d+[.)])[ \t]+)?(?:TODO|FIXME|XXX)\b(?![-.]\w|['’])"
    r"|\[(?:TODO|FIXME|TBD|XXX|TK|LINK|INSERT|(?i:todo|fixme|tbd|tk)(?=[:\]])|[Ll]ink(?=\])|[Ii]nsert(?=\s))\b[^\]\n]{0,80}\]"
    r"|[({](?:TODO|FIXME|TK)[)}]|\[[Yy]our [\w ]{2,20}\]|\[(?:[\w ]{0,20} )?(?i:name|link|title|date|text|image|picture|quote|words|url|address) here\]"
    r"|(?m:^[ \t>]*)[Ll]orem ipsum\b|(?i:\blorem ipsum dolor\b)|\(link\)",
)
_PLACEHOLDER_PARTS = (
    *("TK", "TODO", "FIXME", "XXX", "TBD", "[todo", "[fixme", "[tbd", "[link]", "[Link]", "[LINK", "(link)"),
    *("[insert", "[Insert", "[INSERT", "[tk", "[Your", "[your", " here]", "psum"),
)
"""One of these is in every placeholder; looking for them first is much faster."""


@text_rule("placeholder", WARNING, in_drafts=NOTE)
def check_placeholders(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield TODO, TK and the like, in the text and in comments."""
    for match in _placeholders(text.prose):
        before, after = text.text[match.start() - 1 : match.start()], text.text[match.end() : match.end() + 1]
        is_link = match[0].startswith("[") and (before == "#" or after in ("(", "[", ":"))
        if not is_link and not is_in_link(text, match.span()):
            words = match[0].lstrip("-+*>.)0123456789 \t\n")
            yield match.end() - len(words), f'the placeholder "{excerpt(words)}" is still here', "Replace or remove it."
    for start, end in text.comments:
        if left := re.search(r"\b(?:TODO|FIXME|XXX|TKTK|TK)\b", text.text[start:end]):
            message = f'"{left[0]}" is in a comment, which anyone can read in the page\'s source'
            yield start + left.start(), message, "Do it, or remove it."


def _placeholders(prose: str) -> Iterator[re.Match[str]]:
    """Yield the placeholders of a text in order."""
    end = 0
    for place in find_each(prose, _PLACEHOLDER_PARTS):
        line_above = prose.rfind("\n", 0, max(0, prose.rfind("\n", 0, place)))
        match = _PLACEHOLDER.search(prose, max(end, line_above), place + 100) if place >= end else None
        if match and match.start() <= place:
            end = match.end()
            yield match


_NEVER_DOUBLED = frozenset(
    split_words(
        "a about after all also although am an and any are as at be because before being between both but by can could during each "
        "even every for from get got has have having he her here him his how however i if in into is it its just like made make may "
        "me might must my not of off on one only onto or other our over own same she should since some such than the their "
        "them then these they this those through to too under until up upon us use used was we what when where whether which "
        "while who whose why will with without would you your"
    )
)
"""English words that nobody writes twice in a row on purpose."""
_DOUBLED = re.compile(r"(?<![\w'’./:@#&=-])([a-z]+)([ \t]+|[ \t]*\n[ \t]*(?![ \t]*\n))(\1)(?![\w'’/:@=-]|\.\w)")


@text_rule("doubled-word", WARNING)
def check_doubled_words(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield "the the", also across the end of a line; the fix removes the second one."""
    for match in _DOUBLED.finditer(text.prose) if is_english(facts) else ():
        if match[1] not in _NEVER_DOUBLED:
            continue
        if text.text[match.start() : match.end()] != match[0]:
            continue  # code, or a link, stands between the two
        if is_quoted(text, match.start()) or is_in_link(text, match.span()):
            continue  # somebody else's words, or the title of somebody else's page
        message = f'this word is repeated: "{excerpt(match[0])}"'
        if "\n" not in match[2]:
            yield match.start(3), message, "check --fix removes one.", (match.end(1), match.end(), "")
        else:
            yield match.start(3), message, "Remove one."


SHORTEST_QUOTATION = 4
"""Words of a quotation that wants a source; between quotation marks two are enough."""
_NO_QUOTATION = re.compile(r" {0,3}>\s*(?:\[!|\*\*|#|[-+*]\s|\d+[.)]\s|\||!\[)")
"""How a call-out, a list, a table or a picture begins."""
_ASIDE = re.compile(
    r"(?i)\b(?:you (?:can|may)|we recommend|note that|(?:in )?this (?:issue|letter|post|section))\b|`|\?[\s*_]*\Z|<br\b|(?<=\S)  $",
    re.M,
)
"""What is said to the reader, a question that is answered below, or a verse: the author's own words, set apart."""
_CODE_KINDS = ("code", "html")


@text_rule("quote-without-source", NOTE)
def check_quotation_sources(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield quotations without a name, a link or a verb of saying, in them or in the paragraphs beside them."""
    if ">" not in text.without_code or not is_english(facts):
        return
    blocks = [block for block in text.blocks if block.kind not in _CODE_KINDS]
    sourced = -1
    """The index of the last quotation that has a source, in the section at hand; what follows it may go on with it."""
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            sourced = -1
        if block.kind != "quote" or not _is_quotation(text, block):
            continue
        around = (*blocks[max(0, index - 1) : index], *blocks[index + 1 : index + 2])
        beside = [other for other in around if other.kind != "heading"]
        if any(_names_source(text.without_code[near.start : near.end].rstrip()) for near in (block, *beside)):
            sourced = index
        elif sourced < 0 and not any(other.kind == "quote" for other in beside):
            hint = "Below it, add a line with a dash and the name, or a link."
            yield block.start, "this quotation has no source", hint


def _is_quotation(text: ScannedMarkdown, block: BlockSpan) -> bool:
    """Return whether a block of lines after > is in somebody else's words, as far as can be seen."""
    prose, source = text.prose[block.start : block.end], text.text[block.start : block.end].rstrip()
    is_marked = re.match(r'[\s>]*[“"„«]', prose) is not None
    is_long_enough = len(re.findall(r"[\w'’]+", prose)) >= (2 if is_marked else SHORTEST_QUOTATION)
    return is_long_enough and not (
        _NO_QUOTATION.match(source) or _ASIDE.search(source) or is_in_post(text, block.start)
    )


_NAME = re.compile(
    r"(?:^|\n)[ \t>]*[*_(]*[A-Z][\w.'’-]*(?:,?\s(?:[A-Z][\w.'’-]*|\d{4}|al|and|bin|da|de|del|der|di|du|la|le|of|the|van|von)){1,6}[*_)]*\Z"
    r"|[.!?”\"]\s*\([^()\n]*[A-Z][^()\n]*\)\Z"
)
"""A name that is the last line, or stands between parentheses at the end."""


def _names_source(paragraph: str) -> bool:
    """Return whether a paragraph has a link, a name after a dash or by itself, a colon at its end or a verb of saying."""
    return bool(
        _NAME.search(paragraph)
        or re.search(r"\]\(|\]\[|https?://|<cite|<a\s", paragraph)
        or re.search(r"(?m)^[\s>]*(?:[-–—―~]|&mdash;|--)\s*\S", paragraph)
        or re.search(r"[–—―]\s*[*_]*[A-Z][\w.]+", paragraph)
        or re.search(r":[\s*_]*$", paragraph)
        or re.search(
            r"(?i)\b(?:said|says|wrote|writes|asked|asks|told|tells|puts? it|notes?|noted|explains?|explained|quotes?|quoted|according to|replied|answered)\b",
            paragraph,
        )
    )

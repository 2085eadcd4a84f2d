"""Rules about words: placeholders, words typed twice, quotations without a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt, is_english, is_in_link, is_in_post, split_words
from weekahead.lint.scanned_markdown import ScannedMarkdown

_PLACEHOLDER = re.compile(
    r"\bTK(?:TK)*\b|\b(?:TODO|FIXME|XXX)\b(?=\s*[:(\]]|[ \t]*(?m:$))|\[(?:TODO|TBD|FIXME|link|LINK|insert [^\]\n]{1,40}|Insert [^\]\n]{1,40})\]"
    r"|(?m:^[ \t]*(?:[-+*][ \t]+)?(?:TODO|FIXME|XXX)\b)|(?i:\blorem ipsum\b)|\(link\)",
)
_PLACEHOLDER_PARTS = ("TK", "TODO", "FIXME", "XXX", "TBD", "[link]", "(link)", "[LINK]", "[insert", "[Insert", "psum")
"""One of these is in every placeholder; looking for them first is much faster."""


@text_rule("placeholder", WARNING, in_drafts=NOTE)
def check_placeholders(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield TODO, TK and the like, in the text and in comments."""
    may_have_any = any(part in text.prose for part in _PLACEHOLDER_PARTS)
    for match in _PLACEHOLDER.finditer(text.prose) if may_have_any else ():
        before, after = text.text[match.start() - 1 : match.start()], text.text[match.end() : match.end() + 1]
        is_link = match[0].startswith("[") and (before == "#" or after in ("(", "[", ":"))
        if not is_link and not is_in_link(text, match.span()):
            placeholder = excerpt(match[0].lstrip("-+* \t"))
            yield match.start(), f'the placeholder "{placeholder}" is still here', "Replace or remove it."
    for start, end in text.comments:
        if left := re.search(r"\b(?:TODO|FIXME|XXX|TKTK|TK)\b", text.text[start:end]):
            message = f'"{left[0]}" is in a comment, which anyone can read in the page\'s source'
            yield start + left.start(), message, "Do it, or remove it."


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
        line = text.line(text.position(match.start())[0])
        if line.lstrip().startswith(">") or is_in_post(text, match.start()) or is_in_link(text, match.span()):
            continue  # somebody else's words, or the title of somebody else's page
        message = f'this word is repeated: "{excerpt(match[0])}"'
        if "\n" not in match[2]:
            yield match.start(3), message, "check --fix removes one.", (match.end(1), match.end(), "")
        else:
            yield match.start(3), message, "Remove one."


@text_rule("quote-without-source", NOTE)
def check_quotation_sources(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield quotations without a name, a link or a verb of saying, in them or in the paragraphs beside them."""
    if ">" not in text.without_code:
        return
    blocks = text.blocks
    for index, block in enumerate(blocks):
        if block.kind != "quote" or len(re.findall(r"\w+", text.prose[block.start : block.end])) < 8:
            continue
        if re.match(r" {0,3}>\s*(?:\[!|\*\*|#|[-+*]\s|\d+[.)]\s|\|)", text.without_code[block.start : block.end]):
            continue  # a call-out, a list, a table: no quotation
        if is_in_post(text, block.start):
            continue
        beside = [*blocks[max(0, index - 1) : index], *blocks[index + 1 : index + 2]]
        if any(other.kind == "quote" for other in beside):
            continue  # one quotation in several pieces: its source stands at one of them
        if not any(_names_source(text.without_code[near.start : near.end].rstrip()) for near in (block, *beside)):
            yield (
                block.start,
                "this quotation has no source",
                "Below it, add a line with a dash and the name, or a link.",
            )


def _names_source(paragraph: str) -> bool:
    """Return whether a paragraph has a link, a name after a dash, a colon at its end or a verb of saying."""
    return bool(
        re.search(r"\]\(|\]\[|https?://|<cite|<a\s", paragraph)
        or re.search(r"(?m)^[\s>]*(?:[-–—―~]|&mdash;|--)\s*\S", paragraph)
        or re.search(r"[–—―]\s*[*_]*[A-Z][\w.]+", paragraph)
        or re.search(r":[\s*_]*$", paragraph)
        or re.search(
            r"(?i)\b(?:said|says|wrote|writes|asked|asks|told|tells|puts? it|notes?|noted|explains?|explained|quotes?|quoted|according to|replied|answered)\b",
            paragraph,
        )
    )

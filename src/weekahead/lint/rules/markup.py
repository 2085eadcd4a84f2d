"""Rules about Markdown that never closes and HTML that is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.rules.registry import WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt, split_words
from weekahead.lint.scanned_markdown import ScannedMarkdown


@text_rule("unclosed-markup", WARNING)
def check_unclosed_markup(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield fences, code spans, bold, links and comments that begin and never close."""
    for offset in text.open_fences:
        yield offset, "this code block never ends", "End it with a line of the same characters."
    for offset in text.open_links:
        yield offset, "the address of this link never ends", "Add the closing ), or write spaces in the address as %20."
    offset = text.without_code.find("<!--")
    if offset >= 0:
        yield offset, "this comment never ends, so everything after it is hidden", "End it with -->."
    code_start = min(text.open_fences, default=len(text.text))
    for start, end in text.paragraphs():
        if start >= code_start:
            break
        paragraph = text.without_code[start:end]
        if "`" in paragraph and len(re.findall(r"(?<!\\)`+", paragraph)) % 2:
            opening = re.search(r"(?<!\\)`", paragraph)
            assert opening
            hint = "Add a ` after it, or write \\` for the character itself."
            yield start + opening.start(), "this code begins with ` but never ends", hint
        if "**" in paragraph:
            yield from _check_bold(text, start, end)


def _check_bold(text: ScannedMarkdown, start: int, end: int) -> Iterator[TextProblem]:
    """Yield the one `**` of a paragraph."""
    paragraph = re.sub(r"\\.", "  ", text.prose[start:end])
    if "|" in paragraph:
        return
    stars = list(re.finditer(r"(?<!\*)\*\*(?!\*)", paragraph))
    if len(stars) == 1 and "***" not in paragraph:
        offset = stars[0].start()
        opens = re.match(r"\*\*\w", paragraph[offset : offset + 3]) and not paragraph[offset - 1 : offset].isalnum()
        closes = re.match(r"[\w.!?:]\*\*(?:\W|$)", paragraph[max(0, offset - 1) : offset + 3])
        if opens or closes:
            message = "this ** has no counterpart, so readers see the asterisks"
            yield start + offset, message, "Add the other **, or write \\* for an asterisk."


HTML_ELEMENTS = frozenset(
    split_words(
        "a abbr acronym address animate applet area article aside audio b base basefont bdi bdo big blink blockquote body br "
        "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed "
        "fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe "
        "img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noframes noscript object "
        "ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section select set slot "
        "small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time "
        "title tr track tt u ul var video wbr"
    )
)
"""Elements of HTML, including obsolete ones."""
_TAG = re.compile(r"(?<!\\)<([A-Za-z][\w,.-]*)(?=[\s/>])[^<>\\]*>")


@text_rule("unknown-tag", WARNING)
def check_unknown_tags(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield `Vec<T>` and the like outside of code: a browser takes `<T>` for a tag and shows nothing."""
    if "<" not in text.without_code or "<svg" in text.text.lower() or "<math" in text.text.lower():
        return
    for match in _TAG.finditer(text.without_code):
        if match[1].lower() in HTML_ELEMENTS or "-" in match[1]:
            continue
        if any(link.address_span[0] <= match.start(1) < link.address_span[1] for link in text.links):
            continue  # an address
        message = f'"{excerpt(match[0])}" is read as an HTML tag, so readers do not see it'
        yield match.start(), message, "If it is code, put it between backticks; for the character itself, write &lt;."

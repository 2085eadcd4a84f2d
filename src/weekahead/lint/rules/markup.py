"""Rules about Markdown that never closes and HTML that is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.lint.rules.registry import WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import excerpt, find_each, split_words
from weekahead.lint.scanned_markdown import ScannedMarkdown


@text_rule("unclosed-markup", WARNING)
def check_unclosed_markup(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield fences, code spans, bold, links and comments that begin and never close."""
    unclosed = text.unclosed
    for offset in unclosed.fences:
        yield offset, "this code block never ends", "End it with a line of the same characters."
    for offset in unclosed.links:
        yield offset, "the address of this link never ends", "Add the closing ), or write spaces in the address as %20."
    for offset in unclosed.comments:
        yield offset, "this comment never ends, so everything after it is hidden", "End it with -->."
    for offset in unclosed.shown_comments:
        message = "this comment does not end before the next empty line, so readers see it"
        yield offset, message, "End it with -->, or begin it on a line of its own."
    pictures = [link for link in text.links if link.is_picture]
    for offset in unclosed.code:
        if any(picture.start < offset < picture.end for picture in pictures):
            continue  # its words are for those who do not see it
        hint = "Add a ` after it, or write ' for an apostrophe, \\` for the character itself."
        yield offset, "this ` has no counterpart, so readers see it", hint
    for offset in unclosed.bold:
        before, after = text.text[offset - 1 : offset], text.text[offset + 2 : offset + 3]
        opens = (after.isalnum() or after == "_") and not before.isalnum()
        closes = (before.isalnum() or before in tuple("_.!?:")) and not (after.isalnum() or after == "_")
        if opens or closes:
            message = "this ** has no counterpart, so readers see the asterisks"
            yield offset, message, "Add the other **, or write \\* for an asterisk."


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


_NO_SCHEME = re.compile(
    r"(?<!\\)<(?:www\.[\w-]+(?:\.[\w-]+)+|(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|info|io|dev|app|ai|co|uk|de|fr|eu|ch|at|nl|it|es|ca|au|jp|example))"
    r"(?:[:/?#][^\s<>]*)?>",
    re.IGNORECASE,
)
"""An address between angle brackets that its writer takes for a link."""


@text_rule("unknown-tag", WARNING)
def check_unknown_tags(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield `Vec<T>` and the like outside of code: a browser takes `<T>` for a tag and shows nothing; and `<www.a.org>`."""
    html = [(block.start, block.end) for block in text.blocks if block.kind == "html"]
    for start in find_each(text.without_code, "<"):
        match = _NO_SCHEME.match(text.without_code, start)
        if match is None or any(link.start <= start < link.end for link in text.links if link.kind != "bare"):
            continue
        words = excerpt(match[0])
        if any(first <= start < last for first, last in html):
            message = f'"{words}" is read as an HTML tag, so readers do not see it'
            yield start, message, f'Write <a href="https://{words[1:-1]}">words</a>.'
        else:
            hint = "check --fix adds https://. If it is code, put it between backticks."
            yield (
                start,
                f'"{words}" is no link, because it does not begin with https://',
                hint,
                (start + 1, start + 1, "https://"),
            )
    for tag in text.tags:
        if tag.name not in HTML_ELEMENTS and "-" not in tag.name and not text.text.startswith("</", tag.start):
            message = f'"{excerpt(text.text[tag.start : tag.end])}" is read as an HTML tag, so readers do not see it'
            yield tag.start, message, "If it is code, put it between backticks; for the character itself, write &lt;."

"""Find the prose, headings, links and lists of a Markdown text without converting it.

The converter says what a text becomes; this says where in the author's file each part of it is, in a thousandth of the
time. What readers do not see (code, comments, tags, addresses) is blanked, so that a rule that looks for words finds only
words; every character keeps its offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from weekahead.lint.link_scanner import TAG, BracketLinks, find_bare_links, find_definitions, find_html_links
from weekahead.lint.scanned_markdown import Heading, Item, LinkSpan, ScannedMarkdown, Span


def scan_markdown(text: str) -> ScannedMarkdown:
    """Return a text with the positions of its parts. Any text can be scanned; what never closes is taken for prose."""
    fences, open_fences = _find_fences(text)
    without_code = blank(text, fences)
    comments = _find_comments(without_code)
    without_code = blank(without_code, comments)
    without_code = blank(without_code, _find_indented_code(without_code))
    without_code = blank(without_code, _find_raw_html(without_code))
    without_code = blank(without_code, _find_code_spans(without_code))

    definitions = list(find_definitions(without_code))
    visible = blank(without_code, [(link.start, link.address_span[1]) for _, link in definitions])
    brackets = BracketLinks(visible, text, dict(definitions))
    without_destinations = blank(visible, brackets.destinations)
    tags = [tag.span() for tag in TAG.finditer(without_destinations)] if "<" in without_destinations else []
    html_links = find_html_links(without_destinations, tags)
    without_tags = blank(without_destinations, tags)
    bare_links = list(find_bare_links(without_tags))
    links = [*brackets.links, *html_links, *bare_links, *(link for _, link in definitions)]

    line_starts = (0, *(end.end() for end in re.finditer("\n", text)))
    return ScannedMarkdown(
        text=text,
        prose=blank(without_tags, [link.address_span for link in bare_links]),
        without_code=without_code,
        line_starts=line_starts,
        headings=tuple(_find_headings(visible)),
        links=tuple(sorted(links, key=lambda link: link.start)),
        items=tuple(_find_items(without_code, line_starts)),
        comments=tuple(comments),
        undefined=tuple(sorted([*_undefined_references(brackets, definitions), *_undefined_notes(without_code)])),
        open_fences=tuple(open_fences),
        open_links=tuple(brackets.open),
    )


def _undefined_references(brackets: BracketLinks, definitions: list[tuple[str, LinkSpan]]) -> Iterator[tuple[int, str]]:
    """Yield offset and label of references without a definition that are not in the text of another link."""
    labels = {label for label, _ in definitions}
    link_texts = [(link.start, link.address_span[0]) for link in brackets.links]
    for offset, label in brackets.undefined:
        if label not in labels and not any(start < offset < end for start, end in link_texts):
            yield offset, label


def _undefined_notes(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and label of footnote marks without a note."""
    notes = {note[1].lower() for note in re.finditer(r"(?m)^ {0,3}\[\^([^\]\n]+)\]:", text)}
    for mark in re.finditer(r"\[\^([^\]\s]+)\](?!:)", text):
        if mark[1].lower() not in notes:
            yield mark.start(), mark[0][1:-1]


def blank(text: str, spans: Iterable[Span]) -> str:
    """Return the text with spaces in place of some spans; line ends stay."""
    pieces, end = [], 0
    for start, stop in sorted(spans):
        if stop <= end:
            continue
        start = max(start, end)
        pieces.append(text[end:start])
        pieces.append("\n".join(" " * len(line) for line in text[start:stop].split("\n")))
        end = stop
    return "".join([*pieces, text[end:]]) if pieces else text


# -- code, comments and raw HTML

_FENCE = re.compile(r"(?m)^((?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])[ \t]?)*[ \t]*)(`{3,}|~{3,})([^\n]*)$")
_ITEM = re.compile(r"( *)([-+*]|\d{1,9}[.)])(?=[ \t]+\S)")
_BREAK = r"\n[ \t]*(?:\n|[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t])"
"""What ends a paragraph: an empty line, an item, a heading."""
_CODE_SPAN = re.compile(rf"(?<![`\\])(`+)(?!`)((?:(?!{_BREAK})[^`]|(?!\1(?!`))`+)+?)(?<!`)\1(?!`)")


def _find_fences(text: str) -> tuple[list[Span], list[int]]:
    """Return the spans of fenced code blocks, fences included, and the offsets of fences that never close."""
    if "```" not in text and "~~~" not in text:
        return [], []
    fences = [fence for fence in _FENCE.finditer(text) if not (fence[2][0] == "`" and "`" in fence[3])]
    blocks, opening = [], None
    for fence in fences:
        if opening is None:
            opening = fence
        elif fence[2][0] == opening[2][0] and len(fence[2]) >= len(opening[2]) and not fence[3].strip():
            blocks.append((opening.start(2), fence.end()))
            opening = None
    return blocks, [opening.start(2)] if opening else []


def _find_comments(text: str) -> list[Span]:
    return [comment.span() for comment in re.finditer(r"<!--.*?-->", text, re.DOTALL)] if "<!--" in text else []


def _find_indented_code(text: str) -> list[Span]:
    """Return the spans of lines that are code by indentation: by four columns, after an empty line, and not in a list."""
    if "\n    " not in text and "\n\t" not in text and not text.startswith(("    ", "\t")):
        return []
    spans: list[Span] = []
    offset, after_gap, in_list, in_code = 0, True, False, False
    for line in text.split("\n"):
        if not line.strip():
            after_gap = True
        else:
            is_deep = line.startswith(("    ", "\t"))
            if is_deep and not in_list and (after_gap or in_code):
                spans.append((offset, offset + len(line)))
                in_code = True
            else:
                in_code = False
                if _ITEM.match(line) or re.match(r" {0,3}(\[\^[^\]]+\]|:[ \t])", line):
                    in_list = True
                elif not line.startswith((" ", "\t")) and after_gap:
                    in_list = False
            after_gap = False
        offset += len(line) + 1
    return spans


def _find_raw_html(text: str) -> list[Span]:
    """Return the spans of HTML elements whose content is not prose."""
    if "<" not in text:
        return []
    return [
        match.span() for match in re.finditer(r"(?is)<(pre|script|style|textarea|code|svg)\b[^>]*>.*?</\1\s*>", text)
    ]


def _find_code_spans(text: str) -> list[Span]:
    """Return the spans of code within lines, backticks included."""
    return [match.span() for match in _CODE_SPAN.finditer(text)] if "`" in text else []


# -- headings and lists

_THEMATIC_BREAK = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_ATX_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)[ \t]*(.*?)[ \t]*#*[ \t]*$")


def _find_headings(text: str) -> Iterator[Heading]:
    offset, before, before_offset = 0, "", 0
    for line in text.split("\n"):
        end = offset + len(line)
        if match := _ATX_HEADING.match(line):
            if match[2]:
                yield Heading(len(match[1]), match[2], offset, end)
            before = ""
        elif before and re.fullmatch(r" {0,3}(=+|-{2,})[ \t]*", line):
            yield Heading(1 if "=" in line else 2, before.strip(), before_offset, end)
            before = ""
        else:
            is_text = line.strip() and not _ITEM.match(line) and not line.startswith((">", "    ", "|", "<"))
            before, before_offset = (line, offset) if is_text and "|" not in line else ("", offset)
        offset = end + 1


def _find_items(text: str, line_starts: tuple[int, ...]) -> Iterator[Item]:
    for number, line in enumerate(text.split("\n"), 1):
        line = line.expandtabs(4)
        match = _ITEM.match(line)
        if match and not _THEMATIC_BREAK.match(line):
            yield Item(len(match[1]), match[2], line_starts[number - 1], number)

"""Rules about headings, sections and lists, and about pictures and tables that are missing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import COUNT, excerpt, find_each, is_english, parse_count
from weekahead.lint.scanned_markdown import Heading, ScannedMarkdown, Span, blank

ALT_HINT = 'Describe it between the brackets. For pure decoration, write <img src="..." alt="">.'
ALT_HINT_HTML = 'Describe it in alt="...". For pure decoration, write alt="".'


@text_rule("alt-missing", WARNING)
def check_alt_texts(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield pictures without an alt text; in HTML an empty one is a choice."""
    for link in text.links:
        if not link.is_picture or not link.address.strip():
            continue
        if link.kind == "html":
            has_alt, hint = bool(re.search(r"(?i)\salt\s*(=|\s|/|>)", link.text)), ALT_HINT_HTML
        else:
            has_alt, hint = bool(link.text.strip()), ALT_HINT
        if not has_alt:
            yield link.start, f'the picture "{excerpt(link.address)}" has no alt text', hint


@text_rule("heading-skipped", NOTE)
def check_heading_levels(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield headings more than one level below the one before them."""
    before: Heading | None = None
    for heading in text.headings:
        if before and heading.level > before.level + 1:
            message = f'"{excerpt(heading.title)}" is a heading of level {heading.level} directly below one of level {before.level}'
            yield heading.start, message, f"Begin it with {'#' * (before.level + 1)}."
        before = heading


_GLUED_HEADING = re.compile(r"#{2,6}(?=[^\W_])")


@text_rule("heading-glued", WARNING)
def check_heading_spaces(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield lines such as `##Links`, which are text; `#links` may be a tag, and `#1` a number."""
    for block in text.blocks if "##" in text.without_code else ():
        if block.kind != "paragraph":
            continue
        for line in re.finditer(r"(?m)^ {0,3}(?=##)(.*)$", text.without_code[block.start : block.end]):
            if marks := _GLUED_HEADING.match(line[1]):
                start = block.start + line.start(1)
                message = f'"{excerpt(line[1])}" is not a heading, because there is no space after {marks[0]}'
                end = start + len(marks[0])
                yield start, message, "check --fix adds one. For the character itself, write \\#.", (end, end, " ")


@text_rule("title-repeated", WARNING)
def check_repeated_title(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield a first heading that is the issue's title, which the page has above the text."""
    if heading := _title_heading(text, facts):
        lines = _EMPTY_LINES.match(text.text, heading.end)
        end = lines.end() if lines else heading.end
        message = f'"{excerpt(heading.title)}" is the title of the issue, which its page has already'
        if any(heading.start <= link.start < heading.end for link in text.links):
            yield heading.start, message, "Remove this heading, and put its link in the text."
        else:
            yield heading.start, message, "check --fix removes this heading.", (heading.start, end, "")


_EMPTY_LINES = re.compile(r"(?:[ \t]*\n)*")
_MARKUP = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*\))?|[*_`~\\]")


def _title_heading(text: ScannedMarkdown, facts: IssueFacts) -> Heading | None:
    """Return the heading that repeats the title: the first words of the text, or its only heading of the first level."""
    heading = text.headings[0] if text.headings else None
    if heading is None or _plain(heading.title) != _plain(facts.title) or not _plain(facts.title):
        return None
    is_first = not text.without_code[: heading.start].strip()
    is_only = heading.level == 1 and all(other.level > 1 for other in text.headings[1:])
    has_text = bool(text.text[heading.end :].strip()) or not is_first
    return heading if has_text and (is_first or is_only) else None


def _plain(title: str) -> str:
    """Return the words of a title, in one case and with one kind of quotation marks."""
    words = _MARKUP.sub(lambda match: match[1] or "", title).replace("’", "'")
    return " ".join(words.casefold().split()).strip(" .:")


@text_rule("empty-section", WARNING, in_drafts=NOTE)
def check_empty_sections(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield headings with nothing below them but comments and empty list items."""
    for heading, (start, end) in _empty_sections(text, facts):
        what = "only an empty list" if text.without_code[start:end].strip() else "nothing"
        message = f'there is {what} below the heading "{excerpt(heading.title)}"'
        yield heading.start, message, "Write the section, or remove the heading."


def _empty_sections(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[tuple[Heading, Span]]:
    """Yield the headings below which readers see nothing but the marks of lists, with the spans below them."""
    empty_lists = ((block.start, block.end) for block in text.blocks if block.is_empty)
    seen, title = blank(text.text, [*text.comments, *empty_lists]), _title_heading(text, facts)
    for heading, (start, end) in text.sections():
        if heading is not title and not seen[start:end].strip():
            yield heading, (start, end)


@text_rule("empty-item", WARNING, in_drafts=NOTE)
def check_empty_items(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield lists with empty items, unless all of their section is empty, and lines of bare marks that are no list."""
    starts = [heading.start for heading in text.headings]
    empty = {heading.start for heading, _ in _empty_sections(text, facts)} if text.empty_items else set()
    for items in text.empty_items:
        above = bisect_right(starts, items.start)
        if not above or starts[above - 1] not in empty:
            count = f"{items.count} of the {items.of} items of this list {'is' if items.count == 1 else 'are'} empty"
            message = "this list has no words" if items.count == items.of else count
            yield items.start, message, "Write what is missing, or remove the empty items."

    for block in text.blocks:
        if block.kind == "paragraph" and (marks := _BARE_MARKS.search(text.without_code, block.start, block.end)):
            message = f'"{excerpt(marks[0])}" is no list, because there are no words after its marks'
            yield marks.start(), message, "Write what is missing, or remove these lines."


_MARK = r" {0,3}(?:[*+]|\d{1,2}[.)])[ \t]*"
_BARE_MARKS = re.compile(rf"(?m)^{_MARK}(?:\n{_MARK})+$")
"""Marks in the lines of a paragraph: a list after a line of text cannot begin with an empty item."""


_THINGS = (
    "tweets|posts|toots|links|papers|articles|books|reads|stories|videos|podcasts|episodes|tools|repos|repositories|projects"
    "|quotes|tips|tricks|reasons|questions|lessons|ideas|thoughts|rules|steps|mistakes|myths|takeaways|apps|songs|photos|threads"
)
_ANNOUNCED_COUNT = re.compile(
    rf"(?i)^\W*(?:(?:my|our|the|this week['’]s)\s+)?(?:(?:top|best|first|last)\s+{COUNT}\b(?!\s*(?:%|percent|years?|weeks?|days?|months?))"
    rf"|{COUNT}\s+(?:[\w-]+\s+)?(?:{_THINGS})\b(?!\s+(?:ago|later|in one)))"
)


@text_rule("section-count", WARNING, in_drafts=NOTE)
def check_section_counts(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield headings such as "Top 5 tweets" over another number of items."""
    if not is_english(facts):
        return
    for heading, (start, end) in text.sections():
        match = _ANNOUNCED_COUNT.match(heading.title)
        if not match:
            continue
        announced = parse_count(match[1] or match[2])
        counts = _count_contents(text, start, end)
        list_items, headings, quotes, _, blocks = counts
        items = list_items or blocks
        if items and items != announced and announced not in counts and headings + quotes == 0:
            message = f'"{excerpt(heading.title)}" says {announced}, but the section has {items}'
            step = "Add what is missing" if items < announced else "Remove some"
            yield heading.start, message, f"{step}, or change the heading."


def _count_contents(text: ScannedMarkdown, start: int, end: int) -> tuple[int, int, int, int, int]:
    """Return how many outermost list items, headings, quotations, paragraphs, and post or video blocks a span holds."""
    items = [item for item in text.items if start <= item.start < end]
    outermost = min((item.depth for item in items), default=0)
    kinds = Counter(block.kind for block in text.blocks if start <= block.start < end)
    embedded = sum(kind.kind in ("post", "video") for kind in text.kinds if start <= kind.start < end)
    return (
        sum(item.depth == outermost for item in items),
        kinds["heading"],
        kinds["quote"],
        kinds["paragraph"],
        embedded,
    )


_EXHIBIT = re.compile(r"\b(Table|Figure|Fig\.|Chart)\s+(\d{1,2})\b(?!\.\d)")


_OF_OTHER_WORK = re.compile(
    r"(?i)[\]\w\s]{0,20}?\b(?:of|in|from)\s+(?:the|their|his|her|that|this|our)?\s*(?:\[|[A-Z*_“\"]|paper|report|book|study|article|post|week|issue)"
)
_IN_OTHER_WORK = re.compile(r"(?i)(?:\b(?:their|its|his|her|see also|paper|report|book|study|’s|'s)|[’']s|[\[(])\s*$")
"""Words after and before a mention which say that the table is in another work: "Table 1 of the paper"."""


@text_rule("missing-exhibit", WARNING)
def check_exhibits(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield the first mention of each table, figure or chart beyond those that the text has."""
    if not find_each(text.prose, ("Table", "Figure", "Fig.", "Chart")):
        return
    pictures, tables = _count_pictures(text), _count_tables(text)
    reported: set[str] = set()
    for match in _EXHIBIT.finditer(text.prose):
        kind, number = match[1], int(match[2])
        present = tables + pictures if kind == "Table" else pictures + (tables if kind == "Chart" else 0)
        before = text.prose[max(0, match.start() - 40) : match.start()]
        after = text.prose[match.end() : match.end() + 40]
        is_in_other_work = _OF_OTHER_WORK.match(after) or _IN_OTHER_WORK.search(before)
        if number <= present or is_in_other_work or match[0] in reported:
            continue
        line = text.line(text.position(match.start())[0], without_code=True).lstrip(" *_>")
        if re.match(rf"{re.escape(kind)}\s+{number}\s*[:.—–-]", line) and "```" in text.text:
            continue  # a caption of a table drawn as code
        reported.add(match[0])
        one, many = ("picture", "pictures") if kind.startswith("Fig") else ("table or picture", "tables and pictures")
        has = f"no {one}" if present == 0 else f"only one {one}" if present == 1 else f"only {present} {many}"
        name = excerpt(match[0])
        message = f'"{name}" is mentioned, but this issue has {has}'
        yield match.start(), message, f'Add it, or say where it is, as in "{name} of the paper".'


def _count_pictures(text: ScannedMarkdown) -> int:
    return sum(link.is_picture for link in text.links) + len(re.findall(r"(?i)<(?:img|svg|figure|video)\b", text.text))


def _count_tables(text: ScannedMarkdown) -> int:
    """Return how many tables a text may hold: of Markdown, of HTML, from CSV files or in code."""
    without_data = re.sub(r"(?im)^(?:file|re-run)[ \t]*:.*", "", text.text)
    return (
        text.tables
        + len(re.findall(r"(?i)<table\b", text.text))
        + sum(kind.kind == "table" for kind in text.kinds)
        + len(re.findall(r"(?i)\.(?:csv|tsv)\b", without_data))
        + len(re.findall(r"(?im)^[ \t]*(?:```|~~~)[ \t]*\{?\.?(?:table|csv|tsv)\b", text.text))
    )

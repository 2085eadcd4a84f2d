"""Rules about headings, sections and lists, and about pictures and tables that are missing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from weekahead.lint.rules.registry import NOTE, WARNING, IssueFacts, TextProblem, text_rule
from weekahead.lint.rules.text_helpers import COUNT, excerpt, find_each, is_english, is_in_link, is_quoted, parse_count
from weekahead.lint.scanned_markdown import Heading, ScannedMarkdown, Span, blank
from weekahead.model.marks import plain_marks

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
    """Return the words of a title, in one case and with plain marks."""
    words = _MARKUP.sub(lambda match: match[1] or "", title)
    return plain_marks(words).casefold().strip(" .:")


_NO_WORDS = " \t\n*_-"
"""What is left of lines across the page and of list items without words."""


@text_rule("empty-section", WARNING, in_drafts=NOTE)
def check_empty_sections(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield headings with nothing below them that readers see, unless it is in a comment that never ends."""
    for heading, hidden, following in _empty_sections(text, facts):
        yield heading.start, *_empty_section(text, heading, following, hidden)


def _empty_sections(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[tuple[Heading, str, Heading | None]]:
    """Yield the headings below which readers see nothing, what is there all the same, and the next heading."""
    title, sections = _title_heading(text, facts), list(text.sections())
    hidden: dict[str, list[Span]] = {
        "comments": [*text.comments],
        "an empty list": [(block.start, block.end) for block in text.blocks if block.is_empty],
        "addresses of links": [(link.start, link.end) for link in text.links if link.kind == "definition"],
    }
    seen = blank(text.text, [span for spans in hidden.values() for span in spans])
    for index, (heading, (start, end)) in enumerate(sections):
        is_open = any(start <= offset < end for offset in text.unclosed.comments)
        if heading is not title and not is_open and not seen[start:end].strip(_NO_WORDS):
            there = (name for name, spans in hidden.items() if any(start <= first < end for first, _ in spans))
            yield heading, next(there, ""), sections[index + 1][0] if index + 1 < len(sections) else None


def _empty_section(text: ScannedMarkdown, heading: Heading, following: Heading | None, hidden: str) -> tuple[str, str]:
    """Return message and hint for a section that readers see nothing of, by what made it one."""
    name, hint = excerpt(heading.title), "Write the section, or remove the heading."
    _, _, underline = text.text[heading.start : heading.end].rpartition("\n")
    if re.fullmatch(r"[ \t>]*-+[ \t]*", underline):
        marks = excerpt(underline.strip(), 20)
        hint = f"For a paragraph above a line, put an empty line before {marks}; for a heading, write the section."
        return f'there is nothing below the heading "{name}", made by the {marks} under it', hint
    if hidden:
        message = f'there is nothing below the heading "{name}" but {hidden}, which readers do not see'
        return message, hint
    if following and following.level == heading.level:
        other, deeper = excerpt(following.title, 30), "#" * min(6, heading.level + 1)
        hint = f'{hint[:-1]}; or write {deeper} before "{other}", if that is a part of it.'
    return f'there is nothing below the heading "{name}"', hint


@text_rule("empty-item", WARNING, in_drafts=NOTE)
def check_empty_items(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield lists with empty items, unless all of their section is empty, and lines of bare marks that are no list."""
    starts = [heading.start for heading in text.headings]
    empty = {heading.start for heading, *_ in _empty_sections(text, facts)} if text.empty_items else set()
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
_WORK = r"(?:paper|preprint|report|book|study|article|post|thesis|appendix|supplement|chapter|slides|docs|documentation|survey)"
_OF_OTHER_WORK = re.compile(
    r"[\])*_]{0,3}(?:\s*(?:,|and|or|to|through|&|–|-)\s*(?:Tables?\s+|Figures?\s+)?\d{1,2})?\s*\(?(?:,?\s*(?:on\s+)?(?:page|p\.)\s*\d+\s*)?"
    rf"(?:of|in|from)\s+(?:(?:(?:the|their|his|her|its|that|an?)\s+)?(?:(?!this|our|my)[\w-]+\s+)?(?:\[|[A-Z*_“\"]|{_WORK}\b|week|issue|letter|number)"
    rf"|(?:this|our|my)\s+(?:{_WORK}|last|previous|earlier|first)\b)"
)
_IN_OTHER_WORK = re.compile(
    rf"(?i)(?:\b(?:their|its|his|her|see also|{_WORK},?)|[’']s|s[’']|[\[(]|\([^()]*\d{{4}}[,;:]|\(\d{{4}}\)[,;:]?)\s*$"
)
"""Words after and before a mention which say that the table is in another work: "Table 1 of the paper"."""
_THING = r"(?:tables?|charts?|figure|graphs?|plots?|diagrams?|screenshots?|pictures?|photos?|images?|maps?)"
_NEARBY = re.compile(
    rf"(?i)\b(?:the|this|these|see|following)\s+(?:(?:small|little|short|big|whole|two|three)\s+)?(?P<thing>{_THING})\s+"
    r"(?:(?:right\s+)?(?:below|above)\b(?!\s+(?:the|an?|my|our|your|his|her|its|their|that|which|zero|average|sea)\b|[-\s]*[\d$€£%])"
    r"|on\s+the\s+(?:right|left)\b(?!\s+(?:of|hand|side|wall)\b|-))"
    rf"|\bthe\s+following\s+(?P<next>{_THING})\b"
    rf"|\bbelow\s+(?:is|are|you(?:['’]ll)?\s+(?:see|find))\s+(?:an?|the|my|our|some|two|three)\s+(?:[\w-]+\s+)?(?P<shown>{_THING})\b"
)
"""A mention of a table or picture by its place."""
_NEARBY_WORDS = ("elow", "above", "ollowing", "on the right", "on the left")


@text_rule("missing-exhibit", WARNING)
def check_exhibits(text: ScannedMarkdown, facts: IssueFacts) -> Iterator[TextProblem]:
    """Yield the first mention of each table, figure or chart beyond those that the text has."""
    yield from _check_numbered_exhibits(text)
    if is_english(facts):
        yield from _check_nearby_exhibits(text)


def _check_numbered_exhibits(text: ScannedMarkdown) -> Iterator[TextProblem]:
    if not find_each(text.prose, ("Table", "Figure", "Fig.", "Chart")):
        return
    pictures, tables = _count_pictures(text), _count_tables(text)
    reported: set[str] = set()
    for match in _EXHIBIT.finditer(text.prose):
        kind, number = match[1], int(match[2])
        present = tables + pictures if kind == "Table" else pictures + (tables if kind == "Chart" else 0)
        before = text.prose[max(0, match.start() - 40) : match.start()]
        after = text.prose[match.end() : match.end() + 60]
        is_in_other_work = _OF_OTHER_WORK.match(after) or _IN_OTHER_WORK.search(before)
        if number <= present or is_in_other_work or match[0] in reported or _is_of_others(text, match):
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


def _check_nearby_exhibits(text: ScannedMarkdown) -> Iterator[TextProblem]:
    """Yield "the table below" in a text that has nothing to look at."""
    for place in find_each(text.prose, _NEARBY_WORDS):
        match = _NEARBY.search(text.prose, max(0, place - 40), place + 80)
        if match and match.start() <= place < match.end() and not _is_of_others(text, match):
            if _has_exhibit(text):
                return
            noun = (match["thing"] or match["next"] or match["shown"]).lower().removesuffix("s")
            message = f'"{excerpt(match[0])}" is mentioned, but this issue has no {noun}'
            yield match.start(), message, f"Add the {noun}, or link to it."
            return


def _is_of_others(text: ScannedMarkdown, match: re.Match[str]) -> bool:
    return is_in_link(text, match.span()) or is_quoted(text, match.start())


def _has_exhibit(text: ScannedMarkdown) -> bool:
    """Return whether a text has a picture, a table, a frame, or a block of code, which may be a drawing."""
    return bool(
        _count_pictures(text)
        or _count_tables(text)
        or re.search(r"(?i)<(?:iframe|canvas|object|embed|pre)\b", text.text)
        or any(block.kind == "code" for block in text.blocks)
        or "```" in text.text
    )


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

"""Slips of the pen: what a careful reader of one text notices, each kind a small declared rule.

A rule is a function from a text, read by `sketch`, and a few facts about its issue to slips. It opens no file, knows no
other issue and never stops a build. Each was made from a slip in a real letter; docs/rules.md tells what and why.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from msgspec import Struct

from weekahead.lint.markdown_scanner import Heading, LinkSpan, ScannedMarkdown, Span
from weekahead.model.findings import Severity

NOTE, WARNING = Severity.NOTE, Severity.WARNING


class IssueFacts(Struct, frozen=True, array_like=True):
    """What the rules must know of a text's issue; None and empty where there is nothing to know."""

    language: str = "en"
    letter: str = ""
    title: str = ""
    number: int | None = None
    day: date | None = None
    part: int | None = None
    of: int | None = None


class LintFinding(Struct, frozen=True, array_like=True):
    """A place in a text, what is wrong there, and the next step. `mend`, where it is safe, are the words to put over a span."""

    rule: str
    line: int
    column: int
    message: str
    hint: str
    mend: tuple[int, int, str] | None = None


class Rule(Struct, frozen=True):
    """A kind of slip: its stable name, how bad it is, and how it is found in one text (None: by comparing texts or files)."""

    name: str
    severity: Severity
    find: Callable[[ScannedMarkdown, IssueFacts], Iterable[Found]] | None = None


Found = tuple[int, str, str] | tuple[int, str, str, tuple[int, int, str]]
"""Where in the text, what is true, the next step; and what would mend it."""

RULES: dict[str, Rule] = {
    name: Rule(name, severity)
    for name, severity in {
        "heavy-picture": WARNING,
        "link-again": NOTE,
        "link-gone": WARNING,
        "link-moved": NOTE,
        "link-unsure": NOTE,
        "long-title": NOTE,
        "series-gap": WARNING,
    }.items()
}
"""Every rule of style by its name; those that look at one text are declared below. All can be waived with `allow:`."""


def rule(name: str, severity: Severity) -> Callable[[Callable[[ScannedMarkdown, IssueFacts], Iterable[Found]]], object]:
    """Declare a rule."""

    def declare(find: Callable[[ScannedMarkdown, IssueFacts], Iterable[Found]]) -> object:
        RULES[name] = Rule(name, severity, find)
        return find

    return declare


def lint_text(text: ScannedMarkdown, about: IssueFacts) -> list[LintFinding]:
    """What every rule finds in one text, in the order of their places."""
    found = []
    for each in RULES.values():
        for at, message, hint, *mend in each.find(text, about) if each.find else ():
            found.append(LintFinding(each.name, *text.place(at), message, hint, mend[0] if mend else None))
    return sorted(found, key=lambda slip: (slip.line, slip.column, slip.rule))


def shown(words: str, most: int = 60) -> str:
    """Words of the author's, in one line and not too many."""
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1] + "…"


def _words(several: str) -> list[str]:
    return several.split()


def is_english(about: IssueFacts) -> bool:
    return about.language.lower().partition("-")[0] == "en"


# -- links


GLUED = re.compile(r"[\[\]{}|\u3000-\u303f\uff00-\uff0f\uff1a-\uff20“”„«»]+|\)(?=[A-Z][a-z])|[.,;](?=[A-Z][a-z]+$)")
"""Where something that is no part of an address is written on to it."""


@rule("glued-link", WARNING)
def addresses_stand_alone(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """An address ends at a space; what is written on to it becomes part of it, or stands there as rubbish."""
    for mention in text.mentions:
        if mention.kind not in ("bare", "inline", "definition"):
            continue
        address, start = mention.address, mention.at[0]
        inner = re.search(r"(?<=[^/=?&%:@#+])https?://", address)
        before = text.text[start - 1 : start] if start else ""
        if inner and not re.search(r"(?i)https?(:|%3a)", address[8 : inner.start()]) and "archive" not in address:
            yield start + inner.start(), f'two addresses stand in one: "{shown(address)}"', "Put a space between them."
        elif mention.kind != "bare":
            continue
        elif before.isalnum() and before.isascii():
            yield start, f'the address "{shown(address)}" is glued to the word before it', "Put a space before it."
        elif glued := GLUED.search(address):
            if not re.search(r"\w", address[glued.start() :]) or "?" in address[: glued.start()]:
                continue
            if glued[0][0] in ".," and "/" not in address[9 : glued.start()]:
                continue
            rest = address[glued.start() :]
            message = f'"{shown(rest, 30)}" is glued to the address "{shown(address[: glued.start()], 80)}"'
            yield start + glued.start(), message, "Put a space after the address, or take the rest out."


@rule("empty-link", WARNING)
def links_have_words_and_addresses(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    for mention in text.mentions:
        if mention.kind == "html" and not mention.address.strip():
            yield mention.start, "this link leads nowhere", "Write its address, or take the tag out."
        if mention.kind not in ("inline", "reference"):
            continue
        words = re.sub(r"<[^<>]*>", "", mention.words).strip()
        if not mention.address.strip():
            yield (
                mention.start,
                f'"{shown(mention.words)}" has no address',
                "Write the address, or take the brackets off.",
            )
        elif not words and not mention.is_picture and "<" not in mention.words:
            message = f"the link to {shown(mention.address)} has no words to be seen or heard"
            yield mention.start, message, "Write its words between the square brackets."


@rule("undefined-reference", WARNING)
def references_are_defined(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    for at, label in text.undefined:
        if label.startswith("^"):
            yield at, f"the note [{label}] has no words", f"Write a line [{label}]: with the note."
        else:
            message = f'the reference "{shown(label)}" leads nowhere, so that readers see its brackets'
            yield at, message, f"Write a line [{shown(label)}]: with the address, or check the spelling."


TRACKING = re.compile(
    r"(?i)(utm_[a-z_]+|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|oly_anon_id"
    r"|oly_enc_id|vero_id|wickedid|__s|ref_src|ref_url|cmpid|s_cid|trk|trkinfo|sk_source|spm)(=|$)"
)
"""Parts of a query that say who sent a reader, and nothing of the page."""


def untracked(address: str) -> str:
    """An address without the parts that say who sent a reader."""
    head, mark, rest = address.partition("?")
    if not mark:
        return address
    query, fragment_mark, fragment = rest.partition("#")
    joint = "&amp;" if "&amp;" in query else "&"
    parts = query.split(joint)
    kept = [part for part in parts if not TRACKING.match(part)]
    if len(kept) == len(parts):
        return address
    return head + (mark + joint.join(kept) if kept else "") + fragment_mark + fragment


@rule("tracking", WARNING)
def addresses_do_not_track(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    for mention in text.mentions:
        clean = untracked(mention.address)
        if mention.kind != "reference" and clean != mention.address:
            gone = [part for part in re.split(r"&amp;|[?&]", mention.address) if TRACKING.match(part)]
            message = f'"{shown(gone[0])}" in this address tells its owner who sent the reader'
            yield mention.at[0], message, "check --fix takes it out.", (*mention.at, clean)


def same(address: str) -> str:
    """One spelling for the addresses of one page."""
    found = re.sub(r"(?i)^(https?:)?//(www\.)?", "", untracked(address.strip()))
    host, slash, path = found.partition("/")
    return host.lower() + slash + path.rstrip("/")


def is_page(address: str) -> bool:
    """Does an address lead to one page elsewhere, and not to a site, a person or a project as a whole?"""
    if not re.match(r"(?i)https?://", address) or "/search" in address or "/labels/" in address:
        return False
    path = re.sub(r"(?i)^https?://[^/]*", "", address).rstrip("/")
    return path.count("/") >= (3 if re.match(r"(?i)https?://(www\.)?(github|gitlab|codeberg)\.", address) else 2) or (
        path.count("/") == 1 and len(path) > 24
    )


@rule("duplicate-link", NOTE)
def links_come_once(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """The same page as the first link of two items of lists: an item was pasted twice."""
    first: dict[str, tuple[int, str, int]] = {}
    starts = [heading.start for heading in text.headings]
    for mention in first_of_items(text):
        key, words, section = (
            same(mention.address),
            " ".join(mention.words.split()),
            bisect_right(starts, mention.start),
        )
        line, other, there = first.setdefault(key, (text.place(mention.start)[0], words, section))
        if line != text.place(mention.start)[0] and (section == there or words == other):
            message = f"the link to {shown(mention.address, 80)} stands in line {line} already"
            yield mention.start, message, "Keep one of the two, or check the address of one."


_DATED = re.compile(
    r"[\s\W]*(?:\d{1,2}/\d|\d{4}-\d\d|(?:\d{1,2}\.?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b)"
)


def first_of_items(text: ScannedMarkdown) -> Iterator[LinkSpan]:
    """The first link of each item of an outermost list, if it leads to a page elsewhere. An item that begins with a
    date is a day of something that may well come again."""
    leads = [m for m in text.mentions if m.kind != "definition" and not m.is_picture]
    place = 0
    for number, item in enumerate(text.items):
        end = text.items[number + 1].start if number + 1 < len(text.items) else len(text.text)
        while place < len(leads) and leads[place].start < item.start:
            place += 1
        if place < len(leads) and leads[place].start < end and is_page(leads[place].address):
            before = text.words[item.start : leads[place].start].strip(" \t-+*0123456789.)[]")
            if not before and item.indent < 2 and not _DATED.match(leads[place].words):
                yield leads[place]


# -- pictures


@rule("alt-missing", WARNING)
def pictures_have_words(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    for mention in text.mentions:
        if not mention.is_picture or not mention.address.strip():
            continue
        if mention.kind == "html":
            if not re.search(r"(?i)\salt\s*(=|\s|/|>)", mention.words):
                yield mention.start, f'the picture "{shown(mention.address)}" has no alt text', ALT
        elif not mention.words.strip():
            yield mention.start, f'the picture "{shown(mention.address)}" has no alt text', ALT


ALT = (
    'Say between the brackets what it shows, for those who cannot see it. Mere ornament? Write <img src="..." alt="">.'
)


# -- shape


@rule("heading-skipped", NOTE)
def headings_go_step_by_step(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    before: Heading | None = None
    for heading in text.headings:
        if before and heading.level > before.level + 1:
            message = f'"{shown(heading.words)}" is a heading of level {heading.level} right below one of level {before.level}'
            yield heading.start, message, f"Begin it with {'#' * (before.level + 1)}."
        before = heading


@rule("heading-glued", WARNING)
def headings_have_a_space(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """`#1 on the list` at the beginning of a line is a heading here, and words on GitHub."""
    for heading in text.headings:
        if found := re.match(r" {0,3}(#+)[^\s#]", text.text[heading.start : heading.end]):
            message = f'"{shown(heading.words)}" is a heading here, and plain words on GitHub'
            yield heading.start, message, f"Write {found[1]} and a space for a heading, \\# for the sign itself."


@rule("empty-section", WARNING)
def sections_have_words(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    for heading, (start, end) in text.sections():
        if not text.text[start:end].strip() or (not _said(text, start, end) and not text.bare[start:end].strip()):
            if re.match(r"(?i)\{?:?\s*toc|\[toc\]", text.text[start:end].strip()):
                continue
            yield (
                heading.start,
                f'there is nothing under "{shown(heading.words)}"',
                "Write it, or take the heading out.",
            )


def _said(text: ScannedMarkdown, start: int, end: int) -> bool:
    """Does a stretch hold code, which is blanked in `bare`? Comments are no words."""
    rest = text.text[start:end]
    for first, last in text.comments:
        if start <= first < end:
            rest = rest.replace(text.text[first:last], "")
    return bool(rest.strip())


NUMBERS = {
    word: number
    for number, word in enumerate(_words("one two three four five six seven eight nine ten eleven twelve"), 1)
}
_COUNT = r"(\d{1,2}|" + "|".join(NUMBERS) + r")"
_THINGS = (
    "tweets|posts|toots|links|papers|articles|books|reads|stories|videos|podcasts|episodes|tools|repos|repositories|projects"
    "|quotes|tips|tricks|reasons|questions|lessons|ideas|thoughts|rules|steps|mistakes|myths|takeaways|apps|songs|photos|threads"
)
_PROMISED = re.compile(
    rf"(?i)^\W*(?:(?:my|our|the|this week['’]s)\s+)?(?:(?:top|best|first|last)\s+{_COUNT}\b(?!\s*(?:%|percent|years?|weeks?|days?|months?))"
    rf"|{_COUNT}\s+(?:[\w-]+\s+)?(?:{_THINGS})\b(?!\s+(?:ago|later|in one)))"
)


@rule("section-count", WARNING)
def sections_keep_their_count(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """ "Top 5 tweets" and four of them."""
    if not is_english(about):
        return
    for heading, (start, end) in text.sections():
        found = _PROMISED.match(heading.words)
        if not found:
            continue
        wanted = _number(found[1] or found[2])
        counts = _counts(text, start, end)
        items = counts[0] or counts[4]
        if items and items != wanted and wanted not in counts and sum(counts[1:3]) == 0:
            message = f'"{shown(heading.words)}" promises {wanted}, and there are {items}'
            yield heading.start, message, "Add what is missing, or change the heading."


def _number(words: str) -> int:
    return int(words) if words.isdigit() else NUMBERS[words.lower()]


def _counts(text: ScannedMarkdown, start: int, end: int) -> tuple[int, int, int, int, int]:
    """How many items of the outermost lists, headings, quotations, paragraphs, and posts and videos a stretch holds."""
    items = [item for item in text.items if start <= item.start < end]
    least = min((item.indent for item in items), default=0)
    headings = sum(start < heading.start < end for heading in text.headings)
    quotes = len(re.findall(r"(?m)(?:^|\n\n) {0,3}>", text.bare[start:end]))
    starts = {item.start for item in items}
    paragraphs = sum(start <= first < end and first not in starts for first, _ in text.paragraphs())
    blocks = len(re.findall(r"(?im)^///[ \t]*(?:post|video)\b", text.bare[start:end]))
    return sum(item.indent == least for item in items), headings, quotes, paragraphs, blocks


@rule("missing-exhibit", WARNING)
def exhibits_are_there(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """A table or figure that the words point to is not in the text."""
    source = text.bare
    if not re.search(r"\b(Table|Figure|Fig\.|Chart)\s+\d", text.words):
        return
    pictures = sum(m.is_picture for m in text.mentions) + len(re.findall(r"(?i)<(?:img|svg|figure|video)\b", text.text))
    tables = len(re.findall(r"(?m)^[ \t>]*\|?[ \t]*:?-{1,}:?[ \t]*(?:\|[ \t]*:?-{1,}:?[ \t]*)+\|?[ \t]*$", source))
    tables += len(re.findall(r"(?m)^[ \t>]*\|[ \t]*:?-+:?[ \t]*\|[ \t]*$", source))
    tables += len(re.findall(r"(?i)<table\b", text.text)) + len(re.findall(r"(?im)^///[ \t]*table\b", source))
    tables += len(re.findall(r"(?i)\.(?:csv|tsv)\b", re.sub(r"(?im)^(?:file|re-run)[ \t]*:.*", "", text.text)))
    tables += len(re.findall(r"(?im)^[ \t]*(?:```|~~~)[ \t]*\{?\.?(?:table|csv|tsv)\b", text.text))
    seen: set[str] = set()
    for found in re.finditer(r"\b(Table|Figure|Fig\.|Chart)\s+(\d{1,2})\b(?!\.\d)", text.words):
        kind, number = found[1], int(found[2])
        there = tables + pictures if kind == "Table" else pictures + (tables if kind == "Chart" else 0)
        around = text.words[found.end() : found.end() + 40]
        before = text.words[max(0, found.start() - 40) : found.start()]
        if number <= there or _belongs_elsewhere(before, around) or found[0] in seen:
            continue
        line = text.line(text.place(found.start())[0], bare=True).lstrip(" *_>")
        if re.match(rf"{re.escape(kind)}\s+{number}\s*[:.—–-]", line) and "```" in text.text:
            continue  # a caption of a table drawn as code
        seen.add(found[0])
        has = "there is none" if there == 0 else f"there are only {there}" if there > 1 else "there is only one"
        message = f'"{shown(found[0])}" is spoken of, but {has} in this issue'
        yield found.start(), message, "Put it in, or say where it is to be found."


def _belongs_elsewhere(before: str, after: str) -> bool:
    """Does a mention speak of another work's table?"""
    return bool(
        re.match(
            r"(?i)[\]\w\s]{0,20}?\b(?:of|in|from)\s+(?:the|their|his|her|that|this|our)?\s*(?:\[|[A-Z*_“\"]|paper|report|book|study|article|post|week|issue)",
            after,
        )
        or re.search(r"(?i)(?:\b(?:their|its|his|her|see also|paper|report|book|study|’s|'s)|[’']s|[\[(])\s*$", before)
    )


@rule("list-differs", WARNING)
def lists_are_read_alike(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """What CommonMark reads as two lists, and the site as one, or as words of an item."""
    for before, item in zip(text.items, text.items[1:], strict=False):
        if before.indent != item.indent or before.marker[-1] == item.marker[-1]:
            continue
        between = text.bare[before.start : item.start].split("\n")[1:-1]
        if any(line.strip() and len(line) - len(line.lstrip()) <= item.indent for line in between):
            continue
        kinds = {before.marker[-1] in "-+*", item.marker[-1] in "-+*"}
        is_apart = any(not line.strip() for line in between)
        if len(kinds) == 1:
            message = f'GitHub begins a new list here, for "{item.marker}" follows "{before.marker}"; the site goes on with the old one'
        elif not is_apart:
            message = (
                f'"{item.marker}" right below "{before.marker}" is no list on the site, but words of the item above'
            )
        else:
            continue
        yield item.start, message, "Use one sign in a list; put a line of words between two lists."


# -- what the words claim

_UNITS = r"part|week|edition|episode|lecture|instal?lment|chapter|issue|number"
_OF = re.compile(rf"(?i)\b({_UNITS})\s+{_COUNT}\s*(?:of|/|out of)\s*{_COUNT}\b")
_TITLE_OF = re.compile(rf"(?i)(?:\b(?:{_UNITS})\s+|\()(\d{{1,2}})\s*(?:/|of)\s*(\d{{1,2}})\b")


@rule("part-disagrees", WARNING)
def parts_agree(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """ "Part 7 of 8" in the words, and part 8 in the front matter."""
    if about.part is None:
        return
    for found in _OF.finditer(text.words):
        part, of = _number(found[2]), _number(found[3])
        before = text.words[max(0, found.start() - 24) : found.start()]
        if part == about.part and (about.of is None or of == about.of):
            continue
        if (about.of is None or of == about.of) and (
            _in_link(text, found.span())
            or re.search(
                r"(?i)\b(?:in|from|since|last|next|previous|after|before|see|was|with|until|by)\s+(?:week['’]s\s+)?\W*$",
                before,
            )
        ):
            continue
        if about.of is not None and of != about.of and _in_link(text, found.span()):
            continue
        yield (
            found.start(),
            f'the words say "{shown(found[0])}", the front matter {_part(about)}',
            "Let one of the two go.",
        )


def _part(about: IssueFacts) -> str:
    return f"part {about.part}" + (f" of {about.of}" if about.of else "")


def _in_link(text: ScannedMarkdown, span: Span) -> bool:
    return any(
        mention.start < span[0] and span[1] <= mention.start + len(mention.words) + 3
        for mention in text.mentions
        if mention.kind in ("inline", "reference") and mention.start <= span[0]
    )


_ORDINAL = r"(\d{1,4})(?:st|nd|rd|th)"
_THIS = re.compile(
    r"(?i)(?:\b(?:this is|welcome to|you(?:['’]re| are) reading|here is)\s+(?:the\s+)?(?:\w+\s+){0,2}?"
    rf"(?:(?:week|issue|edition|number|no\.|letter)\s+#?(\d{{1,4}})\b|{_ORDINAL}\s+(?:week|issue|edition|letter)\b))"
)


_OPENING = re.compile(r"\b(?:[Tt]his is|[Ww]elcome to|[Yy]ou(?:['’]re| are) reading|[Hh]ere is)\b")
"""How a letter begins to speak of itself."""


@rule("number-disagrees", WARNING)
def numbers_agree(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """ "Welcome to week 86" in number 87."""
    if about.number is None:
        return
    opened = (_THIS.match(text.words, mark.start()) for mark in _OPENING.finditer(text.words))
    found = [each for each in opened if each]
    if about.letter and about.letter.lower() in text.words.lower():
        own = re.escape(about.letter)
        found += re.finditer(rf"(?i)\b(?:week|issue|edition)\s+(\d{{1,4}})()\s+of\s+[*_\[]*{own}", text.words)
        found += re.finditer(rf"(?i){_ORDINAL}()\s+(?:week|issue|edition)\s+of\s+[*_\[]*{own}", text.words)
    for each in found:
        said = int(each[1] or each[2])
        if said != about.number and not _in_link(text, each.span()):
            yield (
                each.start(),
                f'the words say "{shown(each[0])}", but this is number {about.number}',
                "Let one of the two go.",
            )


_LEFT = re.compile(
    r"\bTK(?:TK)*\b|\b(?:TODO|FIXME|XXX)\b(?=\s*[:(\]]|[ \t]*(?m:$))|\[(?:TODO|TBD|FIXME|link|LINK|insert [^\]\n]{1,40}|Insert [^\]\n]{1,40})\]"
    r"|(?m:^[ \t]*(?:[-+*][ \t]+)?(?:TODO|FIXME|XXX)\b)|(?i:\blorem ipsum\b)|\(link\)",
)


@rule("placeholder", WARNING)
def nothing_is_left_to_do(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    likely = any(
        word in text.words
        for word in ("TK", "TODO", "FIXME", "XXX", "TBD", "[link]", "(link)", "[LINK]", "[insert", "[Insert", "psum")
    )
    for found in _LEFT.finditer(text.words) if likely else ():
        before, after = text.text[found.start() - 1 : found.start()], text.text[found.end() : found.end() + 1]
        is_link = found[0].startswith("[") and (before == "#" or after in ("(", "[", ":"))
        if not is_link and not _in_link(text, found.span()):
            yield found.start(), f'"{shown(found[0])}" is still here', "Write what belongs here, or take it out."
    for start, end in text.comments:
        if left := re.search(r"\b(?:TODO|FIXME|XXX|TKTK|TK)\b", text.text[start:end]):
            message = f'"{left[0]}" is in a comment, which whoever looks at the page\'s source can read'
            yield start + left.start(), message, "Do it, or take it out."


MONTHS = _words("January February March April May June July August September October November December")
_MONTH = "(" + "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if len(name) > 3 else name for name in MONTHS) + ")"
DAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_DATE = re.compile(
    rf"(?:\b({'|'.join(DAYS)}),?\s+(?:the\s+)?)?"
    rf"(?:\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(\d{{4}}))?"
    rf"|\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(\d{{4}}))?|\b(\d{{4}})-(\d\d)-(\d\d)\b)"
)
LEFT_OVER = "Is it left over from an earlier issue?"
_NEAR = re.compile(
    r"(?i)\b(this|today|tomorrow|yesterday)(?:\s+(week|friday|monday|tuesday|wednesday|thursday|saturday|sunday|morning|weekend))?,?\s*(?:\(|of\s+|on\s+)?\s*$"
)


_TIMELY = re.compile(rf"\b(?:[Tt]his|[Tt]oday|[Tt]omorrow|[Yy]esterday|{'|'.join(DAYS)})\b")


@rule("stale-date", WARNING)
def dates_are_of_this_issue(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """ "This week, 9 September" in an issue of the 23rd; a weekday that was another; last year's number in January."""
    if about.day is None or not is_english(about) or about.day.year < 1900:
        return
    for found in _dates(text.words, is_january=about.day.month == 1):
        day, has_year = _day(found, about.day)
        if day is None or _in_link(text, found.span()):
            continue
        before = text.words[max(0, found.start() - 30) : found.start()]
        near = _NEAR.search(before)
        if found[1] and has_year and DAYS[day.weekday()] != found[1]:
            yield (
                found.start(),
                f'"{shown(found[0])}" was a {DAYS[day.weekday()]}',
                "Put the weekday or the date right.",
            )
        elif near and abs((day - about.day).days) > 10 and (near[1].lower() != "this" or near[2] or found[1]):
            message = (
                f'"{shown(near[0] + found[0])}" is {_away(day, about.day)} the issue, which comes out on {about.day}'
            )
            yield found.start(), message, LEFT_OVER
        elif (
            has_year
            and about.day.month == 1
            and day.year == about.day.year - 1
            and abs((day.replace(year=about.day.year) - about.day).days) <= 7
            and found[1] is None
            and not re.search(r"(?i)\b(?:since|on|in|of|from|until|dated|published|released)\s+$", before)
        ):
            yield (
                found.start(),
                f'"{shown(found[0])}" is a year ago',
                f"In January the year is easily last year's. Is {about.day.year} meant?",
            )
    for found in re.finditer(
        r"(?i)\b(?:this year|so far this year)\b\s*(?:,|\(|:|in)?\s*((?:19|20)\d\d)\b", text.words
    ):
        if int(found[1]) != about.day.year:
            yield (
                found.start(),
                f'"{shown(found[0])}" in an issue of {about.day.year}',
                LEFT_OVER,
            )
    for heading in text.headings:
        year = re.search(r"(?i)^(?:the )?week of\b.*?\b((?:19|20)\d\d)\b", heading.words)
        if year and abs(int(year[1]) - about.day.year) > 1:
            yield heading.start, f'"{shown(heading.words)}" in an issue of {about.day.year}', LEFT_OVER


def _dates(words: str, is_january: bool) -> Iterator[re.Match[str]]:
    """The dates that can be wrong: those after a weekday or "this", and in January all of them."""
    if is_january:
        yield from _DATE.finditer(words)
        return
    end = 0
    for mark in _TIMELY.finditer(words):
        found = _DATE.search(words, max(mark.start(), end), mark.end() + 40)
        if found:
            end = found.end()
            yield found


def _away(day: date, other: date) -> str:
    days = (day - other).days
    return f"{abs(days)} days {'after' if days > 0 else 'before'}"


def _day(found: re.Match[str], around: date) -> tuple[date | None, bool]:
    """The day that words name, with the year in which it is nearest where they name none."""
    try:
        if found[8]:
            return date(int(found[8]), int(found[9]), int(found[10])), True
        month = next(place for place, name in enumerate(MONTHS, 1) if name.startswith((found[2] or found[6])[:3]))
        number = int(found[3] or found[5])
        year = found[4] or found[7]
        if year:
            return date(int(year), month, number), True
        near = [date(year, month, number) for year in (around.year - 1, around.year, around.year + 1)]
        return min(near, key=lambda day: abs(day - around)), False
    except (ValueError, OverflowError):
        return None, False


_SURE = frozenset(
    _words(
        "a about after all also although am an and any are as at be because before being between both but by can could during each "
        "even every for from get got has have having he her here him his how however i if in into is it its just like made make may "
        "me might must my not of off on one only onto or other our over own same she should since some such than the their "
        "them then these they this those through to too under until up upon us use used was we what when where whether which "
        "while who whose why will with without would you your"
    )
)
"""English words that nobody writes twice on purpose, in that order."""
_DOUBLED = re.compile(r"(?<![\w'’./:@#&=-])([a-z]+)([ \t]+|[ \t]*\n[ \t]*(?![ \t]*\n))(\1)(?![\w'’/:@=-]|\.\w)")


def _in_post(text: ScannedMarkdown, at: int) -> bool:
    """Does a place stand in a block with what somebody posted, whose words and name are theirs?"""
    posts = re.finditer(r"(?ims)^///[ \t]*post\b.*?^///[ \t]*$", text.bare)
    return any(post.start() < at < post.end() for post in posts)


@rule("doubled-word", WARNING)
def words_come_once(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """ "The the", across the end of a line as well."""
    for found in _DOUBLED.finditer(text.words) if is_english(about) else ():
        word = found[1]
        if word not in _SURE:
            continue
        if text.text[found.start() : found.end()] != found[0]:
            continue  # code, or a link, stands between the two
        is_quoted = text.line(text.place(found.start())[0]).lstrip().startswith(">") or _in_post(text, found.start())
        if is_quoted or _in_link(text, found.span()):
            continue  # the title of somebody else's page, or somebody else's words
        message = f'"{shown(found[0])}": the word stands there twice'
        if "\n" not in found[2]:
            yield found.start(3), message, "check --fix takes one out.", (found.end(1), found.end(), "")
        else:
            yield found.start(3), message, "Take one out."


# -- marks that do not close


@rule("unclosed-markup", WARNING)
def marks_close(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """A fence, code, bold, a link or a comment that begins and does not end."""
    for at in text.open_fences:
        yield at, "this block of code never closes", "Close it with a line of the same signs."
    for at in text.open_links:
        yield at, "the address of this link never closes", "Put a ) after it, and no space into it."
    at = text.bare.find("<!--")
    if at >= 0:
        yield at, "this comment never closes, so that all after it is hidden", "Close it with -->."
    for start, end in text.paragraphs():
        piece = text.bare[start:end]
        if "`" in piece and (ticks := re.findall(r"(?<!\\)`+", piece)) and len(ticks) % 2:
            found = re.search(r"(?<!\\)`", piece)
            assert found
            yield (
                start + found.start(),
                "this code begins with ` and does not end",
                "Put a ` after it, or write \\` for the sign itself.",
            )
        if "**" in piece:
            yield from _bold(text, start, end)


HTML = frozenset(
    _words(
        "a abbr acronym address animate applet area article aside audio b base basefont bdi bdo big blink blockquote body br "
        "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed "
        "fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe "
        "img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noframes noscript object "
        "ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section select set slot "
        "small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time "
        "title tr track tt u ul var video wbr"
    )
)
"""Elements of HTML, those of old as well."""
_ELEMENT = re.compile(r"(?<!\\)<([A-Za-z][\w,.-]*)(?=[\s/>])[^<>\\]*>")


@rule("unknown-tag", WARNING)
def tags_are_known(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """`Vec<T>`: what stands between < and > is read as a tag, and readers do not see it."""
    if "<" not in text.bare or "<svg" in text.text.lower() or "<math" in text.text.lower():
        return
    for found in _ELEMENT.finditer(text.bare):
        if found[1].lower() in HTML or "-" in found[1]:
            continue
        if any(mention.at[0] <= found.start(1) < mention.at[1] for mention in text.mentions):
            continue  # an address
        message = f'"{shown(found[0])}" is read as a tag, which readers do not see'
        yield found.start(), message, "If it is code, put it between `; for the sign itself write &lt;."


def _bold(text: ScannedMarkdown, start: int, end: int) -> Iterator[Found]:
    piece = re.sub(r"\\.", "  ", text.words[start:end])
    if "|" in piece:
        return
    marks = list(re.finditer(r"(?<!\*)\*\*(?!\*)", piece))
    if len(marks) == 1 and "***" not in piece:
        at = marks[0].start()
        opens = re.match(r"\*\*\w", piece[at : at + 3]) and not piece[at - 1 : at].isalnum()
        closes = re.match(r"[\w.!?:]\*\*(?:\W|$)", piece[max(0, at - 1) : at + 3])
        if opens or closes:
            yield (
                start + at,
                "this ** has no partner, so that readers see the stars",
                "Close what is bold, or write \\* for a star.",
            )


# -- titles and quotations

LONGEST = 69
"""Characters of a title; with "Subject: " before them they fill a line of 78 (RFC 5322, 2.1.1)."""


@rule("quote-without-source", NOTE)
def quotations_have_a_source(text: ScannedMarkdown, about: IssueFacts) -> Iterator[Found]:
    """A quotation with no name, no link and nobody who says it, in it or beside it."""
    if ">" not in text.bare:
        return
    spans = list(text.paragraphs())
    for place, (start, end) in enumerate(spans):
        piece = text.bare[start:end]
        if not re.match(r" {0,3}>", piece) or len(re.findall(r"\w+", text.words[start:end])) < 8:
            continue
        if re.match(r" {0,3}>\s*(?:\[!|\*\*|#|[-+*]\s|\d+[.)]\s|\|)", piece):
            continue  # a call-out, a list, a table: no quotation
        if _in_post(text, start):
            continue
        before = text.bare[slice(*spans[place - 1])] if place else ""
        after = text.bare[slice(*spans[place + 1])] if place + 1 < len(spans) else ""
        if before.lstrip().startswith(">") or after.lstrip().startswith(">"):
            continue  # one quotation in several pieces: its source stands at one of them
        if not any(_names_source(words) for words in (piece, before, after)):
            yield start, "this quotation does not say who said it", "Put a line below it, — and the name; or a link."


def _names_source(words: str) -> bool:
    return bool(
        re.search(r"\]\(|\]\[|https?://|<cite|<a\s", words)
        or re.search(r"(?m)^[\s>]*(?:[-–—―~]|&mdash;|--)\s*\S", words)
        or re.search(r"[–—―]\s*[*_]*[A-Z][\w.]+", words)
        or re.search(r":[\s*_]*$", words)
        or re.search(
            r"(?i)\b(?:said|says|wrote|writes|asked|asks|told|tells|puts? it|notes?|noted|explains?|explained|quotes?|quoted|according to|replied|answered)\b",
            words,
        )
    )


def title_slips(about: IssueFacts) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the title alone: the rule, what is true, the next step."""
    title = about.title
    if len(title) > LONGEST:
        message = f"the title has {len(title)} characters, and mail programs show the first {LONGEST} at best"
        yield "long-title", message, "Say the first thing first, or say less."
    for found in _TITLE_OF.finditer(title) if about.part is not None else ():
        part, of = int(found[1]), int(found[2])
        if part != about.part or (about.of is not None and of != about.of):
            message = f'the title says "{shown(found[0])}", the front matter {_part(about)}'
            yield "part-disagrees", message, "Let one of the two go."
    if about.number is not None:
        own = re.escape(about.letter) if about.letter else r"(?!)"
        for found in re.finditer(
            rf"(?i)(?:^(?:week|issue|no\.?|number)\s*#?|^#|^{own}\W{{1,3}}(?:issue|week|no\.?|#)?\s*)(\d{{1,4}})\b",
            title,
        ):
            if int(found[1]) != about.number and not 1900 <= int(found[1]) <= 2100:
                message = f'the title says "{shown(found[0])}", but this is number {about.number}'
                yield "number-disagrees", message, "Let one of the two go."


UNFINISHED = frozenset({"empty-section", "section-count", "placeholder"})
"""Rules that ask whether an issue is finished: of a draft, which is not, they are notes."""

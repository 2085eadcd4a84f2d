"""The proof: a text that was brought over is rendered by our own converter, and compared with its source as readers read both.

Whatever differs is a note with the words around it. A sound text has none: what our typographer and our labels change is no
difference (`reading.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from urllib.parse import unquote

from weekahead.importers.converted import ConvertedText
from weekahead.importers.html.inline import bare_addresses
from weekahead.importers.notes import Outcome, PostNotes
from weekahead.importers.reading import Reading, plain_words, read_html
from weekahead.markdown.options import TextOptions
from weekahead.markdown.renderer import convert, place

MOST = 8
"""Differences that are shown, of each kind; the others are counted."""
_WINDOW = 1500
"""Words of a stretch that differs which are compared one by one: more take too long, and are counted."""
_AROUND = 4
NO_ADDRESSES: Mapping[str, str] = {}


def prove(text: ConvertedText, markdown: str, notes: PostNotes, addresses: Mapping[str, str] = NO_ADDRESSES) -> bool:
    """Compare the Markdown that is to be written with the source of a text; add a note for whatever differs.

    `addresses` are those that were changed on purpose, by the ones of the source. Return whether nothing differs.
    """
    rendered = convert(markdown, options=TextOptions(maths=text.maths))
    if refused := [fault for fault in rendered.faults if fault.rule in ("too-slow", "text-too-deep", "breaks-page")]:
        notes.add(Outcome.ASK, "proof", f"the text could not be compared with its source: {refused[0].message}")
        return False
    source, result = read_html(text.html), read_html(place(rendered, NO_ADDRESSES, say=_say_nothing))
    differences = list(_differences(source, result, addresses))
    for rule, lines in differences:
        _tell(rule, lines, notes)
    return not differences


def _say_nothing(key: str, **values: object) -> str:
    """Return no words for our own labels, and days as the source has them."""
    return str(values.get("day", "")) if key == "date" else ""


def _tell(rule: str, lines: Sequence[tuple[str, str]], notes: PostNotes) -> None:
    for message, words in lines[:MOST]:
        notes.add(Outcome.ASK, rule, message, words=words, hint="Compare this place with the original.")
    if len(lines) > MOST:
        notes.add(Outcome.ASK, rule, f"and {len(lines) - MOST:,} more differences of this kind")


def _differences(
    source: Reading, result: Reading, addresses: Mapping[str, str]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the kinds of differences, each with its messages and the words of the result that lead there."""
    if source.words != result.words and (lines := list(_words(source.words, result.words))):
        yield "proof-words", lines
    for rule, name, before, after in (
        ("proof-link", "link", *_both_links(source, result, addresses)),
        ("proof-picture", "picture", _pictures(source, addresses), _pictures(result, NO_ADDRESSES)),
        ("proof-heading", "heading", source.headings, result.headings),
        ("proof-code", "block of code", source.code, result.code),
        ("proof-table", "cell", source.cells, result.cells),
        ("proof-footnote", "footnote", source.footnotes, result.footnotes),
        ("proof-footnote", "mark of a footnote", source.marks, result.marks),
    ):
        if before != after and (lines := list(_things(name, before, after))):
            yield rule, lines


# -- words


def _words(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    lost, made = before[start : len(before) - end], after[start : len(after) - end]
    if max(len(lost), len(made)) > _WINDOW:
        yield from _counted(lost, made)
        return
    around = " ".join(after[max(0, start - _AROUND) : start])
    for kind, a, b, c, d in SequenceMatcher(None, lost, made, autojunk=False).get_opcodes():
        if kind != "equal":
            near = " ".join(made[max(0, c - _AROUND) : c]) or around
            yield _word_message(" ".join(lost[a:b]), " ".join(made[c:d]), near), " ".join(made[c : d + 2]) or near


def _word_message(lost: str, made: str, near: str) -> str:
    place = f' after "{near}"' if near else " at the beginning"
    if lost and made:
        return f'"{_short(lost)}" became "{_short(made)}"{place}'
    return f'"{_short(lost)}" is missing{place}' if lost else f'"{_short(made)}" is not in the original{place}'


def _counted(lost: Sequence[str], made: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield which words are missing or new, where too many differ to tell where."""
    gone, new = Counter(lost) - Counter(made), Counter(made) - Counter(lost)
    for words, what in ((gone, "missing"), (new, "not in the original")):
        for word, count in words.items():
            times = "" if count == 1 else f", {count} times"
            yield f'"{_short(word)}" is {what}{times}', word
    if not gone and not new:
        yield f'the words are in another order from "{_short(" ".join(made[:_AROUND]))}" on', " ".join(made[:_AROUND])


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


# -- things


_Links = list[tuple[str, str]]


def _both_links(source: Reading, result: Reading, addresses: Mapping[str, str]) -> tuple[_Links, _Links]:
    """Return the links of both, but for those that our Markdown makes of bare addresses in the words of the source."""
    before, after = _plain_links(source, addresses), _plain_links(result, NO_ADDRESSES)
    if before != after:
        bare = {unquote(source.text[start:end]) for start, end in bare_addresses(source.text)}
        had = Counter(before)
        kept = []
        for link in after:
            had[link] -= 1
            if had[link] >= 0 or link[0] not in bare or plain_words(link[0]) != link[1]:
                kept.append(link)
        after = kept
    return _joined(before), _joined(after)


def _plain_links(reading: Reading, addresses: Mapping[str, str]) -> _Links:
    links = ((_plain_address(addresses.get(address, address)), text) for address, text in reading.links)
    return [(address, unquote(text.replace(" ", ""))) for address, text in links]


def _joined(links: _Links) -> _Links:
    """Return the links, those that follow each other with one address as one."""
    joined: _Links = []
    for address, text in links:
        if joined and joined[-1][0] == address:
            joined[-1] = address, joined[-1][1] + text
        else:
            joined.append((address, text))
    return joined


def _plain_address(address: str) -> str:
    return unquote(re.sub(r"[\t\r\n]", "", address.strip()))


def _pictures(reading: Reading, addresses: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(_plain_address(addresses.get(address, address)), alt) for address, alt in reading.pictures]


def _things(name: str, before: Sequence[object], after: Sequence[object]) -> Iterator[tuple[str, str]]:
    """Yield what is missing, and what is new; or that the order is another one."""
    gone, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    for things, what in ((gone, "is missing"), (new, "is not in the original")):
        for thing, count in things.items():
            times = "" if count == 1 else f", {count} times"
            yield f"this {name} {what}{times}: {_shown(thing)}", _key(thing)
    if not gone and not new:
        yield f"the {name}s are in another order", ""


def _shown(thing: object) -> str:
    if isinstance(thing, tuple):
        address, text = thing
        return f'"{_short(text)}", {_short(address)}' if text else _short(address)
    return f'"{_short(str(thing))}"'


def _key(thing: object) -> str:
    return str(thing[0] if isinstance(thing, tuple) else thing)[:80]

"""Convert Markdown to HTML that can be placed anywhere: it is cut at every address and every id.

With it come the facts that pages, feeds and checks need of a text: links, ids, headings, first words, faults.
"""

from __future__ import annotations

import codecs
import html as entities
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from weekahead.markdown.block import DEEPEST, TooDeep
from weekahead.markdown.cutter import CONTROL, Cutter, Heading, Link
from weekahead.markdown.kinds.forms import Formula, Hidden
from weekahead.markdown.kinds.frames import show_videos
from weekahead.markdown.kinds.kind import File
from weekahead.markdown.nesting_limit import DEEPEST as DEEPEST_HTML
from weekahead.markdown.nesting_limit import too_deep
from weekahead.markdown.options import TextOptions
from weekahead.model.findings import TextFinding
from weekahead.model.issue import BIBLIOGRAPHY, is_mark
from weekahead.runtime.cpu_limit import CpuLimitExceeded, cpu_limit

if TYPE_CHECKING:
    from weekahead.markdown.extension import Converter


class RenderedText(Struct, frozen=True, kw_only=True):
    """A text as HTML that has not been placed yet: its addresses are as the author wrote them.

    `parts` is the HTML cut at every address, every id and wherever the site speaks: the even places are HTML as it is, the
    odd ones are "@" and an address, or "#" and an id, unescaped; "&" and the address of a picture whose size may stand there; or
    "~", the name of a sentence and its values, as JSON.
    """

    parts: tuple[str, ...]
    links: tuple[Link, ...] = ()
    local: tuple[str, ...] = ()
    """The addresses that are no plain address of the web, each once: they may lead to somewhere in the letter."""
    ids: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    lead: str = ""
    words: int = 0
    faults: tuple[TextFinding, ...] = ()
    cited: tuple[str, ...] = ()
    """The keys of the references that it cites, in the order of their list."""
    styled: bool = False
    """Whether it has styles of its own, which a page's policy must allow."""


TOP = ("#", "#top")
"""Addresses of the top of any page (HTML standard, 7.4.6.3)."""

_SPECIAL = re.compile("[&<>\"']")
_UNKNOWN: Mapping[str, str] = {}


def place(
    text: RenderedText,
    addresses: Mapping[str, str],
    prefix: str = "",
    say: Callable[..., str] = lambda key, **values: key,
    sizes: Mapping[str, str] = _UNKNOWN,
) -> str:
    """Return the HTML with other `addresses` for some of its own, a prefix for each id, our own words as `say` has them, and
    attributes with the sizes of pictures by their addresses.

    An address within the text ("#fn:1") that is left alone gets the prefix of the id it leads to.
    """
    placed = list(text.parts)
    for number in range(1, len(placed), 2):
        kind, words = placed[number][0], placed[number][1:]
        if kind == "@":
            words = addresses.get(words, words)
            if prefix and words.startswith("#") and words.lower() not in TOP:
                words = "#" + prefix + words[1:]
        elif kind == "#":
            words = prefix + words
        elif kind == "&":
            placed[number] = sizes.get(words, "")
            continue
        else:
            key, values = json.loads(words)
            words = say(key, **values)
        placed[number] = entities.escape(words) if _SPECIAL.search(words) else words
    return "".join(placed)


BUDGET = 2.0
"""Seconds of the processor that 100,000 characters of a text may take. They take 0.03 where the text is real."""
_UNIT = 100_000

REFERENCES_BUDGET = 20.0
"""Seconds more that a text may take which has a bibliography: what formats references takes some 10 ms for each."""

READINGS = 5
"""How often HTML is read again until it stays the same."""

DEFAULT_OPTIONS = TextOptions()


def convert(
    text: str,
    budget: float = BUDGET,
    files: Mapping[str, File] | None = None,
    options: TextOptions = DEFAULT_OPTIONS,
) -> RenderedText:
    """Return a text as HTML with its facts; its tables are made from `files`, by the names its author gave them.

    Never raises: what cannot be converted, or not within `budget` seconds of the processor for each 100,000 characters, is
    a fault.
    """
    clean, faults = _without_controls(text)
    budget *= max(1.0, len(text) / _UNIT)
    if files and any(name.startswith(BIBLIOGRAPHY) for name in files):
        budget += REFERENCES_BUDGET
    try:
        with cpu_limit(budget):
            try:
                cutter = Cutter(text, faults)
                cited: list[str] = []
                html = _converter().convert(clean, files or {}, options, cutter.say, faults, cited)
                return replace(_finish(_levelled(html), text, cutter, options), cited=tuple(cited))
            except TooDeep as error:
                return _refused(_too_deep(error.line), faults)
            except RecursionError:
                _converter.cache_clear()
                return _refused(_too_deep(1), faults)
    except CpuLimitExceeded as error:
        line = line_of(text, _held_up_by(error, text))
        _converter.cache_clear()  # it was left in the middle of something
        message = f"rendering this text took more than {budget:g} s and stopped near this line"
        hint = "Look for many brackets, or markup that never ends. If the machine is slow, raise render_timeout in letter.yaml."
        return _refused(TextFinding(rule="too-slow", words="", message=message, hint=hint, line=line), faults)


def _refused(fault: TextFinding, faults: list[TextFinding]) -> RenderedText:
    return RenderedText(parts=("",), faults=(*faults, fault))


def _too_deep(line: int) -> TextFinding:
    message = f"lists or quotations are nested more than {DEEPEST} deep, or brackets are nested too deep"
    return TextFinding(rule="text-too-deep", words="", message=message, hint="Remove some levels.", line=line)


def _never_closed(tag: str, place: int, source: str) -> TextFinding:
    message = f"more than {DEEPEST_HTML} HTML elements are open at {tag[:40]}"
    hint = "Is one never closed? Every <div>, <span> or <b> needs its </div>, </span> or </b>."
    line = source.count("\n", 0, max(place, 0)) + 1
    return TextFinding(rule="text-too-deep", words=tag, message=message, hint=hint, line=line)


def _never_settled(source: str) -> TextFinding:
    tag = next((tag for tag in ("<plaintext", "<svg", "<math") if tag in source.lower()), "<")
    message = "this HTML does not end with the text, and would swallow the page after it"
    hint = "Write it in other elements: a code block, or <pre>, keeps lines as they are."
    return TextFinding(rule="breaks-page", words=tag, message=message, hint=hint, line=line_of(source.lower(), tag))


def line_of(text: str, words: str) -> int:
    """Return the first line of a text that has some words in it, counted from 1; 1 if none has."""
    place = text.find(words)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


def _held_up_by(error: BaseException, text: str) -> str:
    """Return the first words of the piece of a text that was being read when an error was raised, from its frames."""
    pieces: list[str] = []
    trace = error.__traceback__
    while trace:
        found = (trace.tb_frame.f_locals.get(name) for name in ("data", "text", "block"))
        pieces += [words.lstrip()[:30] for words in found if isinstance(words, str)]
        trace = trace.tb_next
    return next((piece for piece in reversed(pieces) if piece and piece in text), "")


# -- before the conversion


def _without_controls(text: str) -> tuple[str, list[TextFinding]]:
    """Return the text without characters that no XML may hold, and a fault for the first of them."""
    found = CONTROL.search(text)
    if found is None:
        return text, []
    line = text.count("\n", 0, found.start()) + 1
    message = f"there is an invisible control character here (U+{ord(found[0]):04X})"
    fault = TextFinding(
        rule="control-character",
        words=found[0],
        message=message,
        hint="Delete it; feeds must not contain it.",
        line=line,
    )
    return CONTROL.sub("", text), [fault]


# -- the converter


@lru_cache(maxsize=1)
def _converter() -> Converter:
    from weekahead.markdown.extension import Converter

    return Converter()


def _levelled(html: str) -> str:
    """Return the HTML with headings below the page's title, its only <h1>, and no level left out (WCAG 2.2, 1.3.1)."""
    above: list[int] = []

    def placed(found: re.Match[str]) -> str:
        if found[1] == "<h":
            while above and above[-1] >= int(found[2]):
                above.pop()
            above.append(int(found[2]))
        return f"{found[1]}{min(6, len(above) + 1)}"

    return re.sub(r"(</?h)([1-6])(?=[\s>])", placed, html)


# -- after the conversion


def _finish(html: str, source: str, cutter: Cutter, options: TextOptions) -> RenderedText:
    """Parse the HTML as a browser does, so that an unclosed tag ends here, and cut it."""
    from selectolax.lexbor import LexborHTMLParser

    if deep := too_deep(html, source):
        return _refused(_never_closed(*deep, source), cutter.faults)
    tree = _settled(html, source, lambda text: LexborHTMLParser(text, is_fragment=True))
    if tree and not options.frames and "<iframe" in source.lower():
        show_videos(tree, cutter.say)
    if tree is None:
        return _refused(_never_settled(source), cutter.faults)
    cutter.visit(list(tree.root.traverse()) if tree.root else [])
    parts = cutter.parts(_written(tree))
    for mark in tree.css("a.footnote-ref, a.footnote-backref") if "footnote" in html else ():
        mark.decompose()  # the number of a note is not a word of the text
    for hidden in reversed(tree.css(Hidden.selector)):
        Hidden.text(hidden)
    for formula in tree.css("math"):
        Formula.text(formula)
    return RenderedText(
        parts=parts,
        links=tuple(cutter.links),
        local=tuple(cutter.local),
        ids=tuple(cutter.ids),
        headings=tuple(cutter.headings),
        lead=_lead(tree),
        words=_words(tree),
        faults=tuple(cutter.faults),
        styled=cutter.styled,
    )


def _settled(html: str, source: str, parse: Callable[[str], Any]) -> Any:
    """Return the tree that a browser makes of its own HTML; None if reading that again makes another one, always.

    HTML that stays the same is closed: no comment, style or tag in it reaches into the page around it. Where HTML is mixed
    with formulas or drawings, what the first reading gives may be another tree in a browser.
    """
    tree = parse(html)
    if "<" not in source:
        return tree
    written = _written(tree)
    if written == html.replace("\u00a0", "&nbsp;").replace("<br />", "<br>"):
        return tree  # reading what is written reads the same
    for _ in range(READINGS):
        tree = parse(written)
        before, written = written, _written(tree)
        if written == before or written.replace("\n", "") == before.replace("\n", ""):
            return tree
    return None


_BEGIN_LINES = ("<pre", "<listing", "<textarea")
_BEFORE_LINE_END = re.compile(r"<(?:pre|listing|textarea)(?:\s[^<>]*)?>(?=\n)")


def _written(tree: Any) -> str:
    """Return the HTML of a tree, in which a parser finds the line end again with which a <pre> begins."""
    html: str = tree.html or ""
    if not any(name in html for name in _BEGIN_LINES):
        return html
    return _BEFORE_LINE_END.sub(lambda found: found[0] + "\n", html)


def _lead(tree: Any) -> str:
    """Return the words of the first paragraph that is not in a list, a table, a note or a figure."""
    for node in tree.css("p"):
        above = {parent.tag for parent in _above(node)}
        words = " ".join(node.text().split())
        if (
            words
            and not above & {"li", "table", "blockquote", "figure", "dd", "details", "aside"}
            and not _is_note(node)
        ):
            return words
    return ""


def _is_note(node: Any) -> bool:
    return any(parent.attributes.get("role") == "note" for parent in _above(node))


def _above(node: Any) -> Iterator[Any]:
    while (node := node.parent) is not None:
        yield node


def _words(tree: Any) -> int:
    """Return how many words a reader reads, without code; two characters of a script without spaces count as one."""
    text = tree.root.text(separator=" ") if tree.root else ""
    code = " ".join(node.text(separator=" ") for node in tree.css("pre, script, style"))
    return _count(text) - _count(code)


_SORTS = bytes(
    ord("w" if chr(code).isalnum() or chr(code) == "_" else "-" if chr(code) in "'-" else " " if code else "\0")
    for code in range(128)
).ljust(256)
"""For each character of ASCII, "w" if it belongs to a word, "-" if it may stand within one; NUL stays, which no HTML has."""


def _count(text: str) -> int:
    """Return the number of words: rows of letters and digits, in which a hyphen or an apostrophe may stand."""
    sorted_out = b" " + text.encode("ascii", "weekahead-sorts").translate(_SORTS)
    words = sum(sorted_out.count(begin) for begin in (b" w", b" -w", b"--w"))
    return words + (sorted_out.count(b"\0") + 1) // 2


def _sorts(error: UnicodeError) -> tuple[str, int]:
    """Return ASCII that counts as a row of other characters does: a NUL for each one of a script without spaces."""
    assert isinstance(error, UnicodeEncodeError)
    row = error.object[error.start : error.end]
    if max(row) >= "\u3040":
        row = _spaceless().sub("\0", row)
    signs = (
        "w" if sign.isalnum() or is_mark(sign) else "'" if sign == "’" else "\0 " if sign == "\0" else " "
        for sign in row
    )
    return "".join(signs), error.end


codecs.register_error("weekahead-sorts", _sorts)


@lru_cache(maxsize=1)
def _spaceless() -> re.Pattern[str]:
    """Return an expression for characters of scripts without spaces. It is slow to compile, and few letters need it."""
    return re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

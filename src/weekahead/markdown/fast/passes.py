"""Python-Markdown at an eighth of its cost: the same HTML, byte for byte, by leaner passes under the same names.

`quicken` replaces passes of a converter. The two through inline patterns, three quarters of the cost, are in `marks.py`
and `plain.py`; the others are here, and most of them are the stock pass with a question before it: can there be anything
to do? Each says what the question is, and why no is enough.

The room relies on how Python-Markdown works inside. So a converter keeps its own passes unless its versions are among
those that were read for this, and its passes are exactly the known ones.
`tests/markdown/test_fast_passes.py` compares both ways on real, made and random text, and fails when a new version is
not yet among the known.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as xml
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache, partial
from types import FunctionType
from typing import Any

import markdown.serializers
import pymdownx
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.footnotes import FootnotePostTreeprocessor
from markdown.extensions.md_in_html import HtmlBlockPreprocessor, HTMLExtractorExtra, MarkdownInHTMLPostprocessor
from markdown.extensions.toc import remove_fnrefs, render_inner_html, strip_tags, unique
from markdown.preprocessors import NormalizeWhitespace
from markdown.serializers import RE_AMP, to_html_string
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, STX, AtomicString
from pygments.lexers import get_lexer_by_name
from pymdownx.highlight import BlockHtmlFormatter, Highlight, HighlightExtension
from pymdownx.superfences import EOT, SOH, SuperFencesRawBlockPreprocessor

import markdown
from weekahead.markdown.fast.inline import Inline, Typography

VERSIONS = {"3.11": "13.1"}
"""The minor version of Python-Markdown that was read for this, and that of the pymdown-extensions. pyproject.toml allows no other."""

KNOWN = {
    "preprocessors": "35 pymdownx-pre-norm-ws, 31.05 fenced_raw_block, 30 normalize_whitespace, "
    "29.9 pymdownx-post-norm-ws, 25 fenced_code_block, 20 html_block",
    "blockprocessors": "105 markdown_block, 100 empty, 90 indent, 85 defindent, 80 code, 75 table, 70 hashheader, "
    "60 setextheader, 50 hr, 40 olist, 30 ulist, 25 deflist, 20 quote, 17 footnote, 16 abbr, 15 reference, 10 paragraph",
    "inlinePatterns": "190 backtick, 180 escape, 175 footnote, 170 reference, 160 link, 150 image_link, "
    "140 image_reference, 130 short_reference, 125 short_image_ref, 120 autolink, 110 automail, 100 linebreak, "
    "90 html, 85 bare-address, 80 entity, 60 em_strong, 60 delimiter",
    "treeprocessors": "50 footnote, 30 indent-highlight, 25 task-list, 20 inline, 15 footnote-duplicate, 10 prettify, "
    "8 attr_list, 7 abbr, 6 smarty, 5 toc, 5 shapes, 0 unescape",
    "smarty": "50 smarty-em-dashes, 45 smarty-en-dashes, "
    + ", ".join(f"{30 - number} smarty-quotes-{number}" for number in range(15))
    + ", 10 smarty-ellipses",
    "postprocessors": "30 raw_html, 25 footnote, 20 amp_substitute",
}
"""The passes of the converter in `prose.py`, in their order."""


def install_fast_passes(md: markdown.Markdown) -> markdown.Markdown:
    """The same converter with its costly passes replaced; one that is not known is left alone."""
    if VERSIONS.get(minor(markdown.__version__)) != minor(pymdownx.__version__) or passes(md) != KNOWN:
        return md
    whole: Any = md
    before, blocks, trees = whole.preprocessors, whole.parser.blockprocessors, whole.treeprocessors
    stock = {name: trees[name] for name in ("task-list", "toc", "smarty", "indent-highlight")}
    footnotes = trees["footnote-duplicate"].footnotes
    patterns, quotes = md.inlinePatterns, stock["smarty"].inlinePatterns

    for name in ("pymdownx-pre-norm-ws", "pymdownx-post-norm-ws"):
        before[name].run = partial(_without_substitutes, before[name].run)
    for name in ("fenced_raw_block", "fenced_code_block"):
        _quicken_fences(before[name])
    before.register(text := Whitespace(md), "normalize_whitespace", 30)
    before.register(RawHtml(md), "html_block", 20)
    for name in ("olist", "ulist"):
        blocks[name].get_items = partial(_items, blocks[name])
    blocks["code"].run = partial(_code, blocks["code"].run, blocks["empty"].run)
    whole.parser.parseBlocks = _block_reader(blocks)
    trees.register(Tasks(stock["task-list"]), "task-list", 25)
    trees.register(Inline(md, [name for name, _ in _sorted(patterns)], patterns), "inline", 20)
    trees.register(Duplicates(footnotes), "footnote-duplicate", 15)
    trees.register(Attributes(md), "attr_list", 8)
    trees.register(Typography(md, [name for name, _ in _sorted(quotes)], quotes), "smarty", 6)
    trees.register(Headings(stock["toc"], text), "toc", 5.5)  # still before "shapes", which was added later
    trees.register(Unescape(md, text), "unescape", 0)
    whole.postprocessors.register(Restored(md), "raw_html", 30)
    whole.serializer = serialized
    whole.is_block_level = lru_cache(maxsize=500)(md.is_block_level)  # it looks through a list of sixty
    footnotes.unique_ref = partial(_unique_ref, footnotes)
    _quicken_highlighting(whole.registeredExtensions, stock["indent-highlight"])
    return md


def minor(version: str) -> str:
    """Return the first two numbers of a version."""
    return ".".join(version.split(".")[:2])


def passes(md: markdown.Markdown) -> dict[str, str]:
    """The names of a converter's passes, with their priorities."""
    smarty: Any = md.treeprocessors["smarty"] if "smarty" in md.treeprocessors else None  # noqa: SIM401 - no dict
    registries = {
        "preprocessors": md.preprocessors,
        "blockprocessors": md.parser.blockprocessors,
        "inlinePatterns": md.inlinePatterns,
        "treeprocessors": md.treeprocessors,
        "smarty": smarty.inlinePatterns if smarty else markdown.util.Registry(),
        "postprocessors": md.postprocessors,
    }
    return {
        key: ", ".join(f"{priority:g} {name}" for name, priority in _sorted(registry))
        for key, registry in registries.items()
    }


def _sorted(registry: Any) -> list[tuple[str, float]]:
    return sorted(registry._priority, key=lambda item: -item.priority)


# -- text before and after


class Whitespace(NormalizeWhitespace):
    """Line ends, tabs and empty lines. The expression begins with the line end itself, which is found faster.

    What it makes is kept for those passes of the tree that have nothing to do where a text lacks some mark.
    """

    source = ""

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines).replace(STX, "").replace(ETX, "")
        source = source.replace("\r\n", "\n").replace("\r", "\n") + "\n\n"
        source = source.expandtabs(self.md.tab_length) if "\t" in source else source
        self.source = source = re.sub(r"\n +(?=\n)", "\n", source) if " \n" in source else source
        return source.split("\n")


def _without_substitutes(stock: Callable[[list[str]], list[str]], lines: list[str]) -> list[str]:
    """Two characters that stand for placeholders' own while white space is put right: is there one?"""
    text = "\n".join(lines)
    return stock(lines) if SOH in text or EOT in text else lines


class Extractor(HTMLExtractorExtra):
    """Raw HTML, with an eye on where no tag can end any more, and on which are open."""

    searched: tuple[str, int] = ("", -1)

    def check_for_whole_start_tag(self, i: int) -> int:
        """-1 for a tag that does not end: behind the last of these marks the stock reading always comes to that."""
        if self.searched[0] is not self.rawdata:
            self.searched = self.rawdata, max(self.rawdata.rfind(mark) for mark in ">/='\"\0")
        return -1 if i > self.searched[1] else int(super().check_for_whole_start_tag(i))

    def open_inline_tag(self, tag: str) -> None:
        """Count the open tags by name; they are forgotten where a paragraph ends."""
        if not self.inline_stack:
            self.opened: Counter[str] = Counter()
        before = len(self.inline_stack)
        super().open_inline_tag(tag)
        self.opened.update(self.inline_stack[before:])

    def close_inline_tag(self, tag: str) -> None:
        """For a tag that is not open the stock reading looks through all that are, and does nothing."""
        while self.inline_stack and self.opened[tag]:
            last = self.inline_stack.pop()
            self.opened[last] -= 1
            if last == tag:
                break


class RawHtml(HtmlBlockPreprocessor):
    """The stock pass with that extractor, for a text that has marks of HTML."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if "<" not in text and "&" not in text:
            return lines
        parser = Extractor(self.md)
        parser.feed(text)
        parser.close()
        return "".join(parser.cleandoc).split("\n")


class Restored(MarkdownInHTMLPostprocessor):
    """Raw HTML in place of its placeholders. They are found by what only they have, and not by the tag before them."""

    MARK_RE = re.compile(HTML_PLACEHOLDER % "([0-9]+)")

    def run(self, text: str) -> str:
        stash = self.md.htmlStash
        pieces = self.MARK_RE.split(text) if stash.html_counter else [text]
        for place in range(1, len(pieces), 2):
            if int(pieces[place]) >= stash.html_counter:
                pieces[place] = HTML_PLACEHOLDER % pieces[place]
                continue
            raw = self.stash_to_string(stash.rawHtmlBlocks[int(pieces[place])])
            before, after = pieces[place - 1], pieces[place + 1]
            if before.endswith("<p>") and after.startswith("</p>"):
                pieces[place - 1], pieces[place + 1] = before[:-3], after[4:]
                raw = raw if self.isblocklevel(raw) else f"<p>{raw}</p>"
            pieces[place] = self.run(raw) if STX in raw else raw
        return "".join(pieces)


def _quicken_fences(fences: Any) -> None:
    """Fenced code: a text without its marks has none; outside of a fence, only a line with them is looked at for more."""
    look, stock = fences.search_nested, fences.parse_whitespace
    fences.search_nested = lambda lines: look(lines) if _may_be_fenced("\n".join(lines)) else lines
    fences.parse_whitespace = lambda line: stock(line) if _may_be_fenced(line) else ""
    fences.reassemble = partial(_reassembled, fences, isinstance(fences, SuperFencesRawBlockPreprocessor))


def _may_be_fenced(text: str) -> bool:
    return "```" in text or "~~~" in text


def _reassembled(fences: Any, is_raw: bool, lines: list[str]) -> list[str]:
    """The lines with a placeholder for each block of code, in one walk."""
    found: list[str] = []
    done = 0
    for mark, start, end in fences.stack:
        found += lines[done:start]
        found.append(mark.replace(STX, SOH, 1)[:-1] + EOT if is_raw else mark)
        done = end
    fences.stack.clear()
    return found + lines[done:]


def serialized(root: xml.Element) -> str:
    """A tree as HTML; one with comments or instructions is left to the stock serializer."""
    out: list[str] = []
    write = out.append
    ends: dict[Any, str] = {}
    waiting: list[tuple[Iterator[xml.Element], str]] = []
    elements = iter((root,))
    while True:
        for element in elements:
            tag = element.tag
            end = ends.get(tag)
            if end is None:
                if not isinstance(tag, str):
                    return str(to_html_string(root))
                end = ends[tag] = "" if tag.lower() in xml.HTML_EMPTY else f"</{tag}>"
            begin = f"<{tag}{_attributes(found)}>" if (found := element.items()) else f"<{tag}>"
            if text := element.text:
                begin += text if tag.lower() in ("script", "style") else _escaped(text)
            if tail := element.tail:
                end += _escaped(tail)
            if len(element):
                write(begin)
                waiting.append((elements, end))
                elements = iter(element)
                break
            write(begin + end)
        else:
            if not waiting:
                return "".join(out)
            elements, end = waiting.pop()
            write(end)


_BOOLEAN: frozenset[str] = vars(markdown.serializers)["BOOLEAN_ATTRIBUTES"]["html"]


def _attributes(found: Collection[tuple[str, str]]) -> str:
    words = ""
    for key, value in sorted(found) if len(found) > 1 else found:
        if value is None or (key == value and key in _BOOLEAN):
            words += f" {key}"
        else:
            quoted = _escaped(value).replace('"', "&quot;")
            words += f' {key}="{quoted}"'
    return words


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text


# -- blocks

_OPENERS = frozenset(" \x02\n#>:*+-_")
"""A block of one line that begins with none of these, no digit and no definition, is a paragraph."""


def _begins_line(mark: str) -> Callable[[str], bool]:
    """Does a line begin with an expression, behind no more than three spaces?"""
    first, later = re.compile(f" {{0,3}}{mark}").match, re.compile(f"\n {{0,3}}{mark}").search
    return lambda block: bool(first(block) or later(block))


GATES: dict[str, Callable[[str], bool]] = {
    "markdown_block": lambda block: block.startswith(STX),
    "empty": lambda block: not block or block[0] == "\n",
    "indent": lambda block: block.startswith("    "),
    "defindent": lambda block: block.startswith("    "),
    "code": lambda block: block.startswith("    "),
    "table": lambda block: "|" in block and "\n" in block,
    "hashheader": lambda block: block.startswith("#") or "\n#" in block,
    "setextheader": lambda block: "\n=" in block or "\n-" in block,
    "hr": _begins_line(r"([-*_]) {0,2}\1"),
    "olist": lambda block: block.lstrip(" ")[:1].isdigit(),
    "ulist": lambda block: block.lstrip(" ").startswith(("*", "+", "-")),
    "deflist": _begins_line(":"),
    "quote": _begins_line(">"),
    "footnote": lambda block: "]:" in block and "[^" in block,
    "abbr": lambda block: "*[" in block,
    "reference": lambda block: "]:" in block,
    "paragraph": lambda block: True,
}
"""What a block must hold for a processor's expression to match; without it the processor leaves it to the next."""


MANY = 1000
"""Blocks of which a list moves all that are left when the first is taken away, so that it takes too long."""


class Blocks(deque[str]):
    """Many blocks, of which the first is taken away again and again; no pass takes any other."""

    def pop(self, place: int = 0) -> str:
        return self.popleft()


def _block_reader(registry: Any) -> Callable[[xml.Element, list[str]], None]:
    """The parser's loop over blocks, past the processors whose marks a block does not hold."""
    gated = [(GATES[name], registry[name].test, registry[name].run) for name, _ in _sorted(registry)]
    paragraph = registry["paragraph"].run

    def parse(parent: xml.Element, blocks: list[str] | Blocks) -> None:
        blocks = Blocks(blocks) if len(blocks) > MANY else blocks
        while blocks:
            if _is_paragraph(blocks[0]):
                paragraph(parent, blocks)
                continue
            for gate, test, run in gated:
                block = blocks[0]
                if gate(block) and test(parent, block) and run(parent, blocks) is not False:
                    break

    return parse


def _is_paragraph(block: str) -> bool:
    """Is it plain that a block is a paragraph? Of one line, all expressions but one want a mark at its beginning."""
    first = block[:1]
    if not first or first in _OPENERS or "\n" in block or (first.isdigit() and ". " in block):
        return False
    return first != "[" or "]:" not in block


def _code(code: Any, gap: Any, parent: xml.Element, blocks: list[str]) -> bool:
    """Indented code, with the blocks of it that follow; their text is put together once.

    Each is read by the stock pass, as if nothing stood before it. That no other pass wants it is known from the first.
    """
    if not code(parent, blocks):
        return False
    element = parent[-1][0]
    texts: list[str] = []
    while blocks and (GATES["empty"](blocks[0]) or GATES["code"](blocks[0])):
        texts.append(element.text or "")
        element.text = AtomicString("")
        read = gap if GATES["empty"](blocks[0]) else code
        read(parent, blocks)
    if texts:
        element.text = AtomicString("".join((*texts, element.text or "")))
    return True


def _items(processor: Any, block: str) -> list[str]:
    """The items of a list; the lines of an item are put together once."""
    items: list[list[str]] = []
    for line in block.split("\n"):
        if match := processor.CHILD_RE.match(line):
            if not items and processor.TAG == "ol":
                processor.STARTSWITH = match[1].rstrip(".")
            items.append([match[3]])
        elif processor.INDENT_RE.match(line) and not items[-1][0].startswith("    "):
            items.append([line])
        else:
            items[-1].append(line)
    return ["\n".join(lines) for lines in items]


# -- the tree


class Tasks(Treeprocessor):
    """Task lists: is there a box anywhere?"""

    def __init__(self, stock: Any) -> None:
        super().__init__(stock.md)
        self.stock = stock

    def run(self, root: xml.Element) -> None:
        text = "".join(root.itertext())
        if "[ ] " in text or "[x] " in text or "[X] " in text:
            self.stock.run(root)


class Duplicates(FootnotePostTreeprocessor):
    """More ways back from a note: is any referred to more than once?"""

    def run(self, root: xml.Element) -> None:
        if any(count > 1 for count in self.footnotes.found_refs.values()):
            super().run(root)

    def get_num_duplicates(self, li: xml.Element) -> int:
        """A list of the author's own in a <div class="footnote"> has none; the stock pass would raise."""
        return super().get_num_duplicates(li) if ":" in li.get("id", "") else 0


class Attributes(AttrListTreeprocessor):
    """Attribute lists: is there one at the beginning or the end of a text, where alone they are read?"""

    def run(self, doc: xml.Element) -> None:
        for text in doc.itertext():
            if "{" in text and "}" in text and (text[0] == "{" or self.is_last(text)):
                super().run(doc)
                return

    @staticmethod
    def is_last(text: str) -> bool:
        return (" {" in text or "\n{" in text) and text.rstrip(" \n").endswith("}")


class Headings(Treeprocessor):
    """Ids for headings: does the text ask for a table of contents? If not, none is made."""

    def __init__(self, stock: Any, text: Whitespace) -> None:
        super().__init__(stock.md)
        self.stock, self.text = stock, text

    def run(self, root: xml.Element) -> None:
        if self.stock.marker in self.text.source:
            self.stock.run(root)
            return
        elements = list(root.iter())
        used = {name for element in elements if (name := element.get("id")) is not None}
        counters: dict[str, int] = {}
        for element in elements:
            if element.tag[:1] in "hH" and self.stock.header_rgx.match(element.tag):
                self.stock.set_level(element)
                if "id" not in element.attrib:
                    words = html.unescape(self.words(element))
                    element.attrib["id"] = unique(self.stock.slugify(words, self.stock.sep), used, counters)
                element.attrib.pop("data-toc-label", None)

    def words(self, heading: xml.Element) -> str:
        """A heading's words. Plain ones need not become HTML and words again."""
        text = heading.text or ""
        if len(heading) == 0 and not any(mark in text for mark in (STX, "<", ">", "&")):
            return " ".join(text.split())
        return strip_tags(render_inner_html(remove_fnrefs(heading), self.md))


class Unescape(UnescapeTreeprocessor):
    """Characters that a backslash protected: is there one in this text?"""

    def __init__(self, md: markdown.Markdown, text: Whitespace) -> None:
        super().__init__(md)
        self.text = text

    def run(self, root: xml.Element) -> None:
        for element in root.iter() if "\\" in self.text.source else ():
            if element.text and STX in element.text and element.tag != "code":
                element.text = self.unescape(element.text)
            if element.tail and STX in element.tail:
                element.tail = self.unescape(element.tail)
            for key, value in element.items():
                if value and STX in value:
                    element.set(key, self.unescape(value))


def _unique_ref(footnotes: Any, reference: str, found: bool = False) -> str:
    """The id of a reference to a note: fnref:name, fnref2:name ... by counting, where the stock tries one after another."""
    if not found:
        return reference
    count = footnotes.found_refs.get(reference, 0) + 1
    footnotes.found_refs[reference] = count
    return reference if count == 1 else reference.replace("fnref", f"fnref{count}", 1)


# -- code


def _quicken_highlighting(extensions: list[Any], indented: Any) -> None:
    """Make a lexer's class and a formatter once, where the stock highlighter makes them for every block of code."""
    lexers: dict[str, type] = {}
    formatters: dict[str, Any] = {}

    def lexer(name: str, **options: Any) -> Any:
        if name not in lexers:
            lexers[name] = type(get_lexer_by_name(name, **options))
        return lexers[name](**options)

    def formatter(**options: Any) -> Any:
        key = repr(sorted(options.items()))
        if len(formatters) > 100:
            formatters.clear()
        if key not in formatters:
            formatters[key] = BlockHtmlFormatter(**options)
        return formatters[key]

    class Highlighter(Highlight):  # type: ignore[misc]
        highlight = _rebound(Highlight.highlight, BlockHtmlFormatter=formatter)
        get_lexer = _rebound(Highlight.get_lexer, get_lexer_by_name=lexer)

    for extension in extensions:
        if isinstance(extension, HighlightExtension):
            extension.get_pymdownx_highlighter = lambda: Highlighter
    indented.run = partial(_rebound(type(indented).run, Highlight=Highlighter), indented)


def _rebound(function: Any, **names: Any) -> Any:
    """The same function, to which some global names mean something else."""
    meanings = {**function.__globals__, **names}
    return FunctionType(function.__code__, meanings, function.__name__, function.__defaults__, function.__closure__)

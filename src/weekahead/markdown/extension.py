"""GitHub Flavored Markdown for Python-Markdown, and what our Markdown has beyond it.

The extension puts a parser by the specification in place of Python-Markdown's own: blocks become an element tree, with
their inline structure, on which tree processors of any extension can work as before.
"""

from __future__ import annotations

import xml.etree.ElementTree as xml
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from markdown.blockparser import BlockParser as HostParser
from markdown.extensions import Extension
from markdown.util import Registry
from msgspec import Struct

import markdown
from weekahead.markdown.block import Block, note_key
from weekahead.markdown.block_parser import BlockParser
from weekahead.markdown.inline_parser import InlineParser
from weekahead.markdown.kinds.finder import SectionFinder
from weekahead.markdown.kinds.kind import File, is_table
from weekahead.markdown.kinds.note import Alert
from weekahead.markdown.maths import Formula, MathsError, to_mathml
from weekahead.markdown.options import TextOptions
from weekahead.markdown.polish import Polish
from weekahead.markdown.serializer import serialize
from weekahead.markdown.tokens import Token
from weekahead.markdown.tree import TreeWriter
from weekahead.model.findings import TextFinding
from weekahead.model.issue import BIBLIOGRAPHY

if TYPE_CHECKING:
    from weekahead.markdown.citations import Citations

NO_FILES: Mapping[str, File] = {}


class Job(Struct):
    """What a text is converted with: the files of its tables, its options, what stands for words of the site; its faults."""

    files: Mapping[str, File] = NO_FILES
    options: TextOptions = TextOptions()
    say: Callable[..., str] = lambda key, **values: str(key)
    faults: list[TextFinding] = []
    cited: list[str] = []
    """The keys of the references that the text cites, in the order of their list."""


class GitHubMarkdown(Extension):
    """Registers our parser and serializer. `job` is for the next text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = Job()

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Take the place of the stock passes, which know another Markdown."""
        md.preprocessors, md.treeprocessors, md.postprocessors = Registry(), Registry(), Registry()
        md.parser = SpecificationParser(md, self)
        md.output_formats = {"html": serialize}  # type: ignore[misc]


class SpecificationParser(HostParser):
    """Stands in place of Python-Markdown's block parser."""

    def __init__(self, md: markdown.Markdown, extension: GitHubMarkdown) -> None:
        super().__init__(md)
        self._extension = extension

    def parseDocument(self, lines: list[str]) -> xml.ElementTree:  # type: ignore[override]
        """Return the element tree of a text. Raise TooDeep."""
        job = self._extension.job
        finder = SectionFinder(job.files, job.faults)
        parser = BlockParser(finder.open, maths=job.options.maths)
        document = parser.parse("\n".join(lines))
        for block in _containers(document):
            if block.kind == "quote":
                Alert.open(block, job.faults)
        citations = _citations(job, "\n".join(lines))
        formulas = FormulaWriter(job.faults, "\n".join(lines)) if job.options.maths else None
        writer = TreeWriter(
            InlineParser(
                parser.definitions.references,
                lambda label: {} if note_key(label) in parser.notes else None,
                formulas.write if formulas else None,
                citations=citations,
            ),
            parser.notes,
            job.say,
            Polish(job.options.language, parser.definitions.abbreviations),
            len(finder.tables),
            job.options.language,
            citations,
            _binder(job),
        )
        tree = xml.ElementTree(writer.write(document))
        job.faults += [_unused(note) for note in writer.unused_notes]
        if citations:
            job.cited += citations.finish()
        return tree


def _citations(job: Job, source: str) -> Citations | None:
    """Return what reads and writes the citations of a text that has a bibliography."""
    if not any(name.startswith(BIBLIOGRAPHY) for name in job.files):
        return None
    from weekahead.markdown.citations import Citations  # with the libraries behind it, which most letters do without

    return Citations(job.files, job.options.language, job.say, job.faults, source)


def _binder(job: Job) -> Callable[[list[Token], int], list[Token]]:
    """Return what makes bound numbers of links to tables, in a text that has any."""
    if not any(map(is_table, job.files)):
        return lambda tokens, line: tokens
    from weekahead.markdown.bound_numbers import BoundNumbers

    return BoundNumbers(job.files, job.options.language, job.faults).edit


class FormulaWriter:
    """Writes the formulas of one text as MathML; those that cannot be written are faults, and shown as they are."""

    def __init__(self, faults: list[TextFinding], source: str) -> None:
        self._faults, self._source, self._place = faults, source, 0

    def write(self, formula: Formula) -> str:
        """Return a formula as HTML."""
        self._place = max(self._source.find(formula.tex, self._place), 0)
        try:
            return to_mathml(formula.tex, formula.display)
        except MathsError as error:
            line = self._source.count("\n", 0, self._place) + 1 + error.line
            message, hint = f"this formula cannot be shown: {error}", "Write it with commands that math-core knows."
            finding = TextFinding(rule="formula", words=formula.tex[:60], message=message, hint=hint, line=line)
            self._faults.append(finding)
            return f"<code>{escape(formula.tex, quote=False)}</code>"


def _containers(block: Block) -> Iterator[Block]:
    """Yield the blocks within a block that have blocks of their own."""
    for child in block.children:
        if child.children:
            yield child
            yield from _containers(child)


def _unused(note: Block) -> TextFinding:
    message, words = f'nothing refers to the footnote "[^{note.info}]"', f"[^{note.info}]:"
    hint = f"Write [^{note.info}] where it belongs, or delete the note."
    return TextFinding(rule="note-unused", words=words, message=message, hint=hint, line=note.line)


class Converter:
    """Python-Markdown with our extension, for one text after the other."""

    def __init__(self) -> None:
        self._extension = GitHubMarkdown()
        self._markdown = markdown.Markdown(extensions=[self._extension], output_format="html")

    def convert(
        self,
        text: str,
        files: Mapping[str, File],
        options: TextOptions,
        say: Callable[..., str],
        faults: list[TextFinding],
        cited: list[str],
    ) -> str:
        """Return a text as HTML; add what is wrong with it to the faults, and the keys that it cites. Raise TooDeep."""
        self._extension.job = Job(files, options, say, faults, cited)
        return self._markdown.reset().convert(text)

"""The citations of one text: found where they are written, formatted when all are known, and the list of their references."""

from __future__ import annotations

import xml.etree.ElementTree as xml
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING

from weekahead.markdown.kinds.kind import File
from weekahead.markdown.tokens import Token
from weekahead.model.findings import TextFinding, nearest
from weekahead.model.issue import BIBLIOGRAPHY, STYLE
from weekahead.references.formatter import with_links
from weekahead.references.library import Library, Work, read_library
from weekahead.references.style import CannotFormat, Formatted, format_text
from weekahead.references.style_file import BadStyle, has_list
from weekahead.references.syntax import GROUP, IN_SENTENCE, Cite, keys_in, read_group, read_in_sentence

if TYPE_CHECKING:
    from weekahead.markdown.tree import TreeWriter

NEEDED = ("bibtexparser", "citeproc")
INSTALL = "pip install 'weekahead[references]'"


def is_installed() -> bool:
    """Return whether what formats references is installed, which not every letter needs."""
    return all(find_spec(name) for name in NEEDED)


class _Place:
    """A citation of the text, and the element that it will be written into."""

    def __init__(self, cites: tuple[Cite, ...], words: str, in_sentence: bool) -> None:
        self.cites, self.words, self.in_sentence = cites, words, in_sentence
        self.element: xml.Element | None = None
        self.is_linked = True


class Citations:
    """Reads and writes the citations of one text. What is wrong is added to `faults`."""

    def __init__(
        self, files: Mapping[str, File], language: str, say: Callable[..., str], faults: list[TextFinding], source: str
    ) -> None:
        """`files` are those of the text, among them bibliographies and perhaps a style; `source` is the text."""
        self._files, self._language, self._say = files, language, say
        self._faults, self._source, self._at = faults, source, 0
        self._places: list[_Place] = []
        self._halves: set[str] = set()
        self._list: xml.Element | None = None
        self._shown: dict[str, Work] = {}
        self.can_format = is_installed()
        if not self.can_format:
            self._faults.append(_engine_missing())
        names = [name for name in files if name.startswith(BIBLIOGRAPHY)]
        known = [(files[name].path, files[name].data) for name in names]
        self.library = read_library(known) if self.can_format else Library({})

    # -- reading, for the inline parser

    def read_brackets(self, text: str, start: int) -> tuple[Token, int] | None:
        """Return the token of a citation that begins with a bracket, and where it ends; None for other brackets."""
        match = GROUP.match(text, start)
        if match is None:
            return None
        cites = read_group(match[1])
        if not cites and any(key in self.library.works for key in keys_in(match[1])):
            self._half_citation(match[0])
        if not cites or self._is_text(cites):
            return None
        return self._token(cites, match[0], in_sentence=False), match.end()

    def read_at(self, text: str, start: int) -> tuple[Token, int] | None:
        """Return the token of `@{key}`, with its locator, and where it ends."""
        match = IN_SENTENCE.match(text, start)
        if match is None:
            return None
        cite = read_in_sentence(match[1], match[2])
        end = match.end() if cite and match[2] and cite.locator else start + len(match[1]) + 3
        plain = cite if cite and cite.locator else Cite(key=match[1])
        return self._token((plain,), text[start:end], in_sentence=True), end

    def _is_text(self, cites: tuple[Cite, ...]) -> bool:
        """Return whether brackets with words in them name no reference, nor nearly: "[thanks to @friend]"."""
        if not any(cite.prefix for cite in cites) or not self.can_format:
            return False
        return not any(cite.key in self.library.works or "Did you" in self._nearest(cite.key) for cite in cites)

    def _token(self, cites: tuple[Cite, ...], words: str, *, in_sentence: bool) -> Token:
        self._places.append(_Place(cites, words, in_sentence))
        return "cite", {"place": str(len(self._places) - 1)}, words

    # -- writing, for the tree

    def write(self, writer: TreeWriter, place: str, *, in_link: bool) -> None:
        """Write the element of a citation, which has its words later."""
        citation = self._places[int(place)]
        citation.is_linked = not in_link
        writer.raw(escape(citation.words, quote=False))
        citation.element = writer.last_raw
        for cite in citation.cites:
            if (work := self.library.works.get(cite.key)) is not None:
                self._shown.setdefault(cite.key, work)
            elif self.can_format:
                self._unknown(cite.key, citation.words)

    def write_list(self, writer: TreeWriter) -> None:
        """Write the element of the list, which has its entries later."""
        if self._list is None:
            writer.raw("")
            self._list = writer.last_raw

    def write_rest(self, writer: TreeWriter) -> None:
        """Write the list with a heading, where it has no place in the text and there is something to list."""
        style = self._files.get(STYLE)
        if self._list is None and self._shown and has_list(style.data if style else None):
            writer.raw(f'<h2 id="references">{escape(self._say("references"))}</h2>\n')
            self.write_list(writer)
            writer.data("\n")

    def finish(self) -> tuple[str, ...]:
        """Give all elements their words. Return the keys of the references in the order of the list."""
        written = [place for place in self._places if place.element is not None]
        known = [place for place in written if all(cite.key in self._shown for cite in place.cites)]
        style = self._files.get(STYLE)
        try:
            items = [work.item for work in self._shown.values()]
            citations = [(place.cites, place.in_sentence) for place in known]
            made = format_text(items, citations, style.data if style else None, self._language)
        except BadStyle as error:
            message, hint = (
                f"this is not a citation style: {error}",
                "Download it again from the Zotero style repository.",
            )
            self._faults.append(_fault("citation-style", "", message, hint, error.line, style.path if style else ""))
            return ()
        except CannotFormat as error:
            message, hint = (
                f"these references cannot be formatted: {error}",
                "Look for an unusual date or name, or try the style apa.",
            )
            self._faults.append(_fault("citation-style", "", message, hint, 1))
            return ()
        first = self._write_citations(known, made)
        if self._list is not None:
            self._list.text = self._listed(made, first)
        return tuple(entry.key for entry in made.entries) or tuple(self._shown)

    def _write_citations(self, places: Sequence[_Place], made: Formatted) -> dict[str, str]:
        """Write the citations. Return the id of the first one of each reference."""
        ids: dict[str, str] = {}
        listed = {entry.key for entry in made.entries}
        for place, parts in zip(places, made.citations, strict=True):
            pieces = []
            for html, key in parts:
                if key not in listed or not place.is_linked:
                    pieces.append(html)
                    continue
                mark = "" if key in ids else f' id="{escape(ids.setdefault(key, f"cite-{key}"))}"'
                link = f'<a class="citation" href="#ref-{escape(key)}"{mark}>{html}</a>'
                pieces.append(link if html else f"<span{mark}></span>" if mark else "")
            if place.element is not None:
                place.element.text = "".join(pieces)
        return ids

    def _listed(self, made: Formatted, first: Mapping[str, str]) -> str:
        """Return the list as HTML: a paragraph a reference, its address a link, with a link back to where it is cited."""
        rows = []
        for entry in made.entries:
            back = ""
            if entry.key in first:
                label = escape(self._say("back_to_text"))
                back = f' <a class="reference-back" href="#{escape(first[entry.key])}" title="{label}" aria-label="{label}">↩</a>'
            rows.append(f'<p id="ref-{escape(entry.key)}">{with_links(entry.html)}{back}</p>\n')
        return f'<div class="references">\n{"".join(rows)}</div>' if rows else ""

    # -- faults

    def _unknown(self, key: str, words: str) -> None:
        place = self._source.find(words, self._at)
        self._at = place if place >= 0 else self._at
        self._add(words, f'no reference has the key "{key}"', self._nearest(key), place)

    def _half_citation(self, words: str) -> None:
        """Add a fault for brackets that would be a citation if all of their parts were; once for those that are alike."""
        if words not in self._halves:
            self._halves.add(words)
            message, hint = (
                f"{words} names a reference, but is not a citation",
                "Write one @key in each part: [@one; @two, p. 5].",
            )
            self._add(words, message, hint, self._source.find(words))

    def _add(self, words: str, message: str, hint: str, place: int) -> None:
        line = self._source.count("\n", 0, max(place, 0)) + 1
        self._faults.append(_fault("citation", words, message, hint, line))

    def _nearest(self, key: str) -> str:
        known = list(self.library.works)
        hint = nearest(key, known)
        if self.library.faults and not hint.startswith("Did"):
            path, fault = self.library.faults[0]
            return f"{path}:{fault.line}: {fault.message}."
        if not known:
            return "The bibliography is empty."
        return hint if len(known) < 10 or hint.startswith("Did") else f"The bibliography has {len(known)} other keys."


def _engine_missing() -> TextFinding:
    message = "references need packages that are not installed here"
    return _fault("references-extra", "", message, f"Install them: {INSTALL}", 1, "letter.yaml")


def _fault(rule: str, words: str, message: str, hint: str, line: int, file: str = "") -> TextFinding:
    return TextFinding(rule=rule, words=words, message=message, hint=hint, line=line, file=file)

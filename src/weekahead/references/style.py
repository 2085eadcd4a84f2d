"""What a citation style (CSL) makes of references: citations in the text, and the list."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import Any

from msgspec import Struct

from weekahead.references.bibtex import Item
from weekahead.references.collapsing import Piece, as_ranges, as_suffixes
from weekahead.references.formatter import shown
from weekahead.references.order import sorted_places
from weekahead.references.style_file import load_style
from weekahead.references.syntax import Cite
from weekahead.references.values import to_reference


class Entry(Struct, frozen=True):
    """A reference of a list, as HTML."""

    key: str
    html: str


class Formatted(Struct, frozen=True):
    """What a style makes of a text's citations, each in the parts that lead to a reference ("" for those that do not), and of
    the references. A part is empty where its reference is within a range, such as 8 in "7–9"."""

    citations: tuple[tuple[tuple[str, str], ...], ...]
    entries: tuple[Entry, ...]


class CannotFormat(Exception):
    """References that a style makes nothing of, such as those of a style with elements that are not supported."""


class StyledReferences:
    """References in one style. The order of `items` is that in which a text cites them first."""

    def __init__(self, items: Sequence[Item], style: Any) -> None:
        from citeproc import CitationStylesBibliography

        from weekahead.references import formatter
        from weekahead.references.citeproc_elements import begin

        self._begin = begin
        self._root = style.root
        self._in_text = style.root.citation  # held: an element that nobody holds forgets what is set on it
        self._in_text.cites = []
        self._layout = self._in_text.layout
        self._ids = {str(item["id"]): f"r{number}" for number, item in enumerate(items)}
        self._keys = {made: key for key, made in self._ids.items()}
        source = {self._ids[str(item["id"])]: to_reference(self._ids[str(item["id"])], item) for item in items}
        self._bibliography = CitationStylesBibliography(style, source, formatter)
        for key in self._ids:
            self._bibliography.register(self._citation([Cite(key)]))
        self._sort()
        self._tell_apart()

    def entries(self) -> tuple[Entry, ...]:
        """Return the list, in the order of the style."""
        root = self._root
        if root.find("cs:bibliography", root.nsmap) is None:
            return ()
        layout = root.bibliography.layout
        made = []
        for item in self._bibliography.items:
            self._begin(item.reference)
            layout.repressed = {}
            words = self._shown(str(layout.format(layout.wrap(layout.render_children(item) or ""))))
            if root.bibliography.get("second-field-align"):
                words = re.sub(r"^(\[\d+\]|\d+\.|\d+(?![\d.]))(?=\S)", r"\1 ", words)
            if words.strip():
                made.append(Entry(self._keys[item.key], words.strip()))
        return tuple(made)

    def citation(self, cites: Sequence[Cite]) -> tuple[tuple[str, str], ...]:
        """Return a citation as parts of HTML, each with the key of the reference that it leads to, or ""."""
        layout, collapse = self._layout, self._in_text.get("collapse", "")
        before_all, behind_all = self._brackets()
        pieces = self._pieces(cites, groups=collapse.startswith("year"))
        if collapse == "citation-number":
            pieces = as_ranges(pieces, self._number)
        elif collapse.startswith("year-suffix"):
            delimiter = layout.get("delimiter", "")
            within, after = (
                self._in_text.get(f"{name}-delimiter", delimiter) for name in ("year-suffix", "after-collapse")
            )
            pieces = as_suffixes(pieces, within, after, are_ranged=collapse == "year-suffix-ranged")
        parts: list[tuple[str, str]] = [(before_all, "")]
        for place, piece in enumerate(pieces):
            cite = piece.cite
            parts += [
                (piece.between if place else "", ""),
                (_affix(cite.prefix, " "), ""),
                (self._shown(piece.words), cite.key),
            ]
            parts.append((_suffix(cite.suffix), ""))
        if not any(words for words, _ in parts[1:]):  # of "[-@key]" in a style that says no year
            return ()
        parts.append((behind_all, ""))
        return self._whole(parts)

    def _pieces(self, cites: Sequence[Cite], *, groups: bool) -> list[Piece]:
        """Return the references of a citation in the order of the style; what the same authors wrote stands together in groups."""
        rows: list[list[tuple[Cite, str, str]]] = []
        people: list[tuple[Any, str]] = []
        may_move = not any(cite.prefix for cite in cites)
        for cite in [cites[place] for place in self._order(cites)]:
            whole, author = self._render(cite)
            who = self._bibliography.source[self._ids[cite.key]].get("author"), author
            if groups and author and not cite.prefix and who in (people if may_move else people[-1:]):
                rows[people.index(who) if may_move else -1].append((cite, whole, _without(whole, author)))
            else:
                rows.append([(cite, whole, _without(whole, author))])
                people.append(who)
        delimiter, within = self._layout.get("delimiter", ""), self._in_text.get("cite-group-delimiter", ", ")
        return [
            Piece(
                cite, rest if cite.without_author or place else whole, rest, within if place else delimiter, place > 0
            )
            for row in rows
            for place, (cite, whole, rest) in enumerate(row)
        ]

    def _number(self, cite: Cite) -> int:
        """Return the number of a reference in the list."""
        return int(self._bibliography.keys.index(self._ids[cite.key])) + 1

    def _whole(self, parts: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return the parts of a citation as HTML, raised where the style wants them so."""
        made = _merged([(words if key else escape(words, quote=False), key) for words, key in parts])
        if self._layout.get("vertical-align") != "sup":
            return made
        return tuple((f"<sup>{words}</sup>" if words.strip() else words, key) for words, key in made)

    def _brackets(self) -> tuple[str, str]:
        """Return what stands around a citation; what a style has for notes stands in brackets in the line."""
        if self._root.get("class") == "note":
            return "(", ")"
        return self._layout.get("prefix", ""), self._layout.get("suffix", "")

    def in_sentence(self, cite: Cite) -> tuple[tuple[str, str], ...]:
        """Return a citation whose author is part of the sentence: "Alla and Adari (2021)"."""
        reference = self._bibliography.source[self._ids[cite.key]]
        reference["our_in_sentence"] = True
        whole, author = self._render(cite)
        reference["our_in_sentence"] = False
        rest = _without(whole, author)
        if not author or rest == whole:
            return self.citation([cite])
        before, behind = self._brackets()
        words = f"{author} {before}{rest}{behind}"
        return self._whole([(self._shown(words), cite.key)])

    def _shown(self, words: str) -> str:
        return shown(words, in_quotes=(self._in_text.get_locale_option("punctuation-in-quote") or "").lower() == "true")

    def _render(self, cite: Cite) -> tuple[str, str]:
        """Return one reference as it stands in a citation, and what of it names its author."""
        layout = self._layout
        citation = self._citation([cite])
        item = citation.cites[0]
        self._begin(item.reference)
        layout.repressed = {}
        words = str(layout.render_children(item) or "")
        author = item.reference.get("our_author", "")
        self._begin(item.reference)
        self._in_text.cites.append(item)
        return words, author

    def _citation(self, cites: Sequence[Cite]) -> Any:
        from citeproc import Citation, CitationItem, Locator

        items = []
        for cite in cites:
            named = {"locator": Locator(cite.label or "page", cite.locator)} if cite.locator else {}
            items.append(CitationItem(self._ids[cite.key], **named))
        citation = Citation(items)
        citation.bibliography = self._bibliography
        return citation

    # -- order

    def _sort(self) -> None:
        root = self._root
        layout = root.bibliography.layout if root.find("cs:bibliography", root.nsmap) is not None else None
        if layout is not None:
            items = self._bibliography.items
            self._bibliography.items = [items[place] for place in sorted_places(layout, items)]
            self._bibliography.keys = [item.key for item in self._bibliography.items]

    def _order(self, cites: Sequence[Cite]) -> list[int]:
        """Return the order of references within one citation, as the style has it; as written where any has words of its own."""
        layout = self._layout
        if any(cite.prefix for cite in cites) or len(cites) < 2:
            return list(range(len(cites)))
        return sorted_places(layout, self._citation(cites).cites)

    # -- ambiguous citations

    def _tell_apart(self) -> None:
        """Let citations of different references differ, in the ways that the style allows (CSL, "Disambiguation")."""
        citation = self._in_text
        if citation.get("disambiguate-add-givenname") == "true":
            self._add_given_names()
        if citation.get("disambiguate-add-names") == "true":
            self._add_names()
        if self._root.xpath("//@disambiguate"):
            for key in [key for group in self._ambiguous() for key in group]:
                self._bibliography.source[key]["our_ambiguous"] = True
        if citation.get("disambiguate-add-year-suffix") == "true":
            for group in self._ambiguous():
                for place, key in enumerate(group):
                    from citeproc.string import String

                    self._bibliography.source[key]["year_suffix"] = String(_letters(place))

    def _ambiguous(self) -> list[list[str]]:
        """Return the groups of references whose citations are the same."""
        groups: dict[str, list[str]] = defaultdict(list)
        for item in self._bibliography.items:
            groups[self._render(Cite(self._keys[item.key]))[0]].append(item.key)
        return [group for group in groups.values() if len(group) > 1]

    def _add_given_names(self) -> None:
        """Show what tells first authors of one family apart: their initials, or their given names where the style allows it."""
        rule = self._in_text.get("givenname-disambiguation-rule", "by-cite")
        ambiguous = {key for group in self._ambiguous() for key in group}
        by_family: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for item in self._bibliography.items:
            names = item.reference.get("author") or item.reference.get("editor") or []
            if names and "family" in names[0] and (rule != "by-cite" or item.key in ambiguous):
                first = names[0]
                family = f"{first.get('non-dropping-particle', '')} {first['family']}"
                person = f"{first.get('given', '')} {first.get('suffix', '')}"
                by_family[family][_initials(first.get("given", ""))][person].append(item.key)
        for by_initials in by_family.values():
            for people in by_initials.values() if sum(map(len, by_initials.values())) > 1 else ():
                how = "initials" if len(people) == 1 else "" if rule.endswith("with-initials") else "whole"
                for key in (key for keys in people.values() for key in keys if how):
                    self._bibliography.source[key]["our_given_shown"] = how

    def _add_names(self) -> None:
        """Show more names where that tells citations apart."""
        for group in self._ambiguous():
            sources = {key: self._bibliography.source[key] for key in group}
            most = max(len(each.get("author") or []) for each in sources.values())
            enough: dict[str, int] = {}
            for count in range(2, most + 1):
                for each in sources.values():
                    each["our_shown_names"] = count
                words = {key: self._render(Cite(self._keys[key]))[0] for key in group}
                for key, shown_so in words.items():
                    if list(words.values()).count(shown_so) == 1:
                        enough.setdefault(key, count)
            for key, each in sources.items():
                each["our_shown_names"] = enough.get(key, 0)


def format_text(
    items: Sequence[Item], citations: Sequence[tuple[Sequence[Cite], bool]], style: bytes | None, language: str
) -> Formatted:
    """Return a text's citations and the list of its references; the flag is whether a citation is part of its sentence.

    `items` are in the order in which they are cited first. Raise BadStyle or CannotFormat.
    """
    if not items:
        return Formatted((), ())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = load_style(style, language)
        try:
            return _formatted(StyledReferences(items, loaded), citations)
        except Exception as error:  # of the library, by what a style or a reference has that it does not expect
            raise CannotFormat(f"{type(error).__name__} {error}".strip()) from error


def _formatted(styled: StyledReferences, citations: Sequence[tuple[Sequence[Cite], bool]]) -> Formatted:
    made = tuple(
        styled.in_sentence(cites[0]) if in_sentence else styled.citation(cites) for cites, in_sentence in citations
    )
    return Formatted(made, styled.entries())


# -- parts of citations


def _initials(given: str) -> str:
    return " ".join(word[0] for word in re.split(r"[\s.~-]+", given) if word)


def _letters(place: int) -> str:
    """Return a, b, … z, aa, ab for the places 0, 1 and so on."""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("a") + place % 26)


def _without(whole: str, author: str) -> str:
    """Return a citation without the words that name its author."""
    return re.sub(r"^[\s,.;:]+", "", whole[len(author) :]) if author and whole.startswith(author) else whole


def _affix(words: str, after: str) -> str:
    return f"{words}{after}" if words else ""


def _suffix(words: str) -> str:
    return (f" {words}" if words[:1].isalnum() else words) if words else ""


def _merged(parts: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return parts, neighbours without a reference as one. Those with a reference may be empty."""
    made: list[tuple[str, str]] = []
    for words, key in parts:
        if words and made and not key and not made[-1][1]:
            made[-1] = made[-1][0] + words, ""
        elif words or key:
            made.append((words, key))
    return tuple(made)

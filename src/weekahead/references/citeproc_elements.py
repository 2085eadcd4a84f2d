"""Elements of CSL (1.0.2) that citeproc-py renders otherwise than the specification: names, titles in title case.

A class here takes the place of the library's own of the same name, which looks its elements up among the subclasses of
CitationStylesElement. Import this module before a style is read.
"""

from __future__ import annotations

import re
from typing import Any

from citeproc import model
from citeproc.model import CitationStylesElement
from citeproc.source import VariableError
from citeproc.string import String

from weekahead.references.letter_case import cased

_PARTICLES_BEFORE = ("never", "sort-only")
SHOWN_NAMES, GIVEN_SHOWN, AMBIGUOUS, IN_SENTENCE = (
    "our_shown_names",
    "our_given_shown",
    "our_ambiguous",
    "our_in_sentence",
)
"""Kept with a reference: how many names its citations show, whether the first has initials or is whole,
whether they are ambiguous all the same, and whether they stand in a sentence."""
AUTHOR, WITHIN, REMOVED, USED, CALLED, RENDERED, SUFFIXED = (
    "our_author", "our_within", "our_removed", "our_used", "our_called", "our_rendered", "our_suffixed"
)  # fmt: skip
"""Kept while a reference is rendered: what stands for its author; whether that is being written; the variables that stood in
place of names and count as empty since; those used meanwhile; how many variables were called, and how many were not empty;
whether its year has its letter."""


def begin(reference: Any) -> None:
    """Make a reference as it was before it was rendered."""
    for name, value in reference.pop(REMOVED, {}).items():
        reference[name] = value
    for name in (AUTHOR, WITHIN, USED, CALLED, RENDERED, SUFFIXED):
        reference.pop(name, None)


_NUMERIC = re.compile(r"(?i)[a-z]*\d+[a-z]*(?:\s*[-–,&]\s*[a-z]*\d+[a-z]*)*")
"""Numbers, lists and ranges of them, with letters before or behind (CSL, "is-numeric")."""


def is_in_citation(element: Any) -> bool:
    """Return whether an element belongs to citations, and not to the list."""
    return bool(element.xpath_search("./ancestor-or-self::cs:citation"))


def count(item: Any, name: str, text: Any) -> Any:
    """Count a variable that an element called, and whether it was empty; return the element's text."""
    reference = item.reference
    reference[CALLED] = reference.get(CALLED, 0) + 1
    if text:
        reference[RENDERED] = reference.get(RENDERED, 0) + 1
        if (used := reference.get(USED)) is not None:
            used |= {part.replace("-", "_") for part in name.split()}
    return text


class Text(model.Text, CitationStylesElement):  # type: ignore[misc]
    """Text, whose variables are counted, and whose words that keep their case keep it."""

    def quote(self, string: Any) -> Any:
        """Return a text within quotation marks, if the style wants them, and those in it as the inner ones."""
        if self.get("quotes") == "true":
            outer, inner = (
                [str(self.get_single_term(name=f"{side}-{kind}")) for side in ("open", "close")]
                for kind in ("quote", "inner-quote")
            )
            for mark, within in zip(outer, inner, strict=True):
                string = type(string)(str(string).replace(mark, within))
        return super().quote(string)

    def case(self, text: Any, language: str | None = None) -> Any:
        """Return a text in the case that the style asks for."""
        how = self.get("text-case")
        return String(cased(str(text), how, language or "en")) if how else text

    def render(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """Return the text of a variable, a macro, a term or a value."""
        variable = self.get("variable")
        if "macro" in self.attrib:  # the library leaves out how names are sorted
            where = self if context is None else context
            text = self.get_macro(self.get("macro")).render(item, where, kwargs.get("sort_options"))
            return self.markup(text, item.reference.language[:2])
        if variable in (None, "year-suffix"):
            return super().render(item, context=context, **kwargs)
        if variable == "title" and variable in item.reference.get(REMOVED, {}):
            count(item, "", "shown before")
            return None
        count(item, variable, None)
        text = super().render(item, context=context, **kwargs)
        return count(item, variable, text) if text else None


class Number(model.Number, CitationStylesElement):  # type: ignore[misc]
    """A number, whose variable is counted; the library looks for it under a name with hyphens."""

    def render(self, item: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the number; nothing if the reference has none."""
        variable = self.get("variable")
        count(item, variable, None)
        if variable != "locator" and variable.replace("-", "_") not in item.reference and variable != "page-first":
            return None
        return count(item, variable, super().render(item, *args, **kwargs))

    def process(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """Return the number as the element's form has it."""
        variable = self.get("variable")
        if variable in ("locator", "page-first"):
            return super().process(item, context, **kwargs)
        return self._process(item.reference[variable.replace("-", "_")], variable)


class Date(model.Date, CitationStylesElement):  # type: ignore[misc]
    """A date, whose variable is counted."""

    def render(self, item: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the date."""
        variable = self.get("variable")
        if variable is None:
            return super().render(item, *args, **kwargs)
        count(item, variable, None)
        return count(item, variable, self._with_suffix(item, super().render(item, *args, **kwargs)))

    def _with_suffix(self, item: Any, text: Any) -> Any:
        """Return the first date with the letter behind its year that tells works of one year apart, which a style that does not
        say where it stands has there (CSL, "Disambiguation")."""
        letter = item.reference.get("year_suffix")
        if not text or not letter or item.reference.get(SUFFIXED) or self.xpath_search("//*[@variable='year-suffix']"):
            return text
        made = re.sub(r"\d{4}", lambda match: f"{match[0]}{letter}", str(text), count=1)
        item.reference[SUFFIXED] = made != str(text)
        return type(text)(made)


class Group(model.Group, CitationStylesElement):  # type: ignore[misc]
    """A group, which is left out when it calls variables and all of them are empty."""

    def render(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """Return what the group holds, or None."""
        called, rendered = item.reference.get(CALLED, 0), item.reference.get(RENDERED, 0)
        kwargs.pop("delimiter", None)
        text = self.render_children(item, delimiter=self.get("delimiter", ""), context=context, **kwargs)
        is_empty = item.reference.get(CALLED, 0) > called and item.reference.get(RENDERED, 0) == rendered
        return None if text is None or is_empty else self.markup(text)


class Testing:
    """Tests of variables, which see those that stood in place of names as well, and of citations that are ambiguous."""

    def render(self, item: Any, *args: Any, **kwargs: Any) -> Any:
        """Return what the element holds. Raise ConditionFailed if its test fails."""
        if self.get("disambiguate") == "true" and not item.reference.get(AMBIGUOUS):  # type: ignore[attr-defined]
            raise model.ConditionFailed
        return super().render(item, *args, **kwargs)  # type: ignore[misc]

    def _variable(self, item: Any) -> list[bool]:
        names = [name.replace("-", "_") for name in self.get("variable").split()]  # type: ignore[attr-defined]
        removed = item.reference.get(REMOVED, {})
        return ["locator" in item if name == "locator" else name in item.reference or name in removed for name in names]

    def _is_numeric(self, item: Any) -> list[bool]:
        names = [name.replace("-", "_") for name in self.get("is-numeric").split()]  # type: ignore[attr-defined]
        located = item.locator.identifier if "locator" in item else ""
        values = [located if name == "locator" else item.reference.get(name, "") for name in names]
        return [bool(_NUMERIC.fullmatch(str(value).strip())) for value in values]


class If(Testing, model.If, CitationStylesElement):  # type: ignore[misc]
    """The first test of a choice."""


class Else_If(Testing, model.Else_If, CitationStylesElement):  # type: ignore[misc]
    """A further test of a choice."""


class Label(model.Label, CitationStylesElement):  # type: ignore[misc]
    """A label, in title case where the style's language has one; none for a variable that the reference does not have."""

    def process(self, item: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the words of the label."""
        variable = (self.get("variable") or "").replace("-", "_")
        if variable not in ("", "locator", "citation_number") and variable not in item.reference:
            return None
        return super().process(item, *args, **kwargs)

    def markup(self, text: Any) -> Any:
        """Return the label with its case and affixes."""
        if not text:
            return None
        language = (self.get_root().get("default-locale") or "en")[:2]
        return self.wrap(self.format(self.case(self.strip_periods(text), language)))


class Substitute(model.Substitute, CitationStylesElement):  # type: ignore[misc]
    """What stands in place of names; it is empty for the rest of the reference (CSL, "Substitute")."""

    def render(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """Return the first of the children that is not empty."""
        reference = item.reference
        before, reference[USED] = reference.get(USED), set()
        try:
            text = super().render(item, context=context, **kwargs)
            used = reference[USED]
        finally:
            reference[USED] = before
        if text:
            removed = reference.setdefault(REMOVED, {})
            for name in used & reference.keys():
                removed.setdefault(name, reference.pop(name))
        return text

    def add_to_repressed_list(self, child: Any, context: Any) -> None:
        """Do nothing: what was used is removed."""


class Names(model.Names, CitationStylesElement):  # type: ignore[misc]
    """Names, or what stands in their place, remembered as what a citation begins with."""

    def process(self, item: Any, names_context: Any = None, **kwargs: Any) -> Any:
        """Return the names; those that stand in place of others are written as these are, also within a choice."""
        if names_context is None and self.name is None:
            names_context = next(iter(self.xpath_search("./ancestor::cs:substitute[1]/parent::cs:names")), None)
        return super().process(item, names_context=names_context, **kwargs)

    def render(self, item: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the names; those of the outermost element of a citation are kept with the reference."""
        reference = item.reference
        is_outermost = not reference.get(WITHIN)
        reference[WITHIN] = True
        count(item, self.get("variable"), None)
        try:
            text = super().render(item, *args, **kwargs)
        except VariableError:
            text = None
        finally:
            reference[WITHIN] = not is_outermost
        if is_outermost:
            reference.setdefault(AUTHOR, str(text or ""))
        used = " ".join(name for name in self.get("variable").split() if name.replace("-", "_") in reference)
        return count(item, used, text)


class Name(model.Name, CitationStylesElement):  # type: ignore[misc]
    """Names with their particles and suffixes in place, and "et al." also where an author wrote "and others"."""

    def process(self, item: Any, variable: str, context: Any = None, sort_options: Any = None, **kwargs: Any) -> Any:
        """Return the names of a variable; with the form "count", how many are shown."""
        names = list(item.reference.get(variable, []))
        has_others = len(names) > 1 and names[-1].get("literal") == "others"
        names = names[:-1] if has_others else names

        def option(name: str) -> Any:
            if name == "sorts":
                return sort_options is not None
            return self.get_option(name, context, sort_options)

        least, first = option("et-al-min"), option("et-al-use-first")
        if is_in_citation(self if context is None else context):
            first = max(first, item.reference.get(SHOWN_NAMES, 0))
        number = len(names) + has_others
        is_cut = bool(len(names) > 1 and least and number >= least and len(names) > first)
        if option("form") == "count":
            return first if is_cut else len(names)
        shown = names[:first] if is_cut else names
        words = [self._whole(name, place, option, item, context) for place, name in enumerate(shown)]
        if is_cut and option("et-al-use-last") and not has_others and first <= least - 2:
            last = self._whole(names[-1], len(names) - 1, option, item, context)
            return f"{option('delimiter').join(words)}{option('delimiter')}… {last}"
        if is_cut or has_others:
            return self._with_et_al(words, option)
        return self._joined(words, option, item.reference.get(IN_SENTENCE, False))

    def _with_et_al(self, words: list[str], option: Any) -> str:
        precedes = option("delimiter-precedes-et-al")
        order = option("name-as-sort-order")
        inverted = order == "all" or (order == "first" and len(words) == 1)
        with_comma = (
            precedes == "always"
            or (precedes == "contextual" and len(words) > 1)
            or (precedes == "after-inverted-name" and inverted)
        )
        delimiter = str(option("delimiter"))
        return delimiter.join(words) + (delimiter if with_comma else " ") + str(self.et_al())

    def _joined(self, words: list[str], option: Any, in_sentence: bool) -> str:
        kind = "text" if in_sentence else option("and")
        if kind is None or len(words) < 2:
            return str(option("delimiter").join(words))
        last = self.preformat("&") if kind == "symbol" else str(self.get_single_term(name="and"))
        precedes = option("delimiter-precedes-last")
        inverted = option("name-as-sort-order") == "all" or (
            option("name-as-sort-order") == "first" and len(words) == 2
        )
        with_comma = (
            precedes == "always"
            or (precedes == "contextual" and len(words) > 2)
            or (precedes == "after-inverted-name" and inverted)
        )
        delimiter = str(option("delimiter"))
        return delimiter.join(words[:-1]) + (delimiter if with_comma else " ") + f"{last} {words[-1]}"

    def _whole(self, name: Any, place: int, option: Any, item: Any, context: Any) -> str:
        """Return one name as its place and the style's options have it."""
        given, family, dropping, kept, suffix = name.parts()
        if "literal" in name:
            return self._formatted("", family)[1]
        given = given or ""
        initials = option("initialize-with")
        is_short = option("form") == "short"
        if (
            given
            and initials is not None
            and self.get("initialize") != "false"
            and not option("sorts")
            and not is_short
        ):
            given = self.initialize(given, initials, context).strip()
        if is_short:
            family = self._formatted("", " ".join(filter(None, (kept, family))))[1]
            how = item.reference.get(GIVEN_SHOWN) if place == 0 else None
            if not how or not is_in_citation(self if context is None else context):
                return family
            shown = given if how == "whole" or initials is None else self._initials(name, context)
            return " ".join(filter(None, (shown, family, suffix)))
        order = option("name-as-sort-order")
        if order == "all" or (order == "first" and place == 0):
            return self._inverted(given, family or "", dropping, kept, suffix, option)
        given, whole = self._formatted(given, " ".join(filter(None, (kept, family))))
        return " ".join(filter(None, (given, self._formatted(dropping or "", "")[0], whole, suffix)))

    def _inverted(self, given: str, family: str, dropping: str, kept: str, suffix: str, option: Any) -> str:
        demoted = (self.get_root().get("demote-non-dropping-particle") or "display-and-sort").lower()
        if demoted in _PARTICLES_BEFORE:
            family, given = " ".join(filter(None, (kept, family))), " ".join(filter(None, (given, dropping)))
        else:
            given = " ".join(filter(None, (given, dropping, kept)))
        given, family = self._formatted(given, family)
        return str(option("sort-separator").join(filter(None, (family, given, suffix))))

    def _initials(self, name: Any, context: Any) -> str:
        given = name.get("given") or ""
        return " ".join(
            filter(
                None, (self.initialize(given, ". ", context).strip() if given else "", name.get("dropping-particle"))
            )
        )

    def _formatted(self, given: str, family: str) -> tuple[str, str]:
        for part in self.findall("cs:name-part", self.nsmap):
            given, family = part.format_part(given, family)
        return given, family

    def initialize(self, given: str, mark: str, context: Any) -> str:
        """Return given names as initials: "Jean-Luc P." is "J.-L. P."."""
        with_hyphen = self.get_option("initialize-with-hyphen", context)
        made = ""
        for word in re.sub(r"\.(?=\S)", ". ", given).split():
            parts = [part for part in word.split("-") if part]
            capitals = [part[0] for part in parts if part[0].isupper()]
            is_whole = not capitals and ((bool(parts) and not parts[0][0].isalpha()) or word.islower())
            joined = f"{mark.strip()}-" if with_hyphen else mark
            initials = word if is_whole else joined.join(capitals or [word[:1]]) + mark.strip()
            is_near = made and not mark.endswith(" ") and not is_whole
            made += initials if is_near or not made else f" {initials}"
        return made

"""The quotation marks of each language, by the Unicode CLDR 48, whose delimiters Babel leaves out.

Where we differ: Spanish of Spain has the RAE's marks, French the inner marks of the Imprimerie nationale, Swiss German its
guillemets, and a language whose outer marks are single ones (Dutch) has double ones for what the author typed as double.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

_QUOTATION_MARKS = {
    "«»“”": "ast br ca el es eu fr it kab kk lij mg pms pt-AO pt-CH pt-CV pt-GQ pt-GW pt-LU pt-MO pt-MZ pt-PT pt-ST pt-TL sc",
    "“”‘’": "es-419 es-AR es-BO es-CL es-CO es-CR es-CU es-DO es-EC es-GT es-HN es-MX es-NI es-PA es-PE es-PR es-PY es-SV es-UY es-VE",
    "„“‚‘": "cs de dsb et hr hsb is ksh lb mk nds sk sl",
    "«»‹›": "am de-CH de-LI fa fr-CH gsw mzn rm",
    "«»„“": "be os ru sah uk",
    "””’’": "fi he se sv yi",
    "«»‘’": "nb nn no",
    "”“’‘": "ar ur",
    "«»«»": "hy oc",
    "„“„“": "bg lt",
    "„”«»": "pl ro",
    "„”»«": "hu szl",
    "„”‘’": "bs",
    "„”’’": "sr",
    "„“«»": "ka",
    "“”«»": "eo",
}
"""The outer and inner marks of a quotation, and the languages that have them; others have those of English."""
_BY_LANGUAGE = {
    language.lower(): marks for marks, languages in _QUOTATION_MARKS.items() for language in languages.split()
}
_CORNER_BRACKETS = ("ja", "yue", "zh-hant", "zh-tw", "zh-hk", "zh-mo")
_ELISIONS = {
    "en": "bout cause em kay n neath nother nuff round sup til till tis twas twere twill",
    "de": "n ne nem nen ner nes s",
    "nl": "k m n ns r s t",
    "af": "n",
}
"""Words that have lost their beginning: the apostrophe before one is not the start of a quotation."""
_NARROW_SPACE = "\u202f"


class Marks(Struct, frozen=True, kw_only=True):
    """The marks of one language. `east_asian` are those around East Asian text, double and single, if there are others."""

    double: tuple[str, str]
    single: tuple[str, str]
    east_asian: tuple[str, str, str, str] | None = None
    spaced: bool = False
    """Whether narrow spaces stand within its quotation marks and before its high signs."""
    elisions: frozenset[str] = frozenset()


@lru_cache
def marks_of(language: str) -> Marks:
    """Return the marks of a language tag, less the last subtags where they have none of their own."""
    subtags = language.lower().replace("_", "-").split("-")
    tags = ["-".join(subtags[:length]) for length in range(len(subtags), 0, -1)]
    begin, end, inner_begin, inner_end = tuple(next((_BY_LANGUAGE[tag] for tag in tags if tag in _BY_LANGUAGE), "“”‘’"))
    is_french = subtags[0] == "fr"
    if is_french:
        begin, end = begin + _NARROW_SPACE, _NARROW_SPACE + end
    if is_french and inner_begin == "‹":
        inner_begin, inner_end = inner_begin + _NARROW_SPACE, _NARROW_SPACE + inner_end
    return Marks(
        double=(begin, end),
        single=(inner_begin, inner_end),
        east_asian=("「", "」", "『", "』") if any(tag in _CORNER_BRACKETS for tag in tags) else None,
        spaced=is_french,
        elisions=frozenset(_ELISIONS.get(subtags[0], "").split()),
    )

"""Translate the site's own sentences, and format dates, numbers and lists, in the letter's language.

Sentences are in templates/words/, one TOML file for each language. All else comes from the Unicode CLDR, through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from weekahead.model.findings import BuildError, Finding, Location, nearest, warning
from weekahead.model.hashing import hash_value
from weekahead.theme.lookup import PACKAGED, Template, Theme

if TYPE_CHECKING:
    from babel import Locale
    from babel.dates import DateTimePattern

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""The plural categories of the CLDR."""
FROM_CLDR = re.compile("plural|months(_short)?|weekdays|date(_short)?|direction|digits|list_(comma|two|last)")
"""Keys that files of sentences once had."""
ZEROS = {
    "adlm": 0x1E950,
    "arab": 0x660,
    "arabext": 0x6F0,
    "beng": 0x9E6,
    "cakm": 0x11136,
    "deva": 0x966,
    "hmnp": 0x1E140,
    "mtei": 0xABF0,
    "mymr": 0x1040,
    "nkoo": 0x7C0,
    "olck": 0x1C50,
    "tibt": 0xF20,
}
"""The digit zero of each numbering system that is some language's own; Babel has no digits. Others use 0 to 9."""
_VALUE = re.compile(r"\{(\w+)\}")
"""Where a sentence takes a value."""


class Translator(Struct, frozen=True, kw_only=True, dict=True):
    """The sentences and formats of one language. `missing` are the keys of sentences that only English has.

    Babel is imported with the first number, date or list, not before: planning a site needs none.
    """

    language: str
    sentences: Mapping[str, Any]
    missing: frozenset[str] = frozenset()

    @cached_property
    def digest(self) -> str:
        """The digest of the language and its sentences; formats depend on Babel's version as well (see code_version.py)."""
        return hash_value([self.language, self.sentences, sorted(self.missing)])

    @cached_property
    def locale(self) -> Locale:
        """The CLDR's locale of the language; that of English if there is none."""
        from babel import Locale

        return find_locale(self.language) or Locale("en")

    @property
    def direction(self) -> str:
        """The direction of writing, as HTML has it: ltr or rtl."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    @property
    def script(self) -> str:
        """The script that the language is written in (ISO 15924)."""
        return find_script(self.language)

    def translate(self, key: str, **values: Any) -> str:
        """Return a sentence with its values filled in; `count` decides between plural forms. Raise KeyError."""
        if key not in self.sentences:
            raise KeyError(f'words/en.toml has no sentence "{key}"; {nearest(key, self.sentences)}')
        sentence = self.sentences[key]
        if isinstance(sentence, Mapping):
            sentence = sentence.get(self._plural_category(key, values["count"]), sentence["other"])

        def value(match: re.Match[str]) -> str:
            given = values[match[1]]
            return self.format_number(given) if isinstance(given, int) else str(given)

        return _VALUE.sub(value, str(sentence))

    def _plural_category(self, key: str, count: int) -> str:
        from babel import Locale

        locale = Locale("en") if key in self.missing else self.locale
        return locale.plural_form(count)

    def expand(self, key: str, **values: Any) -> str:
        """Return what replaces a key in a rendered text: a sentence, or for "date" a `day` such as 2026-11-20."""
        return self.format_date(date.fromisoformat(values["day"])) if key == "date" else self.translate(key, **values)

    def format_number(self, number: int | str) -> str:
        """Return a number, or a text with numbers such as 7:28, in the language's digits; nothing is grouped."""
        return str(number).translate(self._digits) if self._digits else str(number)

    @cached_property
    def _digits(self) -> dict[int, int]:
        zero = ZEROS.get(self.locale.default_numbering_system)
        return {ord("0") + digit: zero + digit for digit in range(10)} if zero else {}

    def format_date(self, day: date, width: str = "long") -> str:
        """Return a day of the Gregorian calendar: "20 November 2026"; with the width "short", "20 Nov"."""
        text = self._dates.get((day, width))
        if text is None:
            text = self.format_number(self._date_patterns[width].apply(day, self.locale))
            self._dates[day, width] = text
        return text

    @cached_property
    def _dates(self) -> dict[tuple[date, str], str]:
        return {}

    @cached_property
    def _date_patterns(self) -> dict[str, DateTimePattern]:
        from babel.dates import parse_pattern

        formats = self.locale.date_formats["long"], self.locale.datetime_skeletons["MMMd"]
        return dict(zip(("long", "short"), map(parse_pattern, formats), strict=True))

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week, Monday being 0."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def join_list(self, names: Sequence[str]) -> str:
        """Return names as a list in a sentence: "A, B and C"."""
        from babel.lists import format_list

        return format_list(names, locale=self.locale)

    def issue_label(self, noun: str, number: int | None) -> str:
        """Return what readers call an issue: "Week 87", "Issue 12", "Special edition"."""
        return self.translate("special") if number is None else self.translate(noun.lower(), number=number)


def load_translator(theme: Theme, language: str) -> Translator:
    """Return the translator for a language tag. Raise BuildError if a file of sentences has mistakes."""
    findings: list[Finding] = []
    english = _sentences(theme, ["en"], findings)
    sentences = _sentences(theme, _tags(language), findings)
    if findings:
        raise BuildError(findings)
    missing = frozenset(english) - frozenset(sentences)
    return Translator(language=language, sentences=english | sentences, missing=missing)


@lru_cache
def find_locale(language: str) -> Locale | None:
    """Return the CLDR's locale for a tag, less the last subtags where it lacks them; None if it lacks the language."""
    from babel import Locale, UnknownLocaleError

    for tag in _shortened(language):
        with suppress(ValueError, UnknownLocaleError):
            return Locale.parse(tag, sep="-")
    return None


@lru_cache
def find_script(language: str) -> str:
    """Return the script that a language tag names, else the likely one as the CLDR has it: Cyrl for sr, Latn for sr-ME.

    An unknown language has that of most, Latn (UTS 35, likely subtags).
    """
    from babel.core import get_global

    likely = get_global("likely_subtags")
    name, *subtags = re.split(r"-\w-", language.replace("_", "-"))[0].split("-")  # less extensions and private use
    if named := next((tag for tag in subtags if len(tag) == 4 and tag.isalpha()), None):
        return named.title()
    keys = [*(f"{name.lower()}_{tag.upper()}" for tag in subtags), name.lower(), "und"]
    return str(next(likely[key] for key in keys if key in likely)).split("_")[1]


def _shortened(tag: str) -> list[str]:
    """Return a language tag, and the wider ones down to the language alone: pt-BR, pt."""
    subtags = tag.replace("_", "-").split("-")
    return ["-".join(subtags[:length]) for length in range(len(subtags), 0, -1)]


def _tags(language: str) -> list[str]:
    """Return the tags of the files whose sentences suit a language, the narrowest first (RFC 4647, section 3.4)."""
    tags = _shortened(language)
    if re.match(r"(?i)zh-(hant|tw|hk|mo)\b", tags[0]):
        tags[-1] = "zh-Hant"  # zh is written in simplified characters
    if re.match(r"(?i)pt-(?!br\b)", tags[0]):
        tags.insert(-1, "pt-PT")  # pt is that of Brazil, in the CLDR as well
    return list(dict.fromkeys(tags))


def untranslated(translator: Translator, theme: Theme, where: Location) -> Finding | None:
    """Return a warning if pages show English sentences in another language. `where` is its line in letter.yaml."""
    if not translator.missing:
        return None
    tags = _tags(translator.language)
    if files := [template.file for tag in tags for template in _files(theme, tag)]:
        keys = sorted(translator.missing)
        more = f" and {len(keys) - 5} more" if len(keys) > 5 else ""
        message = f"missing sentences are shown in English: {', '.join(keys[:5])}{more}"
        return warning(Location(files[0], 1), "untranslated", message, "words/en.toml has all of them.")
    known = sorted(name[len("words/") : -len(".toml")] for name in theme.templates if name.startswith("words/"))
    message = f'there are no sentences in "{translator.language}"; pages show them in English'
    source = "templates/words/en.toml (`weekahead theme copy words/en.toml` puts it there)"
    hint = f"There are files for {', '.join(known)}. To add one, copy {source} to templates/words/{tags[-1]}.toml."
    return warning(where, "untranslated", message, f"{hint} Translate the copy.")


# -- files of sentences


def _sentences(theme: Theme, tags: Sequence[str], findings: list[Finding]) -> dict[str, Any]:
    """Return the sentences for some tags, the narrowest first. Those of the letter's own files replace packaged ones."""
    english = _parse(theme.templates[f"{PACKAGED}/words/en.toml"].text)
    sentences: dict[str, Any] = {}
    for tag in reversed(tags):
        for template in _files(theme, tag):
            sentences |= _read(template, english, findings)
    return sentences


def _files(theme: Theme, tag: str) -> list[Template]:
    """Return the packaged file for a tag and the letter's own, as far as there are any."""
    name = f"words/{tag}.toml".lower()
    by_name = {key.lower(): template for key, template in theme.templates.items()}
    found = [by_name[each] for each in (f"{PACKAGED}/{name}", name) if each in by_name]
    return list({template.text: template for template in found}.values())  # a copy of ours, unchanged, is ours


@lru_cache
def _parse(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)


def _read(template: Template, english: Mapping[str, Any], findings: list[Finding]) -> dict[str, Any]:
    """Return the sentences of one file. `english` has every sentence there is."""
    try:
        sentences = _parse(template.text)
    except ValueError as error:
        line = re.search(r"line (\d+)", str(error))
        where = Location(template.file, int(line[1]) if line else 1)
        hint = 'Write key = "sentence".'
        findings.append(Finding(where, "words", f"this is not TOML: {error}", hint))
        return {}
    for key, sentence in sentences.items():
        if problem := _problem(key, sentence, english):
            place = re.search(rf"(?m)^{re.escape(key)}\s*=", template.text)
            where = Location(template.file, template.text.count("\n", 0, place.start()) + 1 if place else 1)
            findings.append(Finding(where, "words", problem[0], problem[1]))
    return sentences


def _problem(key: str, sentence: Any, english: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a sentence and the next step, or None."""
    if FROM_CLDR.fullmatch(key):
        return f'"{key}" is not a sentence', "Delete it. Dates, numbers, plurals and lists come from the Unicode CLDR."
    if key not in english:
        return f'there is no sentence "{key}"', nearest(key, english)
    forms = sentence if isinstance(sentence, dict) else {"other": sentence}
    if not all(isinstance(form, str) for form in forms.values()):
        return f'"{key}" must be text in quotes', f'Write {key} = "..."'
    if odd := set(forms) - {*CATEGORIES}:
        return f'"{min(odd)}" is not a plural category of the CLDR', f"Known: {', '.join(CATEGORIES)}."
    if "other" not in forms:
        return f'"{key}" has no form for "other"', "Every language has that one."
    if odd := _values(sentence) - (known := _values(english[key])):
        return f'"{key}" has no value {{{min(odd)}}}', f"It has: {', '.join(sorted(known)) or 'none'}."
    return None


def _values(sentence: Any) -> set[str]:
    """Return the names of the values that a sentence, or any of its forms, takes."""
    forms = sentence.values() if isinstance(sentence, Mapping) else [sentence]
    return {name for form in forms for name in _VALUE.findall(str(form))}

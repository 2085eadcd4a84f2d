"""What the site says around the letter, in the letter's language: one file of words for each language.

A file holds months, forms of dates, plural rules and sentences, as words/en.toml shows. What a language's file does
not say is said by the file of the wider language (`pt` for `pt-BR`), and last by English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from weekahead.model.findings import BuildError, Finding, Location, nearest
from weekahead.model.hashing import hash_value
from weekahead.theme.lookup import Theme

RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}
"""Languages that are written from right to left, for letters in a language that has no words here."""

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
FORMS = {
    "direction": ("ltr|rtl", "ltr or rtl"),
    "digits": (".{10}", "ten digits, from nought to nine"),
    "date": (r"(?:'[^']*'|d|M|MMM|MMMM|y|[^dMy'a-zA-Z])+", "made of d, M, MMM, MMMM, y and 'words'"),
    "date_short": (r"(?:'[^']*'|d|M|MMM|MMMM|y|[^dMy'a-zA-Z])+", "made of d, M, MMM, MMMM, y and 'words'"),
}
LISTS = {"months": 12, "months_short": 12, "weekdays": 7}
_PLACE = re.compile(r"\{(\w+)\}")
"""Where a sentence has a place for a value."""


class Words(Struct, frozen=True, kw_only=True, dict=True):
    """The words of one language, everything that its file leaves out filled in from the wider ones."""

    language: str
    direction: str
    said: Mapping[str, Any]
    rules: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """Names the words and the language."""
        return hash_value([self.language, self.direction, self.said, self.rules])

    def say(self, key: str, **values: Any) -> str:
        """A sentence with its values in place; where it has several forms, `count` decides."""
        if key not in self.said:
            raise KeyError(f'there are no words "{key}" in words/en.toml; {nearest(key, self.said)}')
        sentence = self.said[key]
        if isinstance(sentence, Mapping):
            sentence = sentence.get(category(self.rules, values["count"]), sentence["other"])
        return self._filled(str(sentence), values)

    def in_text(self, key: str, **values: Any) -> str:
        """What stands for a key in a text: a sentence with its values in place; for "date", a `day` such as 2026-11-20."""
        return self.day(date.fromisoformat(values["day"])) if key == "date" else self.say(key, **values)

    def _filled(self, sentence: str, values: Mapping[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            given = values[found[1]]
            return self.number(given) if isinstance(given, int) else str(given)

        return _PLACE.sub(value, sentence)

    def number(self, number: int | str) -> str:
        """A number, or a time such as 7:28, in the language's digits."""
        digits = self.said["digits"]
        return str(number) if digits == "0123456789" else str(number).translate(str.maketrans("0123456789", digits))

    def day(self, day: date, form: str = "date") -> str:
        """A day as the language writes it: "20 November 2026"; with the form date_short, "20 Nov"."""
        parts = {
            "d": str(day.day),
            "M": str(day.month),
            "MMM": self.said["months_short"][day.month - 1],
            "MMMM": self.said["months"][day.month - 1],
            "y": str(day.year),
        }
        return self.number("".join([parts.get(token, token.strip("'")) for token in _tokens(self.said[form])]))

    def listed(self, names: Sequence[str]) -> str:
        """Names in a row: "A, B and C"."""
        if len(names) < 2:
            return "".join(names)
        key = "list_two" if len(names) == 2 else "list_last"
        comma = str(self.said["list_comma"])
        return str(self.said[key]).replace("{rest}", comma.join(names[:-1])).replace("{last}", names[-1])

    def label(self, noun: str, number: int | None) -> str:
        """What readers call an issue: "Week 87", "Issue 12", "Special edition"."""
        return self.say("special") if number is None else self.say(noun.lower(), number=number)


@lru_cache
def _tokens(form: str) -> list[str]:
    """The parts of a form of dates."""
    return re.findall(r"'[^']*'|[dMy]+|[^'dMy]+", form)


def words(theme: Theme, language: str) -> Words:
    """The words for a language. Raises BuildError when a file of words cannot be used."""
    tags = language.replace("_", "-").split("-")
    names = [f"words/{'-'.join(tags[:length])}.toml" for length in range(len(tags), 0, -1)]
    found: list[Finding] = []
    by_name = {name.lower(): name for name in theme.templates}
    files = [by_name[name.lower()] for name in [*names, "words/en.toml"] if name.lower() in by_name]
    english = _read(theme, "words/en.toml", None, found)
    said: dict[str, Any] = {}
    for name in reversed(dict.fromkeys(files)):
        said |= _read(theme, name, english, found)
    if found:
        raise BuildError(found)
    known = files[0] != "words/en.toml" or tags[0].lower() == "en"
    direction = said["direction"] if known else "rtl" if tags[0].lower() in RIGHT_TO_LEFT else "ltr"
    return Words(language=language, direction=direction, said=said, rules=said["plural"])


def _read(theme: Theme, name: str, english: Mapping[str, Any] | None, findings: list[Finding]) -> dict[str, Any]:
    """What one file of words says; `english` has every word there is."""
    import tomllib

    template = theme.templates[name]
    try:
        said = tomllib.loads(template.text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = Location(template.file, int(line[1]) if line else 1)
        findings.append(
            Finding(where=where, rule="words", message=f"this is not TOML: {error}", hint='Write key = "words".')
        )
        return {}
    for key, value in said.items():
        if problem := _problem(key, value, english):
            place = re.search(rf"(?m)^{re.escape(key)}\s*=", template.text)
            line_number = template.text.count("\n", 0, place.start()) + 1 if place else 1
            where = Location(template.file, line_number)
            findings.append(Finding(where=where, rule="words", message=problem[0], hint=problem[1]))
    return said


def _problem(key: str, value: Any, english: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """What is wrong with a word, and the next step."""
    if english is not None and key not in english:
        return f'nothing here is called "{key}"', nearest(key, english)
    if key in LISTS:
        fine = isinstance(value, list) and len(value) == LISTS[key] and all(isinstance(name, str) for name in value)
        return None if fine else (f'"{key}" must be a list of {LISTS[key]} names', "")
    forms = value if isinstance(value, dict) else {"other": value}
    if not all(isinstance(form, str) for form in forms.values()):
        return f'"{key}" must be words in quotes', f'Write {key} = "..."'
    if odd := set(forms) - {*CATEGORIES}:
        return f'"{min(odd)}" is not a plural category of CLDR', f"Known: {', '.join(CATEGORIES)}."
    if key == "plural":
        wrong = [rule for rule in forms.values() if not _is_rule(rule)]
        return (f'"{wrong[0]}" is not a plural rule of CLDR', 'Such as "i % 10 = 2..4".') if wrong else None
    if "other" not in forms:
        return f'"{key}" has no form for "other"', "Every language has that one."
    if key in FORMS and not re.fullmatch(FORMS[key][0], str(value)):
        return f'"{key}" must be {FORMS[key][1]}, but it is "{value}"', ""
    if english is not None and (odd := _names(value) - _names(english[key])):
        return (
            f'"{key}" speaks of {{{min(odd)}}}',
            f"It may use: {', '.join(sorted(_names(english[key]))) or 'nothing'}.",
        )
    return None


def _names(value: Any) -> set[str]:
    """The values that a sentence, or any of its forms, has places for."""
    forms = value.values() if isinstance(value, Mapping) else [value]
    return {name for form in forms for name in re.findall(r"\{(\w+)\}", str(form))}


# -- plural rules (Unicode Technical Standard 35, part 3, section 5), for whole numbers

_RELATION = re.compile(r"([nivwftce])(?: % (\d+))? (=|!=) (\d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*)")


def category(rules: Mapping[str, str], number: int) -> str:
    """The plural category of a whole number: zero, one, two, few, many or other."""
    return next((name for name, rule in rules.items() if _holds(str(rule), number)), "other")


def _is_rule(rule: str) -> bool:
    return all(_RELATION.fullmatch(relation) for relation in _relations(rule))


def _relations(rule: str) -> Iterator[str]:
    for condition in rule.split(" or "):
        yield from condition.split(" and ")


def _holds(rule: str, number: int) -> bool:
    return any(
        all(_relation_holds(relation, number) for relation in condition.split(" and "))
        for condition in rule.split(" or ")
    )


def _relation_holds(relation: str, number: int) -> bool:
    found = _RELATION.fullmatch(relation)
    assert found is not None, "a file of words is checked before it is used"
    value = abs(number) if found[1] in "ni" else 0  # a whole number has no fraction and no exponent
    value = value % int(found[2]) if found[2] else value
    ends = [[int(end) for end in part.split("..")] for part in found[4].split(",")]
    return any(part[0] <= value <= part[-1] for part in ends) == (found[3] == "=")

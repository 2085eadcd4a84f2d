"""Numbers as authors write them in a sentence, and what a number must be for the sentence to be right.

The way it is written says how it was rounded: 154k to thousands, 1.5 million to tenths of a million, "roughly 44,000" to thousands;
"almost 3,000" wants a little less, "more than 3,000" more.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Sense(StrEnum):
    """What the words around a number claim: it is that number, rounded; a little less; less; more; either or the number itself."""

    ROUNDED = "rounded"
    ALMOST = "almost"
    LESS = "less"
    AT_MOST = "at most"
    MORE = "more"
    AT_LEAST = "at least"


class Unit(StrEnum):
    """What a number counts where it stands for two: a share, how many times, or by how much."""

    NONE = ""
    PERCENT = "percent"
    TIMES = "times"
    MORE_BY = "percent more"
    LESS_BY = "percent less"


class WrittenNumber(Struct, frozen=True):
    """A number of a text: its value, the step to which it was rounded, and what is claimed of it."""

    value: Decimal
    step: Decimal
    sense: Sense = Sense.ROUNDED
    unit: Unit = Unit.NONE

    def agrees(self, value: Decimal) -> bool:
        """Return whether the number in the data lets the sentence be right."""
        if self.sense is Sense.ALMOST:
            return self.value - abs(self.value) * CLOSE <= value < self.value
        if self.sense is Sense.LESS:
            return value < self.value
        if self.sense is Sense.AT_MOST:
            return value <= self.value
        if self.sense is Sense.MORE:
            return value > self.value
        if self.sense is Sense.AT_LEAST:
            return value >= self.value
        return abs(value - self.value) <= self.step / 2


CLOSE = Decimal("0.05")
"""How much less "almost" may be, as a share."""

_SENSES = {
    Sense.ALMOST: "almost|nearly|under|just under|just short of|not quite|fast|knapp|beinahe|presque|près de|casi|quasi|quase|bijna|nästan",
    Sense.LESS: "less than|fewer than|below|weniger als|unter|moins de|menos de|menos que|meno di|minder dan|mindre än",
    Sense.AT_MOST: "at most|up to|no more than|höchstens|bis zu|au plus|jusqu’à|como máximo|al massimo|no máximo|hoogstens",
    Sense.MORE: "more than|over|above|upwards of|mehr als|über|plus de|más de|mais de|più di|oltre|meer dan|mer än",
    Sense.AT_LEAST: "at least|no fewer than|no less than|mindestens|au moins|al menos|almeno|pelo menos|minstens|minst",
}
_ABOUT = (
    "around|about|roughly|approximately|approx\\.?|some|circa|ca\\.?|c\\.|close to|rund|etwa|ungefähr|zirka|environ|alrededor de|unos|unas|"
    "cerca de|ongeveer|ungefär|[~≈]"
)
_BEFORE = [
    (sense, re.compile(rf"(?i)(?:^|(?<=[\s(“\"'„«]))(?:{words})\s*$"))
    for sense, words in (*_SENSES.items(), ("about", _ABOUT))
]
_MULTIPLIERS = {
    3: "k|thousand|tausend|tsd\\.?|mille|mila|mil|duizend|tusen",
    6: "m|mn|mio\\.?|million|millions|millionen|millón|millones|milione|milioni|milhão|milhões|miljoen|miljoner",
    9: "b|bn|mrd\\.?|billion|billions|milliarde|milliarden|milliard|milliards|miliardo|miliardi|miljard",
    12: "trillion|trillions",
    4: "万|萬",
    5: "lakhs?",
    7: "crores?",
    8: "億|亿",
}
_POWER = re.compile("(?i)" + "|".join(f"(?P<e{power}>{words})" for power, words in _MULTIPLIERS.items()))
_MULTIPLIER = rf"(?:{'|'.join(_MULTIPLIERS.values())})(?![^\W\d_])"
_NUMBER = re.compile(
    rf"(?i)(?P<sign>[-−–]?|\bminus\b)[ ]?(?:[$€£¥₹][ ]?|(?:usd|eur|gbp|chf)[ ])?"
    rf"(?P<digits>\d(?:[\d.,’'\u00a0\u202f٬٫]|[ ](?=\d{{3}}(?!\d)))*(?<=\d)|\d)(?P<multiplier>[ \u00a0\u202f-]?{_MULTIPLIER})?"
)
_AFTER = re.compile(rf"(?i)[ \u00a0\u202f-]?(?P<multiplier>{_MULTIPLIER})")
_PERCENT = re.compile(
    r"(?i)[ \u00a0\u202f-]?(?:%|٪|per ?cent\b|prozent\b|pour cent\b|por ciento\b|por cento\b|per cento\b|procent\b)"
)
_TIMES = re.compile(
    r"(?i)[ \u00a0\u202f-]?(?:times\b|x\b|×|fold\b|mal\b|fach\b|fois\b|veces\b|volte\b|vezes\b|keer\b|gånger\b)"
)
_BY = re.compile(
    r"(?i)[ \u00a0]*(?:(?P<more>more|higher|larger|above|up|mehr|höher)|(?P<less>less|fewer|lower|smaller|below|down|weniger|niedriger))\b"
)
_OR = re.compile(r"(?i)[ \u00a0]*(?:(?P<more>\+|or more\b|oder mehr\b)|(?P<less>or (?:less|fewer)\b|oder weniger\b))")

_COMMA_IS_POINT = frozenset(
    [
        "bg",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "es",
        "fi",
        "fr",
        "hr",
        "hu",
        "id",
        "it",
        "lt",
        "lv",
        "nb",
        "nl",
        "nn",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sr",
        "sv",
        "tr",
        "uk",
        "vi",
    ]
)
_POINT_IN = frozenset(["es-mx", "de-ch", "es-us", "de-li", "it-ch"])
"""Regions that write a decimal point all the same."""


def comma_is_point(language: str) -> bool:
    """Return whether a language writes its decimals behind a comma: 3,9."""
    return language.partition("-")[0].lower() in _COMMA_IS_POINT and language.lower() not in _POINT_IN


def read_written(words: str, before: str = "", after: str = "", language: str = "en") -> WrittenNumber | None:
    """Return the number that some words are, with the words before and behind it in their sentence; None if they are none, or
    have several numbers."""
    words = _ascii_digits(words)
    found = [match for match in _NUMBER.finditer(words) if not words[: match.start("digits")][-1:].isalpha()]
    if len(found) != 1:
        return None
    match = found[0]
    rest = words[match.end() :] + _ascii_digits(after)
    power = _power(match["multiplier"] or "")
    if not power and (following := _AFTER.match(rest)):
        power, rest = _power(following["multiplier"]), rest[following.end() :]
    unit, rest = _unit(rest)
    return _number(match, power, unit, _sense(before + words[: match.start()], rest), language)


def _number(match: re.Match[str], power: int, unit: Unit, sense: Sense | str, language: str) -> WrittenNumber:
    whole, decimals = _parts(match["digits"], comma_is_point(language))
    value = Decimal(f"{whole}.{decimals}" if decimals else whole).scaleb(power)
    zeros = 0 if decimals or sense != "about" else len(whole) - len(whole.rstrip("0"))
    step = Decimal(1).scaleb(power - len(decimals) + min(zeros, len(whole) - 1))
    claimed = Sense.ROUNDED if sense == "about" else Sense(sense)
    return WrittenNumber(-value if match["sign"] else value, step, claimed, unit)


def _unit(rest: str) -> tuple[Unit, str]:
    if match := _PERCENT.match(rest):
        rest = rest[match.end() :]
        by = _BY.match(rest)
        return Unit.PERCENT if by is None else Unit.MORE_BY if by["more"] else Unit.LESS_BY, rest
    match = _TIMES.match(rest)
    return (Unit.TIMES, rest[match.end() :]) if match else (Unit.NONE, rest)


def _sense(before: str, rest: str) -> Sense | str:
    before = re.sub(r"[ \u00a0]*[$€£¥₹]?[ \u00a0]*$", " ", before)
    for sense, pattern in _BEFORE:
        if pattern.search(before):
            return sense
    match = _OR.match(rest)
    return Sense.ROUNDED if match is None else Sense.AT_LEAST if match["more"] else Sense.AT_MOST


def _power(words: str) -> int:
    match = _POWER.fullmatch(words.strip(" \u00a0\u202f-")) if words else None
    return int((match.lastgroup or "e0")[1:]) if match else 0


def _ascii_digits(words: str) -> str:
    """Return words with the digits of any script as 0 to 9."""
    if words.isascii():
        return words
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in words)


def _parts(digits: str, comma_first: bool) -> tuple[str, str]:
    """Return the digits before and behind the decimal mark, whichever that is."""
    digits = re.sub(r"[’'\s\u00a0\u202f٬]", "", digits).replace("٫", ".,"[comma_first])
    marks = [sign for sign in digits if sign in ".,"]
    last = marks[-1] if marks else ""
    whole, _, decimals = digits.rpartition(last) if last else (digits, "", "")
    is_group = bool(last) and (
        marks.count(last) > 1
        or (
            len(set(marks)) == 1
            and len(decimals) == 3
            and len(whole) <= 3
            and whole != "0"
            and (last == ".") == comma_first
        )
    )
    if is_group:
        whole, decimals = whole + decimals, ""
    return re.sub(r"\D", "", whole) or "0", decimals

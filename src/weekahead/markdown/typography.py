"""Typographic quotation marks, apostrophes, dashes and ellipses for the straight ones that an author types.

The text of a paragraph comes here as a whole, with U+001E where inline markup begins or ends and U+001F where something
stands that is not read (code, a picture, a formula). Both stay where they are. `str.isspace` and `\\s` take the two for
white space, so neither is used here on its own.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache

from msgspec import Struct

from weekahead.markdown.quotation_marks import Marks, marks_of

EDGE, OPAQUE = "\x1e", "\x1f"
"""Where inline markup begins or ends, and where something stands that is no text. The latter counts as a letter."""

APOSTROPHE, PRIMES = "’", {"'": "′", '"': "″"}
GERESH, GERSHAYIM = "׳", "״"
_FIXED = {"...": "…", "....": "….", " ": "\u202f"}
_LETTER = "[A-Za-z\u00c0-\u024f\u0370-\u052f]"
_IN_WORD = re.compile(f"'(?<={_LETTER}')(?={_LETTER})")
"""An apostrophe in a word of a script in which it can be nothing else: most marks of most texts."""
_IN_URL = "[^ \n\t\x1e\x1f\"'<>.]"
_URL = rf"(?:{_IN_URL}|['.]++(?={_IN_URL}))*"
_TOKEN = re.compile(rf"\"[\"'\x1e]*|'[\"'\x1e]*|--+|\.\.\.+|://{_URL}|www\.{_URL}")
"""Every alternative begins with a character of its own, which `re` then looks for alone."""
_SPACED = (" ;", " :", " !", " ?", " »", "« ")
_FRENCH_TOKEN = re.compile(
    _TOKEN.pattern + "| (?:(?<=« )|(?<=[^ \n\t] )(?:(?=»)|(?=[;:!?]++(?:[] \n\"'\x1e\x1f)»…,.]|\\Z))))"
)
"""With the space before » or a high sign of French; not before `:smile` or `?key`."""
_KEPT_BEFORE, _KEPT_AFTER = frozenset("<|+=!"), frozenset(">|+=")
"""Beside these, hyphens are an arrow, a drawn line or what a table or comment left over."""
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_HEBREW = re.compile("[\u05d0-\u05f2]")
_PREFIX = re.compile("(?<![\u05d0-\u05ea])[משהוכלב]{1,3}$")
_DECADE = re.compile(r"\d\d(?:s(?!\w)|(?![\w']))")
_WORD = re.compile(r"[^\W\d_]{1,8}(?!\w)")
_THREE_DIGITS = re.compile(r"\d{3}(?!\d)")
_CLOSING = frozenset(".,;:!?…‥、。，．；：！？؟،؛۔।॥%‰°")


def educate(text: str, language: str) -> str:
    """Return the text of a paragraph, heading or cell with the marks of a language for straight ones."""
    if "'" in text and "://" not in text and "www." not in text:
        text = _IN_WORD.sub(APOSTROPHE, text)
    marks = marks_of(language)
    if (
        "'" in text
        or '"' in text
        or "--" in text
        or "..." in text
        or (marks.spaced and any(map(text.__contains__, _SPACED)))
    ):
        return _Typesetter(text, marks).typeset()
    return text


class Side(Enum):
    """What stands beside a mark."""

    SPACE = 0
    OPENING = 1
    CLOSING = 2
    LETTER = 3
    OTHER = 4
    """A dash or a symbol: it may stand on either side of a quotation."""


class Place(Enum):
    """What a mark can be by what stands on its sides."""

    BEGIN = 0
    END = 1
    INSIDE = 2
    ALONE = 3
    """Between spaces."""
    LOOSE = 4
    """Behind a space and before a full stop or the like."""


class Quote(Struct, gc=False):
    """One straight quotation mark: the place of its replacement among the pieces, its end in the text, its neighbours."""

    piece: int
    end: int
    char: str
    place: Place
    before: str
    after: str
    number: int = 0
    """Digits right before it, up to four."""
    next_ends: bool = False
    """Whether the next mark of its kind can only end a quotation."""


@lru_cache(maxsize=4096)
def _side(char: str) -> Side:
    if char == OPAQUE or char.isalnum():
        return Side.LETTER
    if not char or char.isspace():
        return Side.SPACE
    category = unicodedata.category(char)
    if category in ("Ps", "Pi") or char in "¿¡":
        return Side.OPENING
    if category in ("Pe", "Pf") or char in _CLOSING:
        return Side.CLOSING
    return Side.LETTER if category[0] in "LMN" or category == "Cf" else Side.OTHER


@lru_cache(maxsize=4096)
def _place(before: str, after: str) -> Place:
    left, right = _side(before), _side(after)
    if left in (Side.SPACE, Side.OPENING):
        if right is Side.SPACE:
            return Place.ALONE
        return Place.LOOSE if (left, right) == (Side.SPACE, Side.CLOSING) else Place.BEGIN
    if right in (Side.SPACE, Side.CLOSING):
        return Place.END
    if (left is Side.OTHER) != (right is Side.OTHER):
        return Place.BEGIN if left is Side.OTHER else Place.END
    return Place.INSIDE


class _Typesetter:
    """Typesets one text: first the neighbours of every mark, then which quotation mark closes which."""

    def __init__(self, text: str, marks: Marks) -> None:
        self.text, self.marks = text, marks
        self.pieces: list[str] = []
        self.quotes: list[Quote] = []
        self.last: dict[str, Quote] = {}

    def typeset(self) -> str:
        """Return the text with its marks replaced."""
        done, pieces = 0, self.pieces
        for match in (_FRENCH_TOKEN if self.marks.spaced else _TOKEN).finditer(self.text):
            start, end = match.span()
            pieces.append(self.text[done:start])
            done, first = end, self.text[start]
            if first in "\"'":
                self._read_quotes(start, end)
            elif first == "-":
                pieces.append(self._dash(start, end))
            else:
                pieces.append(_FIXED.get(match[0], match[0]))
        pieces.append(self.text[done:])
        _Pairing(self.text, self.marks, pieces).pair(self.quotes)
        return "".join(pieces)

    def _start(self, position: int) -> int:
        """Return where the edges of inline markup before a position begin."""
        while position and self.text[position - 1] == EDGE:
            position -= 1
        return position

    def _after(self, position: int) -> str:
        """Return the nearest character from a position on, "" at the end."""
        while self.text.startswith(EDGE, position):
            position += 1
        return self.text[position : position + 1]

    def _dash(self, start: int, end: int) -> str:
        """Return a dash for hyphens, or the hyphens where they are an arrow, a line or the beginning of an option."""
        hyphens, place = self.text[start:end], self._start(start)
        before, after = self.text[place - 1 : place], self._after(end)
        if len(hyphens) > 3 or before in _KEPT_BEFORE or after in _KEPT_AFTER:
            return hyphens
        if len(hyphens) == 3:
            return "—"
        if before in ("'", '"'):
            begins = self.quotes[-1].place is Place.BEGIN
        else:
            begins = _side(before) in (Side.SPACE, Side.OPENING)
        return hyphens if begins and (after.isalpha() or after == OPAQUE) else "–"

    def _read_quotes(self, start: int, end: int) -> None:
        """Read quotation marks that stand together: nothing but the edges of inline markup is between them."""
        text, place = self.text, self._start(start)
        before, after, run = text[place - 1 : place], self._after(end), text[start:end]
        if run.replace(EDGE, "") in ("''", '""') and _is_empty_string(before, after):
            self.pieces.append(run)
            return
        digits = 0
        while digits < 4 and text[place - digits - 1 : place - digits].isdecimal():
            digits += 1
        for offset, char in enumerate(run):
            if char != EDGE:
                quote = Quote(len(self.pieces), start + offset + 1, char, _place(before, after), before, after, digits)
                if last := self.last.get(char):
                    last.next_ends = quote.place is Place.END
                self.last[char] = quote
                self.quotes.append(quote)
                digits = 0
            self.pieces.append(char)


class _Pairing:
    """Finds which quotation mark of a text closes which; marks without a partner are apostrophes or primes."""

    def __init__(self, text: str, marks: Marks, pieces: list[str]) -> None:
        self.text, self.marks, self.pieces = text, marks, pieces
        self.opened: list[Quote] = []
        self.doubles = 0

    def pair(self, quotes: list[Quote]) -> None:
        """Replace the pieces of some quotation marks, which come in the order of the text."""
        for quote in quotes:
            replacement = self._double(quote) if quote.char == '"' else self._single(quote)
            self.pieces[quote.piece] = replacement

    def _double(self, quote: Quote) -> str:
        place, is_open = quote.place, self.doubles > 0
        if place is Place.INSIDE and _HEBREW.match(quote.before) and self._is_abbreviation(quote):
            return GERSHAYIM
        if place is not Place.BEGIN and _is_measure(quote, is_open):
            return PRIMES['"']
        if place is Place.END or (place is not Place.BEGIN and is_open):
            while is_open and self.opened[-1].char != '"':
                self.opened.pop()
            self.doubles -= is_open
            return self._close(self.opened.pop(), quote) if is_open else self.marks.double[1]
        if place is Place.ALONE:
            return quote.char
        self.doubles += 1
        self.opened.append(quote)
        return self.marks.double[0]

    def _single(self, quote: Quote) -> str:
        place, is_open = quote.place, bool(self.opened) and self.opened[-1].char == "'"
        if (place is Place.INSIDE and _EAST_ASIAN.match(quote.before)) or place is Place.LOOSE:
            place = Place.END if is_open else Place.BEGIN
        if place is Place.BEGIN and not self._is_elision(quote.end):
            self.opened.append(quote)
        elif place is Place.ALONE and not is_open:
            return quote.char
        elif place in (Place.INSIDE, Place.END) and _is_measure(quote, is_open) and self._is_prime(quote):
            return PRIMES["'"]
        elif place in (Place.END, Place.ALONE) and is_open:
            return self._close(self.opened.pop(), quote)
        elif place is not Place.BEGIN and _HEBREW.match(quote.before):
            return GERESH
        return APOSTROPHE

    def _close(self, opening: Quote, closing: Quote) -> str:
        """Set the opening mark of a pair, and return the closing one."""
        is_double, marks = opening.char == '"', self.marks
        begin, end = marks.double if is_double else marks.single
        if marks.east_asian and (_EAST_ASIAN.match(opening.after) or _EAST_ASIAN.match(closing.before)):
            begin, end = marks.east_asian[:2] if is_double else marks.east_asian[2:]
        self.pieces[opening.piece] = begin
        return end

    def _is_prime(self, quote: Quote) -> bool:
        """Return whether a mark behind a number means feet: not in 90's and 10'000."""
        if quote.after.isdecimal():
            return not _THREE_DIGITS.match(self.text, quote.end)
        return quote.place is Place.END or quote.after == "x"

    def _is_abbreviation(self, quote: Quote) -> bool:
        """Return whether a mark behind a Hebrew letter is within an abbreviation, not behind a prefix such as "and"."""
        rest = self.text[quote.end : quote.end + 2]
        if not _HEBREW.match(rest):
            return False
        return not _HEBREW.match(rest, 1) or not _PREFIX.search(self.text[max(0, quote.end - 5) : quote.end - 1])

    def _is_elision(self, position: int) -> bool:
        """Return whether a word that begins here may have lost its beginning, as in '90s and rock 'n' roll."""
        while self.text.startswith(EDGE, position):
            position += 1
        if _DECADE.match(self.text, position):
            return True
        word = _WORD.match(self.text, position)
        name = word[0].lower() if word else ""
        return (
            word is not None
            and name in self.marks.elisions
            and (name == "n" or not self.text.startswith("'", word.end()))
        )


def _is_empty_string(before: str, after: str) -> bool:
    """Return whether two marks between these characters are an empty string, as programmers write it."""
    return _side(before) not in (Side.LETTER, Side.CLOSING) and _side(after) not in (Side.LETTER, Side.OPENING)


def _is_measure(quote: Quote, is_open: bool) -> bool:
    """Return whether a mark behind a number means feet or inches and does not end the quotation that is open."""
    return 0 < quote.number < 4 and not _EAST_ASIAN.match(quote.after) and (not is_open or quote.next_ends)

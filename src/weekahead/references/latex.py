"""LaTeX as bibliographies have it, read as text with the markup of CSL-JSON; titles in sentence case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307", "u": "\u0306",
    "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_SYMBOLS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı",
    "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "textendash": "–",
    "textemdash": "—", "ldots": "…", "dots": "…", "textellipsis": "…", "textquoteright": "’", "textquoteleft": "‘", "copyright": "©",
    "textcopyright": "©", "textregistered": "®", "texttrademark": "™", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX",
    "textbackslash": "\\", "slash": "/", "textdegree": "°", "euro": "€", "texteuro": "€", "pounds": "£", "S": "§", "P": "¶",
    "textasciitilde": "~", "textunderscore": "_", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
    "lambda": "λ", "mu": "μ", "pi": "π", "sigma": "σ", "omega": "ω", "Delta": "Δ", "Omega": "Ω", "infty": "∞", "times": "×",
    "cdot": "·", "rightarrow": "→", "leq": "≤", "geq": "≥", "approx": "≈", "pm": "±", "textquotedblleft": "“", "textquotedblright": "”",
    ",": "\u202f", ";": " ", ":": " ", "!": "", "/": "", "-": "", " ": " ", "\n": " ", "&": "&", "%": "%", "$": "$", "#": "#",
    "_": "_", "{": "{", "}": "}", "@": "@", "\\": " ",
}  # fmt: skip
_STYLES = {
    "emph": "i", "textit": "i", "textsl": "i", "em": "i", "it": "i", "itshape": "i", "mkbibemph": "i", "textbf": "b", "bf": "b",
    "bfseries": "b", "mkbibbold": "b", "textsuperscript": "sup", "textsubscript": "sub",
}  # fmt: skip
_QUOTES = frozenset(["enquote", "mkbibquote"])
_DROPPED = frozenset(["noopsort", "hspace", "vspace"])
"""Commands whose argument is not text."""

NOCASE, END = '<span class="nocase">', "</span>"
TAG = re.compile(r'</?(?:i|b|sup|sub|sc)>|<span (?:class="nocase"|style="font-variant: ?small-caps;")>|</span>')
"""The markup that a text of CSL-JSON may have."""
_TOKEN = re.compile(r"\\([A-Za-z]+)\s*|\\(.)|([{}])|(---?|``|''|[~'`$])", re.DOTALL)


def plain_latex(value: str) -> str:
    """Return a value as text without markup, as a name or a number has it."""
    return re.sub(r"\s+", " ", TAG.sub("", rich_latex(value))).strip()


def verbatim(value: str) -> str:
    """Return an address or an id: what LaTeX must escape, and nothing else, is unescaped."""
    return re.sub(r"\\([_%&#$~{}])|[{}]|\\url\b", lambda match: match[1] or "", value).strip()


def rich_latex(value: str) -> str:
    """Return a value as text with the markup of CSL-JSON; what stands in braces of its own is marked to keep its case."""
    try:
        words = _Reader(value).read(0)
    except RecursionError:  # too many braces or commands in one another
        words = re.sub(r"[{}\\]", "", value)
    return re.sub(r"[ \t\r\n]+", " ", words).strip()


class _Reader:
    def __init__(self, value: str) -> None:
        self._value, self._place = value, 0

    def read(self, depth: int) -> str:
        """Return the text up to the brace that closes it."""
        made: list[str] = []
        closing = ""
        while match := _TOKEN.search(self._value, self._place):
            made.append(self._value[self._place : match.start()])
            self._place = match.end()
            command, sign, brace, mark = match.groups()
            if brace == "}":
                if depth:
                    return "".join(made) + closing
            elif brace:
                made.append(self._group(depth))
            elif command or sign is not None:
                words, end = self._command(command or sign, depth)
                made.append(words)
                closing = end + closing
            else:
                made.append(_MARKS[mark])
        made.append(self._value[self._place :])
        self._place = len(self._value)
        return "".join(made) + closing

    def _group(self, depth: int) -> str:
        """Return a group in braces: a character with its accent, or words that keep their case."""
        is_character = self._value.startswith("\\", self._place)
        words = self.read(depth + 1)
        return words if is_character or depth or not words else f"{NOCASE}{words}{END}"

    def _command(self, name: str, depth: int) -> tuple[str, str]:
        """Return what a command stands for, and what is to follow at the end of its group."""
        if name in _ACCENTS:
            base = self._argument(depth).replace("ı", "i").replace("ȷ", "j")
            return unicodedata.normalize("NFC", base[:1] + _ACCENTS[name] + base[1:]), ""
        if name in _SYMBOLS:
            if name.isalpha() and self._value.startswith("{}", self._place):
                self._place += 2
            return _SYMBOLS[name], ""
        if tag := _STYLES.get(name):
            if self._value.startswith("{", self._place):
                return f"<{tag}>{self._argument(depth + 1)}</{tag}>", ""
            return f"<{tag}>", f"</{tag}>"
        if name in _QUOTES:
            return f"“{self._argument(depth)}”", ""
        if name in _DROPPED or name == "href":
            self._argument(depth)
        return "", ""

    def _argument(self, depth: int) -> str:
        """Return what follows a command: a group, a command, or a character."""
        while self._value.startswith(" ", self._place):
            self._place += 1
        if self._value.startswith("{", self._place):
            self._place += 1
            return self.read(depth + 1)
        match = _TOKEN.match(self._value, self._place)
        if match and (match[1] or match[2]):
            self._place = match.end()
            return self._command(match[1] or match[2], depth)[0]
        self._place += 1
        return self._value[self._place - 1 : self._place]


_MARKS = {"--": "–", "---": "—", "``": "“", "''": "”", "~": "\u00a0", "'": "’", "`": "‘", "$": ""}

# -- sentence case

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")


def sentence_case(text: str) -> str:
    """Return a title with small letters but for the first of a sentence, words with capitals inside, and what is marked to
    keep its case."""
    made: list[str] = []
    before = "."
    depth = 0
    for piece, is_tag in _pieces(text):
        if is_tag:
            depth += (piece == NOCASE or (depth > 0 and piece.startswith("<span"))) - (depth > 0 and piece == END)
            made.append(piece)
        elif depth:
            made.append(piece)
            before = (before + piece)[-_NEAR:]
        else:
            made.append(_lowered(piece, before))
            before = (before + piece)[-_NEAR:]
    return "".join(made)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    place = 0
    for match in TAG.finditer(text):
        yield text[place : match.start()], False
        yield match[0], True
        place = match.end()
    yield text[place:], False


_SENTENCE_END = re.compile(r"[.?!:—][”’\"')\]]*\s*[“‘\"'(\[]*$")
_NEAR = 40
"""Characters before a word that tell whether it begins a sentence."""


def _lowered(text: str, before: str) -> str:
    def word(match: re.Match[str]) -> str:
        words, start = match[0], match.start()
        above = (before + text[max(0, start - _NEAR) : start])[-_NEAR:]
        if any(sign.isupper() for sign in words[1:]):
            return words
        if _SENTENCE_END.search(above) and (above == "." or above[-1:].isspace() or above[-1:] in "“‘\"'(["):
            return words if above.rstrip(" “‘\"'([").endswith(".") else words[:1].upper() + words[1:]
        return words.lower()

    return _WORD.sub(word, text)

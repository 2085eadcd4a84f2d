"""Formulas: where they are in a text, and their TeX as MathML, by math-core.

Inline formulas follow the rule of pandoc: behind the first `$` and before the second there is no white space, and behind
the second no digit. So `$5 and $6` are prices.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from math_core import LatexToMathML

LONGEST, DEEPEST = 10_000, 100
"""Characters of a formula, and elements of MathML in one another."""
MOST_COMMANDS = 200
"""Commands and braces that may be within one another. math-core takes up to 2.7 kB of the stack for two of them, a thread may
have no more than 512, and beyond that the process ends."""
_COMMANDS = {
    "dotsb": r"\cdots",
    "dotsc": r"\ldots",
    "hbox": r"\text{#1}",
    "mbox": r"\text{#1}",
    "smash": "#1",
    "substack": r"\begin{matrix}#1\end{matrix}",
    "textnormal": r"\text{#1}",
}
"""Commands that math-core does not have."""
_ENVIRONMENTS = {"smallmatrix": "matrix", "split": "aligned"}
_TABLE = "align(?:ed)?|array|[dr]?cases|gather(?:ed)?|split|(?:small|[bpv])?matrix"
_TOKEN = re.compile(rf"\\begin\s*\{{(?:({_TABLE})\*?|[a-z*]*)\}}|\\(?:[A-Za-z]+|.)|[{{}}&]|%[^\n]*", re.DOTALL)
"""With the name of an environment in which nothing goes on behind a separator."""
_OPENING, _CLOSING = frozenset({"{", "\\left"}), frozenset({"}", "\\end", "\\right"})
_SEPARATORS = frozenset({"&", "\\\\"})
_SIGNS = frozenset(f"\\{sign}" for sign in ",;:!> {}%$&#_|\\")
"""Commands that are a space or a sign, which nothing can be within."""
_REFUSED = re.compile(r"\\(?:(?:re|provide)?newcommand|[gex]?def|let|global|(?:eq)?ref)(?![A-Za-z])")
"""Definitions, which can make a short formula a deep one, and references, which would lead nowhere."""
_ENVIRONMENT = re.compile(r"(\\(?:begin|end)\s*\{)(align|equation|gather|multline|smallmatrix|split)\}")
_DROPPED = re.compile(r"\\label\s*\{[^{}]*\}|(?<=\\\\)\[[^\[\]\n]{1,20}\]")
"""Names for references, and the height of a line, which MathML has no use for."""
_CORRECTIONS = {"<<": "&lt;<", "&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062"}
r"""What math-core writes that is not XML; it leaves a < as it is in `\operatorname<`."""
_ELEMENT = re.compile("<(/?)[a-z][^<>]*(?<!/)>")
"""A tag, but for those of elements without content."""


# -- MathML


class MathsError(ValueError):
    """A formula cannot be read: a plain message, and the line of the formula, counted from 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def to_mathml(tex: str, display: bool) -> str:
    """Return a formula as MathML, with its TeX as an annotation. Raise MathsError."""
    from math_core import LatexError

    _check(tex)
    try:
        mathml = _converter().convert_with_local_state(_normalized(tex), displaystyle=display)
    except LatexError as error:
        raise _plain(str(error), tex) from None
    _check_depth(mathml)
    before = mathml[: mathml.rindex("<annotation")]  # that of math-core has the TeX it was given
    for old, new in _CORRECTIONS.items():
        before = before.replace(old, new)
    return (
        f'{before}<annotation encoding="application/x-tex">{escape(tex, quote=False)}</annotation></semantics></math>'
    )


@lru_cache(maxsize=1)
def _converter() -> LatexToMathML:
    from math_core import LatexToMathML

    return LatexToMathML(
        annotation=True,
        fancy_error=False,
        allow_unreliable_rendering=True,
        macros=_COMMANDS,
        max_expansions=200,
    )


def _check(tex: str) -> None:
    """Raise MathsError for what math-core must not be given."""
    if len(tex) > LONGEST:
        raise MathsError(f"it has more than {LONGEST:,} characters")
    if match := _REFUSED.search(tex):
        raise MathsError(f'the command "{match[0]}" cannot be used here', tex.count("\n", 0, match.start()))
    depth, groups = 0, list[tuple[int, bool]]()
    for match in _TOKEN.finditer(tex):
        token = match[0]
        if token in _CLOSING:
            depth = groups.pop()[0] if groups else 0
        elif token in _SEPARATORS and groups and groups[-1][1]:
            depth = groups[-1][0] + 1
        elif token[0] != "%" and token not in _SIGNS:
            if token in _OPENING or token.startswith("\\begin"):
                groups.append((depth, match[1] is not None))
            depth += 1
            if depth > MOST_COMMANDS:
                raise MathsError("its commands are nested too deep", tex.count("\n", 0, match.start()))


def _normalized(tex: str) -> str:
    """Return the TeX as math-core reads it, without numbers of equations, which would begin anew in each formula."""
    tex = _DROPPED.sub("", tex)
    return _ENVIRONMENT.sub(lambda match: f"{match[1]}{_ENVIRONMENTS.get(match[2], match[2] + '*')}}}", tex)


def _plain(message: str, tex: str) -> MathsError:
    r"""Return the error for a message of math-core such as `12: Unknown command "\foo".`"""
    position, _, words = message.partition(": ")
    words = words.rstrip(".")
    line = tex.count("\n", 0, int(position)) if position.isdecimal() else 0
    return MathsError(words[:1].lower() + words[1:], line)


def _check_depth(mathml: str) -> None:
    depth = 0
    for match in _ELEMENT.finditer(mathml):
        depth += -1 if match[1] else 1
        if depth > DEEPEST:
            raise MathsError("it is nested too deep")


# -- formulas in a text


class Formula(Struct, frozen=True):
    """A formula in a text: its TeX, whether it stands by itself, and where its closing mark ends."""

    tex: str
    display: bool
    end: int


_MARK = re.compile(r"\\.|\$|\n[ \t]*(?=\n)")


class FormulaFinder:
    """Finds the formulas of one text. Every mark is looked for once, so that many marks without a partner cost no more."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._marks: dict[str, list[int]] | None = None

    def at(self, start: int) -> Formula | None:
        r"""Return the formula that begins with the `$`, `$$`, `\(` or `\[` at a position.

        If there is none, all `$` that stand together there are text.
        """
        opening = self.text[start : start + 2]
        if opening == "$$":
            return self._delimited(start, "$$", display=True)
        if opening == "\\(":
            return self._delimited(start, "\\)", display=False)
        if opening == "\\[":
            return self._delimited(start, "\\]", display=True)
        return self._inline(start) if opening.startswith("$") else None

    def _delimited(self, start: int, closing: str, *, display: bool) -> Formula | None:
        end = self._next(closing, start + 2)
        if end < 0 or self._is_parted(start, end):
            return None
        tex = self.text[start + 2 : end].strip()
        return Formula(tex, display, end + 2) if tex else None

    def _inline(self, start: int) -> Formula | None:
        end, text = self._next("$", start + 1), self.text
        if end < 0 or text[start + 1].isspace() or text[end - 1].isspace() or text[end + 1 : end + 2].isdecimal():
            return None
        return None if self._is_parted(start, end) else Formula(text[start + 1 : end], False, end + 1)

    def _is_parted(self, start: int, end: int) -> bool:
        """Return whether an empty line lies between two positions."""
        return 0 <= self._next("\n", start) < end

    def _next(self, mark: str, start: int) -> int:
        """Return the position of the next mark from a position on, -1 if there is none."""
        if self._marks is None:
            self._marks = _find_marks(self.text)
        positions = self._marks[mark]
        index = bisect_left(positions, start)
        return positions[index] if index < len(positions) else -1


def _find_marks(text: str) -> dict[str, list[int]]:
    r"""Return the positions of `$`, `$$`, `\)`, `\]` and empty lines; none behind a backslash of its own."""
    found: dict[str, list[int]] = {"$": [], "$$": [], "\\)": [], "\\]": [], "\n": []}
    dollars = found["$"]
    for match in _MARK.finditer(text):
        mark, start = match[0], match.start()
        if mark == "$":
            if dollars and dollars[-1] == start - 1:
                found["$$"].append(start - 1)
            dollars.append(start)
        elif mark in found:
            found[mark].append(start)
        elif mark[0] == "\n":
            found["\n"].append(start)
    return found


def end_of_formula(lines: list[str], line: int, text: str) -> int:
    """Return the last line of the formula over several lines that begins in a line with a text, 0 if none does."""
    closing = "$$" if text[0] == "$" else "\\]"
    if closing in text[2:]:
        return 0
    for number in range(line, len(lines)):
        words = lines[number].strip(" \t>")
        if closing in words:
            return number + 1
        if not words:
            return 0
    return 0

"""Emphasis, strong emphasis, strikethrough and marked text, by runs of delimiters (CommonMark 6.2, GFM 6.5)."""

from __future__ import annotations

import unicodedata

_WRAPPED_ONCE = {"~": "del", "=": "mark"}


class Run:
    """A run of delimiters, of which `count` are left as text.

    `ends` is how many elements end before that, `starts` the tags of those that start behind it, the innermost first.
    """

    __slots__ = ("attributes", "can_close", "can_open", "count", "ends", "length", "place", "sign", "starts")

    def __init__(self, sign: str, place: int, length: int, can_open: bool, can_close: bool) -> None:
        self.sign, self.place, self.length, self.count = sign, place, length, length
        self.can_open, self.can_close = can_open, can_close
        self.ends = 0
        self.starts: list[str] = []
        self.attributes = ""
        """An attribute list behind it, for the element that ends here."""


def read_run(text: str, start: int, end: int) -> Run:
    """Return the run of delimiters in a stretch of a text; it opens and closes by what flanks it (6.2)."""
    sign = text[start]
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    if "~" in (before, after) and sign != "~":  # as on GitHub, tildes do not flank
        left, right = start, end
        while left and text[left - 1] == "~":
            left -= 1
        while right < len(text) and text[right] == "~":
            right += 1
        before, after = text[left - 1] if left else "\n", text[right] if right < len(text) else "\n"
    if before.isalnum() and after.isalnum():
        return Run(sign, start, end - start, sign != "_", sign != "_")
    before_space, after_space = before.isspace(), after.isspace()
    before_sign, after_sign = not before_space and _is_sign(before), not after_space and _is_sign(after)
    left = not after_space and (not after_sign or before_space or before_sign)
    right = not before_space and (not before_sign or after_space or after_sign)
    if sign == "_":
        can_open, can_close = left and (not right or before_sign), right and (not left or after_sign)
    else:
        can_open, can_close = left, right
    return Run(sign, start, end - start, can_open, can_close)


def _is_sign(character: str) -> bool:
    return not character.isalnum() and unicodedata.category(character)[0] in "PS"


def match_runs(runs: list[Run], bottom: int) -> None:
    """Pair the runs from an index on, and remove them from the list ("process emphasis" of the appendix)."""
    lowest: dict[tuple[str, int, bool], int] = {}
    """For each sort of closer, the index in the stack below which no opener is."""
    stack: list[Run] = []
    for run in runs[bottom:]:
        if run.can_close:
            _close_with(run, stack, lowest)
        if run.can_open and run.count:
            stack.append(run)
    del runs[bottom:]


def _close_with(closer: Run, stack: list[Run], lowest: dict[tuple[str, int, bool], int]) -> None:
    while closer.count:
        sort = (closer.sign, closer.length % 3, closer.can_open)
        floor = lowest.get(sort, 0)
        index = len(stack) - 1
        while index >= floor and not _fits(stack[index], closer):
            index -= 1
        if index < floor:
            lowest[sort] = len(stack)
            return
        opener = stack[index]
        if opener.sign in _WRAPPED_ONCE and opener.length != closer.length:
            closer.can_open = False  # as on GitHub, both are text
            _cut(stack, index, lowest)
            return
        _wrap(opener, closer)
        _cut(stack, index + (1 if opener.count else 0), lowest)


def _cut(stack: list[Run], length: int, lowest: dict[tuple[str, int, bool], int]) -> None:
    del stack[length:]
    for sort, floor in lowest.items():
        if floor > length:
            lowest[sort] = length


def _fits(opener: Run, closer: Run) -> bool:
    if opener.sign != closer.sign:
        return False
    either = opener.can_close or closer.can_open
    return not (either and (opener.length + closer.length) % 3 == 0 and (opener.length % 3 or closer.length % 3))


def _wrap(opener: Run, closer: Run) -> None:
    if opener.sign in _WRAPPED_ONCE:
        tag, used = _WRAPPED_ONCE[opener.sign], opener.count
    else:
        used = 2 if opener.count >= 2 and closer.count >= 2 else 1
        tag = "strong" if used == 2 else "em"
    opener.count -= used
    closer.count -= used
    opener.starts.append(tag)
    closer.ends += 1

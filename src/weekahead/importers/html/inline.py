"""Write the words of a block with their emphasis, links and code, so that each delimiter means what it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from weekahead.importers.html.escapes import escape_text, no_address
from weekahead.importers.html.pieces import Begin, Break, End, Piece, Token
from weekahead.markdown.bare_links import trim_address, web_link
from weekahead.markdown.emphasis import read_run

_SPACES = " \t\n"
LINE_START = "\U00100002"
"""Stands where the words of a line begin behind a line break and the marks of its containers."""
_AFTER_ADDRESS = re.compile(r"[.,;:!?)\"'”’»]*(?:\s|$)")


def write_tokens(tokens: Iterable[Token], *, maths: bool = False) -> str:
    """Return the Markdown of the words of one block."""
    ordered = _ordered(tokens)
    return _Writer(ordered, maths).write()


class _Ordered:
    """Collects tokens without elements that hold nothing, and with white space outside of elements."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self._pending: list[Begin] = []
        self._open: list[Begin | None] = []

    def add(self, token: Token) -> None:
        """Add the next token."""
        if isinstance(token, Begin):
            self._pending.append(token)
        elif isinstance(token, End):
            self._end()
        elif isinstance(token, Break):
            self.tokens.append(token)
        elif isinstance(token, Piece):
            self._begin_pending()
            self.tokens.append(token)
        else:
            self._add_text(token)

    def _add_text(self, text: str) -> None:
        words = text.lstrip(_SPACES)
        if len(words) < len(text):
            self._join(" ")
        if words:
            self._begin_pending()
            self._join(words)

    def _join(self, text: str) -> None:
        last = self.tokens[-1] if self.tokens else ""
        if isinstance(last, str) and self.tokens:
            self.tokens[-1] = last if text == " " and last.endswith(" ") else last + text
        elif text != " " or (self.tokens and not isinstance(self.tokens[-1], Break)):
            self.tokens.append(text)

    def _begin_pending(self) -> None:
        for begin in self._pending:
            is_within = any(begin.raw == other.raw for other in self._open if other) and (begin.sign or begin.is_link)
            last = self.tokens[-1] if self.tokens else None
            if is_within:
                self._open.append(None)
                continue
            if isinstance(last, End) and last.begin == begin and (begin.sign or begin.is_link):
                self.tokens.pop()
            else:
                self.tokens.append(begin)
            self._open.append(begin)
        self._pending.clear()

    def _end(self) -> None:
        if self._pending:
            self._pending.pop()
            return
        begin = self._open.pop()
        if begin is None:
            return
        after: list[Token] = []
        while self.tokens and isinstance(self.tokens[-1], Break):
            after.append(self.tokens.pop())
        last = self.tokens[-1] if self.tokens else None
        if isinstance(last, str) and last.endswith(" "):
            after.append(" ")
            self.tokens.pop()
            if last != " ":
                self.tokens.append(last[:-1])
        self.tokens.append(End(begin))
        self.tokens += reversed(after)


def _ordered(tokens: Iterable[Token]) -> list[Token]:
    collected = _Ordered()
    for token in tokens:
        collected.add(token)
    kept = collected.tokens
    while kept and (isinstance(kept[-1], Break) or kept[-1] == " "):
        kept.pop()
    while kept and (isinstance(kept[0], Break) or kept[0] == " "):
        del kept[0]
    return kept


class _Writer:
    """Writes tokens, each by what stands beside it."""

    def __init__(self, tokens: Sequence[Token], maths: bool) -> None:
        self._tokens, self._maths = tokens, maths
        self._written: list[str] = []
        self._links = 0

    def write(self) -> str:
        """Return the Markdown."""
        ends = _ends(self._tokens)
        forms: dict[int, str] = {}
        for number, token in enumerate(self._tokens):
            if isinstance(token, Begin):
                begin, end = self._form(number, ends[number], token)
                forms[ends[number]] = end
                self._links += token.is_link
                self._written.append(begin)
            elif isinstance(token, End):
                self._links -= token.begin is not None and token.begin.is_link
                self._written.append(forms[number])
            elif isinstance(token, Break):
                self._written.append(f"\\\n{token.prefix}{LINE_START}")
            elif isinstance(token, Piece):
                self._written.append(self._piece(token.markdown))
            else:
                self._write_text(number, token)
        return "".join(self._written)

    def _piece(self, markdown: str) -> str:
        """Return a piece; between code and code a comment, since their backticks would be one row."""
        return f"<!-- -->{markdown}" if markdown[:1] == "`" and self._last.endswith("`") else markdown

    @property
    def _last(self) -> str:
        return next((words for words in reversed(self._written) if words), "")

    def _form(self, start: int, end: int, begin: Begin) -> tuple[str, str]:
        """Return how an element begins and ends: by a delimiter if that means something where it stands, else by tags."""
        if not begin.sign:
            return begin.raw, begin.end
        beside = [self._tokens[at] for at in (start - 1, start + 1, end - 1, end + 1) if 0 <= at < len(self._tokens)]
        others = {_sign(token) for token in beside}
        sign = begin.sign
        if sign == "~~" and any(isinstance(token, Begin | End) for token in beside):
            return begin.raw, begin.end  # what stands beside tildes is looked for beyond them
        if sign == "*" and (others - {""} or self._is_link(start + 1)):
            sign = "_"  # `*[` could begin an abbreviation
        if (sign == "_" and "*" in others) or (sign == "**" and "**" in others) or not self._flanks(sign, start, end):
            return begin.raw, begin.end
        return sign, sign

    def _is_link(self, at: int) -> bool:
        token = self._tokens[at]
        return isinstance(token, Begin) and token.is_link

    def _flanks(self, sign: str, start: int, end: int) -> bool:
        opener = f"{self._last_of(start - 1)}{sign}{self._first_of(start + 1)}"
        closer = f"{self._last_of(end - 1)}{sign}{self._first_of(end + 1)}"
        if sign == "==" and "=" in (opener[0], opener[-1], closer[0], closer[-1]):
            return False
        return (
            read_run(opener, 1, 1 + len(sign)).can_open
            and read_run(closer, 1, 1 + len(sign)).can_close
            and opener[0] not in sign
            and closer[-1] not in sign
        )

    def _last_of(self, at: int) -> str:
        token = self._tokens[at] if at >= 0 else "\n"
        if isinstance(token, str):
            return ">" if any(end == len(token) for _, end in self._addresses(token)) else token[-1:]
        return token.markdown[-1:] or " " if isinstance(token, Piece) else "\n" if isinstance(token, Break) else "("

    def _first_of(self, at: int) -> str:
        token = self._tokens[at] if at < len(self._tokens) else "\n"
        if isinstance(token, str):
            return "<" if any(start == 0 for start, _ in self._addresses(token)) else token[:1]
        if isinstance(token, Begin):
            return "[" if token.is_link else "<"
        return token.markdown[:1] or " " if isinstance(token, Piece) else "\\" if isinstance(token, Break) else ")"

    def _addresses(self, text: str) -> Iterable[tuple[int, int]]:
        """Return where the bare addresses of a text are; within a link there are none."""
        return () if self._links else bare_addresses(text)

    def _write_text(self, number: int, text: str) -> None:
        before = self._last[-1:]
        after = self._first_of(number + 1) if number + 1 < len(self._tokens) else ""
        if self._links or "://" not in text:
            self._written.append(escape_text(text, before, after, maths=self._maths, in_brackets=self._links > 0))
            return
        done = 0
        for start, end in bare_addresses(text):
            is_beside = start == 0 and number > 0 and isinstance(self._tokens[number - 1], Begin | End)
            address = f"<{text[start:end]}>" if is_beside else _address(text, start, end, after)
            self._written.append(self._escape_between(text[done:start], before, address[0]))
            self._written.append(address)
            before, done = ">", end
        self._written.append(self._escape_between(text[done:], before, after))

    def _escape_between(self, text: str, before: str, after: str) -> str:
        """Return words between addresses as Markdown; what only looks like an address stays words."""
        return no_address(escape_text(text, before, after, maths=self._maths))


def _sign(token: Token) -> str:
    begin = token if isinstance(token, Begin) else token.begin if isinstance(token, End) else None
    return begin.sign if begin is not None and begin.sign in ("*", "**") else ""


def _ends(tokens: Sequence[Token]) -> dict[int, int]:
    """Return the place of the end of each beginning."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for number, token in enumerate(tokens):
        if isinstance(token, Begin):
            opened.append(number)
        elif isinstance(token, End):
            ends[opened.pop()] = number
    return ends


def bare_addresses(text: str) -> Iterable[tuple[int, int]]:
    """Yield where the bare addresses of a text are, of which our Markdown makes links. None holds a `>`."""
    last = at = 0
    while (at := text.find("://", at)) >= 0:
        found = web_link(text, at, last)
        at += 3
        if found:
            start, end = found
            if (sign := text.find(">", start, end)) >= 0:
                end = start + len(trim_address(text[start:sign]))
            last = at = max(end, at)
            yield start, end


def _address(text: str, start: int, end: int, after: str) -> str:
    """Return a bare address, in angle brackets where what follows could be read as a part of it."""
    following = _AFTER_ADDRESS.match(text, end)
    if following and (following[0][-1:].isspace() or not after or after.isspace()):
        return text[start:end]
    return f"<{text[start:end]}>"

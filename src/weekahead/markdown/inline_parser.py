"""Split the text of a paragraph, heading or cell into inline tokens (CommonMark 6, GFM 6.5 and 6.9).

One pass from left to right: each character that may mean something has a method, which adds tokens and returns the place
behind what it has read. Brackets and runs of delimiters are paired afterwards. Nothing is read more than a fixed number of
times, so the work grows as the text does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from weekahead.markdown.attribute_lists import ATTRIBUTE_LIST, read_attributes
from weekahead.markdown.bare_links import LONGEST_NAME, mail_link, web_link, www_link
from weekahead.markdown.emoji import emoji_for
from weekahead.markdown.emphasis import Run, match_runs, read_run
from weekahead.markdown.html_blocks import TAG, raw_html
from weekahead.markdown.inline_spans import InlineSpan, missing_target
from weekahead.markdown.link_parts import (
    ANGLE_LINK,
    ANGLE_MAIL,
    ENTITY,
    PUNCTUATION,
    SIMPLE_DESTINATION,
    Definition,
    entity_character,
    normalize_address,
    normalize_label,
    read_inline_target,
    read_label,
)
from weekahead.markdown.maths import Formula, FormulaFinder
from weekahead.markdown.tokens import Bracket, Token, plain_text

if TYPE_CHECKING:
    from weekahead.markdown.citations import Citations

_Target = tuple[str, str | None, int, str, int, int]
"""Address, title and end of what follows a link; inline or reference; where the address is, for a reference in the source."""

_SPECIAL = re.compile(r"[\\`*_~=\[\]!<&:\n@$]")
_SPECIAL_OR_W = re.compile(r"[\\`*_~=\[\]!<&:\n@$w]")
_ESCAPED = re.compile(rf"[{PUNCTUATION}]")
_DOLLARS = re.compile(r"\$+")
_BACKTICKS = re.compile("`+")
_RUNS = {sign: re.compile(re.escape(sign) + "+") for sign in "*_~="}
_NOTE_MARK = re.compile(r"\[\^([^\[\]\s]+)\]")
_ANCHOR = re.compile(r"<(/?)[aA][\s>/]")
_MAIL_SCHEME = re.compile("(?:mailto|xmpp):$")
_EMOJI = re.compile(r":([a-z0-9_+-]{1,40}):")
_WORDLESS = "'\"-."
"""Marks that an escape keeps from the typographer."""


class InlineParser:
    """Parses texts that share definitions of references and footnotes."""

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        note_mark: Callable[[str], dict[str, str] | None] = lambda label: None,
        write_formula: Callable[[Formula], str] | None = None,
        spans: list[InlineSpan | Run] | None = None,
        citations: Citations | None = None,
    ) -> None:
        """`note_mark` returns the attributes of the mark of a footnote, if there is one of that label; `write_formula`
        returns a formula as HTML, where formulas are wanted. To `spans`, if given, is added where things are in each text.
        `citations` reads those of a text that has a bibliography."""
        self._definitions, self._note_mark, self._write_formula = definitions, note_mark, write_formula
        self._spans, self._citations = spans, citations

    def parse(self, text: str) -> list[Token]:
        """Return the tokens of a text, whose lines have no spaces before them."""
        special = _SPECIAL_OR_W if "www." in text else _SPECIAL
        if special.search(text) is None:
            return [text]
        self._text, self._tokens = text, list[Token]()
        self._brackets: list[Bracket] = []
        self._linked = 0
        """How many of the open brackets, from the outermost, have a link in them and cannot become one."""
        self._runs: list[Run] = []
        self._ticks: dict[int, list[int]] | None = None
        self._missing: set[str] = set()
        self._formulas: FormulaFinder | None = None
        self._is_in_anchor = self._may_end_in_underscore = False
        place, tokens, search = 0, self._tokens, special.search
        while match := search(text, place):
            start = match.start()
            if start > place:
                tokens.append(text[place:start])
            self._before = place
            place = _READERS[text[start]](self, start)
        if place < len(text):
            tokens.append(text[place:])
        if self._runs:
            match_runs(self._runs, 0)
        return tokens

    def _record(self, kind: str, start: int, end: int) -> None:
        if self._spans is not None:
            self._spans.append(InlineSpan(kind, start, end))

    def _word(self, start: int, end: int) -> int:
        """Add a stretch of the text as it is, and return its end."""
        self._tokens.append(self._text[start:end])
        return end

    # -- escapes, entities, line endings, code

    def _read_backslash(self, start: int) -> int:
        following = self._text[start + 1 : start + 2]
        if following == "\n":
            self._tokens += [("br", {}, ""), "\n"]
            return start + 2
        if self._write_formula and following in ("(", "[") and (end := self._read_formula(start)) > start + 1:
            return end
        if not following or not _ESCAPED.match(following):
            return self._word(start, start + 1)
        self._tokens.append(("", {}, following) if following in _WORDLESS else following)
        return start + 2

    def _read_entity(self, start: int) -> int:
        match = ENTITY.match(self._text, start)
        character = entity_character(*match.groups()) if match else None
        if match is None or character is None:
            return self._word(start, start + 1)
        self._tokens.append(("", {}, character) if character in _WORDLESS else character)
        return match.end()

    def _read_line_end(self, start: int) -> int:
        last = self._tokens[-1] if self._tokens else None
        if isinstance(last, str) and last.endswith(" ") and self._before < start:
            self._tokens[-1] = last.rstrip(" ")
            if last.endswith("  "):
                self._tokens.append(("br", {}, ""))
        self._tokens.append("\n")
        return start + 1

    def _read_code(self, start: int) -> int:
        if self._ticks is None:
            self._ticks = {}
            for run in _BACKTICKS.finditer(self._text, start):
                self._ticks.setdefault(run.end() - run.start(), []).append(run.start())
        match = _BACKTICKS.match(self._text, start)
        assert match is not None
        begin = match.end()
        closers = self._ticks.get(begin - start, ())
        index = bisect_right(closers, start)
        if index == len(closers):
            self._record("open-code", start, begin)
            return self._word(start, begin)
        end = closers[index]
        self._record("code", start, end + begin - start)
        code = self._text[begin:end].replace("\n", " ")
        if code[0] == code[-1] == " " and code.strip(" "):
            code = code[1:-1]
        attributes: dict[str, str] = {}
        self._tokens.append(("code", attributes, code))
        return self._attach(attributes, end + begin - start)

    def _attach(self, attributes: dict[str, str], place: int) -> int:
        """Add an attribute list that follows an element to its attributes; return the place behind it."""
        if self._text.startswith("{", place) and (match := ATTRIBUTE_LIST.match(self._text, place)):
            attributes.update(read_attributes(match[1]))
            return match.end()
        return place

    def _read_formula(self, start: int) -> int:
        if self._write_formula is None:
            return self._word(start, start + 1)
        if self._formulas is None:
            self._formulas = FormulaFinder(self._text)
        formula = self._formulas.at(start)
        if formula is None:  # then all dollars that stand together are text
            match = _DOLLARS.match(self._text, start)
            return self._word(start, match.end()) if match else start
        self._record("formula", start, formula.end)
        self._tokens.append(("raw", {}, self._write_formula(formula)))
        return formula.end

    # -- emphasis

    def _read_run(self, start: int) -> int:
        text, sign = self._text, self._text[start]
        match = _RUNS[sign].match(text, start)
        assert match is not None
        end = match.end()
        if (sign == "~" and end - start > 2) or (sign == "=" and end - start != 2):
            return self._word(start, end)
        run = read_run(text, start, end)
        if not run.can_open and not run.can_close:
            return self._word(start, end)
        self._runs.append(run)
        self._may_end_in_underscore |= sign == "_" and run.can_open
        self._tokens.append(run)
        if self._spans is not None:
            self._spans.append(run)
        if run.can_close and text.startswith("{", end) and (attributes := ATTRIBUTE_LIST.match(text, end)):
            run.attributes = attributes[0]
            return attributes.end()
        return end

    # -- HTML and links in angle brackets

    def _read_angle(self, start: int) -> int:
        text = self._text
        if match := TAG.match(text, start):
            self._tokens.append(("raw", {}, match[0]))
            self._record("raw", start, match.end())
            if anchor := _ANCHOR.match(match[0]):
                self._is_in_anchor = not anchor[1]
            return match.end()
        if match := ANGLE_LINK.match(text, start):
            self._record("angle", start, match.end())
            return self._link_words(normalize_address(match[1]), match[1], match.end())
        if match := ANGLE_MAIL.match(text, start):
            self._record("angle", start, match.end())
            return self._link_words(f"mailto:{match[1]}", match[1], match.end())
        return self._read_raw(start)

    def _link_words(self, address: str, words: str, end: int) -> int:
        self._tokens.append(("a", {"href": address}, words))
        return end

    def _read_raw(self, start: int) -> int:
        """Read a comment, an instruction, a declaration or CDATA; one that never ends is text."""
        opening, end = raw_html(self._text, start, self._missing)
        if end < 0:
            if opening:
                self._record(f"open-{opening}", start, start + len(opening))
            return self._word(start, start + 1)
        self._record("raw", start, end)
        self._tokens.append(("raw", {}, self._text[start:end]))
        return end

    # -- bare links and emoji

    def _read_colon(self, start: int) -> int:
        text = self._text
        if text.startswith("://", start):
            found = web_link(text, start, self._before)
            if found:
                return self._bare_link(start, *found)
            self._record("unlinked", start, start + 3)
        elif (match := _EMOJI.match(text, start)) and (emoji := emoji_for(match[1])):
            self._tokens.append(emoji)
            return match.end()
        return self._word(start, start + 1)

    def _read_w(self, start: int) -> int:
        found = www_link(self._text, start) if self._text.startswith("www.", start) else None
        return self._bare_link(start, *found, "http://") if found else self._word(start, start + 1)

    def _read_at(self, start: int) -> int:
        if self._citations and (found := self._citations.read_at(self._text, start)):
            self._tokens.append(found[0])
            return found[1]
        begin, place = start, len(self._tokens)
        while place and start - begin < LONGEST_NAME:  # the name may hold marks that are text
            token = self._tokens[place - 1]
            if not isinstance(token, str) or not self._text.endswith(token, 0, begin):
                break
            begin, place = begin - len(token), place - 1
        link = mail_link(self._text, start, begin)
        if link is None:
            return self._word(start, start + 1)
        name, end = link
        if self._may_end_in_underscore:
            end = start + len(self._text[start:end].rstrip("_"))
        if scheme := _MAIL_SCHEME.search(self._text, begin, name):
            return self._bare_link(start, scheme.start(), end)
        return self._bare_link(start, name, end, "mailto:")

    def _bare_link(self, sign: int, start: int, end: int, scheme: str = "") -> int:
        """Add the link of a bare address, whose first characters, before its sign, are at the end of the tokens."""
        is_text = self._is_in_anchor or (self._brackets and scheme != "mailto:")
        self._record("address" if is_text else "bare", start, end)
        if is_text:
            return self._word(sign, sign + 1)  # GitHub makes no links of addresses behind an open bracket
        while sign > start:
            last = self._tokens.pop()
            assert isinstance(last, str)
            rest = last[: max(0, len(last) - (sign - start))]
            sign -= len(last) - len(rest)
            if rest:
                self._tokens.append(rest)
        words = self._text[start:end]
        return self._link_words(normalize_address(scheme + words), words, end)

    # -- brackets (6.3, 6.4)

    def _read_bang(self, start: int) -> int:
        if not self._text.startswith("[", start + 1):
            return self._word(start, start + 1)
        return self._open_bracket(start, start + 2, is_image=True)

    def _read_bracket(self, start: int) -> int:
        if self._text.startswith("^", start + 1) and (mark := _NOTE_MARK.match(self._text, start)):
            attributes = self._note_mark(mark[1])
            if attributes is not None:
                self._tokens.append(("note", attributes, mark[1]))
                return mark.end()
        if self._citations and (found := self._citations.read_brackets(self._text, start)):
            self._tokens.append(found[0])
            return found[1]
        return self._open_bracket(start, start + 1, is_image=False)

    def _open_bracket(self, start: int, end: int, *, is_image: bool) -> int:
        if self._brackets:
            self._brackets[-1].has_inner = True
        self._brackets.append(Bracket(end, len(self._tokens), len(self._runs), is_image))
        self._tokens.append("![" if is_image else "[")
        return end

    def _close_bracket(self, start: int) -> int:
        if not self._brackets:
            return self._word(start, start + 1)
        opener, depth = self._brackets.pop(), len(self._brackets)
        may_link = opener.is_image or depth >= self._linked
        target = self._read_target(opener, start) if may_link else None
        self._linked = min(self._linked, depth)
        if target is None:
            if may_link and self._spans is not None:
                self._spans += missing_target(self._text, opener.place, start, opener.is_image)
            return self._word(start, start + 1)
        address, title, end, kind, first, last = target
        if self._spans is not None:
            begin = opener.place - 1 - opener.is_image
            self._spans.append(InlineSpan(kind, begin, end, (opener.place, start), (first, last), opener.is_image))
        attributes = {"href": address} if not opener.is_image else {"src": address, "alt": ""}
        if title:
            attributes["title"] = title
        if len(self._runs) > opener.runs:
            match_runs(self._runs, opener.runs)
        if opener.is_image:
            self._make_image(opener, attributes)
        else:
            self._make_link(opener, attributes)
        return self._attach(attributes, end)

    def _make_link(self, opener: Bracket, attributes: dict[str, str]) -> None:
        """Turn the tokens behind an open bracket into a link. No link holds another."""
        tokens = self._tokens
        tokens[opener.token] = ("a", attributes)
        for place in range(opener.token + 1, len(tokens)):
            token = tokens[place]
            if isinstance(token, tuple) and len(token) == 3 and token[0] == "a":
                tokens[place] = ("", {}, token[2])
        tokens.append(None)
        self._linked = len(self._brackets)

    def _make_image(self, opener: Bracket, attributes: dict[str, str]) -> None:
        attributes["alt"] = plain_text(self._tokens[opener.token + 1 :])
        del self._tokens[opener.token :]
        self._tokens.append(("img", attributes, ""))

    def _read_target(self, opener: Bracket, start: int) -> _Target | None:
        """Return the target of the text of a link or image that a bracket closes."""
        text = self._text
        if match := SIMPLE_DESTINATION.match(text, start + 1):
            end = match.end()
            return match[1], None, end, "inline", start + 2, end - 1
        if text.startswith("(", start + 1) and (target := read_inline_target(text, start + 2)):
            return target[0], target[1], target[2], "inline", target[3], target[4]
        label = read_label(text, start + 1) if text.startswith("[", start + 1) else None
        if label:
            name, end = label
        elif opener.has_inner:
            return None
        else:
            name, end = text[opener.place : start], start + 1
            if text.startswith("[]", end):
                end += 2
        found = self._definitions.get(normalize_label(name)) if self._definitions and len(name) < 1000 else None
        return (found.address, found.title, end, "reference", found.start, found.end) if found else None


_READERS: dict[str, Callable[[InlineParser, int], int]] = {
    "\\": InlineParser._read_backslash,
    "&": InlineParser._read_entity,
    "\n": InlineParser._read_line_end,
    "`": InlineParser._read_code,
    "$": InlineParser._read_formula,
    **dict.fromkeys("*_~=", InlineParser._read_run),
    "<": InlineParser._read_angle,
    ":": InlineParser._read_colon,
    "w": InlineParser._read_w,
    "@": InlineParser._read_at,
    "!": InlineParser._read_bang,
    "[": InlineParser._read_bracket,
    "]": InlineParser._close_bracket,
}

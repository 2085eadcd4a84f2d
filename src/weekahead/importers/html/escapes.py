"""Escapes: a backslash before each mark of a text that would mean something in our Markdown, and before no other.

Numbers of sections are CommonMark's. A text comes with the characters around it, since most marks mean something only
beside others.
"""

from __future__ import annotations

import re

from weekahead.markdown.attribute_lists import ATTRIBUTE_LIST

_EMOJI = re.compile(r":[a-z0-9_+-]{1,40}:")
_ENTITY = re.compile(r"&#?[A-Za-z0-9]+;")
_TAG = re.compile(r"<[A-Za-z/!?]")
_PLAIN_BRACKETS = re.compile(r"\[(?![xX ]?\])(?:[^\W_]|[ ,.'’“”\"–—…-])+\](?![(\[:{])")
_MAIL = re.compile(r"@[A-Za-z0-9_-]+\.[A-Za-z]|@\{|@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_ADDRESS = re.compile(r"(https?|ftp):(?=//[\w\\-])", re.IGNORECASE)
_LINE_START = re.compile(r"(?:#{1,6}|[-+*]|\d{1,9}[.)])(?=[ \t]|$)|:(?=[ \t]|$)|>|///|~~~|(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"(?:_[ \t]*){3,}$|(?=[|:]*-)[|:][-|:\t ]*$|-[-|:\t ]*$")
"""A line that could be a rule, or the row of delimiters of a table."""
_HEADING_END = re.compile(r"(?:^|[ \t])(#+)[ \t]*$")
_WWW = re.compile(r"www\.(?=\S)", re.IGNORECASE)


def escape_text(text: str, before: str = "", after: str = "", *, maths: bool = False, in_brackets: bool = False) -> str:
    """Return the words of a text as Markdown, in a line that goes on before and after it."""
    if not _SUSPECT.search(text):
        return text
    written: list[str] = []
    done, whole = 0, text + after
    for match in _SUSPECT.finditer(text):
        at = match.start()
        if at < done:
            continue
        written.append(text[done:at])
        plain = _PLAIN_BRACKETS.match(whole, at) if text[at] == "[" and not in_brackets else None
        if plain and plain.end() <= len(text):
            written.append(plain[0])
            done = plain.end()
            continue
        is_formula = maths and text[at] == "["  # `\\[` begins a formula then
        escaped = "&#91;" if is_formula else f"\\{text[at]}"
        written.append(escaped if _means(whole, at, text[at - 1] if at else before, maths) else text[at])
        done = at + 1
    written.append(text[done:])
    return "".join(written)


_SUSPECT = re.compile(r"[\\`*_~=\[\]!<&:{$@^.|]")


def escape_line(words: str, *, maths: bool) -> str:
    """Return the words of a title, in which an address is no link, as one line of Markdown."""
    return no_address(escape_text(" ".join(words.split()), maths=maths))


def no_address(markdown: str) -> str:
    """Return Markdown whose words that look like an address are none."""
    return _ADDRESS.sub(r"\1\\:", markdown)


def _means(text: str, at: int, left: str, maths: bool) -> bool:
    """Return whether the mark at a place of a text means something there; `left` is the character before it."""
    sign, right = text[at], text[at + 1 : at + 2]
    if sign in "*~":
        return not (left.isspace() and right.isspace() and left and right)
    if sign == "_":
        is_within = left.isalnum() and right.isalnum()
        return not is_within and not (left.isspace() and right.isspace())
    if sign == "\\":
        return right == "" or right == "\n" or (right.isascii() and not right.isalnum() and not right.isspace())
    if sign == "!":
        return right == "["
    if sign == "^":
        return at == 0 and left == "["  # the text of a link could be the mark of a footnote
    if sign == "=":
        return left == "=" or right == "="
    if sign == "$":
        return maths
    if sign == ".":
        return text[max(0, at - 3) : at].lower() == "www" and not right.isspace() and right != ""
    pattern = _PATTERNS.get(sign)
    return pattern is None or pattern.match(text, at) is not None


_PATTERNS = {
    "<": _TAG,
    "&": _ENTITY,
    ":": _EMOJI,
    "{": ATTRIBUTE_LIST,
    "@": _MAIL,
    "|": re.compile("(?!)"),
}


def escape_line_start(line: str) -> str:
    """Return a line of Markdown, without its containers' marks, that begins no block but a paragraph."""
    match = _LINE_START.match(line)
    if match:
        at = match.end() - 1 if match[0][-1] in ".)" else 0
        return f"{line[:at]}\\{line[at:]}"
    return f"\\{line}" if _RULE.match(line) and line[0] not in " \t\\" else line


def escape_heading_end(words: str) -> str:
    """Return the words of a heading that end in no row of `#` (4.2)."""
    match = _HEADING_END.search(words)
    return f"{words[: match.start(1)]}\\{words[match.start(1) :]}" if match else words


_SIMPLE = re.compile(r"(?:[^\s<>()]|\([^\s<>()]*\))+")
_UNSAFE = {" ": "%20", "<": "%3C", ">": "%3E", "\\": "%5C", "\n": "", "\t": "", "\r": ""}


def destination(address: str) -> str:
    """Return an address as it stands in a link or a picture (6.3)."""
    address = "".join(_UNSAFE.get(sign, sign) for sign in address)
    address = re.sub(r"&(?=#?[A-Za-z0-9]+;)", "&amp;", address)
    return address if _SIMPLE.fullmatch(address) else f"<{address}>"


def title(words: str) -> str:
    """Return the title of a link or a picture, with a space before it; "" for none."""
    words = " ".join(words.split())
    if not words:
        return ""
    words = re.sub(r"&(?=#?[A-Za-z0-9]+;)", "&amp;", re.sub(r'(\\)(?=[!-/:-@\[-`{-~]|$)|(")', r"\\\1\2", words))
    return f' "{words}"'

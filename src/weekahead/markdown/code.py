"""Code blocks, highlighted by Pygments."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any

_LANGUAGE = re.compile(r"[{. ]*([\w#+.-]*)")
_LINE = re.compile("[0-9]{1,6}")
_OPTION = re.compile(r"""(hl_lines|linenums|title)=(?:"([^"]*)"|'([^']*)'|(\S+))""")


def highlighted(code: str, info: str) -> str:
    """Return a code block as HTML. The first word of the info string is its language; a language that Pygments does not
    know, and none, give the code as it is.

    Options behind the language: `hl_lines="2 4-5"`, `linenums="1"`, `title="file.py"`.
    """
    match = _LANGUAGE.match(info)
    lexer = _lexer(match[1].lower()) if match and match[1] else None
    rest = info.partition(" ")[2]
    options = {name: first or second or third for name, first, second, third in _OPTION.findall(rest)} if rest else {}
    if lexer is None and not options:
        return f'<div class="highlight"><pre><span></span><code>{escape(code, quote=False)}</code></pre></div>'
    from pygments import highlight
    from pygments.lexers.special import TextLexer

    formatter = _formatter(**_formatter_options(options)) if options else _plain_formatter()
    html: str = highlight(code, lexer or TextLexer(stripnl=False), formatter)
    return html.rstrip("\n")


@lru_cache(maxsize=1)
def _plain_formatter() -> Any:
    return _formatter()


def _formatter(**options: Any) -> Any:
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(cssclass="highlight", wrapcode=True, **options)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


def _formatter_options(options: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "title" in options:
        found["filename"] = options["title"]
    if _LINE.fullmatch(options.get("linenums", "")):
        found |= {"linenos": "table", "linenostart": int(options["linenums"])}
    if "hl_lines" in options:
        found["hl_lines"] = [line for part in options["hl_lines"].split() for line in _lines(part)]
    return found


def _lines(part: str) -> list[int]:
    first, _, last = part.partition("-")
    if not _LINE.fullmatch(first) or (last and not _LINE.fullmatch(last)):
        return []
    return list(range(int(first), min(int(last or first), int(first) + 1000) + 1))

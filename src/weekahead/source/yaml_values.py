"""Values as YAML: a text in quotes where it needs them, and an item of a list."""

from __future__ import annotations

import json
import re

_ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that end a line or cannot be printed in YAML 1.1."""

FREE_TEXT = ("title", "series", "notes")
"""The keys whose values may need quotes."""


def in_quotes(words: str) -> str:
    """Return a text in double quotes, in one line."""
    return _ODD.sub(lambda odd: f"\\u{ord(odd[0]):04x}", json.dumps(words, ensure_ascii=False))


def quoted(text: str, *, inline: bool = False) -> str:
    """Return a text as a YAML value, in quotes where it needs them; inside braces more characters do."""
    special = r":#\[\]{},&*!|>'\"%@`\\" if inline else r":#\[\]{}&*!|>'\"%@`\\"
    is_plain = re.fullmatch(rf"[^\W\d_][^\n{special}]*", text) and text == text.strip()
    is_keyword = text.lower() in ("null", "true", "false", "yes", "no", "on", "off")
    return text if is_plain and not is_keyword else in_quotes(text)


def is_quoted_by_habit(value: str) -> bool:
    """Return whether a value has double quotes that it does not need."""
    return bool(re.fullmatch(r'"[^"\\\n]*"', value)) and quoted(value[1:-1], inline=True) == value[1:-1]


def written_item(dash: str, values: dict[str, str], inline: bool, model: str = "") -> str:
    """Return an item without its line end, its keys in the columns they have in a model line where they fit."""
    if "" in values:
        return f"{dash}{quoted(values[''], inline='-' not in dash)}"
    shown = {key: quoted(value, inline=inline) if key in FREE_TEXT else value for key, value in values.items()}
    if not inline:
        return dash + ("\n" + " " * len(dash)).join(f"{key}: {value}" for key, value in shown.items())
    line = dash + "{"
    for index, (key, value) in enumerate(shown.items()):
        if index:
            found = re.search(rf", +(?={key}:)", model)
            line += "," + " " * max(1, (found.end() if found else 0) - len(line) - 1)
        line += f"{key}: {value}"
    return line + "}"

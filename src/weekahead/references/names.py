"""The names of BibTeX as those of CSL-JSON: families, particles, given names, and bodies in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weekahead.references.latex import plain_latex

Name = dict[str, str]

LONGEST = 1000
"""Characters of a name; what is longer is none."""


def read_names(value: str, *, keeps_particle: bool = False) -> list[Name]:
    """Return the names that `and` parts; with `keeps_particle` a "van" belongs to the family, as `useprefix` asks."""
    names = (_read_name(words, keeps_particle) for words in split_outside(value, r"\s+and\s+") if words.strip())
    return [name for name in names if name]


def split_outside(value: str, pattern: str) -> list[str]:
    """Return a value split where a pattern matches outside braces."""
    pieces, start, depth = list[str](), 0, 0
    for match in re.finditer(rf"\\.|[{{}}]|(?P<split>{pattern})", value, re.DOTALL):
        if match["split"] is None:
            depth += {"{": 1, "}": -1}.get(match[0], 0)
        elif depth == 0:
            pieces.append(value[start : match.start()])
            start = match.end()
    return [*pieces, value[start:]]


def _is_one_group(words: str) -> bool:
    """Return whether words stand in one pair of braces, and do not begin with a command."""
    if not re.fullmatch(r"\{(?!\\).*\}", words, re.DOTALL):
        return False
    depth = 0
    for match in re.finditer(r"\\.|[{}]", words, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end() == len(words)
    return False


def _read_name(words: str, keeps_particle: bool) -> Name:
    words = words.strip()
    if words == "others":
        return {"literal": "others"}
    if len(words) > LONGEST:
        return {"literal": plain_latex(words)}
    if _is_one_group(words):
        return {"literal": plain_latex(words)}
    parts = [part.strip() for part in split_outside(words, ",")]
    if len(parts) == 1:
        given, particle, family = _western(split_outside(words, r"[\s~]+"))
        return _name(given, particle, family, "", keeps_particle)
    particle, family = _particle(split_outside(parts[0], r"[\s~]+"))
    suffix = parts[1] if len(parts) > 2 else ""
    return _name(parts[-1], particle, family, suffix, keeps_particle)


def _western(tokens: list[str]) -> tuple[str, str, str]:
    """Return given names, particle and family of "First von Last": the particle begins with the first word in small letters."""
    small = [place for place, token in enumerate(tokens[:-1]) if _is_small(token)]
    if not small:
        return " ".join(tokens[:-1]), "", tokens[-1]
    first, last = small[0], small[-1]
    return " ".join(tokens[:first]), " ".join(tokens[first : last + 1]), " ".join(tokens[last + 1 :])


def _particle(tokens: list[str]) -> tuple[str, str]:
    small = [place for place, token in enumerate(tokens[:-1]) if _is_small(token)]
    end = small[-1] + 1 if small and _is_small(tokens[0]) else 0
    return " ".join(tokens[:end]), " ".join(tokens[end:])


def _is_small(token: str) -> bool:
    if token.startswith("{") and not token.startswith("{\\"):
        return False
    return next((sign.islower() for sign in plain_latex(token) if sign.isalpha()), False)


def _name(given: str, particle: str, family: str, suffix: str, keeps_particle: bool) -> Name:
    kind = "non-dropping-particle" if keeps_particle else "dropping-particle"
    if (
        family.startswith("{")
        and (inner := re.fullmatch(r"\{((?:[^\W\d_]+[ ]+)+)(\w[^{}]*)\}", family))
        and inner[1].islower()
    ):
        particle, family, kind = inner[1], inner[2], "non-dropping-particle"
    found = {"family": family, "given": given, kind: particle, "suffix": suffix}
    return {key: words for key, value in found.items() if (words := plain_latex(value).replace("\u00a0", " "))}


def shown_names(names: list[Name]) -> Iterator[str]:
    """Yield each name as it is called in a sentence: the family, or the body."""
    for name in names:
        yield name.get("literal") or " ".join(
            filter(None, (name.get("non-dropping-particle", ""), name.get("family", name.get("given", ""))))
        )

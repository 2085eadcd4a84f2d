"""Citations as authors write them: `[@key]`, `[see @a, p. 5; @b]`, `[-@key]`, and `@{key}` as part of a sentence."""

from __future__ import annotations

import re

from msgspec import Struct

_KEY = r"(?:\{(?P<braced>[^{}\s]+)\}|(?P<key>\w(?:[\w:.#$%&+?<>~/-]*[\w#$%&+<>~/])?))"
GROUP = re.compile(r"\[([^\[\]]*@[^\[\]]*)\](?!\(|\[(?!\^|-?@))")
"""A citation in brackets, if all of its parts are. What is followed by an address, or by its name, is a link; a note or a citation is none."""
IN_SENTENCE = re.compile(r"@\{([^{}\s\[\]]+)\}(?:[ \n]\[([^\[\]@]+)\](?![(\[:]))?")
"""A citation whose author is part of the sentence, perhaps with a locator behind it."""
_CITE = re.compile(rf"(?P<prefix>(?:[^@]*\s)?)(?P<minus>-?)@{_KEY}(?P<rest>[^@]*)", re.DOTALL)

_NEAR_KEY = re.compile(rf"@\s*{_KEY}")

_LABELS = {
    "page": "p pp page pages s", "chapter": "chap chaps chapter chapters ch kap", "section": "sec secs section sections § §§ abschn",
    "volume": "vol vols volume volumes bd", "paragraph": "para paras paragraph paragraphs ¶ ¶¶", "figure": "fig figs figure figures abb",
    "verse": "v vv verse verses", "line": "l ll line lines", "note": "n nn note notes", "book": "bk bks book books",
    "part": "pt pts part parts", "column": "col cols column columns", "folio": "fol fols folio folios", "issue": "no nos number",
}  # fmt: skip
_LABEL_OF = {word: label for label, words in _LABELS.items() for word in words.split()}
_LOCATOR = re.compile(
    r"\s*,?\s*(?P<label>[^\W\d_]+|[§¶]{1,2})?(?:\.\s*|\s+)?(?P<number>[A-Za-z]{0,3}\d[\w.:/]*(?:\s*[–—-]+\s*\w[\w.:]*|\s*,\s*\d+(?![\w.]*\s*[^\W\d]))*)"
)


class Cite(Struct, frozen=True):
    """One reference in a citation: its key, what stands before and behind it, a locator, and whether its author is left out."""

    key: str
    prefix: str = ""
    suffix: str = ""
    label: str = ""
    locator: str = ""
    without_author: bool = False


def read_group(words: str) -> tuple[Cite, ...]:
    """Return the references of a citation, from what stands between its brackets; none if that is no citation."""
    cites = []
    for part in words.split(";"):
        match = _CITE.fullmatch(part.strip())
        if match is None:
            return ()
        label, locator, suffix = _read_locator(match["rest"])
        cites.append(
            Cite(
                key=match["braced"] or match["key"],
                prefix=" ".join(match["prefix"].split()),
                suffix=suffix,
                label=label,
                locator=locator,
                without_author=bool(match["minus"]),
            )
        )
    return tuple(cites)


def keys_in(words: str) -> list[str]:
    """Return the keys behind each @ of some words, also of those that are no citation."""
    return [match["braced"] or match["key"] for match in _NEAR_KEY.finditer(words)]


def read_in_sentence(key: str, words: str | None) -> Cite | None:
    """Return the reference of `@{key}`, with the locator that follows in brackets; None if other words stand there."""
    label, locator, suffix = _read_locator(words or "")
    return None if suffix else Cite(key=key, label=label, locator=locator)


def _read_locator(rest: str) -> tuple[str, str, str]:
    """Return label and number of a locator, and the words behind it."""
    match = _LOCATOR.match(rest)
    label = _LABEL_OF.get((match["label"] or "p").lower()) if match else None
    if match is None or label is None:
        return "", "", " ".join(rest.split())
    number = re.sub(r"\s*(?:--+|[–—])\s*", "-", match["number"])
    return label, " ".join(number.split()), " ".join(rest[match.end() :].split())

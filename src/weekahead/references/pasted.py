"""References as they are pasted from elsewhere, in the shapes of APA, as entries of BibTeX. What has no such shape is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from msgspec import Struct

from weekahead.references.dates import MONTHS


class PastedReference(Struct, frozen=True):
    """A pasted reference: its words, and its entry, if it could be read; what was left out of it."""

    words: str
    key: str = ""
    entry: str = ""
    """As BibTeX."""
    title: str = ""
    left_out: str = ""


LONGEST = 2000
"""Characters of a reference; what is longer is something else."""

_HEAD = re.compile(
    r"(?P<authors>.+?)\s*\((?P<year>\d{4})[a-z]?(?:[–-]\d{4})?(?:,\s*(?P<month>[^\W\d_]+)(?:\s+(?P<day>\d{1,2}))?(?:[–-]\d{1,2})?)?\)\.?\s+(?P<rest>.+)"
)
_UNDATED = re.compile(r"(?P<authors>.+?)\s*\((?P<year>n\.\s?d\.)(?P<month>)(?P<day>)\)\.?\s+(?P<rest>.+)")
_AUTHOR = re.compile(
    r"(?P<family>[^\W\d_][^,&]*?),\s*(?P<given>(?:[^\W\d_]\.[\s-]*)+(?:\s*[a-z]{2,}(?:\s[a-z]{2,})*(?=,|\s&|$))?)(?:,\s*(?P<suffix>[JS]r\.?|I{2,3}))?"
)
_ADDRESS = re.compile(r"(?:Retrieved (?:[^,]+, )?from )?(https?://[^\s<>\[\]\"]+)(\[[^\s]*)?\.?")
_DOI = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|\bdoi:\s*)(10\.\d{4,9}/[^\s<>\[\]\"]+)")
_ARXIV = re.compile(
    r"(?i)\s*(?:arXiv preprint\s*)?arXiv:\s?(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?(?:\s*\[[\w.-]+\])?\.?"
)
_PART = re.compile(
    r"(?P<title>.+?[.?!])\s+In:?\s+(?:(?P<editors>[^()]+?)\s*\(Eds?\.\),\s*)?(?P<book>.+?)(?:\s*\((?P<details>[^()]*\bpp?\.\s*[^()]+|[^()]*\bVol\.[^()]+)\))?\.\s*(?P<publisher>[^.].*?)?\.?"
)
_ARTICLE = re.compile(
    r"(?P<title>.+?[.?!])\s+(?P<journal>[^.?!]+?),\s*(?P<volume>\d+)\s*(?:\((?P<number>[^()]+)\))?(?:[,:]\s*(?P<pages>[\w]+(?:\s*[–-]+\s*\w+)?))?\.?"
)
_THESIS = re.compile(
    r"(?P<title>.+?)\s*[(\[](?P<kind>(?:Doctoral|PhD|Master[’']?s|Unpublished)[^)\],]*)(?:,\s*(?P<inside>[^)\]]+))?[)\]]\.?\s*(?P<school>[^.]+)?\.?"
)
_BOOK = re.compile(
    r"(?P<title>.+?)(?:\s*\((?P<edition>\d+)(?:st|nd|rd|th) ed\.\)\.|(?<=[.?!]))\s+(?P<publisher>[^.]+(?:, [A-Z][^.]*)?)\.?"
)
_CONFERENCE = re.compile(r"(?i)conference|proceedings|symposium|workshop|congress")


def read_pasted(text: str, taken: Collection[str] = ()) -> Iterator[PastedReference]:
    """Yield each reference of a pasted text: a paragraph, or a line where each line has a year in parentheses. Keys that are
    `taken` are not given again."""
    known = set(taken)
    for words in _paragraphs(text):
        found = _read(words, known)
        known.add(found.key)
        yield found


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [
            re.sub(r"^(?:[-*•]|\[?\d{1,3}[\].)])\s+", "", line.strip()) for line in block.split("\n") if line.strip()
        ]
        heads = [line for line in lines if _HEAD.match(line) or _UNDATED.match(line)]
        yield from lines if len(heads) == len(lines) else [" ".join(lines)] if lines else []


def _read(words: str, taken: Collection[str]) -> PastedReference:
    if len(words) > LONGEST:
        return PastedReference(words)
    plain = re.sub(r"(?<![\w*])[*_]([^*_]+)[*_](?![\w*])", r"\1", words)
    match = _HEAD.fullmatch(plain) or _UNDATED.fullmatch(plain)
    if match is None:
        return PastedReference(words)
    names = _authors(match["authors"])
    rest, fields, left_out = _without_address(match["rest"])
    kind, found = _source(rest)
    if not names or not found.get("title"):
        return PastedReference(words)
    is_body = names[0][1].startswith("{")
    key = _key(names[0][0], match["year"], taken, is_body)
    month = (match["month"] or "").lower()[:3]
    ordered = {
        "author": " and ".join(name for _, name in names),
        **found,
        "year": match["year"],
        "month": month if month in MONTHS else "",
        **fields,
    }
    if kind == "misc" and "url" in ordered and "eprint" not in ordered:
        kind = "online"
    return PastedReference(words, key, _entry(kind, key, ordered), found["title"], left_out)


def _authors(words: str) -> list[tuple[str, str]]:
    """Return the family of each author and the name as BibTeX has it; none if some words are no names."""
    ends = words.rstrip().endswith(".")
    words = re.sub(r",?\s*(?:\.\.\.|…)\s*", ", ", words.strip().rstrip(".") + ".")
    people = list(_AUTHOR.finditer(words))
    left = re.sub(r"et al\.?|\bet al\b|[\s,&.]|\band\b", "", _AUTHOR.sub("", words))
    if people and not left:
        names = [
            (match["family"], ", ".join(filter(None, (match["family"], match["suffix"], match["given"].strip()))))
            for match in people
        ]
        return [*names, ("others", "others")] if "et al" in words else names
    body = words.strip(" .")
    return [] if people or "," in body or len(body) > 80 or not ends else [(body, f"{{{body}}}")]


def _without_address(rest: str) -> tuple[str, dict[str, str], str]:
    """Return the words of a reference without its addresses, these as fields, and what was glued to them."""
    fields: dict[str, str] = {}
    left_out = ""
    if doi := _DOI.search(rest):
        fields["doi"] = doi[1].rstrip(".,;")
        rest = rest[: doi.start()] + rest[doi.end() :]
    if arxiv := _ARXIV.search(rest):
        fields |= {"eprint": arxiv[1], "archiveprefix": "arXiv"}
        rest = rest[: arxiv.start()] + rest[arxiv.end() :]
    if address := _ADDRESS.search(rest):
        is_same = "eprint" in fields and fields["eprint"] in address[1]
        fields |= {} if is_same else {"url": address[1].rstrip(".,;")}
        left_out = address[2] or ""
        rest = rest[: address.start()] + rest[address.end() :]
    return " ".join(rest.split()), fields, left_out


def _source(rest: str) -> tuple[str, dict[str, str]]:
    """Return the type of an entry, and its fields, from what follows the year."""
    if match := _PART.fullmatch(rest):
        kind = "inproceedings" if _CONFERENCE.search(match["book"]) else "incollection"
        return kind, _titled(match["title"], booktitle=_kept(match["book"])) | _details(
            match["details"] or ""
        ) | _editors(match["editors"]) | _publisher(match["publisher"])
    if match := _ARTICLE.fullmatch(rest):
        found = {name: match[name] or "" for name in ("volume", "number")}
        pages = re.sub(r"\s*[–-]+\s*", "--", match["pages"] or "")
        return "article", _titled(match["title"], journal=match["journal"], **found, pages=pages)
    if match := _THESIS.fullmatch(rest):
        kind = "mastersthesis" if match["kind"].startswith("Master") else "phdthesis"
        return kind, _titled(match["title"], school=match["inside"] or match["school"] or "")
    if match := _BOOK.fullmatch(rest):
        return "book", _titled(match["title"], edition=match["edition"] or "") | _publisher(match["publisher"])
    return "misc", _titled(rest)


def _titled(title: str, **fields: str) -> dict[str, str]:
    title = title.strip().removesuffix(".").strip()
    return {"title": _kept(title)} | {name: value.strip() for name, value in fields.items()}


def _kept(title: str) -> str:
    """Return a title in which words with capitals inside are in braces, so that they keep them."""
    return re.sub(r"\b\w*[^\W\d_]?[A-Z]\w*(?:-\w+)*\b", lambda word: _braced(word[0]), title)


def _braced(word: str) -> str:
    return (
        f"{{{word}}}" if sum(sign.isupper() for sign in word) > 1 or any(sign.isupper() for sign in word[1:]) else word
    )


def _details(words: str) -> dict[str, str]:
    pages, volume = re.search(r"\bpp?\.\s*([\w–-]+)", words), re.search(r"\bVol\.\s*(\w+)", words)
    found = {"pages": re.sub(r"[–-]+", "--", pages[1]) if pages else "", "volume": volume[1] if volume else ""}
    edition = re.search(r"(\d+)(?:st|nd|rd|th) ed\.", words)
    return found | ({"edition": edition[1]} if edition else {})


def _editors(words: str | None) -> dict[str, str]:
    people = re.split(r",?\s*&\s*|,\s+(?=[A-Z]\.)", words or "")
    names = (re.fullmatch(r"((?:[^\W\d_]\.[\s-]*)+)(.+)", one.strip()) for one in people)
    found = [f"{name[2]}, {name[1].strip()}" for name in names if name]
    return {"editor": " and ".join(found)} if found else {}


def _publisher(words: str | None) -> dict[str, str]:
    name, _, place = (words or "").partition(", ")
    return {"publisher": name.strip(), "address": place.strip()}


def _key(family: str, year: str, taken: Collection[str], is_body: bool) -> str:
    """Return a key that is not taken: the family or the initials of a body, the year, and a letter if need be."""
    plain = (
        unicodedata.normalize("NFKD", family.translate(str.maketrans("øłđı", "oldi")))
        .encode("ascii", "ignore")
        .decode()
    )
    words = re.findall(r"[a-z]+", plain.lower())
    key = f"{''.join([word[0] for word in words] if is_body and len(words) > 2 else words[-1:]) or 'work'}{year if year.isdecimal() else 'nd'}"
    letters = ["", *"abcdefghijklmnopqrstuvwxyz"]
    return next((key + letter for letter in letters if key + letter not in taken), f"{key}-{len(taken)}")


_VERBATIM = frozenset(["url", "doi", "eprint"])
_SPECIAL = re.compile(r"(?<!\\)([&%#])")


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"@{kind}{{{key},"]
    for name, value in fields.items():
        if name == "month" and value:
            lines.append(f"  month = {value},")
        elif value:
            escaped = value if name in _VERBATIM else _SPECIAL.sub(r"\\\1", value)
            lines.append(f"  {name} = {{{escaped}}},")
    return "\n".join([*lines, "}"])

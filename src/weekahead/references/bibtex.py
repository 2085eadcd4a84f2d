"""BibTeX and biblatex as CSL-JSON: the entries of a file, their types and fields."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from weekahead.model.findings import nearest
from weekahead.references.dates import MONTHS, is_status, is_undated, read_date, read_year
from weekahead.references.latex import plain_latex, rich_latex, sentence_case, verbatim
from weekahead.references.names import read_names, split_outside

Item = dict[str, Any]
"""A reference as CSL-JSON has it."""


LONGEST_STRING = 10_000
"""Characters of a definition: each may hold others twice."""


class BibEntry(Struct, frozen=True):
    """An entry of a BibTeX file: its type, its fields as written, without the braces around them, and where it begins."""

    key: str
    type: str
    fields: Mapping[str, str]
    line: int
    source: str
    strings: tuple[str, ...] = ()
    """The definitions that its fields refer to, as written."""


class BibFault(Struct, frozen=True):
    """What is wrong with a file, and in which line."""

    line: int
    message: str
    hint: str


def read_entries(text: str) -> tuple[list[BibEntry], list[BibFault]]:
    """Return the entries of a BibTeX file, and a fault for each block that cannot be read or has a key again, and for what an
    entry refers to and the file does not have."""
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String
    from bibtexparser.splitter import Splitter

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    strings, faults = dict[str, tuple[str, str]](), list[BibFault]()
    found: dict[str, BibEntry] = {}
    for block in Splitter(text).split().blocks:
        line = (block.start_line or 0) + 1
        entry = block if isinstance(block, Entry) else getattr(block, "ignore_error_block", None)
        if isinstance(block, DuplicateFieldKeyBlock):
            names = ", ".join(sorted(block.duplicate_keys))
            faults.append(BibFault(line, f"this entry has a field twice: {names}", "Keep one of them."))
        elif isinstance(entry, Entry):
            _add(_entry(entry, line, strings, faults), found, faults)
        elif isinstance(block, ParsingFailedBlock):
            hint = "Check its braces, its commas, and that it has a key: @book{key, ...}"
            faults.append(BibFault(line, "this entry cannot be read", hint))
        elif isinstance(block, String):
            if len(words := _value(block.value, strings).words) > LONGEST_STRING:
                message = f'the @string "{block.key}" has more than {LONGEST_STRING:,} characters'
                faults.append(BibFault(line, message, "Write what it stands for where it is used."))
            else:
                strings[block.key.lower()] = words, block.raw or ""
    return [_with_parent(entry, found, faults) for entry in found.values()], faults


def _add(entry: BibEntry, found: dict[str, BibEntry], faults: list[BibFault]) -> None:
    if not entry.key:
        faults.append(BibFault(entry.line, "this entry has no key", "Give it one: @book{alla2021, ...}"))
    elif entry.key in found:
        message = f'the key "{entry.key}" is already that of the entry in line {found[entry.key].line}'
        faults.append(BibFault(entry.line, message, "Give one of the two another key."))
    else:
        found[entry.key] = entry


def _entry(entry: Any, line: int, strings: Mapping[str, tuple[str, str]], faults: list[BibFault]) -> BibEntry:
    fields: dict[str, str] = {}
    used: dict[str, None] = {}
    for field in entry.fields:
        name = field.key.strip().lower()
        value = _value(field.value, strings)
        fields[name] = value.words
        used |= dict.fromkeys(strings[each][1] for each in value.used)
        for unknown in value.unknown if name != "month" else ():
            hint = f"Write words in braces: {name} = {{{unknown}}}."
            faults.append(BibFault(line, f'{name} is "{unknown}", which no @string defines', hint))
    source = (entry.raw or "").strip()
    return BibEntry(entry.key.strip(), entry.entry_type.strip().lower(), fields, line, source, tuple(used))


class _Value(NamedTuple):
    """The value of a field, the names of the definitions in it, and names that are not defined."""

    words: str
    used: list[str]
    unknown: list[str]


def _value(raw: str, strings: Mapping[str, tuple[str, str]]) -> _Value:
    made, used, unknown = list[str](), list[str](), list[str]()
    for piece in split_outside(raw.strip(), r"\s*#\s*") if '"' not in raw else re.split(r"\s+#\s+", raw.strip()):
        piece = piece.strip()
        if piece[:1] in ('"', "{") and len(piece) > 1:
            made.append(piece[1:-1])
        elif piece.lower() in strings:
            made.append(strings[piece.lower()][0])
            used.append(piece.lower())
        else:
            made.append(piece)
            unknown += [piece] if re.fullmatch(r"(?!\d)[^\s{}\"]+", piece) and piece.lower() not in MONTHS else []
    return _Value("".join(made), used, unknown)


def _with_parent(entry: BibEntry, found: Mapping[str, BibEntry], faults: list[BibFault]) -> BibEntry:
    """Return an entry with what it lacks from the one that `crossref` names, and that from its own."""
    chain = [entry]
    while name := chain[-1].fields.get("crossref", "").strip():
        parent = found.get(name)
        if parent is None and chain == [entry]:
            message = f'"{entry.key}" takes fields from "{name}", which has no entry here'
            faults.append(BibFault(entry.line, message, nearest(name, found)))
        elif parent is entry:
            message = f'the crossref of "{entry.key}" leads back to it'
            faults.append(BibFault(entry.line, message, "Delete the crossref of one of them."))
        if parent is None or parent in chain:
            break
        chain.append(parent)
    whole = chain.pop()
    while chain:
        whole = _inheriting(chain.pop(), whole)
    return whole


def _inheriting(entry: BibEntry, parent: BibEntry) -> BibEntry:
    given = {key: value for key, value in parent.fields.items() if key not in _OWN}
    if "title" in parent.fields and entry.type in _PARTS:
        given["booktitle"] = parent.fields["title"]
        given |= {"booksubtitle": parent.fields["subtitle"]} if "subtitle" in parent.fields else {}
    return BibEntry(
        entry.key, entry.type, given | dict(entry.fields), entry.line, f"{entry.source}\n\n{parent.source}",
        tuple(dict.fromkeys([*entry.strings, *parent.strings])),
    )  # fmt: skip


_OWN = frozenset(["title", "subtitle", "titleaddon", "shorttitle", "crossref", "doi", "url", "author", "pages"])
_PARTS = frozenset(["inproceedings", "conference", "incollection", "inbook", "suppbook", "inreference"])

# -- types

_TYPES = {
    "article": "article-journal", "artwork": "graphic", "audio": "song", "book": "book", "booklet": "pamphlet",
    "bookinbook": "chapter", "collection": "book", "conference": "paper-conference", "dataset": "dataset", "electronic": "webpage",
    "image": "figure", "inbook": "chapter", "incollection": "chapter", "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia", "jurisdiction": "legal_case", "legal": "treaty", "legislation": "legislation",
    "letter": "personal_communication", "manual": "book", "mastersthesis": "thesis", "movie": "motion_picture",
    "music": "song", "mvbook": "book", "mvcollection": "book", "mvproceedings": "book", "mvreference": "book", "online": "webpage",
    "patent": "patent", "performance": "speech", "periodical": "book", "phdthesis": "thesis", "proceedings": "book",
    "reference": "book", "report": "report", "review": "review", "software": "software", "standard": "standard",
    "suppbook": "chapter", "suppcollection": "chapter", "techreport": "report", "thesis": "thesis", "unpublished": "manuscript",
    "video": "motion_picture", "www": "webpage",
}  # fmt: skip
_PERIODICALS = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}
_TYPE_WORDS = {
    "phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "mastersthesis": "Master’s thesis", "techreport": "Technical report",
    "patentus": "U.S. patent", "patent": "Patent",
}  # fmt: skip
_EPRINTS = {
    "arxiv": "https://arxiv.org/abs/", "pubmed": "https://www.ncbi.nlm.nih.gov/pubmed/", "jstor": "https://www.jstor.org/stable/",
    "googlebooks": "https://books.google.com?id=",
}  # fmt: skip

_PEOPLE = {
    "author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author",
    "director": "director", "holder": "holder",
}  # fmt: skip
_PLAIN = {
    "doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pmcid": "PMCID", "volume": "volume", "edition": "edition",
    "version": "version", "chapter": "chapter-number", "pagetotal": "number-of-pages", "volumes": "number-of-volumes",
    "note": "note", "venue": "event-place",
}  # fmt: skip
_DATES = {"urldate": "accessed", "origdate": "original-date", "eventdate": "event-date"}


def to_item(entry: BibEntry) -> Item:
    """Return an entry as CSL-JSON."""
    fields = entry.fields
    kind = _type(entry)
    item: Item = {"id": entry.key} | ({"type": kind} if kind else {})
    keeps = "useprefix=true" in fields.get("options", "").replace(" ", "")
    for name, variable in _PEOPLE.items():
        if (value := fields.get(name, "").strip()) and (names := read_names(value, keeps_particle=keeps)):
            item[variable] = names
    language = _language(fields)
    if language:
        item["language"] = language
    item |= _titles(entry, is_english=language.startswith("en") or not language)
    for name, variable in _PLAIN.items():
        if value := plain_latex(fields.get(name, "")):
            item[variable] = value
    item |= _when(fields)
    for name, variable in _DATES.items():
        if date := read_date(fields.get(name, "")):
            item[variable] = date
    item |= _where(entry)
    if "DOI" in item:
        item["DOI"] = verbatim(fields["doi"])
    return item


def _type(entry: BibEntry) -> str:
    kind = _TYPES.get(entry.type, "")
    if entry.type == "article":
        return _PERIODICALS.get(entry.fields.get("entrysubtype", "").lower(), kind)
    if entry.type == "unpublished" and "eventtitle" in entry.fields:
        return "speech"
    return kind


def _language(fields: Mapping[str, str]) -> str:
    words = fields.get("langid", fields.get("language", fields.get("hyphenation", ""))).strip().lower()
    return _LANGUAGES.get(words, words if re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", words) else "")


_LANGUAGES = {
    "english": "en-US", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB", "german": "de-DE",
    "ngerman": "de-DE", "french": "fr-FR", "spanish": "es-ES", "italian": "it-IT", "portuguese": "pt-PT", "dutch": "nl-NL",
    "swedish": "sv-SE", "norwegian": "nb-NO", "danish": "da-DK", "polish": "pl-PL", "russian": "ru-RU",
}  # fmt: skip


def _titles(entry: BibEntry, *, is_english: bool) -> Item:
    fields = entry.fields

    def cased(name: str) -> str:
        words = rich_latex(fields.get(name, ""))
        return sentence_case(words) if is_english else words

    def whole(*names: str) -> str:
        title, subtitle, addon = (cased(name) for name in names)
        joined = f"{title}{' ' if title[-1:] in '?!' else ': '}{subtitle}" if subtitle else title
        return f"{joined}. {addon}" if addon else joined

    titles: Item = {"title": whole("title", "subtitle", "titleaddon")}
    if short := cased("shorttitle") or ("" if not fields.get("title") else _short(cased("title"), fields)):
        titles["title-short"] = short
    titles["container-title"] = (
        whole("booktitle", "booksubtitle", "booktitleaddon")
        or rich_latex(fields.get("journaltitle", fields.get("journal", "")))
        or whole("maintitle", "mainsubtitle", "maintitleaddon")
    )
    titles["container-title-short"] = rich_latex(fields.get("shortjournal", ""))
    titles["collection-title"] = cased("series")
    titles["event-title"] = rich_latex(fields.get("eventtitle", ""))
    return {key: words for key, words in titles.items() if words}


def _short(title: str, fields: Mapping[str, str]) -> str:
    """Return the part of a title before its colon, or before a subtitle of its own."""
    head, colon, _ = title.partition(": ")
    return head if colon else title if fields.get("subtitle") else ""


def _when(fields: Mapping[str, str]) -> Item:
    year = plain_latex(fields.get("year", ""))
    if date := read_date(fields.get("date", "")) or read_year(year, fields.get("month", ""), fields.get("day", "")):
        return {"issued": date}
    words = plain_latex(fields.get("date", "")) or year
    if is_status(words):
        return {"status": words}
    return {} if not words or is_undated(words) else {"issued": {"literal": words}}


def _where(entry: BibEntry) -> Item:
    """Return what says where a work came out: publisher and place, issue and pages, address."""
    fields = entry.fields
    makers = [fields.get(name, "") for name in ("school", "institution", "organization", "publisher")]
    if "url" not in fields or "\\url" not in fields.get("howpublished", ""):
        makers.append(fields.get("howpublished", ""))
    found: Item = {"publisher": "; ".join(filter(None, (plain_latex(maker) for maker in makers)))}
    found["publisher-place"] = plain_latex(fields.get("location", fields.get("address", "")))
    found["page"] = re.sub(r"\s*(?:--+|[–—])\s*", "-", plain_latex(fields.get("pages", "")))
    if not found["page"] and (eid := plain_latex(fields.get("eid", ""))):
        found["page" if entry.type != "article" else "number"] = eid
    found["genre"] = _genre(entry)
    number = plain_latex(fields.get("number", ""))
    found[_number_variable(entry)] = ", ".join(filter(None, (number, plain_latex(fields.get("issue", "")))))
    found["URL"] = verbatim(fields.get("url", "")) or _eprint(fields)
    return {key: words for key, words in found.items() if words}


def _number_variable(entry: BibEntry) -> str:
    if entry.type == "article":
        return "issue"
    return "collection-number" if entry.type in (*_PARTS, "book", "collection", "proceedings") else "number"


def _genre(entry: BibEntry) -> str:
    words = plain_latex(entry.fields.get("type", ""))
    return _TYPE_WORDS.get(words.lower(), words) or _GENRES.get(entry.type, "")


def _eprint(fields: Mapping[str, str]) -> str:
    eprint = verbatim(fields.get("eprint", ""))
    kind = fields.get("eprinttype", fields.get("archiveprefix", "")).strip().lower()
    return _EPRINTS[kind] + eprint if eprint and kind in _EPRINTS else ""

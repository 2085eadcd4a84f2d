"""What is wrong with a bibliography: what a reference lacks, what is malformed, what is there twice, what nobody cites."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from weekahead.lint.rules.references import DOUBLED, FILE, LACKS, MALFORMED, UNUSED
from weekahead.lint.rules.registry import Rule
from weekahead.markdown.kinds.references import is_arxiv, is_doi, is_isbn
from weekahead.model.addresses import host_of, is_host
from weekahead.model.findings import Finding, Location
from weekahead.references.dates import is_status, is_undated, read_date
from weekahead.references.library import Library, Work

_DOI_ADDRESS = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)")
_DATE_FIELDS = ("date", "urldate", "origdate", "eventdate")
_GLUED = re.compile(
    r"(?i)(?:\.(?:pdf|html?|php|aspx?)|(?<![:/])/)(\[.*|\(?(?:accessed|retrieved|zugriff|abgerufen|last visited|consult[ée]|besucht).*)$"
)


def check_bibliography(library: Library, cited: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with the references of a letter, whose texts cite some of them."""
    for file, fault in library.faults:
        yield Finding(Location(file, fault.line), FILE.name, fault.message, fault.hint, FILE.severity)
    for work in library.works.values():
        yield from _lacking(work)
        yield from _malformed(work)
        if cited and work.key not in cited:
            hint = "Cite it, or keep it for later: the rule can be waived."
            yield _finding(work, UNUSED, f'no text cites "{work.key}"', hint)
    yield from _doubled(library.works)


def _finding(work: Work, kind: Rule, message: str, hint: str) -> Finding:
    return Finding(Location(work.file, work.line), kind.name, message, hint, kind.severity)


def _lacking(work: Work) -> Iterator[Finding]:
    item = work.item
    lacking = [
        *([] if item.get("author") or item.get("editor") or item.get("director") else ["author"]),
        *([] if item.get("issued") or item.get("status") or _says_undated(work) else ["year"]),
        *([] if item.get("title") else ["title"]),
    ]
    if lacking and not (
        lacking == ["author"] and item.get("type") in ("webpage", "dataset", "software", "legislation")
    ):
        hint = "For an author in one piece write braces: author = {{World Health Organization}}."
        if "author" not in lacking:
            hint = "A work without a year says so: year = {n.d.}." if "year" in lacking else "Add it."
        yield _finding(work, LACKS, f'"{work.key}" has no {" and no ".join(lacking)}', hint)


def _says_undated(work: Work) -> bool:
    return bool(work.entry and (work.entry.fields.get("year") or work.entry.fields.get("date")))


def _malformed(work: Work) -> Iterator[Finding]:
    doi = str(work.item.get("DOI", ""))
    if doi and not is_doi(_DOI_ADDRESS.sub("", doi)):
        hint = "A DOI is 10., a number, a slash and a name: 10.1093/comjnl/27.2.97."
        yield _finding(work, MALFORMED, f'"{doi[:60]}" is not a valid DOI', hint)
    for isbn in re.split(r"[,;]\s*", str(work.item.get("ISBN", ""))):
        if isbn and not is_isbn(re.sub(r"[^0-9X]", "", isbn.upper())):
            hint = "Its last digit is a check digit and does not fit: a digit is wrong or missing."
            yield _finding(work, MALFORMED, f'"{isbn[:60]}" is not a valid ISBN', hint)
    arxiv = _arxiv_id(work)
    if arxiv and not is_arxiv(arxiv):
        hint = "An arXiv id is year and month, a point, and four or five digits: 2102.07750."
        yield _finding(work, MALFORMED, f'"{arxiv[:60]}" is not a valid arXiv id', hint)
    for name in _DATE_FIELDS:
        words = work.entry.fields.get(name, "").strip() if work.entry else ""
        if words and not (read_date(words) or is_undated(words) or is_status(words)):
            message, hint = (
                f'{name} of "{work.key}" is not a date: "{words[:60]}"',
                "Write year, month and day: 2021-09-30.",
            )
            yield _finding(work, MALFORMED, message, hint)
    yield from _bad_address(work)


def _arxiv_id(work: Work) -> str:
    fields = work.entry.fields if work.entry else {}
    kind = fields.get("eprinttype", fields.get("archiveprefix", "")).lower()
    if kind == "arxiv":
        return re.sub(r"(?i)^arxiv:\s*", "", fields.get("eprint", ""))
    match = re.match(r"https?://arxiv\.org/(?:abs|pdf)/([^?#\[]+?)(?:\.pdf)?$", str(work.item.get("URL", "")))
    return match[1] if match else ""


def _bad_address(work: Work) -> Iterator[Finding]:
    address = str(work.item.get("URL", ""))
    if glued := _GLUED.search(address):
        hint = f"Write it without: {address[: glued.start(1)]}"
        yield _finding(work, MALFORMED, f'words are glued to the address of "{work.key}": "{glued[1][:60]}"', hint)
    elif address and not (
        re.fullmatch(r"(?i)(?:https?|ftp)://[^\s<>\"]+\.[^\s<>\"]+", address) and is_host(host_of(address))
    ):
        yield _finding(work, MALFORMED, f'"{address[:60]}" is not a web address', "Write it in full: https://...")


def _doubled(works: Mapping[str, Work]) -> Iterator[Finding]:
    by_doi: dict[str, list[Work]] = defaultdict(list)
    for work in works.values():
        if doi := _DOI_ADDRESS.sub("", str(work.item.get("DOI", ""))).lower():
            by_doi[doi].append(work)
    for doi, same in by_doi.items():
        for work in same[1:]:
            message = f'"{work.key}" has the DOI of "{same[0].key}": {doi}'
            yield _finding(work, DOUBLED, message, f"Cite one of them, and delete the other ({same[0].file}).")

"""Rules that compare the issues of a letter, or look at their files."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

from weekahead.lint.rules.registry import NOTE, WARNING, LetterProblem, Link, ScannedLetter, letter_rule
from weekahead.lint.rules.text_helpers import excerpt
from weekahead.model.findings import Location
from weekahead.model.issue import Issue, Text

LARGEST_PICTURE = 1_000_000
"""Bytes of a picture that a reader on the road can load without waiting."""

STANDING_LINK = 3
"""Issues with the same link from which on it is a standing link, not a repetition."""

RUNNING_LIST = 0.15
"""Share of the issues with a section that repeat a link in it, from which on it is a running list, such as jobs or events."""


@letter_rule("link-again", NOTE)
def check_repeated_links(scanned: ScannedLetter) -> Iterator[LetterProblem]:
    """Yield links that an earlier issue gave in the section of the same name, unless they return all the time."""
    first_uses: dict[str, tuple[Location, str]] = {}
    issues_with_link: Counter[str] = Counter()
    issues_with_section: Counter[str] = Counter()
    repeated: list[tuple[Location, Link]] = []
    for issue in scanned.issues:
        links = {link.address: link for link in scanned.scan(issue.body, issue).item_links}
        issues_with_section.update({link.section for link in links.values()})
        issues_with_link.update(links.keys())
        for address, link in links.items():
            location = locate(issue.body, link.line, link.column)
            first_location, section = first_uses.setdefault(address, (location, link.section))
            if first_location is not location and section == link.section:
                repeated.append((location, link))
    repeats = Counter(section for _, section in {(location.file, link.section) for location, link in repeated})
    for location, link in repeated:
        total = issues_with_section[link.section]
        is_running_list = total >= 8 and repeats[link.section] > RUNNING_LIST * total
        if issues_with_link[link.address] < STANDING_LINK and not is_running_list:
            message = f"the link to {excerpt(link.address, 80)} is already in {first_uses[link.address][0]}"
            yield location, message, "Mention that it is repeated, or remove it."


@letter_rule("heavy-picture", WARNING)
def check_picture_sizes(scanned: ScannedLetter) -> Iterator[LetterProblem]:
    """Yield pictures and covers that take long to load."""
    for issue in scanned.letter.issues:
        for location, name, file in _pictures(scanned, issue):
            if (size := scanned.file_size(file)) > LARGEST_PICTURE:
                message = f'the picture "{excerpt(name)}" has {size / 1_000_000:.1f} MB'
                yield location, message, "Save it with at most 1,600 pixels a side, as JPEG, WebP or AVIF."


def _pictures(scanned: ScannedLetter, issue: Issue) -> Iterator[tuple[Location, str, str]]:
    """Yield location, name in the text and path of each picture of an issue that is a file of the letter."""
    for picture in scanned.scan(issue.body, issue).pictures:
        address = unquote(picture.address.partition("?")[0])
        file = scanned.letter.stored(posixpath.normpath(posixpath.join(issue.source.folder, address)))
        if file in scanned.letter.files:
            yield locate(issue.body, picture.line, picture.column), picture.address, file
    if issue.cover:
        yield issue.source.at("cover"), posixpath.basename(issue.cover.file), issue.cover.file


@letter_rule("series-gap", WARNING)
def check_series_gaps(scanned: ScannedLetter) -> Iterator[LetterProblem]:
    """Yield parts whose predecessor has no file and is not planned."""
    series: dict[str, dict[int, Issue | None]] = defaultdict(dict)
    for part in scanned.letter.schedule.parts.values():
        series[part.name][part.part] = None
    for issue in scanned.letter.issues:
        if issue.series:
            series[issue.series.name][issue.series.part] = issue
    for name, parts in series.items():
        for before, after in pairwise(sorted(parts)):
            last = parts[after]
            if after > before + 1 and last:
                gap = f"part {before + 1}" if after == before + 2 else f"parts {before + 1} to {after - 1}"
                message = f'"{name}" has no {gap}: after part {before} comes part {after}'
                yield last.source.at("series"), message, "Number the parts of a series without gaps."


def locate(text: Text, line: int, column: int) -> Location:
    """Return the location of a line and column of a text; of a text in front matter only the line is certain."""
    return Location(text.file, text.at(line).line, column if text.content is None else 0)

"""The preflight: what a careful reader would notice in a letter's texts before they go out, and what is safe to mend.

The rules of one text live in `slips`; here are those that compare issues, or look at files. What was found in a text is
remembered for as long as the text, and what the rules know of its issue, stay as they are.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from weekahead.lint.markdown_scanner import scan_markdown
from weekahead.lint.rules import (
    GLUED,
    RULES,
    UNFINISHED,
    IssueFacts,
    LintFinding,
    first_of_items,
    lint_text,
    same,
    shown,
    title_slips,
)
from weekahead.model.findings import Finding, Location, Severity
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue, Status, Text
from weekahead.model.letter import Letter
from weekahead.runtime.cpu_limit import CpuLimitExceeded, cpu_limit
from weekahead.runtime.store import Store

HEAVY = 1_000_000
"""Bytes of a picture from which on a reader on the road waits for it."""

STANDING = 3
"""Issues that link to a page from which on it is a standing link, not a repetition."""

RUNNING = 0.15
"""Of a section's issues, how many repeat a link in it: from here on it is a running list, such as jobs or events."""


class Link(Struct, frozen=True, array_like=True):
    """An address in a text, where it stands there, and the heading above it."""

    address: str
    line: int
    column: int
    section: str = ""


class TextScan(Struct, frozen=True, array_like=True):
    """What was seen in one text: slips, pictures, and the pages that its items begin with, by one spelling each."""

    slips: tuple[LintFinding, ...] = ()
    pictures: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()


class Linter:
    """Looks at the texts of a letter. `words` reads a text, `size` tells how many bytes a file of the letter has,
    `store` remembers under the name of our own code, `revision`."""

    def __init__(
        self, letter: Letter, words: Callable[[Text], str], size: Callable[[str], int], store: Store, revision: str
    ) -> None:
        self._letter, self._words, self._size, self._store, self._revision = letter, words, size, store, revision

    def findings(self, files: Collection[str] | None = None) -> tuple[Finding, ...]:
        """What every rule of style finds: warnings and notes, never an error, less what `allow:` sets aside.

        With `files`, the findings in those issues alone (and in letter.yaml, if it is among them): what `ready` and the
        desk ask for. The others are still looked at, for a link may have been given before. The same letter gives the
        same findings at any instant.
        """
        found = [*self._own(), *self._links_again(), *self._heavy(), *series_gaps(self._letter)]
        wanted = (each for each in found if files is None or each.where.file in files)
        return tuple(each for each in wanted if not self._letter.allows(each))

    def links(self) -> Iterator[tuple[Location, str]]:
        """Every address of the web that an issue leads to, newest issue first, and where it stands."""
        for issue in reversed(self._in_order()):
            for text in issue.texts:
                seen = scan_markdown(self._words(text))
                for mention in seen.mentions:
                    if mention.kind != "reference" and mention.address.startswith(("http://", "https://")):
                        ends = mention.kind == "bare" and GLUED.search(mention.address)
                        yield (
                            self._at(text, *seen.place(mention.start)),
                            mention.address[: ends.start() if ends else None],
                        )

    def lost_links(self, ask: Callable[[list[str]], Mapping[str, LinterResult]]) -> tuple[Finding, ...]:
        """What is wrong with addresses of the web, as whoever asks for them found: gone, moved, or nobody can tell."""
        links = list(self.links())
        answers = ask([address for _, address in links])
        found = (_lost(where, address, answers.get(address.partition("#")[0])) for where, address in links)
        return tuple(each for each in found if each and not self._letter.allows(each))

    def mends(self, text: Text, issue: Issue) -> list[tuple[int, int, str]]:
        """What is safe to mend in an issue's body: the words to put over each span, in order and apart."""
        allowed = {*issue.allow, *self._letter.config.allow}
        found = [slip.mend for slip in self._seen(text, issue).slips if slip.mend and slip.rule not in allowed]
        apart: list[tuple[int, int, str]] = []
        for mend in sorted(found):
            if not apart or mend[0] >= apart[-1][1]:
                apart.append(mend)
        return apart

    # -- one text at a time

    def _own(self) -> Iterator[Finding]:
        for issue in self._letter.issues:
            for rule, message, hint in title_slips(self._about(issue)):
                yield _finding(issue.source.at("title"), rule, message, hint)
            for text in issue.texts:
                for slip in self._seen(text, issue).slips:
                    where = self._at(text, slip.line, slip.column)
                    is_open = issue.status is Status.DRAFT and slip.rule in UNFINISHED
                    yield _finding(where, slip.rule, slip.message, slip.hint, Severity.NOTE if is_open else None)
        if signoff := self._letter.config.signoff:
            for slip in self._seen(signoff, None).slips:
                yield _finding(self._at(signoff, slip.line, slip.column), slip.rule, slip.message, slip.hint)

    @staticmethod
    def _at(text: Text, line: int, column: int) -> Location:
        """A place in a text; of a text in front matter the column is another, so that only the line is told."""
        return Location(text.file, text.at(line).line, column if text.words is None else 0)

    def _about(self, issue: Issue | None) -> IssueFacts:
        head = self._letter.config
        if issue is None:
            return IssueFacts(language=head.language, letter=head.title)
        day = issue.date or (None if issue.number is None else self._letter.schedule.day(issue.number))
        part, of = (issue.series.part, issue.series.of) if issue.series else (None, None)
        return IssueFacts(head.language, head.title, issue.title, issue.number, day, part, of)

    def _seen(self, text: Text, issue: Issue | None) -> TextScan:
        about = self._about(issue)
        key = hash_value([self._revision, text.digest, about])
        data = self._store.load("preflight", key)
        try:
            if data:
                return msgspec.msgpack.decode(data, type=TextScan)
        except msgspec.MsgspecError:
            pass
        try:
            with cpu_limit(self._letter.config.budget):
                found = _look(self._words(text), about)
        except CpuLimitExceeded:
            return TextScan()  # the conversion of such a text is refused by name
        self._store.save("preflight", key, msgspec.msgpack.encode(found))
        return found

    # -- texts compared

    def _in_order(self) -> list[Issue]:
        days = self._letter.schedule.day
        return sorted(
            self._letter.issues,
            key=lambda issue: str(issue.date or (issue.number is not None and days(issue.number)) or ""),
        )

    def _links_again(self) -> Iterator[Finding]:
        """A page that an earlier issue gave in the same section, unless the letter links to it all the time."""
        first: dict[str, tuple[Location, str]] = {}
        times: Counter[str] = Counter()
        sections: Counter[str] = Counter()
        again: list[tuple[Location, Link]] = []
        for issue in self._in_order():
            text, pages = issue.body, {page.address: page for page in self._seen(issue.body, issue).pages}
            sections.update({page.section for page in pages.values()})
            times.update(pages.keys())
            for address, page in pages.items():
                where = self._at(text, page.line, page.column)
                before, section = first.setdefault(address, (where, page.section))
                if before is not where and section == page.section:
                    again.append((where, page))
        repeats = Counter(section for _, section in {(where.file, page.section) for where, page in again})
        for where, page in again:
            running = sections[page.section] >= 8 and repeats[page.section] > RUNNING * sections[page.section]
            if times[page.address] < STANDING and not running:
                message = f"{first[page.address][0]} gave the link to {shown(page.address, 80)} already"
                yield _finding(where, "link-again", message, "Say that it comes again, or leave it out.")

    def _heavy(self) -> Iterator[Finding]:
        for issue in self._letter.issues:
            for link in self._seen(issue.body, issue).pictures:
                name = posixpath.normpath(posixpath.join(issue.source.folder, unquote(link.address.partition("?")[0])))
                if name in self._letter.files and (size := self._size(name)) > HEAVY:
                    yield _too_heavy(self._at(issue.body, link.line, link.column), link.address, size)
            if issue.cover and (size := self._size(issue.cover.file)) > HEAVY:
                yield _too_heavy(issue.source.at("cover"), posixpath.basename(issue.cover.file), size)


class LinterResult(Protocol):
    """What is known of an address; `detail` says where it has moved, or why it is gone or nobody can tell."""

    @property
    def verdict(self) -> str: ...

    @property
    def detail(self) -> str: ...


def _lost(where: Location, address: str, answer: LinterResult | None) -> Finding | None:
    if answer is None:
        return None
    shorter = shown(address, 120)
    match answer.verdict:
        case "gone":
            message, hint = f'"{shorter}" is gone: {answer.detail}', "Look for it in a web archive, or leave it out."
        case "moved":
            message, hint = f'"{shorter}" has moved to {answer.detail}', "Write the new address."
        case "unsure":
            message, hint = f'whether "{shorter}" is there cannot be told: {answer.detail}', "Open it yourself."
        case _:
            return None
    return _finding(where, f"link-{answer.verdict}", message, hint)


def _too_heavy(where: Location, name: str, size: int) -> Finding:
    message = f'the picture "{shown(name)}" has {size / 1_000_000:.1f} MB'
    return _finding(where, "heavy-picture", message, "Save it with at most 1,600 pixels a side, as JPEG, WebP or AVIF.")


def _look(words: str, about: IssueFacts) -> TextScan:
    text = scan_markdown(words)
    pictures = [Link(each.address, *text.place(each.start)) for each in text.mentions if each.is_picture]
    starts = [heading.start for heading in text.headings]
    pages = []
    for each in first_of_items(text):
        above = bisect_right(starts, each.start)
        section = text.headings[above - 1].words if above else ""
        pages.append(Link(same(each.address), *text.place(each.start), section))
    return TextScan(tuple(lint_text(text, about)), tuple(pictures), tuple(pages))


def _finding(where: Location, rule: str, message: str, hint: str, severity: Severity | None = None) -> Finding:
    return Finding(where=where, rule=rule, message=message, hint=hint, severity=severity or RULES[rule].severity)


def series_gaps(letter: Letter) -> Iterator[Finding]:
    """A part between two others that no file has. What is planned comes after the last, so it fills no gap."""
    parts: Mapping[str, dict[int, Issue]] = defaultdict(dict)
    for issue in letter.issues:
        if issue.series:
            parts[issue.series.name][issue.series.part] = issue
    for name, found in parts.items():
        for before, after in zip(sorted(found), sorted(found)[1:], strict=False):
            if after > before + 1:
                gap = f"part {before + 1}" if after == before + 2 else f"parts {before + 1} to {after - 1}"
                message = f'"{name}" has no {gap}: after part {before} comes part {after}'
                hint = "Number the parts of a series one after another."
                yield _finding(found[after].source.at("series"), "series-gap", message, hint)

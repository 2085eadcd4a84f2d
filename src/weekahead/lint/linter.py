"""The linter: runs the rules of `lint.rules` over a letter and collects findings and fixes.

The scan of a text is remembered for as long as the text, and the facts that rules compare it with, stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import structs

from weekahead.lint.rules import RULES
from weekahead.lint.rules.across_issues import locate
from weekahead.lint.rules.item_links import list_item_links
from weekahead.lint.rules.links import check_host, check_status, glued_text, is_of_host, normalize_address
from weekahead.lint.rules.registry import IssueFacts, Link, ScannedLetter, TextScan, lint_letter, lint_text, lint_title
from weekahead.markdown.options import TextOptions
from weekahead.model.findings import Finding, Location, Severity, sort_findings
from weekahead.model.hashing import hash_value
from weekahead.model.issue import Issue, Status, Text
from weekahead.model.letter import Letter
from weekahead.model.marks import plain_marks
from weekahead.runtime.cpu_limit import CpuLimitExceeded, cpu_limit
from weekahead.runtime.store import Store

if TYPE_CHECKING:
    from weekahead.lint.external_links import LinkStatus


class Linter:
    """Lints the texts of a letter.

    `read` returns the Markdown of a text, `file_size` the bytes of a file of the letter; `store` keeps scans.
    """

    def __init__(
        self, letter: Letter, read: Callable[[Text], str], file_size: Callable[[str], int], store: Store
    ) -> None:
        self._letter, self._read, self._file_size, self._store = letter, read, file_size, store

    def findings(self, files: Collection[str] | None = None) -> tuple[Finding, ...]:
        """Return the findings of every lint rule, less what `allow:` waives: warnings and notes, never an error.

        With `files`, return only those in these issues (or letter.yaml). The other issues are scanned all the same,
        for a link may have been given before. The same letter gives the same findings at any instant.
        """
        wanted = (finding for finding in self._lint() if files is None or finding.where.file in files)
        allows, explain = self._letter.allows, self._letter.doubts.explain
        return tuple(finding for finding in wanted if not (allows(finding) or explain(finding)))

    def fixes(self, text: Text, issue: Issue) -> list[tuple[int, int, str]]:
        """Return the safe fixes of an issue's body, in order and without overlap: start, end and replacement."""
        waived = {*issue.allow, *self._letter.config.allow}
        findings = self._scan(text, issue).findings
        fixes: list[tuple[int, int, str]] = []
        for fix in sorted(finding.fix for finding in findings if finding.fix and finding.rule not in waived):
            if not fixes or fix[0] >= fixes[-1][1]:
                fixes.append(fix)
        return fixes

    def external_links(self) -> Iterator[tuple[Location, str]]:
        """Yield the location and address of every link of an issue to the web, and of its audio there, newest issue first."""
        from weekahead.lint.scanner import scan_markdown

        for issue in reversed(self._by_date):
            if issue.audio and issue.audio.url:
                yield issue.source.at("audio.url"), issue.audio.url
            for text in issue.texts:
                scanned = scan_markdown(self._read(text), maths=self._options(text).maths)
                for link in scanned.links:
                    if link.kind != "reference" and link.address.startswith(("http://", "https://")):
                        glued = glued_text(link.address) if link.kind == "bare" else None
                        location = locate(text, *scanned.position(link.start))
                        yield location, link.target[:glued]

    def link_findings(
        self, links: Iterable[tuple[Location, str]], statuses: Mapping[str, LinkStatus]
    ) -> tuple[Finding, ...]:
        """Return the findings about links elsewhere, by the statuses of their addresses without fragment.

        Links to a host that cannot be reached are one finding, at the first of them.
        """
        findings: list[Finding] = []
        by_host: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        of_host: dict[tuple[str, str], LinkStatus] = {}
        for location, address in links:
            status = statuses.get(address.partition("#")[0])
            if status is None or (problem := check_status(address, status)) is None:
                continue
            rule, message, hint = problem
            finding = _finding(location, rule.name, message, hint)
            if self._letter.allows(finding):
                continue
            key = (re.split("[/?#]", normalize_address(address))[0], status.detail)
            (by_host[key] if is_of_host(status) else findings).append(finding)
            of_host[key] = status
        return (*findings, *(_one_finding(key[0], of_host[key], each) for key, each in by_host.items()))

    def _lint(self) -> Iterator[Finding]:
        for issue in self._letter.issues:
            for rule, message, hint in lint_title(self._facts(issue)):
                yield _finding(issue.source.at("title"), rule, message, hint)
            for text in issue.texts:
                yield from self._lint_text(text, issue)
        if signoff := self._letter.config.signoff:
            yield from self._lint_text(signoff, None)
        scanned = ScannedLetter(self._letter, self._by_date, self._scan, self._file_size)
        for rule, location, message, hint in lint_letter(scanned):
            yield _finding(location, rule, message, hint)

    def _lint_text(self, text: Text, issue: Issue | None) -> Iterator[Finding]:
        is_draft = issue is not None and issue.status is Status.DRAFT
        for finding in self._scan(text, issue).findings:
            rule = RULES[finding.rule]
            severity = rule.severity_in_drafts if is_draft else rule.severity
            location = locate(text, finding.line, finding.column)
            yield _finding(location, finding.rule, finding.message, finding.hint, severity)

    @cached_property
    def _by_date(self) -> list[Issue]:
        return sorted(self._letter.issues, key=lambda issue: str(self._letter.known_day(issue) or ""))

    def _facts(self, issue: Issue | None) -> IssueFacts:
        config = self._letter.config
        if issue is None:
            return IssueFacts(language=config.language, letter_title=config.title)
        part, of = (issue.series.part, issue.series.of) if issue.series else (None, None)
        day = self._letter.known_day(issue)
        return IssueFacts(issue.language or config.language, config.title, issue.title, issue.number, day, part, of)

    def _options(self, text: Text) -> TextOptions:
        return TextOptions.of_letter(self._letter.config).of_text(text)

    def _scan(self, text: Text, issue: Issue | None) -> TextScan:
        """Return the scan of a text, remembered or new; an empty one if it takes too long, which a build reports."""
        options = self._options(text)
        above = text.line - 1
        facts = structs.replace(self._facts(issue), maths=options.maths, frames=options.frames, lines_above=above)

        def scan() -> TextScan:
            with cpu_limit(self._letter.config.render_timeout):
                return scan_text(self._read(text), facts)

        try:
            return self._store.memo("lint", hash_value([text.digest, facts]), TextScan, scan)
        except CpuLimitExceeded:
            return TextScan()


def _one_finding(host: str, status: LinkStatus, findings: Sequence[Finding]) -> Finding:
    """Return one finding for all links to a host, at the first of them, with the places of some others."""
    first, *others = sort_findings(findings)
    if not others:
        return first
    rule, message, hint = check_host(host, status, len(findings))
    places = ", ".join(str(each.where) for each in others[:5])
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    return _finding(first.where, rule.name, message, f"{hint} The others: {places}{more}.")


def scan_text(markdown: str, facts: IssueFacts) -> TextScan:
    """Return what the linter keeps of a text: its problems, its pictures and the first links of its list items."""
    from weekahead.lint.scanner import scan_markdown  # with the parser, which a check without a new text does not need

    text = scan_markdown(markdown, maths=facts.maths)
    pictures = [Link(link.target, *text.position(link.start)) for link in text.links if link.is_picture]
    heading_starts = [heading.start for heading in text.headings]
    item_links = []
    for link in list_item_links(text):
        above = bisect_right(heading_starts, link.start)
        section = plain_marks(text.headings[above - 1].title) if above else ""
        item_links.append(Link(normalize_address(link.address), *text.position(link.start), section))
    return TextScan(tuple(lint_text(text, facts)), tuple(pictures), tuple(item_links))


def _finding(where: Location, rule: str, message: str, hint: str, severity: Severity | None = None) -> Finding:
    return Finding(where, rule, message, hint, severity or RULES[rule].severity)

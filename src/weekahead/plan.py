"""Everything the site will hold: each path claimed once, each link of each issue leading somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from weekahead.calendars import calendars
from weekahead.feeds import feeds
from weekahead.findings import Finding, Severity, Where
from weekahead.letter import folded
from weekahead.links import Target, files_of, follow
from weekahead.output import Output, Rank, output
from weekahead.pages import Desk, pages
from weekahead.podcast import companions, podcast_findings
from weekahead.prose import line_of
from weekahead.public import Published


class Plan(Struct, frozen=True):
    """The outputs by path, and what was found in making the plan."""

    outputs: Mapping[str, Output]
    findings: tuple[Finding, ...]


def plan(desk: Desk, content: Callable[[str], bytes], content_digest: Callable[[str], str]) -> Plan:
    """The whole site. `content` reads a file of the letter, `content_digest` names what is in it."""
    findings: list[Finding] = []
    outputs: dict[str, Output] = {}
    claims: dict[str, Output] = {}
    for found in [
        *_assets(desk),
        *_files(desk, content, content_digest),
        *pages(desk),
        *calendars(desk),
        *companions(desk),
        *feeds(desk),
    ]:
        rival = claims.setdefault(folded(found.path), found)
        if rival is found:
            outputs[found.path] = found
        elif rival.source != found.source or rival.fingerprint != found.fingerprint:
            findings.append(_claimed_twice(found, rival))
    findings += _claimed_inside(claims)
    findings += broken_links(desk, outputs)
    findings += podcast_findings(desk)
    return Plan(outputs, tuple(findings))


def _assets(desk: Desk) -> Iterator[Output]:
    for name, asset in desk.theme.assets.items():
        yield output(f"assets/{name}", Where(asset.file), Rank.FILE, partial(bytes, asset.data), content=asset.digest)


def _files(desk: Desk, content: Callable[[str], bytes], content_digest: Callable[[str], str]) -> Iterator[Output]:
    for place in desk.public.issues:
        for name, path in sorted(files_of(desk.public, desk.files, place, _addresses(desk, place)).items()):
            yield output(path, Where(name), Rank.FILE, partial(content, name), content=content_digest(name))


def _addresses(desk: Desk, place: Published) -> Iterator[str]:
    for text in place.issue.texts:
        yield from (link.address for link in desk.texts.facts(text).links)


def _claimed_twice(found: Output, rival: Output) -> Finding:
    message = f"{found.path} is already made from {rival.source}"
    return Finding(
        where=found.source,
        rule="path-taken",
        message=message,
        hint="Give one of the two another slug, alias, tag or name.",
    )


def _claimed_inside(claims: Mapping[str, Output]) -> Iterator[Finding]:
    """One path cannot be a file and a folder."""
    for path, found in claims.items():
        parts = path.split("/")
        for place in range(1, len(parts)):
            if rival := claims.get("/".join(parts[:place])):
                yield _claimed_twice(found, rival)


def broken_links(desk: Desk, outputs: Mapping[str, Output]) -> Iterator[Finding]:
    """A finding for each address of an issue that leads nowhere in the site."""
    known = {*outputs}
    for place in desk.public.issues:
        for text in place.issue.texts:
            for address in dict.fromkeys(link.address for link in desk.texts.facts(text).links):
                target = follow(desk.public, desk.files, place, address)
                if problem := _problem(desk, place, target, known):
                    where = text.at(line_of(desk.texts.words(text), address))
                    severity = Severity.WARNING if place.mark else Severity.ERROR
                    yield Finding(
                        where=where,
                        rule="dead-link",
                        message=f'"{address[:80]}" {problem}',
                        hint=_hint(target),
                        severity=severity,
                    )


def _problem(desk: Desk, place: Published, target: Target, known: set[str]) -> str:
    if target.problem or target.path is None:
        return target.problem
    page = target.path + "index.html" if target.path.endswith("/") or not target.path else target.path
    if page not in known and target.path + "/index.html" not in known:
        return "leads to nothing in this site"
    if target.fragment and not _has_id(desk, target):
        return f'leads to a part "#{target.fragment}" that is not on that page'
    return ""


def _has_id(desk: Desk, target: Target) -> bool:
    """Does the page have the id? Only issues are asked; other pages are the theme's."""
    path = (target.path or "").rstrip("/") + "/"
    issue = desk.by_path.get(path)
    if issue is None:
        return True
    return any(target.fragment in desk.texts.facts(text).ids for text in issue.issue.texts)


def _hint(target: Target) -> str:
    if target.problem.endswith("not out"):
        return "It will work once that issue is published."
    if re.match(r"(?i)(www\.|[\w-]+\.(com|org|net|io|dev|rs)\b)", target.address.lstrip("/")):
        return "An address elsewhere begins with https://."
    return "Check the name; capital letters count. A file must lie beside the issue."

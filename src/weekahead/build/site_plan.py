"""Everything the site will hold: each path claimed once, each link of each issue leading somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from weekahead.feeds.calendars import calendars
from weekahead.feeds.podcast import companions, podcast_findings
from weekahead.feeds.rss_atom import feeds
from weekahead.feeds.search_index import searches
from weekahead.model.findings import Finding, Location
from weekahead.model.letter import fold_path
from weekahead.model.output import Output, copied_output
from weekahead.site.pages import RenderContext, pages
from weekahead.site.resolved_links import broken_links, text_faults

MILD = frozenset({"control-character"})
"""Faults of a text that are mended on the way to the page, so that they need not stop a build."""


class SitePlan(Struct, frozen=True):
    """The outputs by path, and what was found in making the plan."""

    outputs: Mapping[str, Output]
    findings: tuple[Finding, ...]


def plan_site(desk: RenderContext, content: Callable[[str], bytes], digests: Mapping[str, str]) -> SitePlan:
    """The whole site. `content` reads a file of the letter, and `digests` name what is in each."""
    findings: list[Finding] = []
    outputs: dict[str, Output] = {}
    claims: dict[str, Output] = {}
    for found in [
        *_assets(desk),
        *_files(desk, content, digests),
        *pages(desk),
        *searches(desk),
        *calendars(desk),
        *companions(desk),
        *feeds(desk),
    ]:
        rival = claims.setdefault(fold_path(found.path), found)
        if rival is found:
            outputs[found.path] = found
        elif rival.source != found.source or rival.fingerprint != found.fingerprint:
            findings.append(_claimed_twice(found, rival))
    findings += _claimed_inside(claims)
    findings += broken_links(desk.public, desk.routes, desk.texts, outputs)
    findings += text_faults(desk.public, desk.routes, MILD)
    findings += podcast_findings(desk)
    return SitePlan(outputs, tuple(findings))


def _assets(desk: RenderContext) -> Iterator[Output]:
    for name, asset in desk.theme.assets.items():
        yield copied_output(f"assets/{name}", Location(asset.file), partial(bytes, asset.data), asset.digest)


def _files(desk: RenderContext, content: Callable[[str], bytes], digests: Mapping[str, str]) -> Iterator[Output]:
    for _, route in desk.routes.all:
        for name, path in route.files:
            yield copied_output(path, Location(name), partial(content, name), digests[name])


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
    folders: dict[str, Output] = {}
    for path, found in claims.items():
        while (path := path.rpartition("/")[0]) and path not in folders:
            folders[path] = found
    for path in sorted(claims.keys() & folders.keys()):
        yield _claimed_twice(folders[path], claims[path])

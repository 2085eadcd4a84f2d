"""Everything the site will hold: each path claimed once, each link of each issue leading somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO

from msgspec import Struct

from weekahead.build.pipeline import Notice, no_notice
from weekahead.build.snapshot import Snapshot
from weekahead.build.texts import texts_of
from weekahead.feeds.calendars import calendars
from weekahead.feeds.podcast import companions, podcast_findings
from weekahead.feeds.rss_atom import feeds
from weekahead.feeds.search_index import search_files
from weekahead.model.book import Book
from weekahead.model.findings import Finding, Location, build_error
from weekahead.model.hashing import hash_bytes
from weekahead.model.letter import LONGEST_NAME, LONGEST_PATH, fold_path, is_too_long
from weekahead.runtime.parallel import available_cores
from weekahead.runtime.store import Store
from weekahead.site.context import RenderContext
from weekahead.site.groups import group_issues
from weekahead.site.named_in_config import missing_in_config, missing_in_footer
from weekahead.site.output import CopiedFile, Output, SiteFile, WriteOrder
from weekahead.site.pages import Site, pages
from weekahead.site.pictures import resize, sized_path, widths_of
from weekahead.site.published import published_view
from weekahead.site.resolved_links import LinkResolver, broken_links, text_faults, unnamed_files
from weekahead.source.folder import open_file
from weekahead.theme.i18n import untranslated

MILD = frozenset({"alert", "control-character", "note-unused", "number-stale"})
"""Faults of a text that rendering repairs, or that the author may judge otherwise, so that they need not stop a build."""


class SitePlan(Struct, frozen=True):
    """The files of a site by path, what they are planned from, and what was found on the way."""

    site: Site
    files: Mapping[str, SiteFile]
    findings: tuple[Finding, ...]


def plan_site(snapshot: Snapshot, store: Store, jobs: int = 0, notice: Notice = no_notice) -> SitePlan:
    """Return the plan of a snapshot's site. Its texts are rendered, in `jobs` processes; no page is. Raises BuildError."""
    site = site_of(snapshot, store)
    site.context.texts.convert(site.links.missing(), jobs or available_cores(), partial(notice, "texts"))
    return _planned(snapshot, site)


def site_of(snapshot: Snapshot, store: Store) -> Site:
    """Return what the files of a snapshot's site are planned from. Nothing is rendered yet."""
    view = published_view(snapshot.letter, snapshot.as_of, drafts=snapshot.drafts)
    texts, groups = texts_of(snapshot, store), group_issues(view)
    links = LinkResolver(view, snapshot.letter.files, texts, store, site_key(snapshot))
    forms = _book_forms(view.books) if view.books else {}
    context = RenderContext(view, groups, snapshot.theme, texts, links, snapshot.loaded.digests, forms)
    return Site(view=view, groups=groups, theme=snapshot.theme, links=links, context=context)


def _book_forms(books: Iterable[Book]) -> dict[str, tuple[str, ...]]:
    """Return the files that each book is made as. Most letters have none, and need not load what tells."""
    from weekahead.book.outputs import made_formats

    return {book.name: made_formats(book) for book in books}


def site_key(snapshot: Snapshot) -> str:
    """Return what tells the sites of one letter apart in the store."""
    return "drafts" if snapshot.drafts else "letter"


def _planned(snapshot: Snapshot, site: Site) -> SitePlan:
    findings: list[Finding] = []
    files: dict[str, SiteFile] = {}
    claims: dict[str, SiteFile] = {}
    for file in _all_files(snapshot, site):
        rival = claims.setdefault(fold_path(file.path), file)
        if rival is file:
            files[file.path] = file
            findings += _too_long(file)
        elif not _is_same(file, rival):
            findings.append(_claimed_twice(file, rival))
    findings += _claimed_inside(claims)
    findings += broken_links(site.view, site.links, site.context.texts, files)
    findings += missing_in_config(site.view, site.theme, files)
    findings += unnamed_files(site.links, snapshot.letter.files)
    findings += text_faults(site.view, site.links, MILD)
    findings += podcast_findings(site)
    if site.view.books:
        from weekahead.book.findings import book_findings

        findings += book_findings(site, snapshot.letter)
    config = snapshot.letter.config
    if footer := config.mail and config.mail.footer:
        findings += missing_in_footer(site.view, site.context.texts, footer, files)
    if finding := untranslated(site.context.translator, site.theme, Location(config.file, config.language_line)):
        findings.append(finding)
    site.links.save()
    return SitePlan(site, files, tuple(found for found in findings if not snapshot.letter.allows(found)))


def _all_files(snapshot: Snapshot, site: Site) -> Iterator[SiteFile]:
    podcast = site.view.config.podcast
    for name, asset in site.theme.assets.items():
        if site.theme.is_sample_cover(name) and not (podcast and podcast.cover == name):
            continue
        yield CopiedFile(f"assets/{name}", Location(asset.file), asset.digest, partial(BytesIO, asset.data))
    yield from _attached_files(snapshot, site)
    yield from _kept_editions(snapshot, site)
    yield from pages(site)
    yield from search_files(site)
    yield from calendars(site.context)
    yield from companions(site)
    yield from feeds(site)
    if site.view.books:  # most letters have none, and need not load what makes them
        from weekahead.book.outputs import book_outputs

        yield from book_outputs(site)


def _attached_files(snapshot: Snapshot, site: Site) -> Iterator[SiteFile]:
    """Yield the files of the letter that are published beside the pages that name them, and pictures in smaller sizes as well."""
    loaded = snapshot.loaded
    covers = {issue.issue.cover.file for issue in site.view.issues if issue.issue.cover}
    for _, links in site.links.all:
        for name, path in links.files:
            copy = CopiedFile(path, Location(name), loaded.digests[name], partial(open_file, loaded.folder.root, name))
            yield copy
            if facts := snapshot.letter.pictures.get(name):
                for width in widths_of(facts, with_small=name in covers):
                    yield _smaller(copy, width)


def _smaller(copy: CopiedFile, width: int) -> Output:
    """Return a picture of the letter made smaller. It depends on nothing but the bytes of the original."""

    def made(width: int) -> bytes:
        data = copy.make()
        if hash_bytes(data) != copy.digest:
            message = "this file changed while the letter was being built"
            raise build_error(copy.source.file, "changed-meanwhile", message, "Build again.")
        return resize(data, width)

    return Output(
        path=sized_path(copy.path, width),
        source=copy.source,
        order=WriteOrder.FILE,
        recipe=f"{copy.digest} {width}",
        context=lambda: width,
        render=made,
    )


def _kept_editions(snapshot: Snapshot, site: Site) -> Iterator[CopiedFile]:
    """Yield the files of the editions of books that are kept, as they were on their day."""
    loaded = snapshot.loaded
    for book in site.view.books:
        for edition in site.view.kept_editions(book.name):
            for name in edition.files:
                path = f"{book.path}{edition.day}/{name.rpartition('/')[2]}"
                yield CopiedFile(
                    path, edition.where, loaded.digests[name], partial(open_file, loaded.folder.root, name)
                )


def _too_long(file: SiteFile) -> list[Finding]:
    if not is_too_long(file.path):
        return []
    message = f"the path of a file of the site is too long: {file.path[:60]}..."
    hint = f"One part of it has at most {LONGEST_NAME} bytes, all of it {LONGEST_PATH:,}. Shorten the file name, slug or permalink."
    return [Finding(file.source, "path-too-long", message, hint)]


def _is_same(file: SiteFile, rival: SiteFile) -> bool:
    """Return whether two files of one path have the same bytes."""
    if isinstance(file, CopiedFile):
        return isinstance(rival, CopiedFile) and (file.source, file.digest) == (rival.source, rival.digest)
    return not isinstance(rival, CopiedFile) and (file.source, file.recipe) == (rival.source, rival.recipe)


def _claimed_twice(file: SiteFile, rival: SiteFile) -> Finding:
    message = f"{file.path} is already made from {rival.source}"
    hint = "Give one of the two another slug, alias, tag or name."
    return Finding(file.source, "path-taken", message, hint)


def _claimed_inside(claims: Mapping[str, SiteFile]) -> Iterator[Finding]:
    """Yield a finding for each path that would be a file and a folder."""
    folders: dict[str, SiteFile] = {}
    for path, file in claims.items():
        while (path := path.rpartition("/")[0]) and path not in folders:
            folders[path] = file
    for path in sorted(claims.keys() & folders.keys()):
        yield _claimed_twice(folders[path], claims[path])

"""Export a letter for Ghost: a zip with its import file (JSON) and the pictures and audio.

Each text is one HTML card, so that Ghost shows it as it is and converts nothing. Known of Ghost's importer: a second post
or page of a slug is dropped, and a zip with another .json, .csv or .md file is refused.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from weekahead.build.transaction import reason_of
from weekahead.exporters.issue_html import Lead, inner_html, issue_html
from weekahead.exporters.site_source import Export, ExportSource, export_source
from weekahead.model.findings import build_error
from weekahead.model.hashing import hash_bytes
from weekahead.model.issue import slug_of_name
from weekahead.runtime.atomic_file import sync
from weekahead.runtime.files import new_file, open_unlinked
from weekahead.site.output import CopiedFile
from weekahead.site.page_context import shortened
from weekahead.site.published import Place, PublishedIssue

MARK = b"weekahead export ghost"
"""The comment of a zip that we made."""
HERE = "__GHOST_URL__"
"""What stands for the address of the Ghost site."""
FOLDERS = {
    "content/images": (".jpg", ".jpeg", ".gif", ".png", ".svg", ".webp", ".avif", ".ico"),
    "content/media": (".mp3", ".m4a", ".wav", ".ogg", ".mp4", ".webm", ".ogv"),
}
"""Where Ghost has the kinds of files that it takes."""
Row = dict[str, Any]


def export_ghost(root: Path, target: Path, *, as_of: str | None = None, drafts: bool = False) -> Export:
    """Export issues and pages into a zip. Raise BuildError, with nothing written, on errors."""
    _require_ours(target)
    with export_source(root, target, as_of=as_of, drafts=drafts) as source:
        files = {path: file for file in source.files if (path := _ghost_path(file.path))}
        data = json.dumps(ghost_data(source), ensure_ascii=False, indent=1) + "\n"
        try:
            _write(target, data, files)
        except OSError as error:
            message = f"cannot write {target}: {reason_of(error)}"
            raise build_error(str(target), "cannot-write", message, "Choose another file.") from None
        view = source.site.view
        return Export(issues=len(view.issues), pages=len(view.pages), media=len(files))


def _ghost_path(path: str) -> str | None:
    """Return where Ghost has a file of the site; None for one that it does not take."""
    kinds = (folder for folder, endings in FOLDERS.items() if path.lower().endswith(endings))
    return next((f"{folder}/weekahead/{path}" for folder in kinds), None)


# -- the data


def ghost_data(source: ExportSource) -> Row:
    """Return what Ghost imports: posts, tags, authors, and how they belong together."""
    view, slugs = source.site.view, _slugs(source)
    names = {name: [*_names(source, place)] for place in view.issues for name in [place.source.file]}
    tags = {place.source.file: [*_tags(place)] for place in view.issues}
    people = dict.fromkeys(name for each in names.values() for name in each)
    labels = {slug_of_name(tag): tag for each in reversed(tags.values()) for tag in each}
    newest = max((issue.instant for issue in view.issues), default=datetime(1970, 1, 1, tzinfo=UTC))
    data = {
        "posts": [_post(source, place, slugs) for place in view.places],
        "posts_meta": [*_covers(source)],
        "tags": [{"id": _id("tag", slug), "name": name, "slug": slug} for slug, name in labels.items()],
        "posts_tags": _joined(tags, "tag_id", lambda tag: _id("tag", slug_of_name(tag))),
        "users": [_user(source, name) for name in people],
        "posts_authors": _joined(names, "author_id", lambda name: _id("user", name)),
    }
    meta = {"exported_on": int(newest.timestamp() * 1000), "version": "5.0.0"}
    return {"db": [{"meta": meta, "data": data}]}


def _slugs(source: ExportSource) -> Mapping[str, str]:
    """Return the slug of each text in Ghost, by its path: its own, unless another has that."""
    slugs: dict[str, str] = {}
    taken = set[str]()
    places: list[Place] = [*source.site.view.pages, *source.issues()]
    for place in places:
        slug = place.issue.slug if isinstance(place, PublishedIssue) else place.page.slug
        tries = (slug if not count else f"{slug}-{count + 1}" for count in range(len(slugs) + 1))
        slugs[place.path] = next(name for name in tries if name.lower() not in taken)
        taken.add(slugs[place.path].lower())
    return slugs


def _post(source: ExportSource, place: Place, slugs: Mapping[str, str]) -> Row:
    known, home = {file.path for file in source.files}, source.context.absolute("")

    def lead(path: str) -> str:
        """Return an address in Ghost; for what Ghost does not have, where the site has it."""
        name = unquote(path)
        if name in slugs:
            return f"{HERE}/{quote(slugs[name])}/"
        ours = _ghost_path(name) if name in known else None
        return f"{HERE}/{quote(ours)}" if ours else home + path

    html = inner_html(issue_html(source, place, lead, lead, cover=False))
    card = {"type": "html", "version": 1, "html": html}
    root = {"children": [card], "direction": None, "format": "", "indent": 0, "type": "root", "version": 1}
    row = {
        "id": _id("post", place.source.file),
        "slug": slugs[place.path],
        "lexical": json.dumps({"root": root}, ensure_ascii=False),
        "html": f"<!--kg-card-begin: html-->\n{html}\n<!--kg-card-end: html-->",
        "status": "draft" if place.mark else "published",
        "visibility": "public",
        "featured": 0,
    }
    return row | (_issue_keys(source, place, lead) if isinstance(place, PublishedIssue) else _page_keys(source, place))


def _issue_keys(source: ExportSource, place: PublishedIssue, lead: Lead) -> Row:
    issue, cover = place.issue, place.issue.cover
    at = None if place.is_undated else _time(place.instant)
    return {
        "title": issue.title[:255],
        "type": "post",
        "published_at": None if place.mark else at,
        "created_at": at,
        "updated_at": None if place.is_undated else _time(place.updated),
        "custom_excerpt": shortened(issue.summary, 300) if issue.summary else None,
        "feature_image": lead(source.context.file_path(place.source.file, cover.file)) if cover else None,
    }


def _page_keys(source: ExportSource, place: Place) -> Row:
    page = source.context.page(place.source.file)
    excerpt = shortened(page.summary, 300) if page.summary else None
    return {"title": page.title[:255], "type": "page", "custom_excerpt": excerpt, "feature_image": None}


def _covers(source: ExportSource) -> Iterator[Row]:
    for place in source.issues():
        if place.issue.cover and place.issue.cover.alt:
            alt = place.issue.cover.alt[:191]
            yield {"post_id": _id("post", place.source.file), "feature_image_alt": alt}


def _names(source: ExportSource, place: PublishedIssue) -> Iterator[str]:
    yield from place.issue.authors or filter(None, [source.context.config.author_name])


def _tags(place: PublishedIssue) -> Iterator[str]:
    """Yield the tags of an issue, and its series, for which Ghost has no other place; each once."""
    series = (place.issue.series.name,) if place.issue.series else ()
    yield from {slug_of_name(name): name for name in (*place.issue.tags, *series)}.values()


def _user(source: ExportSource, name: str) -> Row:
    """Return an author. Ghost asks for an address of each; where the letter has none, one that nobody has."""
    config, slug = source.context.config, slug_of_name(name) or "author"
    own = config.author_email if name == config.author_name else None
    return {"id": _id("user", name), "name": name, "slug": slug, "email": own or f"{slug}@example.com"}


def _joined(names: Mapping[str, list[str]], key: str, identity: Callable[[str], str]) -> list[Row]:
    return [
        {"post_id": _id("post", file), key: identity(name), "sort_order": place}
        for file, each in names.items()
        for place, name in enumerate(each)
    ]


def _id(kind: str, name: str) -> str:
    """Return an id as Ghost has them, of 24 hexadecimal digits."""
    return hash_bytes(f"{kind} {name}".encode())[:24]


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


# -- the file


def _require_ours(target: Path) -> None:
    """Raise BuildError if something is in the place of the zip that we did not make."""
    if not os.path.lexists(target):
        return
    with suppress(OSError, zipfile.BadZipFile), open_unlinked(target) as file, zipfile.ZipFile(file) as old:
        if old.comment == MARK:
            return
    message = f"{target} was not made by `weekahead export ghost` and is in the way"
    raise build_error(str(target), "not-ours", message, "Move it away, or choose another name.")


def _write(target: Path, data: str, files: Mapping[str, CopiedFile]) -> None:
    """Write the zip beside its place and then put it there. Raises OSError, and BuildError if a file is gone."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        with new_file(partial) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.comment = MARK
                archive.writestr(_entry("ghost.json"), data)
                for path, each in sorted(files.items()):
                    with each.open() as content, archive.open(_entry(path), "w", force_zip64=True) as place:
                        shutil.copyfileobj(content, place)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
    sync(target.parent)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry

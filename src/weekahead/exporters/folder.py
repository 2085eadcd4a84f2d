"""Export a letter as a folder of plain Markdown that Hugo, Jekyll and Eleventy take, and `weekahead import` takes back.

A page lies where it has its address, its files beside it. What plain Markdown has no place for, such as numbers and
content kinds, is in a `weekahead:` key of its front matter, which other systems ignore; `_weekahead/` has the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import astuple, replace

from weekahead.exporters.plain_markdown import ENGINES, Surroundings, write_out
from weekahead.exporters.private_keys import public_config, public_schedule
from weekahead.exporters.site_source import Export, ExportSource, export_source, made_file, write_folder
from weekahead.exporters.tables import data_tables
from weekahead.markdown.options import TextOptions
from weekahead.model.decoding import decode_text
from weekahead.model.findings import Location, build_error
from weekahead.model.hashing import hash_bytes
from weekahead.site.addresses import alias_path
from weekahead.site.output import CopiedFile
from weekahead.site.published import Place, PublishedIssue
from weekahead.source.folder import open_file, read_file
from weekahead.source.front_matter import split_text
from weekahead.source.plain_folder import DRAFTS, FILES, OWN, OWN_KEY, SETTINGS, SHARED
from weekahead.source.yaml_flow import flow, flow_of
from weekahead.source.yaml_tree import Node
from weekahead.source.yaml_values import in_quotes


def export_folder(root: Path, target: Path, *, as_of: str | None = None, drafts: bool = False) -> Export:
    """Export what is published, or with `drafts` the whole letter. Raise BuildError, with nothing written, on errors."""
    with export_source(root, target, as_of=as_of, drafts=drafts) as source:
        return write_folder(source, target, folder_files(source))


def folder_files(source: ExportSource) -> Iterator[CopiedFile]:
    """Yield the files of an export."""
    for place in source.site.view.places:
        path = (DRAFTS if place.mark else "") + text_path(place.path)
        yield made_file(path, _text(source, place).encode(), place.source.file)
    public = {path for place, links in source.site.links.all if not place.mark for _, path in links.files}
    files = [each if each.path in public else replace(each, path=DRAFTS + each.path) for each in source.files]
    files += _unpublished(source) if source.snapshot.drafts else []
    yield from files
    paths = {file.source.file: file.path for file in files}
    yield made_file(FILES, (json.dumps(paths, indent=1, sort_keys=True) + "\n").encode(), "issues")
    yield made_file(".eleventyignore", f"{OWN}\n".encode(), "letter.yaml")
    for name, path in SETTINGS.items():
        yield made_file(path, _settings(source, name), name)


def _settings(source: ExportSource, name: str) -> bytes:
    data = read_file(source.root, name)
    if source.snapshot.drafts:
        return data
    letter, numbers = source.snapshot.letter, frozenset(source.site.view.by_number)
    return public_config(data) if name == "letter.yaml" else public_schedule(data, letter.schedule, numbers)


def _unpublished(source: ExportSource) -> Iterator[CopiedFile]:
    """Yield the files of the letter that no page names; under another name, so that nobody takes one for a page."""
    loaded, named = source.snapshot.loaded, {file.source.file for file in source.files}
    for count, name in enumerate(sorted(source.snapshot.letter.files - named), 1):
        opened = partial(open_file, source.root, name)
        yield CopiedFile(f"{OWN}/.kept-{count:04}", Location(name), loaded.digests[name], opened)


def text_path(path: str) -> str:
    """Return where the text of a page lies in an export, by the path of the page."""
    return path.removesuffix(".html").removesuffix(".htm") + ("index.md" if path.endswith("/") else ".md")


# -- one text


def _text(source: ExportSource, place: Place) -> str:
    """Return an issue or a page as Markdown with front matter. Raise BuildError if its file changes meanwhile."""
    context, file = source.context, place.source.file
    body = place.texts[-1]
    words = context.texts.words(body)
    links = context.links(file)
    number = links.texts.index(body.digest)
    own_maths = TextOptions.of_letter(source.snapshot.letter.config).maths
    placed = context.text(file, body)
    has_table = bool(body.beside) and placed is not None
    around = Surroundings(
        addresses={each.address: each.target.address for each in links.led if each.text == number},
        tables=data_tables(context.texts.html(placed)) if has_table and placed else (),
        translator=context.translator,
        maths=own_maths if body.maths is None else body.maths,
    )
    plain, changes = write_out(words, around)
    kept = {"file": flow_of(file), "keys": _keys(source, place)}
    if changes:
        kept["text"] = flow_of({"digest": hash_bytes(plain.encode()), "changes": [astuple(each) for each in changes]})
    lines = [*_front_matter(source, place, plain), f"{OWN_KEY}:", *(f"  {key}: {each}" for key, each in kept.items())]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{plain}\n"


def _front_matter(source: ExportSource, place: Place, plain: str) -> Iterator[str]:
    """Yield the keys that other systems know, a line each."""
    letter, written = source.snapshot.letter, _written_keys(source, place)
    text = place.issue if isinstance(place, PublishedIssue) else place.page
    yield f"title: {flow(written['title'], is_text=True) if 'title' in written else in_quotes(text.title)}"
    if isinstance(place, PublishedIssue) and not place.is_undated:
        yield f"date: {place.instant.isoformat()}"
    yield f"slug: {in_quotes(text.slug)}"
    yield f"url: {in_quotes('/' + place.path)}"
    yield f"permalink: {'false' if place.mark else in_quotes('/' + place.path)}"  # Eleventy has no other word for a draft
    if aliases := ["/" + alias_path(alias) for alias in text.aliases]:
        yield f"aliases: {flow_of(aliases)}"
        yield f"redirect_from: {flow_of(aliases)}"
    yield f"draft: {str(place.mark is not None).lower()}"
    yield from (f"{key}: {flow(written[key], is_text=True)}" for key in SHARED[1:] if key in written)
    if isinstance(place, PublishedIssue):
        if place.issue.series:
            yield f"series: {flow_of([place.issue.series.name])}"
        if place.issue.cover:
            picture = source.context.file_path(place.source.file, place.issue.cover.file)
            yield f"images: {flow_of([letter.config.address(picture)])}"
    if ENGINES.search(plain):
        yield "render_with_liquid: false"
        yield "templateEngineOverride: md"


def _keys(source: ExportSource, place: Place) -> str:
    """Return what the front matter of a text has besides the SHARED keys, as YAML in one line."""
    keys = {key: flow(node) for key, node in _written_keys(source, place).items() if key not in SHARED}
    if isinstance(place, PublishedIssue) and not source.snapshot.drafts and not place.issue.date:
        keys["date"] = place.day.isoformat()  # what its entry says of it may be left out
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def _written_keys(source: ExportSource, place: Place) -> Mapping[str, Node]:
    """Return the front matter of a text as its author wrote it. Raise BuildError if it cannot be read any more."""
    file = place.source.file
    text = decode_text(file, read_file(source.root, file), [])
    parts = None if text is None else split_text(file, text)
    if parts is None:
        message = "this file changed while the letter was being exported"
        raise build_error(file, "changed-meanwhile", message, "Export it again.")
    return {name.value: node for name, node in parts.keys.pairs}

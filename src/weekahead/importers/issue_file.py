"""The file of an issue, or of a page, that a post becomes."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from weekahead.importers.front_matter import Verbatim, clean, plain, yaml_lines
from weekahead.importers.placed import PlacedPost
from weekahead.model.addresses import is_web_address
from weekahead.model.issue import LARGEST_AUDIO, Status, format_duration, slug_from_stem


class FilesOfPost(Struct, frozen=True, kw_only=True):
    """What stands beside a post's file, or elsewhere, and is named in its front matter: the names of files, else addresses."""

    cover: str = ""
    audio: str = ""
    audio_url: str = ""


NO_FILES = FilesOfPost()


def file_text(placed: PlacedPost, markdown: str, files: FilesOfPost = NO_FILES, language: str = "") -> str:
    """Return the text of a post's file; `language` is that of the letter."""
    keys = _page_keys(placed) if placed.post.is_page else _issue_keys(placed, files, language)
    body = markdown.strip("\n")
    return f"---\n{yaml_lines(keys)}---\n" + (f"\n{body}\n" if body else "")


def _page_keys(placed: PlacedPost) -> list[tuple[str, Any]]:
    return [
        ("title", placed.title),
        ("status", "" if placed.is_public else Status.DRAFT.value),
        ("summary", clean(placed.post.summary)),
        ("aliases", placed.aliases),
        ("maths", _maths(placed)),
        ("extra", plain(placed.post.leftover)),
    ]


def _issue_keys(placed: PlacedPost, files: FilesOfPost, language: str) -> list[tuple[str, Any]]:
    post = placed.post
    return [
        ("number", placed.number),
        ("title", placed.title),
        ("date", placed.day),
        ("status", (Status.READY if placed.is_public else Status.DRAFT).value),
        ("slug", "" if placed.slug == slug_from_stem(placed.stem) else placed.slug),
        ("series", _series(placed)),
        ("tags", post.tags),
        ("summary", clean(post.summary)),
        ("language", "" if post.language == language else post.language),
        ("authors", post.authors),
        ("audio", _audio(placed, files)),
        ("cover", _cover(placed, files)),
        ("aliases", placed.aliases),
        ("guid", clean(post.guid)),
        ("next", [{"number": line.number, "title": line.title, "date": line.date} for line in placed.next]),
        ("maths", _maths(placed)),
        ("extra", plain(post.leftover)),
    ]


def _maths(placed: PlacedPost) -> bool | None:
    return True if placed.post.maths or placed.text.maths else None


def _series(placed: PlacedPost) -> dict[str, Any]:
    series = placed.series
    return {"name": series.name, "part": series.part, "of": series.of} if series else {}


def _cover(placed: PlacedPost, files: FilesOfPost) -> dict[str, Any]:
    alt = clean(placed.post.cover.alt) if placed.post.cover else ""
    return {"file": files.cover, "alt": alt or None} if files.cover else {}


def _audio(placed: PlacedPost, files: FilesOfPost) -> dict[str, Any]:
    audio = placed.post.audio
    if audio is None or not (files.audio or is_web_address(files.audio_url)):
        return {}
    if files.audio:  # its size and length are read from it
        return {"file": files.audio}
    duration = Verbatim(f'"{format_duration(audio.duration)}"') if audio.duration else None
    kind = audio.type if audio.type.startswith(("audio/", "video/")) else None
    size = audio.bytes if 0 < audio.bytes <= LARGEST_AUDIO else None  # else it is not known
    return {"url": files.audio_url, "bytes": size, "duration": duration, "type": kind}

"""The keys of front matter, of an issue and of a page."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from urllib.parse import unquote

from weekahead.model.addresses import split_address
from weekahead.model.issue import (
    LARGEST_AUDIO,
    Audio,
    Chapter,
    Correction,
    Cover,
    IssueMail,
    SeriesPart,
    Source,
    StampedPromise,
    Status,
    Transcript,
    slug_of_name,
    without_marks,
)
from weekahead.model.transcript import TYPES, transcript_type
from weekahead.source import value_types as types
from weekahead.source.audio_probe import MEDIA_TYPES, media_type
from weekahead.source.config_file import LANGUAGE, RULE
from weekahead.source.free_map import FreeMap
from weekahead.source.key_table import MapOf, Table, maps_of, optional, required
from weekahead.source.value_types import BadValue, ListOf, Scalar, fold, matching, within_path
from weekahead.source.yaml_map import YamlMap

# -- types of values


def _slug(words: str) -> str:
    slug = unicodedata.normalize("NFC", fold(words))
    is_slug = re.fullmatch(r"[^\W_]([\w-]*[^\W_])?", without_marks(slug)) and slug[0].isalnum()
    if not is_slug or len(slug) > 100:
        raise BadValue
    return within_path(slug, "9" * 9 + f"-{slug}.html")  # as most permalinks have it


def _tag(words: str) -> str:
    tag = unicodedata.normalize("NFC", fold(words))
    if tag and not slug_of_name(tag):
        raise BadValue
    return within_path(tag, slug_of_name(tag))


def _alias(words: str) -> str:
    """Return a path of the site, without the slash at its ends."""
    alias = fold(words)
    parts = unquote(alias).strip("/").split("/")
    if alias and not (
        alias.startswith("/") and all(re.fullmatch(r"[\w~-][\w.~ -]*", without_marks(part)) for part in parts)
    ):
        raise BadValue
    path = "/".join(unicodedata.normalize("NFC", part) for part in parts)
    return within_path(path, path)


def _file_pattern(words: str) -> str | None:
    """Return what leads to a file below the folder of the text, or to more than one."""
    path = posixpath.normpath(unquote(fold(words)))
    if path.startswith(("/", "../")) or path == "..":
        raise BadValue("in the folder of this file", "Put it there.", "outside")
    return fold(words) or None


SLUG_HINT = "Use up to 100 letters, digits and hyphens."
SLUG = Scalar("one part of an address, such as what-is-mlops", _slug, hint=SLUG_HINT, rule="slug")
TAG = Scalar("words with a letter or a digit", _tag, rule="slug", is_prose=True)
ALIAS = Scalar("a path of this site", _alias, hint="Write it as it was, from the slash: /p/mlops.", rule="alias")
FILE_PATTERN = Scalar("a file, or a pattern such as demo/*", _file_pattern)
MEDIA_TYPE = matching("(audio|video)/[A-Za-z0-9_.+-]+", "a media type such as audio/mpeg")


def _path_beside(yaml: YamlMap, key: str, name: str) -> str | None:
    """Return the path, from the letter's root, of a file that front matter names, or None and a finding."""
    path = os.path.normpath(os.path.join(Source(file=yaml.source.file).folder, unquote(name)))
    if path.startswith("issues/") and not os.path.isabs(name):
        return path
    yaml.find(key, "outside", f'"{name}" is outside issues/', "Put it beside the issue.")
    return None


# -- keys


class SeriesKeys(Table[SeriesPart]):
    name = required(types.NAME, "The name of the series.")
    part = required(types.integer(1, 9999), "The number of this part.")
    of = optional(types.integer(1, 9999), "How many parts there will be.")

    def build(self) -> SeriesPart:
        series = SeriesPart(name=self.name, part=self.part, of=self.of)
        if series.of is not None and series.part > series.of:
            message = f"this is part {series.part} of a series of {series.of}"
            self.yaml.find("part", "series-part", message, "Raise `of`, or correct `part`.")
        if not series.slug:
            message = f'no address can be made from the series name "{series.name}"'
            self.yaml.find("name", "slug", message, "Use at least one letter or digit.")
        return series


class ChapterKeys(Table[Chapter]):
    at = required(types.DURATION, "When it begins.")
    title = required(types.LINE, "Its title.")

    def build(self) -> Chapter:
        return Chapter(at=self.at, title=self.title, line=self.yaml.at("at").line)


class AudioKeys(Table[Audio]):
    file = optional(types.FILE_NAME, "A file next to the issue; its size, length and type are read from it.")
    url = optional(types.WEB_ADDRESS, "The address of audio that is elsewhere.")
    bytes = optional(types.integer(0, LARGEST_AUDIO), "Its size.", 0)
    duration = optional(types.DURATION, "Its length.")
    type = optional(MEDIA_TYPE, "Its media type.")
    chapters = optional(maps_of(ChapterKeys), "Its chapters.", ())
    transcript = optional(
        types.FILE_NAME, "A file next to the issue with what is said, if that is not the text: .vtt, .srt, .txt or .md."
    )

    def build(self) -> Audio | None:
        has_file, has_url = self.yaml.has("file"), self.yaml.has("url")
        if has_file and has_url:
            hint = "Keep one: file for audio beside the issue, url for audio elsewhere."
            self.yaml.find("url", "audio", "audio has both a file and a url", hint)
        elif not has_file and not has_url:
            self.yaml.find("file", "audio", "audio has neither a file nor a url", "Write audio: {file: NAME.mp3}.")
        file = _path_beside(self.yaml, "file", self.file) if self.file else None
        if file and not media_type(file):
            hint = f"Known endings: {', '.join(MEDIA_TYPES)}."
            self.yaml.find("file", "audio", f'"{self.file}" is not a known type of audio file', hint)
        kind = self.type or ("" if file else media_type(split_address(self.url or "").path) or "audio/mpeg")
        return Audio(
            file=file, words=self.file or "", url=self.url, bytes=self.bytes, duration=self.duration, type=kind, chapters=self.chapters,
            transcript=self._transcript(),
        )  # fmt: skip

    def _transcript(self) -> Transcript | None:
        path = _path_beside(self.yaml, "transcript", self.transcript) if self.transcript else None
        if path and not transcript_type(path):
            hint = f"Known endings: {', '.join(TYPES)}."
            self.yaml.find("transcript", "transcript", f'"{self.transcript}" is not a known type of transcript', hint)
        return Transcript(file=path, words=self.transcript or "") if path else None


class CoverKeys(Table[Cover]):
    file = required(types.FILE_NAME, "A file next to the issue.")
    alt = optional(types.LINE, "What the picture shows, for readers who cannot see it.", "")

    def build(self) -> Cover | None:
        path = _path_beside(self.yaml, "file", self.file)
        return Cover(file=path, words=self.file, alt=self.alt) if path else None


class CorrectionKeys(Table[Correction]):
    day = required(types.DAY, "The day of the correction.", name="date")
    what = required(types.LINE, "What was corrected.")

    def build(self) -> Correction:
        return Correction(date=self.day, what=self.what)


class PromiseKeys(Table[StampedPromise]):
    number = required(types.WHOLE, "The number of a planned issue.")
    title = required(types.LINE, "Its title.")
    day = optional(types.DAY, "Its day.", name="date")

    def build(self) -> StampedPromise:
        return StampedPromise(number=self.number, title=self.title, date=self.day)


class IssueMailKeys(Table[IssueMail]):
    subject = optional(types.LINE, "Its subject, if not the one of letter.yaml; braces stay as they are.")
    send = optional(types.BOOLEAN, "Mail it at all.", True)

    def build(self) -> IssueMail:
        return IssueMail(subject=self.subject or None, send=self.send)


class IssueKeys(Table["IssueKeys"]):
    is_foreign = True

    title = required(types.LINE, "The title.")
    number = optional(types.WHOLE, "Unique; a special edition has none, and needs a `date`. A draft needs neither.")
    date = optional(types.DAY, "The day it comes out; without it, the schedule's day for its number.")
    status = optional(types.choice(Status), "Only `ready` is ever published.", Status.DRAFT)
    slug = optional(SLUG, "Its part of the address; without it, the file name less its leading number or date.")
    series = optional(MapOf(SeriesKeys), "The series that it is part of.")
    tags = optional(ListOf(TAG), "Its tags; `C++` is at `tags/c-plus-plus/`.", ())
    summary = optional(types.LINE, "One or two sentences for lists, feeds and previews.")
    language = optional(LANGUAGE, "Its language, if [not that of the letter](templates.md#languages).")
    authors = optional(ListOf(types.NAME), "Its authors, if not the author of the letter.", ())
    research_note = optional(types.Markdown(), "Shown in a call-out box.")
    audio = optional(MapOf(AudioKeys), "The audio edition: see [Audio](#audio).")
    cover = optional(MapOf(CoverKeys), "A picture for the issue.")
    files = optional(
        ListOf(FILE_PATTERN),
        "Files to publish although no text names them: see [Files](#files).",
        (),
    )
    aliases = optional(ListOf(ALIAS), "Old addresses on this site that redirect here.", ())
    guid = optional(types.WORD, "A feed id to keep, such as that of another system.")
    corrected = optional(maps_of(CorrectionKeys), "Corrections, shown on its page and in the feeds.", ())
    recorded = optional(types.WORD, "Which text was read aloud; written by `ready`.")
    next = optional(maps_of(PromiseKeys), 'The "what\'s next" list as it was then; written by `ready`.')
    discussion = optional(types.WEB_ADDRESS, "The address where readers discuss it.")
    maths = optional(
        types.BOOLEAN, "Read `$x$` and `$$x$$` as [formulas](writing.md#formulas); without it, as in letter.yaml."
    )
    mail = optional(MapOf(IssueMailKeys), "How it is [mailed](sending.md).", IssueMail())
    allow = optional(ListOf(RULE), "Rules to ignore in this issue, as in letter.yaml.", ())
    extra = optional(FreeMap(), "Your own keys, for templates: `issue.extra`.", {})


class PageKeys(Table["PageKeys"]):
    is_foreign = True

    title = optional(types.LINE, "Required, unless the text begins with the title.")
    status = optional(types.choice((Status.DRAFT, Status.READY)), "Only `ready` is published.", Status.READY)
    summary = optional(types.LINE, "One or two sentences, shown below the title and in previews.")
    files = IssueKeys.files
    aliases = IssueKeys.aliases
    maths = IssueKeys.maths
    allow = optional(ListOf(RULE), "Rules to ignore in this page, as in letter.yaml.", ())
    extra = optional(FreeMap(), "Your own keys, for templates.", {})

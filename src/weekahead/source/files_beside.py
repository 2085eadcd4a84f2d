"""Files beside a text: what front matter and text name, under the names they have on the disk."""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from functools import partial
from typing import Protocol, TypeVar
from urllib.parse import unquote

from msgspec.structs import replace

from weekahead.model.decoding import decode_text
from weekahead.model.findings import Finding
from weekahead.model.issue import BIBLIOGRAPHY, STYLE, Audio, Issue, Page, Transcript, combine_digests
from weekahead.model.letter import stored_name
from weekahead.model.transcript import parse_transcript, transcript_type
from weekahead.runtime.files import open_file
from weekahead.source.audio_probe import AudioInfo, probe_audio, reconcile_audio
from weekahead.source.file_patterns import select_files
from weekahead.source.folder import Folder, cannot_be_read, text_digest

BIBLIOGRAPHIES = ("references.bib", "references.json")
"""What a bibliography is called, beside a text or in the letter's folder."""

AnyText = TypeVar("AnyText", Issue, Page)


class Known(Protocol):
    """What is known of files by their digests."""

    audio: dict[str, AudioInfo | None]
    transcripts: dict[str, bool]


class FilesBeside:
    """Finds the files that texts name. What is wrong is added to `findings`; `before` is what the last run knew."""

    def __init__(self, folder: Folder, findings: list[Finding], before: Known, after: Known) -> None:
        self._folder, self._findings, self._before, self._after = folder, findings, before, after
        self.shared: list[tuple[str, str, str]] = []
        """The bibliographies in the letter's folder and the style of its citations: what they are called among the files of a
        text, their names and their digests."""
        self.forms: dict[str, str] = {}
        """The names of the letter's files beyond ASCII, by their forms."""

    def with_files(self, issue: Issue, files: Collection[str]) -> Issue | None:
        """Return the issue with what its files are called on the disk, and with what its audio file says of itself; None, with a
        finding, when a file it names is not there."""
        audio, cover = issue.audio, issue.cover
        if audio is None and cover is None:
            return issue
        transcript, named = audio and audio.transcript, partial(self._named, issue, files)
        if audio and audio.file:
            audio = replace(audio, file=named("audio.file", audio.file, audio.words))
        if transcript:
            transcript = replace(transcript, file=named("audio.transcript", transcript.file, transcript.words))
        if cover:
            cover = replace(cover, file=named("cover.file", cover.file, cover.words))
        if "" in (audio and audio.file, transcript and transcript.file, cover and cover.file):
            return None
        if audio and audio.file:
            audio = self._probed(issue, audio, audio.file)
        if audio and transcript:
            audio = self._with_transcript(issue, audio, transcript)
        return replace(issue, audio=audio, cover=cover) if audio or not issue.audio else None

    def _named(self, issue: Issue, files: Collection[str], key: str, name: str, words: str) -> str:
        """Return what a file that front matter names is called on the disk; "", with a finding, when it is not there."""
        name = stored_name(name, self.forms)
        if name in files:
            return name
        message, hint = (
            f'there is no file "{words}" beside {issue.source.file}',
            "Check the name; capital letters count.",
        )
        self._findings.append(Finding(issue.source.at(key), "file-missing", message, hint))
        return ""

    def with_listed(self, of: AnyText, files: list[str], texts: list[str]) -> AnyText:
        """Return the issue or page with the files that its `files:` lists; a finding for what is no file beside it."""
        if not of.files:
            return of
        folder, found = of.source.folder, dict[str, None]()
        within = [name for name in files if name.startswith(f"{folder}/") and _belongs(name, of.source.file, texts)]
        for pattern in of.files:
            chosen = select_files(posixpath.normpath(unquote(pattern)), (name[len(folder) + 1 :] for name in within))
            found |= dict.fromkeys(f"{folder}/{name}" for name in chosen)
            if not chosen:
                message = f'there is no file "{pattern}" beside {of.source.file}'
                hint = "Check the name; capital letters count. In a pattern, * stands for any signs of a name."
                self._findings.append(Finding(of.source.at("files"), "file-missing", message, hint))
        return replace(of, files=tuple(found))

    def with_tables(self, of: AnyText, files: list[str], texts: list[str]) -> AnyText:
        """Return the issue or page with its body named by its words and by the files that its tables are made from; a file that is
        not there, or that belongs to another issue, is none of them."""
        body = of.body
        if not body.beside:
            return of
        found, digests = list[tuple[str, str]](), list[str]()
        for words, sought in body.beside:
            if words == BIBLIOGRAPHY:
                for each in self._bibliographies(sought, files):
                    found.append((each[0], each[1]))
                    digests.append(each[2])
                continue
            name = stored_name(sought, self.forms)
            if name in files and _belongs(name, body.file, texts):
                digest = text_digest(self._folder, name, self._findings)
                if digest is not None:
                    found.append((words, name))
                    digests.append(digest)
        digest = combine_digests(body.digest, digests)
        return replace(of, body=replace(body, digest=digest, beside=tuple(found)))

    def _bibliographies(self, folder: str, files: list[str]) -> list[tuple[str, str, str]]:
        """Return the bibliographies of a text in a folder, its own before those of the letter, and the style; none without any."""
        found = [(name, digest) for words, name, digest in self.shared if words == BIBLIOGRAPHY]
        for name in reversed([f"{folder}/{name}" for name in BIBLIOGRAPHIES]):
            digest = text_digest(self._folder, name, self._findings) if name in files else None
            if digest is not None:
                found.insert(0, (name, digest))
        numbered = [(f"{BIBLIOGRAPHY} {number}", name, digest) for number, (name, digest) in enumerate(found, 1)]
        return [*numbered, *(each for each in self.shared if each[0] == STYLE)] if found else []

    def _with_transcript(self, issue: Issue, audio: Audio, transcript: Transcript) -> Audio | None:
        """Return the audio with the digest of its transcript; None, with a finding, where that has no words."""
        name, before = transcript.file, len(self._findings)
        digest = text_digest(self._folder, name, self._findings)
        if digest is None:
            return None
        key = f"{transcript_type(name)} {digest}"
        if key in self._before.transcripts:
            has_words = self._before.transcripts[key]
        else:
            text = decode_text(name, self._folder.data(name), self._findings)
            has_words = text is not None and bool(parse_transcript(name, text))
        if len(self._findings) == before:
            self._after.transcripts[key] = has_words
        if not has_words and len(self._findings) == before:
            message = f'no words can be read in the transcript "{name.rpartition("/")[2]}"'
            hint = "In .vtt and .srt, each cue begins with a line such as 00:01.000 --> 00:04.000."
            self._findings.append(Finding(issue.source.at("audio.transcript"), "transcript", message, hint))
        return replace(audio, transcript=replace(transcript, digest=digest)) if has_words else None

    def _probed(self, issue: Issue, audio: Audio, name: str) -> Audio | None:
        """Return the audio with what its file says of itself; None, with a finding, where that cannot be."""
        try:
            key, size = self._folder.digest(name), self._folder.size(name)
        except OSError as error:
            self._findings.append(cannot_be_read(name, error))
            return None
        found = self._before.audio[key] if key in self._before.audio else self._audio_info(name)
        self._after.audio[key] = found
        if found is None:
            message = f'"{audio.words}" cannot be read as audio'
            hint = "Export it again, as MP3 for the widest reach."
            self._findings.append(Finding(issue.source.at("audio.file"), "audio", message, hint))
            return None
        return reconcile_audio(issue, audio, size, found, self._findings)

    def _audio_info(self, name: str) -> AudioInfo | None:
        with open_file(self._folder.root, name) as file:
            return probe_audio(file)


def _belongs(name: str, text: str, texts: Collection[str]) -> bool:
    """Return whether a file may be used by a text: it does not lie in the folder of another one."""
    owner = "/".join(name.split("/")[:2]) + "/index.md"
    return owner == text or owner not in texts

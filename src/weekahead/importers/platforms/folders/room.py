"""A platform whose exports are folders, and its reading of one site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from posixpath import splitext
from typing import Any

from weekahead.importers.notes import Notes, Outcome, PostNotes
from weekahead.importers.platforms.folders.data_text import read_data
from weekahead.importers.platforms.folders.header import Header, read_header
from weekahead.importers.platforms.folders.sites import is_site, only_site
from weekahead.importers.platforms.platform import HtmlPass, MarkdownPass, ReadOptions
from weekahead.importers.post import Publication
from weekahead.importers.source_files import SourceFiles, decode_source, read_source
from weekahead.model.findings import Location

_OTHER_TEXTS = {
    ".rst": "reStructuredText", ".org": "Org", ".adoc": "AsciiDoc", ".asciidoc": "AsciiDoc", ".textile": "Textile",
    ".ipynb": "a notebook", ".docx": "a Word document", ".odt": "an OpenDocument text", ".pug": "a Pug template",
}  # fmt: skip
"""Endings of texts that are not read."""


class SiteReading:
    """The reading of one site in an export. Names of files are those below its root."""

    def __init__(self, files: SourceFiles, options: ReadOptions, notes: Notes, root: str) -> None:
        self.files, self.options, self.notes, self.root = files, options, notes, root
        self.names = tuple(name.removeprefix(root) for name in files.names if name.startswith(root))

    def text(self, name: str) -> str | None:
        """Return the text of a file; None and a note where it cannot be read."""
        whole = self.root + name
        try:
            text, is_sound = decode_source(read_source(self.files, whole))
        except OSError as error:
            self._note(Outcome.DROPPED, "unreadable", f"this file cannot be read: {error.strerror or error}", name)
            return None
        if not is_sound:
            self._note(Outcome.ASK, "encoding", "this file is not UTF-8; it was read as Windows-1252", name)
        return text

    def header(self, name: str, read: Callable[[str], Header] = read_header) -> Header | None:
        """Return the front matter and the body of a text; None and a note where it cannot be read."""
        text = self.text(name)
        return None if text is None else read(text)

    def settings(self, *names: str) -> dict[str, Any]:
        """Return the keys of the first of some files of settings that is there."""
        for name in names:
            if name in self.names and (text := self.text(name)) is not None:
                data = read_data(name, text)
                for fault in data.faults:
                    if "the tag !" in fault.message:
                        continue  # of programs, which no letter needs: `!!python/name:...`
                    where = Location(self.root + name, fault.line)
                    message = f"these settings could not be read as a whole: {fault.message}"
                    self.notes.add(Outcome.ASK, "settings", message, source=where)
                return data.values
        return {}

    def post_notes(self, name: str) -> PostNotes:
        """Return the notes of the post in a file."""
        return PostNotes(self.notes, name, Location(self.root + name, 1))

    def folders(self, *names: str) -> tuple[str, ...]:
        """Return folders of the site as folders of the export, without a "/" at their ends."""
        return tuple((self.root + name).rstrip("/") for name in names)

    def not_read(self, names: Iterable[str]) -> None:
        """Add a note about the texts among some files that are in a form which is not read."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in names:
            if kind := _OTHER_TEXTS.get(splitext(name)[1].lower()):
                found[kind].append(name)
        for kind, files in found.items():
            for name in files:
                hint = "Convert it to Markdown, with pandoc for example, and import again."
                source = Location(self.root + name, 1)
                self.notes.add(
                    Outcome.DROPPED, "not-markdown", f"this text is {kind}, which is not read", source=source, hint=hint
                )

    def leave_out(self, names: Iterable[str], rule: str, what: str) -> None:
        """Add one note about files that are left out."""
        listed = sorted(names)
        if listed:
            shown = ", ".join(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")
            self.notes.add(Outcome.DROPPED, rule, f"{what}: {shown}")

    def _note(self, outcome: Outcome, rule: str, message: str, name: str) -> None:
        self.notes.add(outcome, rule, message, post=name, source=Location(self.root + name, 1))


class FolderPlatform:
    """A generator of static sites, or a program for notes."""

    def __init__(
        self,
        name: str,
        label: str,
        read_site: Callable[[SiteReading], Publication],
        markdown_passes: Sequence[MarkdownPass],
    ) -> None:
        self.name, self.label, self.needs, self._read_site = name, label, "", read_site
        self.html_passes: Sequence[HtmlPass] = ()
        self.markdown_passes = markdown_passes

    def recognise(self, files: SourceFiles) -> bool:
        """Return whether an export is such a site. Raise BuildError where there are several sites in it."""
        return is_site(files, self.name)

    def read(self, files: SourceFiles, options: ReadOptions, notes: Notes) -> Publication:
        """Return the posts of such a site, in the order of their files. Raise BuildError where there are several."""
        return self._read_site(SiteReading(files, options, notes, only_site(files, self.name).root))

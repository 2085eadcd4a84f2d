"""Import: read an export, convert its texts, place them in the letter, and write what was staged and tried."""

from __future__ import annotations

from msgspec.structs import replace

from weekahead.importers.arrangement.arrange import arrange
from weekahead.importers.assembly.web import Web
from weekahead.importers.before import letter_before
from weekahead.importers.job import ImportJob
from weekahead.importers.known_posts import without_known
from weekahead.importers.letter_files import files_around, url_of, written_url
from weekahead.importers.notes import Notes
from weekahead.importers.options import ImportOptions, Notice
from weekahead.importers.platforms.platform import Platform, ReadOptions
from weekahead.importers.platforms.registry import looks_like, platforms
from weekahead.importers.report import ImportReport
from weekahead.importers.source_files import SourceFiles
from weekahead.importers.texts import convert_posts
from weekahead.importers.writing import write_letter
from weekahead.model.findings import BuildError, build_error


def import_export(
    options: ImportOptions, platform: Platform, files: SourceFiles, notice: Notice, web: Web | None = None
) -> ImportReport:
    """Bring an export into a letter, whole or not at all, and return what is to be said of it. Raise BuildError.

    Pictures and recordings that are elsewhere are fetched from a web, if there is one.
    """
    notes = Notes()
    before = letter_before(options.root, platform.name)
    publication = platform.read(files, ReadOptions(now=options.now, url=written_url(before)), notes)
    if not publication.posts:
        raise _nothing_in(files, options.format, notes)
    publication = publication if publication.url else replace(publication, url=written_url(before))
    publication = without_known(publication, before, notes)
    posts = convert_posts(publication, platform, options, notes, notice)
    publication = replace(publication, posts=())  # their texts are converted
    arrangement = arrange(publication, posts, before, options.timezone, options.now, notes)
    around = {} if before.letter else files_around(publication, arrangement.schedule.cadence, notes)
    url = before.letter.config.url if before.letter else url_of(publication)
    job = ImportJob(
        options=options, label=platform.label, files=files, publication=publication, before=before,
        arrangement=arrangement, around=around, letter_url=url, notice=notice, web=web,
    )  # fmt: skip
    return write_letter(job, notes.all)


def _nothing_in(files: SourceFiles, wanted: str, notes: Notes) -> BuildError:
    """Return the error for an export without a post, with what it is if not what --format says, else the first things said of it."""
    said = "; ".join(note.message for note in notes.all[:3])
    hint = f"What was found there: {said}." if said else "Export again, and look whether the old site has posts."
    if wanted:
        hint = looks_like(files, platforms(), wanted) or hint
    return build_error(files.label, "empty-export", "there is no post in this export", hint)

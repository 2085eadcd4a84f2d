"""Stage the files of posts until the house's own checks take the letter: what they refuse is held back as a draft, and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from weekahead.importers.arrangement.names import language_tag
from weekahead.importers.arrangement.plan_text import schedule_text
from weekahead.importers.assembly.assemble import AssembledPost, assemble
from weekahead.importers.assembly.fetching import Fetcher
from weekahead.importers.assembly.old_site import OldSite
from weekahead.importers.issue_file import file_text
from weekahead.importers.job import ImportJob
from weekahead.importers.notes import Note, Notes, Outcome
from weekahead.importers.placed import PlacedPost
from weekahead.importers.report import Fate
from weekahead.importers.staged_files import StagedFiles
from weekahead.importers.staging import Stage
from weekahead.importers.trial import try_letter
from weekahead.model.findings import BuildError, Finding
from weekahead.model.letter import Letter

ROUNDS = 6
"""How often what was refused is staged in another form."""
SCHEDULE = "schedule.yaml"


class StagedLetter(Struct, frozen=True, kw_only=True):
    """A letter that is staged and sound: its posts, its texts, and its files."""

    letter: Letter
    posts: Sequence[AssembledPost]
    texts: Mapping[str, str]
    files: StagedFiles
    notes: Sequence[Note]
    old_site: OldSite


def stage_letter(job: ImportJob, stage: Stage, fetcher: Fetcher) -> StagedLetter:
    """Stage a letter that builds. Raise BuildError if there is none, and OSError."""
    posts, held = job.arrangement.posts, Notes()
    for _ in range(ROUNDS):
        notes = Notes()
        site = OldSite(job.publication, posts, job.files)
        assembled = assemble(posts, site, job.files, job.before, job.letter_url, fetcher, notes, job.notice)
        stager = _Stager(job, stage)
        stager.stage(assembled)
        letter, errors = try_letter(stage.letter, job.options.now)
        if not errors:
            return StagedLetter(
                letter=letter, posts=assembled, texts=stager.texts, files=stager.files,
                notes=[*held.all, *notes.all], old_site=site,
            )  # fmt: skip
        posts = tuple(_held_back(posts, {post.file: post.placed for post in assembled}, errors, held))
    raise BuildError(errors)


def _held_back(
    posts: Iterable[PlacedPost], by_file: Mapping[str, PlacedPost], errors: Sequence[Finding], held: Notes
) -> list[PlacedPost]:
    """Return posts of which those with errors are drafts, or are left out if they were. Raise BuildError if that is no help."""
    wrong = {by_file[error.where.file].post.id: error for error in reversed(errors) if error.where.file in by_file}
    if not wrong:
        raise BuildError(errors)
    kept = []
    for placed in posts:
        error = wrong.get(placed.post.id)
        if error is None:
            kept.append(placed)
            continue
        post, where = placed.post, placed.post.where
        if placed.is_public:
            message = f"it would not build, and arrives as a draft: {error.message} [{error.rule}]"
            held.add(Outcome.ASK, "refused", message, post=post.id, source=where, hint=error.hint)
            kept.append(replace(placed, is_public=False))
        else:
            message = f"it was left out, for it would not build even as a draft: {error.message} [{error.rule}]"
            held.add(Outcome.ASK, "refused", message, post=post.id, source=where, hint=error.hint)
    return kept


class _Stager:
    """Stages the files of a letter. One that the author has edited, deleted or made stays as it is."""

    def __init__(self, job: ImportJob, stage: Stage) -> None:
        self._job = job
        self.files = StagedFiles(stage, job.before.ledger.digests)
        self.texts: dict[str, str] = {}

    def stage(self, posts: Sequence[AssembledPost]) -> None:
        """Stage everything anew. Raises OSError."""
        job, files = self._job, self.files
        files.begin()
        for name, data in job.around.items():
            files.write(name, data)
        for post in posts:
            language = (
                job.before.letter.config.language if job.before.letter else language_tag(job.publication.language)
            )
            text = file_text(post.placed, post.markdown, post.files, language)
            self.texts[post.file] = text
            files.write(post.file, text.encode("utf-8", "replace"))
            for name, source in post.beside.items():
                with source.open(job.files) as file:
                    files.copy(name, file)
        if job.before.letter is None and not any(post.file.startswith("issues/") for post in posts):
            files.write("issues/.gitkeep", b"")  # a letter has the folder, and git keeps no empty one
        is_new = any(fate in (Fate.WRITTEN, Fate.REWRITTEN) for fate in files.fates.values())
        if job.before.letter is None or (is_new and SCHEDULE in job.before.ledger.around):
            files.write(SCHEDULE, schedule_text(job.arrangement.schedule).encode())

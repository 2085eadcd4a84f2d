"""Fixing in place what is safe to fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from msgspec import Struct

from weekahead.build.as_of import instant
from weekahead.build.check import linter_of
from weekahead.build.lost_addresses import ADDRESS_GONE, lost_addresses
from weekahead.build.pipeline import Notice, no_notice
from weekahead.build.remote_audio import ask_for_audio
from weekahead.build.texts import digest_now, files_of, words_of
from weekahead.lint.rules.registry import Fix
from weekahead.markdown.kinds.kind import is_table
from weekahead.markdown.options import TextOptions
from weekahead.model.config import Config
from weekahead.model.findings import Location
from weekahead.model.issue import Issue, Text
from weekahead.runtime.code_version import open_store
from weekahead.runtime.store import Store
from weekahead.source.front_matter_edit import with_alias, with_audio_facts
from weekahead.source.loader import LoadedLetter, load_letter
from weekahead.source.text_edit import edit_file


class FixedLine(Struct, frozen=True):
    """A line that was fixed: where, as it was, and as it is now; `before` is None for one that was added.

    Lines that became more or fewer are one.
    """

    where: Location
    before: str | None
    after: str


def fix(root: Path, as_of: str | None = None) -> tuple[FixedLine, ...]:
    """Fix the letter's texts, and add an alias for each published address that is gone; return each line that changed.

    Only what is fixed changes, and a text that was read aloud stays as it was recorded, as does a file with an error.
    Raises BuildError.
    """
    with open_store(root) as store:
        loaded = load_letter(root, store)
        return (*_fix_texts(root, loaded, store), *_add_aliases(root, loaded, as_of, store))


def _fix_texts(root: Path, loaded: LoadedLetter, store: Store) -> Iterator[FixedLine]:
    linter = linter_of(loaded, loaded.partial, store)
    for issue in loaded.partial.issues:
        is_fixed = (issue.audio and issue.recorded) or not loaded.is_sound(issue.source.file)
        fixes = [] if is_fixed else [*linter.fixes(issue.body, issue), *_bindings(root, issue, loaded.partial.config)]
        fixes = _without_overlap(fixes)
        if fixes:
            yield from _edit(root, issue.source.file, partial(apply_fixes, root, issue.body, fixes))


def _bindings(root: Path, issue: Issue, config: Config) -> list[Fix]:
    """Return what binds the numbers of an issue that equal exactly one cell of its tables."""
    body = issue.body
    if not any(is_table(path) for _, path in body.beside):
        return []
    from weekahead.build.numbers import bindings
    from weekahead.lint.scanner import scan_markdown

    words = words_of(root, body)
    options = TextOptions.of_letter(config).of_text(body)
    scanned = scan_markdown(words, maths=options.maths)
    links = [(link.start, link.end) for link in scanned.links]
    return bindings(words, scanned.prose, links, files_of(root, body), options.language)


def _without_overlap(fixes: list[Fix]) -> list[Fix]:
    """Return fixes in order; of those that overlap, the first."""
    kept: list[Fix] = []
    for fix in sorted(fixes):
        if not kept or fix[0] >= kept[-1][1]:
            kept.append(fix)
    return kept


def _add_aliases(root: Path, loaded: LoadedLetter, as_of: str | None, store: Store) -> Iterator[FixedLine]:
    letter = loaded.partial.with_all_days(known=loaded.schedule is not None)
    for lost in lost_addresses(root, letter, instant(as_of, loaded.schedule), store):
        if (
            lost.heir
            and loaded.is_sound(lost.heir.source.file)
            and not letter.waives(ADDRESS_GONE, lost.heir.source.file)
        ):
            yield from _edit(root, lost.heir.source.file, partial(with_alias, alias=lost.alias))


def fix_remote_audio(root: Path, notice: Notice = no_notice) -> Iterator[FixedLine]:
    """Add size and length to audio elsewhere, as its server and the audio itself tell them; yield each line that changed.

    Raises BuildError. Nothing is asked for where both are there, or letter.yaml has an error.
    """
    with open_store(root) as store:
        loaded = load_letter(root, store)
    letter, sound = loaded.partial, loaded.is_sound("letter.yaml")
    issues = [issue for issue in letter.issues if sound and _lacks_facts(issue) and loaded.is_sound(issue.source.file)]
    for done, issue in enumerate(issues, 1):
        notice("audio", done, len(issues))
        if issue.audio and issue.audio.url and (facts := ask_for_audio(issue.audio.url, letter.config.url)):
            yield from _edit(root, issue.source.file, partial(with_audio_facts, size=facts.size, seconds=facts.seconds))


def _lacks_facts(issue: Issue) -> bool:
    audio = issue.audio
    return audio is not None and audio.url is not None and not (audio.bytes and audio.duration)


def _edit(root: Path, name: str, change: Callable[[str], str]) -> Iterator[FixedLine]:
    """Change a file of the letter and yield the lines that changed."""
    before, after = (text.split("\n") for text in edit_file(root, name, change))
    for kind, start, stop, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[start:stop], after[first:last]
        if kind == "insert":
            yield FixedLine(Location(name, first + 1), None, "\n".join(new))
        elif kind != "equal" and len(old) == len(new):
            for line, (was, now) in enumerate(zip(old, new, strict=True), first + 1):
                yield FixedLine(Location(name, line), was, now)
        elif kind != "equal":
            yield FixedLine(Location(name, first + 1), "\n".join(old), "\n".join(new))


def apply_fixes(root: Path, body: Text, fixes: Sequence[Fix], text: str) -> str:
    """Return a file's text with fixes of its body; as it was when the body is no longer what was looked at."""
    start = sum(len(line) + 1 for line in text.split("\n")[: body.line - 1])
    words = text[start:]
    if digest_now(root, body, words.rstrip()) != body.digest:
        return text
    for first, last, better in reversed(fixes):
        words = words[:first] + better + words[last:]
    return text[:start] + words

"""The files around the issues of a new letter: letter.yaml from what the export says, and what `init` makes beside it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

from weekahead.build.scaffold import INIT_FILES, surroundings
from weekahead.importers.arrangement.names import language_tag
from weekahead.importers.before import LetterBefore
from weekahead.importers.front_matter import clean, yaml_lines
from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.post import Publication
from weekahead.model.addresses import is_web_address, split_address
from weekahead.model.issue import slug_of_name
from weekahead.model.letter import is_too_long
from weekahead.model.schedule import Cadence

NO_URL = "https://your-letter.example/"
"""The address of a new letter until its author says another: a placeholder, with which nothing is published."""


def url_of(publication: Publication) -> str:
    """Return the address of a new letter."""
    is_sound = is_web_address(publication.url) and not {"?", "#"} & {*publication.url}
    return publication.url.rstrip("/") + "/" if is_sound else NO_URL


def written_url(before: LetterBefore) -> str:
    """Return the address that its author has written into a letter's letter.yaml, or nothing."""
    url = before.letter.config.url if before.letter else NO_URL
    return "" if url == NO_URL else url.rstrip("/")


def files_around(publication: Publication, cadence: Cadence, notes: Notes) -> dict[str, bytes]:
    """Return what stands around the issues of a new letter, by name."""
    files = {"letter.yaml": _letter(publication, notes).encode()} | surroundings()
    return {
        name: _timed(data, cadence) if name.startswith(".github/workflows/") else data for name, data in files.items()
    }


def _timed(workflow: bytes, cadence: Cadence) -> bytes:
    """Return a workflow that publishes a few minutes past the time of a cadence, in its zone."""
    soon = datetime.combine(date.min, cadence.rules[-1].at) + timedelta(minutes=3)
    text = re.sub(r'(?m)^(\s*- cron: )"[^"]*"', rf'\g<1>"{soon.minute} {soon.hour} * * *"', workflow.decode(), count=1)
    return re.sub(r"(?m)^(\s*timezone: ).*$", rf"\g<1>{cadence.zone.key}", text).encode()


def _letter(publication: Publication, notes: Notes) -> str:
    url = url_of(publication)
    text = (INIT_FILES / "letter.yaml").read_text("utf-8")
    seed = url if url != NO_URL else ""
    identity = uuid.uuid5(uuid.NAMESPACE_URL, seed) if seed else uuid.uuid4()
    text = _set(text, "id", f"id: urn:uuid:{identity}\n")
    author = {"name": _author(publication.author, notes), "email": _email(publication.email)}
    if title := clean(publication.title):
        text = _set(text, "title", yaml_lines([("title", title)]))
    if author["name"]:
        text = _set(text, "author", yaml_lines([("author", {key: value for key, value in author.items() if value})]))
    text = _set(text, "url", f"url: {url}\n")
    text = _set(text, "language", yaml_lines([("language", _language(publication.language, notes))]))
    for key in ("tagline", "copyright"):
        if words := clean(getattr(publication, key)):
            text = _set(text, key, yaml_lines([(key, words)]))
    if category := clean(publication.podcast_category):
        text = _set(text, "podcast", yaml_lines([("podcast", {"category": category})]))
    _ask(publication, url, notes)
    return text


def _set(text: str, key: str, line: str) -> str:
    """Return the text of letter.yaml with another line for a key, which may be a comment there."""
    as_is: Callable[[re.Match[str]], str] = lambda match: line  # noqa: E731
    return re.sub(rf"(?m)^(?:# )?{key}:.*\n", as_is, text, count=1)


def _author(name: str, notes: Notes) -> str:
    """Return the name of the author; nothing and a note for one that can have no page."""
    name = clean(name)
    if not is_too_long(slug_of_name(name)):
        return name
    message = (
        f'what the export has for the author\'s name has {len(name):,} characters and was left out: "{name[:60]}..."'
    )
    notes.add(Outcome.ASK, "author-name", message, hint="Write it into letter.yaml.")
    return ""


def _language(tag: str, notes: Notes) -> str:
    if sound := language_tag(tag):
        return sound
    notes.add(
        Outcome.ASK,
        "language",
        "the export does not say its language; letter.yaml says en",
        hint="Correct it there if that is wrong.",
    )
    return "en"


def _email(address: str) -> str:
    return address if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", address) else ""


def _ask(publication: Publication, url: str, notes: Notes) -> None:
    """Add a note for each thing of letter.yaml that the export does not say."""
    missing = [key for key, value in (("title", publication.title), ("author", publication.author)) if not clean(value)]
    missing += ["url"] if url == NO_URL else []
    if missing:
        named = " or ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        placeholder = "a placeholder" if len(missing) == 1 else "placeholders"
        message = f"the export gives no {named}; letter.yaml has {placeholder} there"
        notes.add(
            Outcome.ASK, "letter-placeholder", message, hint="Write your own. Until then `deploy` publishes nothing."
        )
    if url != NO_URL:
        message = f"letter.yaml has the old address, {url}, from which every link is made"
        host = split_address(url).hostname
        hint = (
            f"If the letter is to be elsewhere than at {host}, write its new address into url: and run this command again with "
            "--report redirects.md: that report has the lines that lead readers there."
        )
        notes.add(Outcome.ASK, "url", message, hint=hint)

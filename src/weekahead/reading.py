"""From disk to a Letter: the only room that knows python-frontmatter, YAML and the letter's folder.

Every file is read whole and once. What is wrong with it becomes a finding with its line; nothing is read
that lies outside the letter's folder, whatever a name or a symbolic link says.
"""

from __future__ import annotations

import mimetypes
import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import frontmatter
import msgspec
from frontmatter.default_handlers import YAMLHandler
from msgspec import Struct

from weekahead.fields import Fields, Origin, read_fields
from weekahead.findings import Finding, NotReady, Where, warning
from weekahead.issue import Audio, Cover, Issue, Part, Promised, Source, Status, slug_of
from weekahead.letter import Letter
from weekahead.letter_file import masthead_of, web_address
from weekahead.output import digest_of
from weekahead.schedule import Schedule
from weekahead.schedule_file import schedule_of
from weekahead.texts import Store
from weekahead.theme import Asset, Template, Theme

LARGEST = 2_000_000
"""Bytes of one issue's text; a very long letter has some 100,000."""

MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".aac": "audio/aac",
}


class Reading(Struct, frozen=True):
    """What reading found: the letter as far as it could be read, and every finding on the way."""

    letter: Letter | None
    schedule: Schedule | None
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Was every file understood? Then what seems missing is missing."""
        return self.letter is not None and not any(finding.is_error for finding in self.findings)


class Remembered(Struct, frozen=True):
    """Sound issues of earlier runs by their file's name and content; `revision` names the code that read them."""

    store: Store
    revision: str

    def key(self, name: str, text: str) -> str:
        return digest_of(f"{self.revision}\0{name}\0{text}".encode())

    def load(self, key: str) -> Issue | None:
        data = self.store.load("issue", key)
        try:
            return msgspec.msgpack.decode(data, type=Issue) if data else None
        except msgspec.MsgspecError:
            return None

    def save(self, key: str, issue: Issue) -> None:
        """Keep an issue that is made of its own file alone: no audio, cover or files beside it to look at."""
        if (issue.audio and issue.audio.file) or issue.cover or issue.source.is_folder_issue:
            return
        self.store.save("issue", key, msgspec.msgpack.encode(issue))


def read_letter(root: Path, remembered: Remembered | None = None) -> Reading:
    """Read letter.yaml, schedule.yaml and issues/ of a folder."""
    findings: list[Finding] = []
    about = _top(root, "letter.yaml", findings, "The two keys it needs are title and url.")
    masthead = masthead_of(about) if about else None
    listing = list_issues(root, findings)
    issues = tuple(issue for path in listing.texts if (issue := read_issue(root, path, listing, findings, remembered)))
    plan = _top(root, "schedule.yaml", findings, "It says when the letter comes out: cadence, anchor, upcoming.")
    schedule = schedule_of(plan, issues) if plan else None
    if masthead is None or schedule is None:
        return Reading(None, schedule, tuple(findings))
    letter = Letter(masthead=masthead, schedule=schedule, issues=issues, files=frozenset(listing.files))
    return Reading(letter, schedule, tuple(findings))


# -- files


def read_text(root: Path, name: str, findings: list[Finding]) -> str | None:
    """A file's text as UTF-8, with or without BOM, line ends as LF; None with a finding when it has none."""
    try:
        path = root / name
        if not path.resolve().is_relative_to(root.resolve()):
            findings.append(
                Finding(
                    where=Where(name),
                    rule="outside",
                    message="this is a link to a place outside the letter",
                    hint="Copy the file here.",
                )
            )
            return None
        if path.stat().st_size > LARGEST:
            findings.append(
                Finding(
                    where=Where(name),
                    rule="too-long",
                    message=f"this file has more than {LARGEST:,} bytes",
                    hint="Split it.",
                )
            )
            return None
        data = path.read_bytes()
    except OSError as error:
        message = f"this file cannot be read: {(error.strerror or 'unknown cause').lower()}"
        findings.append(Finding(where=Where(name), rule="unreadable", message=message))
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.append(
            Finding(
                where=Where(name, 1),
                rule="not-utf-8",
                message="this file is UTF-16",
                hint="Save it as UTF-8.",
            )
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        findings.append(
            Finding(
                where=Where(name, line, column),
                rule="not-utf-8",
                message=message,
                hint="Save the file as UTF-8.",
            )
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_file(root: Path, name: str) -> bytes:
    """The bytes of a file that the listing named."""
    return (root / name).read_bytes()


def starter() -> Path:
    """The letter that the package carries: in a checkout the checkout itself, else what the wheel packed."""
    packed = Path(__file__).parent / "starter"
    return packed if packed.is_dir() else Path(__file__).parents[2]


def read_theme(root: Path) -> Theme:
    """The packaged templates and assets, and over them the letter's own."""
    templates: dict[str, Template] = {}
    assets: dict[str, Asset] = {}
    findings: list[Finding] = []
    for folder, shown in (
        (starter() / "templates", "weekahead/templates"),
        (root / "templates", "templates"),
    ):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or any(part.startswith(".") or part.endswith("~") for part in name.split("/")):
                continue
            if not path.resolve().is_relative_to(folder.resolve()):
                findings.append(
                    Finding(
                        where=Where(f"{shown}/{name}"),
                        rule="outside",
                        message="this is a link to a place outside templates/",
                    )
                )
            elif name.startswith("assets/"):
                name = name.removeprefix("assets/")
                assets[name] = Asset(name, path.read_bytes(), f"{shown}/assets/{name}")
            elif text := read_text(folder, name, findings):
                templates[name] = Template(name, text, f"{shown}/{name}")
    if findings:
        raise NotReady(findings)
    return Theme(templates, assets)


class Listing(Struct, frozen=True):
    """What lies under issues/: the texts, and every other file. Paths are from the letter's root."""

    texts: tuple[str, ...]
    files: tuple[str, ...]


def list_issues(root: Path, findings: list[Finding]) -> Listing:
    """Find the issues, files and folders alike, in the order of their names."""
    texts: list[str] = []
    files: list[str] = []
    for name in sorted(_walk(root, "issues", findings)):
        depth = name.count("/")
        is_text = name.endswith(".md") and (depth == 1 or (depth == 2 and name.endswith("/index.md")))
        (texts if is_text else files).append(name)
    folders = {text.rpartition("/")[0] for text in texts if text.count("/") == 2}
    for name in files:
        folder, _, last = name.rpartition("/")
        looks_like_one = re.fullmatch(r"(?i).*\.(md|markdown|mdown|mkd)", last)
        if looks_like_one and folder not in folders:
            wanted = "NAME.md, in small letters" if folder == "issues" else "index.md"
            findings.append(
                warning(
                    Where(name),
                    "not-an-issue",
                    "this file is not read as an issue",
                    f"An issue's file here is called {wanted}.",
                )
            )
    return Listing(tuple(texts), tuple(files))


def _walk(root: Path, folder: str, findings: list[Finding]) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        findings.append(
            Finding(
                where=Where(folder),
                rule="unreadable",
                message=f"this folder cannot be read: {(error.strerror or '').lower()}",
            )
        )
        return
    for entry in entries:
        name = f"{folder}/{entry.name}"
        if entry.name.startswith((".", "#")) or entry.name.endswith(("~", ".swp", ".bak", ".orig", ".tmp")):
            continue
        if entry.is_symlink() and (entry.is_dir() or not _is_inside(root, name)):
            message = (
                "this is a link to a place outside issues/" if not entry.is_dir() else "this is a link to a folder"
            )
            findings.append(Finding(where=Where(name), rule="outside", message=message, hint="Copy the file here."))
        elif entry.is_dir():
            yield from _walk(root, name, findings)
        elif entry.is_file():
            yield name
        else:
            findings.append(warning(Where(name), "not-a-file", "this is neither a file nor a folder"))


def _is_inside(root: Path, name: str) -> bool:
    return (root / name).resolve().is_relative_to((root / "issues").resolve())


def _top(root: Path, name: str, findings: list[Finding], hint: str) -> Fields | None:
    if not (root / name).exists():
        findings.append(Finding(where=Where(name), rule="file-missing", message=f"{name} is not there", hint=hint))
        return None
    text = read_text(root, name, findings)
    return None if text is None else read_fields(text, Origin(name, findings), name)


# -- issues


class Header(YAMLHandler):
    """Front matter between two lines of dashes, exactly; its values stay unread until their type is known.

    python-frontmatter takes a header that never closes as no header, a list as an empty one, and strips the
    first line's indentation off the body. So the fences are found here, and `load` gives our own Fields.
    """

    def __init__(self, origin: Origin, text: str) -> None:
        super().__init__()
        self.origin = origin
        self.text = text
        self.body = ""
        self.body_line = 1

    @property
    def first(self) -> int:
        """The line of the opening fence, counted from 1; 0 when the file begins otherwise."""
        lines = self.text.split("\n")
        place = next((place for place, line in enumerate(lines) if line.strip()), 0)
        return place + 1 if re.fullmatch(r"-{3,}\s*", lines[place]) else 0

    def split(self, text: str) -> tuple[str, str]:
        lines = self.text.split("\n")
        first = self.first
        last = next((place for place in range(first, len(lines)) if re.fullmatch(r"-{3,}\s*", lines[place])), None)
        if last is None:
            self.origin.find(
                Where(self.origin.file, first),
                "front-matter-open",
                "the front matter begins here and never ends",
                "Put a line --- after its last key.",
            )
            raise ValueError("python-frontmatter takes this for no header")
        rest = lines[last + 1 :]
        blank = next((place for place, line in enumerate(rest) if line.strip()), len(rest))
        self.body = "\n".join(rest[blank:]).rstrip()
        self.body_line = last + 2 + blank
        self.origin = Origin(self.origin.file, self.origin.findings, first)
        return "\n".join(lines[first:last]), self.body

    def load(self, fm: str, **kwargs: object) -> Any:
        return {"fields": read_fields(fm, self.origin, "the front matter")}


def read_issue(
    root: Path, name: str, listing: Listing, findings: list[Finding], remembered: Remembered | None = None
) -> Issue | None:
    """One issue; None, with findings, when it is not one."""
    text = read_text(root, name, findings)
    if text is None:
        return None
    if remembered is None:
        return _parsed(root, name, text, listing, findings)
    key, before = remembered.key(name, text), len(findings)
    issue = remembered.load(key)
    if issue is None and (issue := _parsed(root, name, text, listing, findings)) and len(findings) == before:
        remembered.save(key, issue)
    return issue


def _parsed(root: Path, name: str, text: str, listing: Listing, findings: list[Finding]) -> Issue | None:
    origin = Origin(name, findings)
    header = Header(origin, text)
    if not text.strip():
        origin.find(
            Where(name, 1),
            "empty",
            "this file is empty",
            "An issue begins with --- and its number, title and status.",
        )
    elif not header.first:
        words = text.strip().split("\n")[0].strip()[:40]
        message = f'this file begins with "{words}" and not with front matter'
        origin.find(
            Where(name, 1),
            "no-front-matter",
            message,
            "Begin with a line ---, then number:, title: and status:, then --- again.",
        )
    elif "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        origin.find(Where(name, line), "control-character", "there is a NUL character here", "Delete it.")
    else:
        fields = frontmatter.parse(text, handler=header)[0].get("fields")
        return _issue(root, fields, header, listing) if isinstance(fields, Fields) else None
    return None


def _issue(root: Path, fields: Fields, header: Header, listing: Listing) -> Issue | None:
    findings = fields.origin.findings
    before = len(findings)
    source = Source(file=fields.origin.file, places=fields.places(), body_line=header.body_line)
    fields.require("title")
    values = {
        "number": fields.whole("number"),
        "title": fields.line("title"),
        "date": fields.day("date"),
        "status": Status(fields.one_of("status", [str(status) for status in Status]) or "draft"),
        "slug": _slug(fields, source),
        "series": _series(fields),
        "tags": _tags(fields),
        "summary": fields.line("summary"),
        "authors": fields.texts("authors"),
        "research_note": fields.text("research_note"),
        "audio": _audio(root, fields, source),
        "cover": _cover(root, fields, source),
        "aliases": _aliases(fields),
        "guid": fields.line("guid"),
        "next": _promised(fields),
        "extra": fields.anything("extra"),
        "body": header.body,
        "source": source,
        "files": tuple(
            name for name in listing.files if source.is_folder_issue and name.startswith(source.folder + "/")
        ),
    }
    fields.close()
    return Issue(**values) if not any(finding.is_error for finding in findings[before:]) else None  # type: ignore[arg-type]


def _slug(fields: Fields, source: Source) -> str:
    words = fields.line("slug")
    if words is None:
        if not (derived := slug_of(source.stem)):
            fields.find("title", "slug", "the file's name gives no slug", "Add a line such as slug: mlops.")
        return derived
    if re.fullmatch(r"[^\W_]([\w-]*[^\W_])?", words) and len(words) <= 100:
        return unicodedata.normalize("NFC", words)
    fields.find(
        "slug",
        "slug",
        f'"{words[:60]}" is not a slug',
        "Up to 100 letters, digits and hyphens: one part of an address, such as what-is-mlops.",
    )
    return ""


def _series(fields: Fields) -> Part | None:
    series = fields.map("series")
    if series is None:
        return None
    series.require("name")
    series.require("part")
    name, part, of = series.line("name"), series.whole("part", 1, 9999), series.whole("of", 1, 9999)
    series.close()
    if not name or part is None:
        return None
    if of is not None and part > of:
        series.find(
            "part",
            "series-part",
            f"part {part} of {of}: there are only {of}",
            "Raise `of`, or check the part.",
        )
    found = Part(name=name, part=part, of=of)
    if not found.slug:
        series.find("name", "slug", f'the series name "{name}" gives no address', "Use at least one letter or digit.")
    return found


def _tags(fields: Fields) -> tuple[str, ...]:
    tags = tuple(unicodedata.normalize("NFC", tag) for tag in fields.texts("tags"))
    for tag in tags:
        if not slug_of("x " + tag):
            fields.find("tags", "slug", f'the tag "{tag}" gives no address', "Use at least one letter or digit.")
    return tuple(dict.fromkeys(tags))


def _audio(root: Path, fields: Fields, source: Source) -> Audio | None:
    audio = fields.map("audio")
    if audio is None:
        return None
    file, url = audio.line("file"), web_address(audio, "url")
    size, seconds, kind = audio.whole("bytes", 0, 10**11), audio.duration("duration"), audio.line("type")
    audio.close()
    if file and url:
        audio.find(
            "url",
            "audio",
            "audio has a file and a url",
            "Keep one: file for audio beside the issue, url for audio elsewhere.",
        )
        return None
    if file:
        path = _beside(root, audio, "file", file, source)
        suffix = PurePosixPath(file).suffix.lower()
        if path and suffix not in MEDIA_TYPES:
            audio.find(
                "file",
                "audio",
                f'"{file}" is not an audio file known here',
                f"Known endings: {', '.join(MEDIA_TYPES)}.",
            )
        return (
            Audio(
                file=path,
                bytes=(root / path).stat().st_size,
                duration=_playing_time(root / path, audio),
                type=kind or MEDIA_TYPES.get(suffix, ""),
            )
            if path
            else None
        )
    if not url:
        if "url" not in audio:
            audio.find("file", "audio", "audio names neither a file nor a url", "Write audio: {file: NAME.mp3}.")
        return None
    guessed = mimetypes.guess_type(urlsplit(url).path)[0] or "audio/mpeg"
    return Audio(url=url, bytes=size or 0, duration=seconds, type=kind or guessed)


def _playing_time(path: Path, audio: Fields) -> int | None:
    """Whole seconds of an audio file, read from the file itself."""
    import mutagen

    try:
        found = mutagen.File(path)
    except mutagen.MutagenError:
        found = None
    if found is None or found.info is None:
        audio.find(
            "file",
            "audio",
            f'"{path.name}" cannot be read as audio',
            "Export it again, as MP3 for the widest reach.",
        )
        return None
    return round(timedelta(seconds=found.info.length).total_seconds())


def _cover(root: Path, fields: Fields, source: Source) -> Cover | None:
    cover = fields.map("cover")
    if cover is None:
        return None
    cover.require("file")
    file, alt = cover.line("file"), cover.line("alt")
    cover.close()
    path = _beside(root, cover, "file", file, source) if file else None
    return Cover(file=path, alt=alt or "") if path else None


def _beside(root: Path, fields: Fields, key: str, words: str, source: Source) -> str | None:
    """The path, from the root, of a file that front matter names relative to its issue."""
    path = os.path.normpath(os.path.join(source.folder, unquote(words)))
    inside = path.startswith("issues/") and not os.path.isabs(words) and _is_inside(root, path)
    if not inside:
        fields.find(key, "outside", f'"{words}" lies outside issues/', "Keep it beside the issue.")
    elif not (root / path).is_file():
        fields.find(
            key,
            "file-missing",
            f'there is no file "{words}" beside {source.file}',
            "Check the name; capital letters count.",
        )
    else:
        return path
    return None


def _aliases(fields: Fields) -> tuple[str, ...]:
    found = []
    for alias in fields.texts("aliases"):
        parts = unquote(alias).strip("/").split("/")
        if alias.startswith("/") and all(re.fullmatch(r"[\w~-][\w.~ -]*", part) for part in parts):
            found.append("/".join(unicodedata.normalize("NFC", part) for part in parts))
        else:
            fields.find(
                "aliases",
                "alias",
                f'"{alias}" is not an address of this site',
                "Write it as it was, from the slash: /p/mlops.",
            )
    return tuple(found)


def _promised(fields: Fields) -> tuple[Promised, ...] | None:
    if "next" not in fields:
        fields.skip("next")
        return None
    found = []
    for item in fields.maps("next"):
        item.require("number")
        item.require("title")
        number, title, day = item.whole("number"), item.line("title"), item.day("date")
        item.close()
        if number is not None and title:
            found.append(Promised(number=number, title=title, date=day))
    return tuple(found)

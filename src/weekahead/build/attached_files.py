"""Put a picture, a recording or a table of numbers beside an issue, under a name that is safe and not taken."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from weekahead.build.carried_drafts import CarriedDraft
from weekahead.build.issue_text import read_issue_text
from weekahead.build.renamed_links import RenamedLinks
from weekahead.build.schedule_report import read
from weekahead.lint.scanner import scan_markdown
from weekahead.markdown.options import TextOptions
from weekahead.model.findings import BuildError
from weekahead.model.issue import Issue
from weekahead.model.letter import Letter
from weekahead.model.picture_size import ENDINGS, picture_size
from weekahead.runtime.files import is_folder
from weekahead.source.audio_probe import MEDIA_TYPES, probe_audio
from weekahead.source.folder import LARGEST, read_file
from weekahead.source.front_matter import split_text
from weekahead.source.schedule_editor import EditError
from weekahead.source.text_edit import LetterEdit, create_file, letter_edit

MOST_NAMES = 1000


class FileKind(Struct, frozen=True):
    """What may be put beside an issue: its name, endings, the most bytes, and whether some bytes are such a file."""

    name: str
    endings: tuple[str, ...]
    limit: int
    is_sound: Callable[[bytes], bool]


def _is_table(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and bool(text.strip())


FILE_KINDS = (
    FileKind("picture", ENDINGS, 20_000_000, lambda data: picture_size(data) is not None),
    FileKind("recording", tuple(MEDIA_TYPES), 200_000_000, lambda data: probe_audio(BytesIO(data)) is not None),
    FileKind("table", (".csv",), LARGEST, _is_table),
)
"""No file of these can run: browsers show it by its ending, whatever is in it."""
LARGEST_ATTACHED = max(kind.limit for kind in FILE_KINDS)


class AttachedFile(Struct, frozen=True):
    """A file that was put beside an issue: the issue's own file, which may have a folder now, the name there, and the kind."""

    issue: str
    name: str
    kind: str


def attach_file(root: Path, issue: str, given_name: str, data: bytes) -> AttachedFile:
    """Write a file beside an issue or a page, which gets a folder of its own where that breaks no link.

    Raise EditError for a file of another kind, BuildError for what cannot be written.
    """
    read_issue_text(root, issue)
    kind = _kind_of(given_name, data)
    stem, ending = _safe_name(given_name)
    issue = make_folder_issue(root, issue)
    folder = posixpath.dirname(issue)
    for number in range(1, MOST_NAMES):
        name = f"{stem or kind.name}{f'-{number}' if number > 1 else ''}{ending}"
        if os.path.lexists(root / folder / name):
            if _is_the_same(root, f"{folder}/{name}", data):
                return AttachedFile(issue, name, kind.name)
            continue
        create_file(root, f"{folder}/{name}", data)
        return AttachedFile(issue, name, kind.name)
    raise EditError(f"{folder}/ has too many files of the name {stem}{ending}")


def _safe_name(given: str) -> tuple[str, str]:
    """Return the stem, in plain letters, digits and hyphens, and the ending of the name that a file came with."""
    path = PurePosixPath(given.replace("\\", "/"))
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-"), path.suffix.lower()


def _kind_of(name: str, data: bytes) -> FileKind:
    """Return the kind of a file. Raise EditError."""
    ending = _safe_name(name)[1]
    kind = next((kind for kind in FILE_KINDS if ending in kind.endings), None)
    if kind is None:
        endings = ", ".join(ending for kind in FILE_KINDS for ending in kind.endings)
        raise EditError(f'"{name}" is neither a picture nor a recording nor a table; use one of {endings}')
    if len(data) > kind.limit:
        raise EditError(f'"{name}" has more than {kind.limit // 1_000_000} MB; make the {kind.name} smaller')
    if not kind.is_sound(data):
        raise EditError(f'"{name}" cannot be read as a {kind.name}; export it again')
    return kind


def _is_the_same(root: Path, name: str, data: bytes) -> bool:
    try:
        return os.path.getsize(root / name) == len(data) and read_file(root, name) == data
    except (OSError, BuildError):
        return False


# -- a folder for an issue


def make_folder_issue(root: Path, name: str) -> str:
    """Turn issues/87-x.md into issues/87-x/index.md, with the links to it; return the name that the issue's file has now.

    It stays as it is where it has files beside it already, whose addresses would change, or cannot be read.
    """
    folder = name.removesuffix(".md")
    if name.count("/") != 1 or not name.startswith("issues/"):
        return name
    with letter_edit(root, name) as edit:
        letter = read(root).letter
        issue = next((each for each in letter.issues if each.source.file == name), None) if letter else None
        is_free = not os.path.lexists(root / folder) or is_folder(root / folder)
        new = f"{folder}/index.md"
        if letter is None or issue is None or not is_free or os.path.lexists(root / new):
            return name
        if os.path.islink(root / name) or not _may_move(root, edit, letter, issue):
            return name
        moved = replace(issue, source=replace(issue.source, file=new))
        edit.text(name)
        RenamedLinks(letter, letter.with_changed(issue, moved), [CarriedDraft(issue, moved)]).change(edit)
        edit.change(name, _from_its_folder(edit.text(name), name, letter))
        (root / folder).mkdir(exist_ok=True)
        edit.rename(name, new)
    return new


def _may_move(root: Path, edit: LetterEdit, letter: Letter, issue: Issue) -> bool:
    """Return whether no address in an issue leads to a file beside it, nor stands in its front matter."""
    if issue.audio or issue.cover or issue.files or issue.body.beside:
        return False
    text, name = edit.text(issue.source.file), issue.source.file
    parts = split_text(name, text)
    if parts is None or re.search(r"\]\(<?(?!\w+:|[/#])|(?:href|src)=", text[slice(*parts.head)]):
        return False
    texts = _texts(letter)
    beside = (_beside(address) for _, address in _relative_links(text[parts.body :], letter, issue))
    return not any(each not in texts and os.path.lexists(root / each) for each in beside)


def _texts(letter: Letter) -> set[str]:
    return {issue.source.file for issue in letter.issues} | {page.source.file for page in letter.pages}


def _relative_links(body: str, letter: Letter, issue: Issue) -> list[tuple[tuple[int, int], str]]:
    """Return where the relative addresses of a text are, in order."""
    maths = TextOptions.of_letter(letter.config).maths if issue.body.maths is None else issue.body.maths
    spans = {link.address_span: link.address for link in scan_markdown(body, maths=maths).links}
    is_relative = re.compile(r"(?!//|[/#?]|(?i:[a-z][a-z0-9+.-]*:))").match
    return [(span, words) for span, words in sorted(spans.items()) if words and is_relative(words)]


def _beside(address: str) -> str:
    """Return the name, from the letter's root, of what a relative address in issues/ leads to."""
    return posixpath.normpath(posixpath.join("issues", unquote(re.split("[#?]", address)[0])))


def _from_its_folder(text: str, name: str, letter: Letter) -> str:
    """Return the text of an issue of a file in issues/ with links to other texts as they are from a folder of its own."""
    parts = split_text(name, text)
    issue = next(each for each in letter.issues if each.source.file == name)
    if parts is None:
        return text
    body, texts = text[parts.body :], {*_texts(letter), f"{name.removesuffix('.md')}/index.md"}
    for (start, end), address in reversed(_relative_links(body, letter, issue)):
        if body[start:end] == address and _beside(address) in texts:
            body = f"{body[:start]}../{body[start:]}"
    return text[: parts.body] + body

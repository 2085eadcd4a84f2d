"""Start a letter: the sample's issues, dated around today, and settings to fill in; copies of templates and schemas."""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

from weekahead import __version__
from weekahead.build.as_of import instant
from weekahead.build.transaction import reason_of
from weekahead.model.findings import BuildError, build_error, nearest
from weekahead.runtime.atomic_file import write_synced
from weekahead.runtime.files import require_below
from weekahead.source.json_schema import KINDS, schema
from weekahead.source.loader import load_letter
from weekahead.source.text_edit import create_file
from weekahead.theme.lookup import SAMPLE_COVER, starter

INIT_FILES = Path(__file__).parent / "init_files"
GITIGNORE = "# The built site and the cache. Everything else is the letter.\n/site/\n/.weekahead/\n"
HIDDEN_FOLDERS = {"github": ".github", "vscode": ".vscode"}
"""Folders of INIT_FILES for publishing and editing, and their names in a letter; the others have the same name in both."""
LETTER_FILES = (
    *("issues", "pages", "templates", ".gitignore", *HIDDEN_FOLDERS.values()),
    *("requirements.txt", "schedule.yaml", "letter.yaml"),
)
"""What a new letter consists of, in the order in which it is put in place."""


def start_letter(folder: Path) -> None:
    """Make a letter in a new or empty folder, with an id of its own and dates around today: whole or not at all. Raise BuildError.

    It is made in .weekahead/ there, and then moved. If that was interrupted, the next `init` does the rest.
    """
    work, new = folder / ".weekahead", [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
    stage, ready = work / "init.partial", work / "init"
    with _in_one_line(folder):
        _require_empty(folder, work, ready)
        try:
            if not ready.is_dir():
                shutil.rmtree(stage, ignore_errors=True)
                stage.mkdir(parents=True)
                _make_letter(stage)
                stage.rename(ready)
            _move_into(folder, ready)
        except BaseException:
            for made in (stage, ready):
                shutil.rmtree(made, ignore_errors=True)
            _remove_empty([work, *new])
            raise
    _remove_empty([ready, work])


@contextmanager
def _in_one_line(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(str(folder), str(folder), error) from error


def _require_empty(folder: Path, work: Path, ready: Path) -> None:
    """Raise BuildError if there is anything in a folder but git's own files and what an interrupted `init` left."""
    if not os.path.lexists(folder):
        return
    if folder.is_dir():
        left = {"init", "init.partial"} if not work.is_symlink() and not ready.is_symlink() else set()
        is_left = work.is_dir() and {path.name for path in work.iterdir()} <= left
        own = {".git", *((".weekahead",) if is_left else ())}
        if is_left and ready.is_dir():
            own |= {*LETTER_FILES} - {path.name for path in ready.iterdir()}
        if {path.name for path in folder.iterdir()} <= own:
            return
    message = f"{folder} already exists and is not an empty folder"
    raise build_error(str(folder), "not-empty", message, "Choose a new or empty folder.")


def _move_into(folder: Path, ready: Path) -> None:
    """Move what a letter consists of into its folder, letter.yaml last. Raise OSError, with nothing moved."""
    moved: list[str] = []
    try:
        for name in LETTER_FILES:
            if os.path.lexists(ready / name):
                (ready / name).rename(folder / name)
                moved.append(name)
    except BaseException:
        for name in moved:
            with suppress(OSError):
                (folder / name).rename(ready / name)
        raise


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders as far as they are empty, in order."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _make_letter(folder: Path) -> None:
    """Write the files of a new letter into an empty folder. Raise OSError."""
    source = starter()
    _copy_files(source / "issues", folder / "issues")
    (folder / "schedule.yaml").write_bytes((source / "schedule.yaml").read_bytes())
    letter = (INIT_FILES / "letter.yaml").read_text("utf-8")
    (folder / "letter.yaml").write_text(re.sub(r"(?m)^id:.*$", f"id: urn:uuid:{uuid.uuid4()}", letter), "utf-8")
    _copy_files(INIT_FILES / "pages", folder / "pages")
    for name, data in surroundings().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    _redate(folder)


def surroundings() -> dict[str, bytes]:
    """Return what stands around the texts and settings of a new letter, by name: for git, for editors, for publishing."""
    requirements = (INIT_FILES / "requirements.txt").read_text("utf-8") + f"weekahead=={__version__}\n"
    files = {".gitignore": GITIGNORE.encode(), "requirements.txt": requirements.encode()}
    for name in ("templates", *HIDDEN_FOLDERS):
        for path in sorted((INIT_FILES / name).rglob("*")):
            if path.is_file():
                inside = path.relative_to(INIT_FILES / name).as_posix()
                files[f"{HIDDEN_FOLDERS.get(name, name)}/{inside}"] = path.read_bytes()
    return files | {f".vscode/{name}.schema.json": text.encode() for name, text in _schemas()}


def _copy_files(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def cannot_write(where: str, name: str, error: OSError) -> BuildError:
    return build_error(where, "cannot-write", f"cannot write {name}: {reason_of(error)}")


def _redate(folder: Path) -> None:
    """Move every date by whole weeks of local time, so that the newest issue came out in the last week."""
    letter = load_letter(folder).letter
    assert letter is not None, "the starter is a sound letter"
    ready = [letter.instant(issue) for issue in letter.issues if issue.number is not None and issue.status == "ready"]
    instants = (instant(None, letter.schedule), max(ready))
    now, newest = (at.astimezone(letter.schedule.zone).replace(tzinfo=None) for at in instants)
    by = (now - newest) // timedelta(weeks=1) * timedelta(weeks=1)
    for issue in letter.issues:
        path = folder / issue.source.file
        header, fence, body = path.read_text("utf-8").partition("\n---\n")
        path.write_text(_dates_moved(header, by) + fence + body, "utf-8")
        if issue.number is None and not issue.source.is_folder_issue:
            path.rename(path.with_name(_dates_moved(path.name, by)))
    schedule = folder / "schedule.yaml"
    schedule.write_text(_dates_moved(schedule.read_text("utf-8"), by), "utf-8")


def _dates_moved(text: str, by: timedelta) -> str:
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda match: str(date.fromisoformat(match[0]) + by), text)


def write_schemas(root: Path) -> list[Path]:
    """Write the schemas of letter.yaml, schedule.yaml and an issue into .vscode/ and return their paths. Raise BuildError."""
    paths = []
    for name, text in _schemas():
        path = root / ".vscode" / f"{name}.schema.json"
        try:
            require_below(root, f".vscode/{path.name}")
            path.parent.mkdir(exist_ok=True)
            write_synced(path, text.encode())
        except OSError as error:
            raise cannot_write(f".vscode/{path.name}", path.name, error) from error
        paths.append(path)
    return paths


def _schemas() -> Iterator[tuple[str, str]]:
    """Yield the name of each schema and its text."""
    for name in KINDS:
        yield name, json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n"


def copy_template(root: Path, name: str) -> Path:
    """Copy a packaged template, asset or translation into the letter's templates/ and return its path.

    Raise BuildError if there is none of that name, or the letter has that file already.
    """
    known = template_names()
    name = name.removeprefix("templates/")
    if name not in known:
        raise build_error("templates", "no-template", f'there is no template "{name}"', nearest(name, known))
    path = root / "templates" / name
    if os.path.lexists(path):
        hint = "Edit that file, or delete it to use the packaged one."
        raise build_error(f"templates/{name}", "not-empty", f"templates/{name} already exists", hint)
    return create_file(root, f"templates/{name}", (starter() / "templates" / name).read_bytes())


def template_names() -> list[str]:
    """Return the names of the packaged templates, assets and translations, sorted."""
    folder = starter() / "templates"
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if not name.startswith(".") and name != f"assets/{SAMPLE_COVER}")

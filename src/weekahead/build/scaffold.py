"""Start a letter: the starter's files, an id of its own and dates around today; copies of templates and schemas."""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from datetime import date, timedelta
from pathlib import Path

from weekahead import __version__
from weekahead.build.as_of import instant
from weekahead.model.findings import BuildError, build_error, nearest
from weekahead.runtime.files import require_below
from weekahead.source.json_schema import KINDS, schema
from weekahead.source.loader import load_letter
from weekahead.theme.lookup import starter

INIT_FILES = Path(__file__).parent / "init_files"
GITIGNORE = "# The built site and the cache. Everything else is the letter.\n/site/\n/.weekahead/\n"
HIDDEN_FOLDERS = {"github": ".github", "vscode": ".vscode"}
"""Folders of INIT_FILES for publishing and editing, and their names in a letter."""


def start_letter(folder: Path) -> None:
    """Copy the starter into a new or empty folder, with an id of its own and dates around today. Raise BuildError."""
    if folder.is_file() or (folder.is_dir() and any(entry.name != ".git" for entry in folder.iterdir())):
        message = f"{folder} already exists and is not an empty folder"
        raise build_error(str(folder), "not-empty", message, "Choose a new or empty folder.")
    source = starter()
    try:
        for name in ("issues", "pages", "templates"):
            shutil.copytree(source / name, folder / name)
        letter = (source / "letter.yaml").read_text("utf-8")
        (folder / "letter.yaml").write_text(re.sub(r"(?m)^id:.*$", f"id: urn:uuid:{uuid.uuid4()}", letter), "utf-8")
        shutil.copyfile(source / "schedule.yaml", folder / "schedule.yaml")
        (folder / ".gitignore").write_text(GITIGNORE, "utf-8")
        for name, hidden in HIDDEN_FOLDERS.items():
            shutil.copytree(INIT_FILES / name, folder / hidden)
        requirements = (INIT_FILES / "requirements.txt").read_text("utf-8")
        (folder / "requirements.txt").write_text(requirements + f"weekahead=={__version__}\n", "utf-8")
        write_schemas(folder)
    except OSError as error:
        raise cannot_write(str(folder), str(error.filename), error) from error
    _redate(folder)


def cannot_write(where: str, name: str, error: OSError) -> BuildError:
    return build_error(where, "cannot-write", f"cannot write {name}: {(error.strerror or '').lower()}")


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
    for name in KINDS:
        path = root / ".vscode" / f"{name}.schema.json"
        try:
            require_below(root, f".vscode/{path.name}")
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n", "utf-8")
        except OSError as error:
            raise cannot_write(f".vscode/{path.name}", path.name, error) from error
        paths.append(path)
    return paths


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
    try:
        require_below(root, f"templates/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((starter() / "templates" / name).read_bytes())
    except OSError as error:
        raise cannot_write(f"templates/{name}", f"templates/{name}", error) from error
    return path


def template_names() -> list[str]:
    """Return the names of the packaged templates, assets and translations, sorted."""
    folder = starter() / "templates"
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if not name.startswith("."))

"""Write an endpoint for a letter: a program for unsubscribing with one click."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from weekahead.build.readers import signer_of
from weekahead.build.transaction import reason_of
from weekahead.mail.endpoint import endpoint_files
from weekahead.model.findings import build_error
from weekahead.runtime.atomic_file import place_new, write_synced
from weekahead.source.loader import load_letter


def write_endpoint(root: Path, folder: Path, environment: Mapping[str, str]) -> list[Path]:
    """Write an endpoint for a letter into a folder, never over a file that differs; return its files. Raise BuildError."""
    config = load_letter(root).require_letter().config
    files = {
        folder / name: text.encode() for name, text in endpoint_files(config, signer_of(config, environment)).items()
    }
    try:
        for path, data in files.items():
            if os.path.lexists(path) and path.read_bytes() != data:
                message, hint = "this file is there already, and differs", "Choose another folder, or remove the file."
                raise build_error(str(path), "cannot-write", message, hint)
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in files.items():
            if not path.exists():
                write_synced(path, data, place=place_new)
    except OSError as error:
        raise build_error(str(folder), "cannot-write", f"cannot write here: {reason_of(error)}") from None
    return list(files)

"""The letter's theme: packaged templates and assets, and over them the letter's own."""

from __future__ import annotations

from pathlib import Path

from weekahead.model.decoding import decode_text
from weekahead.model.findings import BuildError, Finding
from weekahead.runtime.files import read_bytes
from weekahead.source.folder import LARGEST, Folder, cannot_be_read
from weekahead.theme.lookup import PACKAGED, Asset, Template, Theme, starter

LARGEST_ASSET = 50_000_000
"""Bytes of a picture or font of the theme, all of which are held at once."""


def load_theme(root: Path) -> Theme:
    """Return the packaged templates and assets, and over them the letter's own. Raises BuildError."""
    templates: dict[str, Template] = {}
    assets: dict[str, Asset] = {}
    findings: list[Finding] = []
    for folder, shown in ((Folder(starter()), f"{PACKAGED}/templates"), (Folder(root), "templates")):
        for path in folder.names("templates", findings):
            name = path.removeprefix("templates/")
            where = f"{shown}/{name}"
            try:
                data = read_bytes(folder.root, path, LARGEST_ASSET if name.startswith("assets/") else LARGEST)
            except OSError as error:
                findings.append(cannot_be_read(where, error))
                continue
            if name.startswith("assets/"):
                assets[name.removeprefix("assets/")] = Asset(data, where)
            elif text := decode_text(where, data, findings):
                templates[name] = Template(text, where)
                if shown.startswith(PACKAGED):  # the letter's own may extend it by that name
                    templates[f"{PACKAGED}/{name}"] = templates[name]
    if any(finding.is_error for finding in findings):
        raise BuildError(findings)
    return Theme(templates, assets)

"""The letter's theme: packaged templates and assets, and over them the letter's own."""

from __future__ import annotations

from pathlib import Path

from weekahead.model.decoding import decode_text
from weekahead.model.findings import BuildError, Finding, Location
from weekahead.source.folder import cannot_be_read
from weekahead.theme.lookup import PACKAGED, Asset, Template, Theme, starter


def load_theme(root: Path) -> Theme:
    """Return the packaged templates and assets, and over them the letter's own. Raises BuildError."""
    templates: dict[str, Template] = {}
    assets: dict[str, Asset] = {}
    findings: list[Finding] = []
    for folder, shown in ((starter() / "templates", f"{PACKAGED}/templates"), (root / "templates", "templates")):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or any(part.startswith(".") or part.endswith("~") for part in name.split("/")):
                continue
            where = f"{shown}/{name}"
            if not path.resolve().is_relative_to(folder.resolve()):
                message = "this is a link to a place outside templates/"
                findings.append(Finding(Location(where), "outside", message))
                continue
            try:
                data = path.read_bytes()
            except OSError as error:
                findings.append(cannot_be_read(where, error))
                continue
            if name.startswith("assets/"):
                assets[name.removeprefix("assets/")] = Asset(data, where)
            elif text := decode_text(where, data, findings):
                templates[name] = Template(text, where)
                if shown.startswith(PACKAGED):  # the letter's own may extend it by that name
                    templates[f"{PACKAGED}/{name}"] = templates[name]
    if findings:
        raise BuildError(findings)
    return Theme(templates, assets)

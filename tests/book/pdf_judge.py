"""What a reader and a judge of accessibility find in a PDF."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from pypdf import PdfReader

OUTLOUD = Path(__file__).parents[2] / ".outloud/bin/outloud"
"""`make books` installs it."""


def words(made: PdfReader) -> list[str]:
    """The words of each page."""
    return [page.extract_text() for page in made.pages]


def dead_links(made: PdfReader) -> list[Any]:
    """Return whatever a link of a page leads to that is neither an address nor a place in the file."""
    known, dead = {*made.named_destinations}, []
    for page in made.pages:
        for reference in page.get("/Annots", []):
            link = reference.get_object()
            action = link.get("/A", {})
            place = link.get("/Dest") or action.get("/D")
            if not (action.get("/URI", "").startswith(("https://", "http://", "mailto:")) or place in known):
                dead.append(link)
    return dead


def outloud_errors(path: Path) -> set[str]:
    """Return the rules that `outloud`, a judge of PDF/UA and WCAG, finds broken."""
    command: list[str | Path] = [OUTLOUD, path, "--fail-on", "never", "--json", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    report = json.loads(said[said.index("{") :])
    return {found["rule"] for file in report["results"] for found in file["findings"] if found["severity"] == "error"}

"""A file that an author names: whatever it is, a command uses it or says why it cannot; it never ends in a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Folder, Said, needs

Run = Callable[..., Said]

COMMANDS = [
    ["references", "import", "--yes"],
    ["subscribers", "import"],
    ["import", "--dry-run"],
    ["check", "--numbers"],
    ["check", "--published"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "kind", ["missing", "folder", "closed", "cannot be read", "latin", "utf-16", "random", "empty", "nul"]
)
def test_a_file_that_is_no_use_is_no_traceback(
    folder: Folder, tmp_path: Path, run: Run, command: list[str], kind: str
) -> None:
    path = tmp_path / "named"
    match kind:
        case "folder":
            path.mkdir()
        case "closed":
            path.write_text("Smith, J. (2020). A title. P.")
            path.chmod(0)
        case "cannot be read":
            path = Path("/proc/self/mem")
            needs(path.exists(), "procfs")
        case "latin":
            path.write_bytes("Müller, J. (2020). Ein Titel. Verlag.\n".encode("latin-1"))
        case "utf-16":
            path.write_bytes("Müller, J. (2020). Ein Titel. Verlag.\n".encode("utf-16"))
        case "random":
            path.write_bytes(bytes(range(256)) * 9)
        case "empty":
            path.write_bytes(b"")
        case "nul":
            path.write_bytes(b"\0" * 99)
    before = folder.site()
    said = run("--root", folder.root, *command, path)
    assert said.status in (0, 1, 2), said.err
    assert "Traceback" not in said.err
    assert "\0" not in said.err + said.out
    if kind in ("missing", "folder", "cannot be read") or (kind == "closed" and os.geteuid()):
        assert said.status, said.out
    assert folder.site() == before


@pytest.mark.skipif(sys.platform != "linux", reason="there is no file without end")
@pytest.mark.parametrize("command", COMMANDS[:2], ids=" ".join)
def test_a_file_without_end_is_not_read_to_its_end(folder: Folder, run: Run, command: list[str]) -> None:
    said = run("--root", folder.root, *command, "/dev/zero")
    assert said.status == 2
    assert "/dev/zero has more than" in said.err


def test_pasted_references_of_another_encoding_are_told_with_their_line(
    folder: Folder, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "pasted.txt"
    path.write_bytes("Smith, J. (2020). A title. P.\n\nMüller, J. (2020). Ein Titel. Verlag.\n".encode("latin-1"))
    said = run("--root", folder.root, "references", "import", "--yes", path)
    assert said.status == 1
    assert "pasted.txt:3: error: byte 0xFC is not UTF-8 [not-utf-8]" in said.err
    assert "Save the file as UTF-8." in said.err
    assert not (folder.root / "references.bib").exists()

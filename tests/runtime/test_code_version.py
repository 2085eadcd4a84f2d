"""The code version is that of all code and libraries that have a part in the site, and of nothing else."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from weekahead.runtime import code_version as module
from weekahead.runtime.code_version import EXTRAS, LIBRARIES, PACKAGE, code_version
from weekahead.runtime.store import Store

WITHOUT_A_PART = {"click", "cronsim", "css_inline", "email_validator", "flufl", "html_to_markdown", "watchfiles"}
"""Libraries of commands, of `check`, of the preview, of imports and of e-mail."""
INDIRECT = {"markupsafe", "tzdata"}
"""Libraries that others use in our stead."""


def imported() -> set[str]:
    """Every library that a module of ours imports."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"weekahead"}


def test_every_library_with_a_part_in_the_site_is_in_it() -> None:
    assert {*LIBRARIES, *EXTRAS} == imported() - WITHOUT_A_PART | INDIRECT


def test_it_changes_with_any_file_of_ours_and_with_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    (tmp_path / "site").mkdir()
    (tmp_path / "site/pages.py").write_text("one")
    store = Store()
    first = code_version(store)
    assert code_version(store) == code_version(Store()) == first
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "site/pages.py").touch()
    assert code_version(store) == first
    (tmp_path / "site/pages.py").write_text("two")
    second = code_version(store)
    (tmp_path / "site/glyphs.bin").write_bytes(b"x")
    assert len({first, second, code_version(store)}) == 3


def test_it_is_the_same_wherever_the_code_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = set()
    for name in ("one", "other"):
        (tmp_path / name / "site").mkdir(parents=True)
        (tmp_path / name / "site/pages.py").write_text("x")
        monkeypatch.setattr(module, "PACKAGE", tmp_path / name)
        versions.add(code_version(Store()))
    assert len(versions) == 1

"""Compiled code is kept where Python keeps its own, for one source and one version of Python; losing it costs time alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from weekahead.runtime.compiled_code import load_code, save_code

CODE = compile("answer = 6 * 7", "sums", "exec")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of compiled code, apart from that of the package."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "kept"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_kept_is_found_for_its_source_alone(kept: Path) -> None:
    assert load_code("sums", "the source") is None
    save_code("sums", "the source", CODE)
    assert load_code("sums", "the source") == CODE
    assert load_code("sums", "another source") is None
    assert load_code("others", "the source") is None
    assert len(files(kept)) == 1


@pytest.mark.parametrize("cut", [0, 3, 16, 20])
def test_a_file_cut_short_is_as_though_it_were_not_there(kept: Path, cut: int) -> None:
    save_code("sums", "the source", CODE)
    (path,) = files(kept)
    path.write_bytes(path.read_bytes()[:cut])
    assert load_code("sums", "the source") is None
    save_code("sums", "the source", CODE)
    assert load_code("sums", "the source") == CODE


def test_nothing_is_kept_where_python_may_keep_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    save_code("sums", "the source", CODE)
    assert files(kept) == []
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    kept.write_text("a file where the folder would be")
    save_code("sums", "the source", CODE)
    assert load_code("sums", "the source") is None

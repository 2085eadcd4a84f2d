"""An import that is killed, or stopped by the system: whole or nothing, and the next run goes on."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from tests.harness import run_forked
from tests.importers.fake import post, run

from weekahead.importers.finishing import finish_import
from weekahead.importers.staging import is_unfinished

POSTS = (
    post("one", "2024-03-01 16:00", "![x](a.png)"),
    post("two", "2024-03-08 16:00"),
    post("three", "2024-03-15 16:00"),
)


def files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and ".weekahead" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    (folder / "a.png").write_bytes(b"a picture")
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, export: Path) -> dict[str, bytes]:
    root = tmp_path_factory.mktemp("whole") / "letter"
    run(root, *POSTS, export=export, url="https://h.example")
    return files(root)


@pytest.mark.parametrize("at_call", range(1, 400, 23))
def test_a_killed_import_is_nothing_or_is_finished_by_the_next(
    tmp_path: Path, export: Path, whole: dict[str, bytes], at_call: int
) -> None:
    root = tmp_path / "letter"
    run_forked(lambda: run(root, *POSTS, export=export, url="https://h.example"), at_call, root=str(root))
    if is_unfinished(root):
        finish_import(root)
        assert files(root) == whole
    else:
        assert files(root) in ({}, whole)
        run(root, *POSTS, export=export, url="https://h.example")
        assert files(root) == whole


@pytest.mark.parametrize("at_call", range(5, 300, 37))
def test_a_full_disk_leaves_nothing_or_the_rest_to_the_next(
    tmp_path: Path, export: Path, whole: dict[str, bytes], at_call: int
) -> None:
    root = tmp_path / "letter"
    run_forked(lambda: run(root, *POSTS, export=export, url="https://h.example"), at_call, errno.ENOSPC, root=str(root))
    finish_import(root)
    assert files(root) in ({}, whole)


def test_what_the_author_made_meanwhile_is_never_written_over(tmp_path: Path, export: Path) -> None:
    root = tmp_path / "letter"
    mine = root / "issues/0003-three.md"
    for at_call in range(60, 600, 7):
        run_forked(lambda: run(root, *POSTS, export=export), at_call, root=str(root))
        if is_unfinished(root) and not mine.exists():
            break
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("Mine.")
    finish_import(root)
    assert mine.read_text() == "Mine."
    assert (root / "letter.yaml").exists()

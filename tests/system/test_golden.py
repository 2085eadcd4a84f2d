"""Whole small letters with the site, or the words, that they must give.

After a wanted change, `pytest tests/system/test_golden.py --update-golden` rewrites them; read the diff as a reader would.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from weekahead.build import pipeline
from weekahead.model.findings import BuildError

GOLDEN = Path(__file__).parents[1] / "golden"
AS_OF = "2026-03-28T12:00:00+01:00"


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_small_letter_gives_its_site(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    wanted = GOLDEN / "small/site"
    site = tmp_path / "site"
    shutil.copytree(GOLDEN / "small/letter", tmp_path / "letter")
    pipeline.build(pipeline.BuildOptions(root=tmp_path / "letter", output=site, as_of=AS_OF))
    for folder in ("assets", "cards"):
        shutil.rmtree(site / folder)
    if request.config.getoption("--update-golden"):
        shutil.rmtree(wanted, ignore_errors=True)
        shutil.copytree(site, wanted)
    assert tree(site) == tree(wanted)


def test_a_broken_letter_gives_every_finding_at_once(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    wanted = GOLDEN / "broken/findings.txt"
    shutil.copytree(GOLDEN / "broken/letter", tmp_path / "letter")
    with pytest.raises(BuildError) as refused:
        pipeline.build(pipeline.BuildOptions(root=tmp_path / "letter", output=tmp_path / "site", as_of=AS_OF))
    found = "\n".join(map(str, refused.value.findings)) + "\n"
    if request.config.getoption("--update-golden"):
        wanted.write_text(found, "utf-8")
    assert found == wanted.read_text("utf-8")
    assert not (tmp_path / "site").exists()

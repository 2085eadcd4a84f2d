"""`weekahead import`: options, what is printed, and its exit status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from weekahead.commands.main import weekahead
from weekahead.importers.platforms.registry import platforms

POST = "---\ntitle: Week 1: Tides\n---\n".replace("Week 1: Tides", '"Week 1: Tides"') + "See [gone](/nowhere).\n"


def ghost_export(tables: Mapping[str, object]) -> str:
    return json.dumps({"db": [{"meta": {"version": "5.82.2"}, "data": tables}]})


GHOST = ghost_export({"posts": [{"id": "1", "title": "Tides", "status": "draft"}]})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site/_posts").mkdir(parents=True)
    (tmp_path / "site/_posts/2024-03-01-tides.md").write_text(POST)
    (tmp_path / "site/_config.yml").write_text("title: Harbour\n")
    return tmp_path / "site"


def run(*arguments: object) -> Result:
    noon = {"SOURCE_DATE_EPOCH": "1711972800"}  # 2024-04-01
    return CliRunner(env=noon).invoke(weekahead, ["import", *map(str, arguments)], standalone_mode=True)


def test_the_report_is_json_where_that_is_asked_for(site: Path, tmp_path: Path) -> None:
    found = run(site, "--root", tmp_path / "letter", "--format", "json")
    assert found.exit_code == 0
    report = json.loads(found.stdout)
    assert found.stderr == "site is a Jekyll site.\n"
    assert report["platform"] == "a Jekyll site"
    assert report["counts"] == {"ready": 1, "drafts": 0, "pages": 0, "files": 0}
    note = next(note for note in report["notes"] if note["rule"] == "dead-link")
    assert (note["outcome"], note["file"]) == ("needs your eye", "issues/0001-tides.md")
    line = (tmp_path / "letter/issues/0001-tides.md").read_text().split("\n")[note["line"] - 1]
    assert line == "See gone."


def test_json_and_a_platform_can_both_be_named(site: Path, tmp_path: Path) -> None:
    found = run(site, "--root", tmp_path / "letter", "--format", "json", "--format", "jekyll", "--dry-run")
    assert json.loads(found.stdout)["dry_run"] is True
    assert run(site, "--root", tmp_path / "letter", "--format", "hugo", "--format", "jekyll").exit_code == 2


def test_the_report_goes_where_it_is_wanted(site: Path, tmp_path: Path) -> None:
    found = run(site, "--root", tmp_path / "letter", "--report", tmp_path / "what.md")
    assert "what.md" in found.stdout
    assert (tmp_path / "what.md").read_text().startswith("# Import report\n")
    assert not (tmp_path / "letter/import-report.md").exists()


def test_a_report_that_cannot_be_written_is_told_before_anything_is_imported(site: Path, tmp_path: Path) -> None:
    found = run(site, "--root", tmp_path / "letter", "--report", tmp_path / "nowhere/what.md")
    assert (found.exit_code, "Nothing was imported" in found.stderr) == (2, True)
    assert not (tmp_path / "letter").exists()


def test_what_is_not_read_is_told_what_to_export_instead(tmp_path: Path) -> None:
    (tmp_path / "subscribers.csv").write_text("email,first_name,created_at,status,tags\na@b.example,,,,\n")
    found = run(tmp_path / "subscribers.csv", "--root", tmp_path / "letter")
    assert found.exit_code == 1
    assert "[unknown-export]" in found.stderr
    assert "This seems to be from Kit" in found.stderr
    assert not (tmp_path / "letter").exists()


@pytest.mark.parametrize("named", [platform.name for platform in platforms()])
@pytest.mark.parametrize("source", ["site", "ghost.json", "words.csv", "page.html", "feed.xml", "note.md", "nothing"])
def test_an_export_named_as_one_of_another_platform_is_read_or_refused(
    tmp_path: Path, site: Path, source: str, named: str
) -> None:
    (tmp_path / "ghost.json").write_text(GHOST)
    (tmp_path / "words.csv").write_text("a,b\n1,2\n")
    (tmp_path / "page.html").write_text("<p>Words")
    (tmp_path / "feed.xml").write_text("<rss><channel><item><title>One</title></item></channel></rss>")
    (tmp_path / "note.md").write_text("Words\n")
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing/words.txt").write_text("Words")
    found = run(tmp_path / source, "--root", tmp_path / "letter", "--format", named)
    assert isinstance(found.exception, SystemExit | None)
    assert found.exit_code == 0 or "[unknown-export]" in found.stderr or "[empty-export]" in found.stderr
    assert (tmp_path / "letter").exists() == (found.exit_code == 0)


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("substack", "this is not a Substack export: it has no posts.csv with Substack's columns"),
        ("pelican", "there is no post in this export"),
    ],
)
def test_an_export_named_as_one_of_another_platform_says_whose_it_is(tmp_path: Path, named: str, why: str) -> None:
    (tmp_path / "ghost.json").write_text(GHOST)
    found = run(tmp_path / "ghost.json", "--root", tmp_path / "letter", "--format", named)
    assert (found.exit_code, why in found.stderr) == (1, True)
    assert f"It looks like a Ghost export: leave out --format {named}." in found.stderr


@pytest.mark.parametrize("option", [("--format", "blog"), ("--timezone", "Mars/Here"), ("--paid", "some")])
def test_wrong_usage_has_status_2(site: Path, tmp_path: Path, option: tuple[str, str]) -> None:
    assert run(site, "--root", tmp_path / "letter", *option).exit_code == 2
    assert not (tmp_path / "letter").exists()


def test_another_command_finishes_an_import_that_was_killed(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from weekahead.importers import staging

    root = tmp_path / "letter"
    assert run(site, "--root", root).exit_code == 0
    (site / "_posts/2024-03-08-fog.md").write_text(POST.replace("Week 1: Tides", "Week 2: Fog"))
    monkeypatch.setattr(staging, "finish", lambda root: None)
    run(site, "--root", root)
    monkeypatch.undo()
    assert not (root / "issues/0002-fog.md").exists()
    CliRunner().invoke(weekahead, ["check", "--root", str(root)])
    assert (root / "issues/0002-fog.md").exists()


def test_an_address_that_the_author_writes_leads_to_what_is_elsewhere(tmp_path: Path) -> None:
    card = '<div class="kg-card kg-audio-card"><audio src="__GHOST_URL__/content/media/tides.mp3"></audio></div>'
    row = {
        "id": "1", "title": "Tides", "slug": "tides", "html": f"<p>Words.</p>{card}", "status": "published", "visibility": "public",
        "published_at": "2024-03-01T09:00:00.000Z", "feature_image": "__GHOST_URL__/content/images/cover.png",
    }  # fmt: skip
    data = {"posts": [row], "settings": [{"key": "title", "value": "Harbour"}]}
    (tmp_path / "ghost.json").write_text(ghost_export(data))
    root = tmp_path / "letter"
    assert run(tmp_path / "ghost.json", "--root", root).exit_code == 0
    assert "[no-address]" in (root / "import-report.md").read_text()
    config = (root / "letter.yaml").read_text()
    (root / "letter.yaml").write_text(config.replace("https://your-letter.example", "https://harbour.example", 1))
    assert run(tmp_path / "ghost.json", "--root", root).exit_code == 0
    assert (
        'audio: {url: "https://harbour.example/content/media/tides.mp3"' in (root / "issues/0001-tides.md").read_text()
    )
    report = (root / "import-report.md").read_text()
    assert "its cover https://harbour.example/content/images/cover.png is not in the export" in report
    assert "[no-address]" not in report

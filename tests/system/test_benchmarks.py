"""The instrument that measures builds. No test here asserts a time."""

from __future__ import annotations

import hashlib
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from benchmarks.clock import measure
from benchmarks.figures import STEPS, Doubling, Figures, Run, growth, load, middle, paired, save
from benchmarks.letter import Issue, Letter, made_letter
from benchmarks.mail import AS_OF, SMTP_SINK, WAYS, made_letters, measured, sink
from benchmarks.peers import environment, lay_down, peers
from benchmarks.picture import picture
from benchmarks.proof import NotBuilt, evidence, prove
from benchmarks.real import ELSEWHERE, neutral, real_letter, split
from benchmarks.report import BEGIN, END, digest, report, targets, written_into
from benchmarks.rounds import cloned, timed
from benchmarks.shapes import SHAPES, read_text_file
from tests.conftest import THOROUGH, needs

from weekahead.build.check import check
from weekahead.build.pipeline import BuildOptions, build

REPOSITORY = Path(__file__).parents[2]
WEEKAHEAD = peers()["weekahead"]


def run_of(round_: int, letter: str, peer: str, step: str, cpu: float, memory: int = 100_000) -> Run:
    issues = 664 if letter == "real" else int(letter)
    return Run(
        round=round_,
        letter=letter,
        issues=issues,
        peer=peer,
        step=step,
        wall=cpu / 2,
        cpu=cpu,
        largest=memory,
        together=memory,
    )


@pytest.fixture
def figures() -> Figures:
    """Two rounds of all steps: Hugo takes a second for a hundred issues, we a tenth of that, and nothing grows worse."""
    runs = [
        run_of(number, letter, peer, step, number * seconds * size / 100, int(1_000_000 * seconds))
        for number in (1, 2)
        for letter, size in (("100", 100), ("1000", 1000), ("2000", 2000), ("10000", 10_000), ("real", 664))
        for peer, seconds in (("weekahead", 0.1), ("hugo", 1.0), ("pelican", 5.0))
        for step in STEPS
        if step != "clone" or peer != "hugo"
    ]
    shapes = [Doubling(round=1, shape=shape, once=1.0, twice=2.0) for shape in ("lists", "tables")]
    return Figures(about={"Python": "3.11"}, runs=runs, doublings=shapes)


# -- the made letter


def test_a_made_letter_is_the_same_everywhere() -> None:
    text = "".join(f"{issue.file} {issue.date} {issue.title}\n{issue.body}" for issue in made_letter(12).issues())
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "c0e83555f8f6dd51"


def test_letters_of_any_length_end_alike() -> None:
    """So that an edit of a long letter can be compared with one of a short letter."""
    short, long = made_letter(60), made_letter(90)
    for number in (59, 60, 61):
        one, other = short.issue(number), long.issue(number + 30)
        assert (one.title, one.date, one.tags, one.series) == (other.title, other.date, other.tags, other.series)
        assert abs(len(one.body) - len(other.body)) < 10


def test_a_made_issue_has_the_size_of_a_real_one() -> None:
    sizes = [len(issue.body.encode()) for issue in made_letter(200).issues()]
    assert 8_000 < sum(sizes) / len(sizes) < 10_000


def test_weekahead_builds_a_made_letter(tmp_path: Path) -> None:
    letter, folder = made_letter(12), tmp_path / "letter"
    lay_down(WEEKAHEAD, letter, folder)
    as_of = environment(letter, 12)["SOURCE_DATE_EPOCH"]
    checked = check(folder, f"{letter.issue(12).date}")
    assert not [finding for finding in checked.findings if finding.is_error]
    assert as_of == "4418280000"
    build(BuildOptions(root=folder, as_of="2110-01-04"))
    prove(folder / "site", list(letter.issues()))


# -- real text


def test_front_matter_is_read_in_both_manners() -> None:
    assert split("---\nTitle: A\ndate: 2020-01-03\n---\nText") == ({"title": "A", "date": "2020-01-03"}, "Text")
    assert split("Title: A: b\nDate: 2020-01-03\n\nText") == ({"title": "A: b", "date": "2020-01-03"}, "\nText")


def test_real_issues_are_numbered_by_date(tmp_path: Path) -> None:
    for name, day in (("b", "2020-01-10"), ("a", "2020-01-17"), ("c", "2020-01-03")):
        (tmp_path / f"{name}.md").write_text(f"Title: On {name}\nDate: {day} 12:00\n\nText.")
    (tmp_path / "readme.md").write_text("Not an issue.")
    letter = real_letter(tmp_path)
    assert [(issue.number, issue.slug) for issue in letter.issues()] == [(1, "c"), (2, "b"), (3, "a")]
    assert letter.issue(4).date == date(2020, 1, 24)


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("[a](https://b.example/c) [d](mailto:e@f.example)", "[a](https://b.example/c) [d](mailto:e@f.example)"),
        ("[a](b.html) [c](#d) ![e](/f.png 'g')", f"[a]({ELSEWHERE}) [c]({ELSEWHERE}) ![e]({ELSEWHERE})"),
        ("[a](URL to come) [b](<c d>)", f"[a]({ELSEWHERE}) [b]({ELSEWHERE})"),
        ("[a]: b.html\n[^c]: d", f"[a]: {ELSEWHERE}\n[^c]: d"),
        ("<a href='b'>c</a>", f"<a href='{ELSEWHERE}'>c</a>"),
        ("{{ a }} {% b %} c\x02d", "{ { a }} { % b %} cd"),
    ],
)
def test_what_a_builder_would_refuse_is_taken_out(body: str, left: str) -> None:
    assert neutral(body) == left


# -- the proof that a site was built


def test_an_empty_site_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="has no page"):
        prove(tmp_path, list(made_letter(3).issues()))


def test_a_site_without_the_edit_is_no_site(tmp_path: Path) -> None:
    letter, folder = made_letter(3), tmp_path / "letter"
    lay_down(WEEKAHEAD, letter, folder)
    build(BuildOptions(root=folder, as_of="2110-01-04"))
    prove(folder / "site", list(letter.issues()))
    with pytest.raises(NotBuilt, match="no new page says"):
        prove(folder / "site", list(letter.issues()), edited="Words that were never written")
    (folder / "site/feed.xml").write_text("<rss><channel/></rss>")
    with pytest.raises(NotBuilt, match="feed has 0 items"):
        prove(folder / "site", list(letter.issues()))


def test_evidence_is_plain_words() -> None:
    assert evidence("One two three *four*\n\n```\nfive six seven eight\n```\n") == "One two three"
    assert evidence("`a`") is None


def test_a_clone_carries_the_cache_and_nothing_else(tmp_path: Path) -> None:
    letter, folder = made_letter(2), tmp_path / "weekahead"
    lay_down(WEEKAHEAD, letter, folder)
    build(BuildOptions(root=folder, as_of="2110-01-04"))
    clone = cloned(WEEKAHEAD, folder)
    assert {path.name for path in clone.iterdir()} == {".weekahead", "issues", "letter.yaml", "schedule.yaml"}
    assert all(path.name.startswith("cache") for path in (clone / ".weekahead").iterdir())


def test_a_build_that_fails_ends_the_benchmark(tmp_path: Path) -> None:
    (tmp_path / "letter").mkdir()
    failing = replace(WEEKAHEAD, command=(sys.executable, "-c", "raise SystemExit('No ink left.')"))
    with pytest.raises(SystemExit, match=r"status 1 .*\s+No ink left"):
        timed(failing, tmp_path / "letter", {})


def test_the_clock_counts_what_a_command_starts(tmp_path: Path) -> None:
    inner = "sum(range(3_000_000))"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{inner}'], check=True); sys.exit(3)"
    status, wall, cpu, largest, together = measure([sys.executable, "-c", outer], str(tmp_path / "log"))
    assert status == 3
    assert min(wall, cpu, largest) > 0
    assert together >= largest


# -- the arithmetic


def test_ratios_are_taken_within_a_round() -> None:
    """A round that was slow for both says the same as a fast one."""
    assert paired({1: 1.0, 2: 10.0, 3: 2.0}, {1: 2.0, 2: 20.0, 3: 4.0}) == 0.5
    assert paired({1: 1.0, 2: 30.0}, {2: 10.0, 3: 1.0}) == 3
    assert paired({1: 1.0}, {2: 1.0}) is None


def test_the_middle_of_nothing_is_unknown() -> None:
    assert middle([]) is None
    assert middle([3, 1, 2]) == 2


def test_a_refused_text_grows_without_bound() -> None:
    found = [Doubling(round=n, shape="lists", once=1.0, twice=2.0 * n) for n in (1, 2, 3)]
    found += [Doubling(round=n, shape="brackets", once=1.0, twice=None) for n in (1, 2)]
    assert growth(found) == {"lists": 4.0, "brackets": None}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_a_shape_is_twice_the_text(shape: str) -> None:
    once, twice = (len(read_text_file(shape, times)) for times in (5000, 10000))
    assert 1.8 < twice / once < 2.2


# -- the report and the picture


def test_every_target_is_in_the_report(figures: Figures) -> None:
    found = {target.what: target for target in targets(figures)}
    assert len(found) == 10
    assert found["one edit at 10,000 / Hugo cold"].cpu == pytest.approx(0.1)
    assert "one edit at 10,000 / one edit at 1,000" in found
    assert found["cold at 10,000 / 2,000, CPU"].cpu == pytest.approx(5)
    assert found["peak memory cold at 10,000 / Hugo, all processes"].cpu == pytest.approx(0.1)
    assert "one document doubled (worst: lists) | 2.3 | 2.1 | 2 |" in report(figures)
    assert "not measured" not in report(figures)


def test_what_was_not_measured_is_said() -> None:
    runs = [run_of(1, "100", peer, step, 1.0) for peer in ("weekahead", "eleventy") for step in STEPS[:2]]
    text = report(Figures(runs=runs))
    assert text.count("not measured") == 10
    assert "The targets are set for 10,000 issues; the longest letter here has 100." in text


def test_a_letter_has_a_row_for_each_builder(figures: Figures) -> None:
    text = report(figures)
    assert "| weekahead | 7.5 / 15 (0.1) |" in text
    assert "| Hugo | 75 / 150 (1) | 75 / 150 (1) | 75 / 150 (1) | 75 / 150 (1) | – | 977 |" in text


def test_figures_can_be_kept_and_read_again(figures: Figures, tmp_path: Path) -> None:
    save(figures, tmp_path / "results/figures.json")
    assert report(load(tmp_path / "results/figures.json")) == report(figures)


def test_the_picture_is_drawn_for_both_grounds(figures: Figures) -> None:
    svg = picture(figures)
    words = "".join(ElementTree.fromstring(svg).itertext())
    assert "prefers-color-scheme: dark" in svg
    assert all(name in words for name in ("weekahead", "Hugo", "Pelican", "10,000", "CPU seconds, a cold build"))
    assert svg.count("<polyline") == 6


def test_a_picture_of_one_length_is_a_picture_too() -> None:
    runs = [run_of(1, "100", "weekahead", step, 1.0) for step in STEPS]
    assert ElementTree.fromstring(picture(Figures(runs=runs))) is not None
    assert ElementTree.fromstring(picture(Figures())) is not None


def test_the_readme_has_a_place_for_the_figures(figures: Figures) -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    assert readme.count(BEGIN) == readme.count(END) == 1
    text = written_into(readme, digest(figures, "docs/pictures/speed.svg"))
    assert written_into(text, "Nothing.") == written_into(readme, "Nothing.")
    assert "**10,000 issues**" in text
    assert "**100 issues**" not in text


# -- the builders


@pytest.mark.parametrize("peer", peers().values(), ids=list(peers()))
def test_every_builder_is_given_every_word(peer: Any, tmp_path: Path) -> None:
    letter = made_letter(3)
    lay_down(peer, letter, tmp_path / peer.name)
    for issue in letter.issues():
        text = peer.file(tmp_path / peer.name, issue).read_text("utf-8")
        assert issue.body in text
        assert issue.title in text


def test_a_letter_with_a_history_declares_its_days() -> None:
    days = [date(2020, 1, 2), date(2020, 1, 10), date(2020, 1, 17), date(2020, 1, 24)]
    issues = [Issue(number=n, title="T", slug=f"s{n}", date=day, body="") for n, day in enumerate(days, 1)]
    letter = Letter(name="real", count=3, issue=lambda number: issues[number - 1])
    schedule = WEEKAHEAD.settings(letter)["schedule.yaml"]
    assert "every: friday" in schedule
    assert "slips:\n  1: 2020-01-02\nupcoming:" in schedule


@pytest.mark.skipif(not THOROUGH, reason="make thorough tries it")
def test_each_way_to_send_letters_sends_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(SMTP_SINK is not None, "smtp-sink")
    monkeypatch.setenv("WEEKAHEAD_TOKEN_KEY", "a key of the tests, long enough")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", AS_OF)
    monkeypatch.setenv("WEEKAHEAD_SMTP", "")
    with sink() as server:
        found = measured(made_letters(tmp_path, server, 3), server, 1)
    assert {name: len(seconds) for name, seconds in found.items()} == dict.fromkeys(WAYS, 1)

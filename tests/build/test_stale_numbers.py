"""Numbers bound to tables: on the site, before a re-run, and bound by `check --fix`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Folder, Said, issue_text
from tests.markdown.test_bound_numbers import SEED, STARS_2021, STARS_2022

from weekahead.build.fix import fix
from weekahead.build.numbers import check_rerun
from weekahead.model.findings import BuildError

ISSUE = "issues/0001-first/index.md"


@pytest.fixture
def seed(folder: Folder) -> Folder:
    """A letter whose first issue has the ten figures of the seed letter, bound to its table."""
    (folder.root / "issues/0001-first.md").unlink()
    folder.write("issues/0001-first/stars.csv", STARS_2021)
    write(folder, SEED)
    return folder


def write(folder: Folder, body: str) -> None:
    folder.write(ISSUE, issue_text(1, "2022-01-07", "First", body=body))


def test_a_page_has_data_and_feeds_transcripts_and_search_have_words(seed: Folder) -> None:
    seed.build()
    assert 'almost <data value="2933">3,000</data> people' in seed.read("issues/1-first/index.html")
    assert "that means that almost 3,000 people" in seed.read("feed.xml")
    assert "<data" not in seed.read("feed.xml")
    assert "almost 3,000 people" in seed.read("search/2022.json")
    assert "<data" not in seed.read("search/2022.json")
    assert not any(name.endswith(".csv") for name in seed.site())


def test_a_stale_number_is_a_warning_and_a_missing_cell_an_error(seed: Folder) -> None:
    assert [rule for file, _, rule in seed.rules() if file == ISSUE] == []
    seed.write("issues/0001-first/stars.csv", STARS_2022)
    assert [(line, rule) for file, line, rule in seed.rules() if file == ISSUE] == [
        *[(8, "number-stale")] * 9,
        (10, "number-stale"),
    ]
    seed.build()
    assert '<data value="168162">154,162</data>' in seed.read("issues/1-first/index.html")
    seed.write("issues/0001-first/stars.csv", STARS_2022.replace("PyTorch", "Torch"))
    with pytest.raises(
        BuildError, match=r'stars\.csv has no row "PyTorch" \[number-cell\]\n    Did you mean "Torch"\?'
    ):
        seed.build()


def test_a_table_of_another_year_beside_it_changes_nothing(seed: Folder) -> None:
    seed.build()
    seed.write("issues/0001-first/stars-2022.csv", STARS_2022)
    assert "number-stale" not in [rule for *_, rule in seed.rules()]


def test_the_rule_can_be_waived(seed: Folder) -> None:
    seed.write("issues/0001-first/stars.csv", STARS_2022)
    seed.write(ISSUE, issue_text(1, "2022-01-07", "First", body=SEED, allow="[number-stale]"))
    assert "number-stale" not in [rule for *_, rule in seed.rules()]


def test_a_rerun_names_the_sentences_that_it_makes_stale_before_it_is_done(seed: Folder, tmp_path: Path) -> None:
    partly = STARS_2022.replace('"2,431"', '"1,785"')
    (tmp_path / "stars-2022.csv").write_text(partly)
    found = check_rerun(seed.root, tmp_path / "stars-2022.csv")
    assert (len(found.findings), found.bound, found.files) == (9, 10, ("issues/0001-first/stars.csv",))
    assert str(found.findings[0]).startswith(
        f'{ISSUE}:8: warning: the text says "154,162"; stars-2022.csv says 168,162'
    )
    (tmp_path / "stars-2022.csv").write_text(STARS_2021)
    assert check_rerun(seed.root, tmp_path / "stars-2022.csv").findings == ()


def test_a_rerun_of_no_bound_table_says_which_there_are(seed: Folder, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("Name,Price\nA,1\n")
    with pytest.raises(BuildError, match=r"Tables with bound numbers: issues/0001-first/stars\.csv"):
        check_rerun(seed.root, tmp_path / "other.csv")
    (tmp_path / "stars.csv").write_text("Name,Price\nA\n")
    with pytest.raises(BuildError, match=r"line 2: this row has 1 cells"):
        check_rerun(seed.root, tmp_path / "stars.csv")


def test_the_command_exits_with_1_if_a_sentence_becomes_stale(
    seed: Folder, tmp_path: Path, run: Callable[..., Said]
) -> None:
    (tmp_path / "stars.csv").write_text(STARS_2022)
    said = run("check", "--root", seed.root, "--numbers", tmp_path / "stars.csv")
    assert said.status == 1
    assert said.out.endswith(
        "In place of issues/0001-first/stars.csv, stars.csv would make 10 of 10 bound numbers stale.\n"
    )
    (tmp_path / "stars.csv").write_text(STARS_2021)
    assert run("check", "--root", seed.root, "--numbers", tmp_path / "stars.csv").status == 0


TABLE = "\n\n/// table | Stars of 154,162\nfile: stars.csv\n///\n"


def test_fix_binds_a_number_that_equals_exactly_one_cell(seed: Folder) -> None:
    write(seed, f"It has 154,162 stars, and 2,933 people.{TABLE}")
    lines = fix(seed.root, "2022-02-01")
    assert [line.after for line in lines] == [
        "It has [154,162](stars.csv#TensorFlow/Stars) stars, and [2,933](stars.csv#TensorFlow/Contributors) people."
    ]
    assert "Stars of 154,162\n" in (seed.root / ISSUE).read_text()
    assert fix(seed.root, "2022-02-01") == ()
    assert "number-stale" not in [rule for *_, rule in seed.rules()]


@pytest.mark.parametrize(
    "words",
    [
        "It has 102 branches, of which 98 are old, and 20 more.",  # too short to be no chance
        "Almost 154,162 stars, more than 4,620, 2,933 million and 1,785%.",
        "In 1936 or 2021; Week 102; v154,162; 154,162-1; x/4,620; #4,620.",
        "`154,162`, [154,162](https://x.example/), <b title='154,162'>x</b>",
        "154,163 and 154162.5 and 1,154,162",
        "## 154,162\n\n| a |\n|---|\n| 154,162 |",
    ],
)
def test_fix_binds_nothing_else(seed: Folder, words: str) -> None:
    seed.write("issues/0001-first/stars.csv", STARS_2021.replace('"47,046"', "1936").replace("102", "2021"))
    write(seed, f"{words}{TABLE}")
    assert fix(seed.root, "2022-02-01") == ()


def test_fix_never_guesses_between_two_cells(seed: Folder) -> None:
    seed.write("issues/0001-first/stars.csv", STARS_2021.replace('"47,046"', '"154,162"'))
    write(seed, f"It has 154,162 stars and 2,933 people.{TABLE}")
    assert [line.after for line in fix(seed.root, "2022-02-01")] == [
        "It has 154,162 stars and [2,933](stars.csv#TensorFlow/Contributors) people."
    ]


def test_fix_binds_to_no_row_whose_name_another_has(seed: Folder) -> None:
    seed.write(
        "issues/0001-first/long.csv",
        "Year,Country,Visitors\n2021,Norway,4711\n2021,Chad,815\n2022,Chad,1312\n2023,Chad,987\n",
    )
    write(seed, f"It had 4711, 815, [1312](long.csv#2022/Visitors) and 987 visitors.{TABLE}")
    (line,) = fix(seed.root, "2022-02-01")
    assert line.after.endswith("4711, 815, [1312](long.csv#2022/Visitors) and [987](long.csv#2023/Visitors) visitors.")


def test_names_are_escaped_and_german_numbers_found(seed: Folder) -> None:
    seed.write("issues/0001-first/my stars.csv", 'Name,"Stars/day (all)"\nA : B,"154,162"\n')
    seed.write(
        ISSUE,
        issue_text(
            1,
            "2022-01-07",
            "First",
            body="Es sind 154.162 Sterne.\n\n/// table | T\nfile: my stars.csv\n///",
            language="de",
        ),
    )
    assert [line.after for line in fix(seed.root, "2022-02-01")] == [
        "Es sind [154.162](my%20stars.csv#A%20%3A%20B/Stars%2Fday%20%28all%29) Sterne."
    ]
    seed.build()
    assert '<data value="154162">154.162</data>' in seed.read("issues/1-first/index.html")


def test_a_recorded_text_stays_as_it_was_read(seed: Folder) -> None:
    audio = "{url: https://letter.example/a.mp3, bytes: 9, duration: '0:10'}"
    text = issue_text(1, "2022-01-07", "First", body=f"It has 154,162 stars.{TABLE}", audio=audio, recorded="a" * 64)
    seed.write(ISSUE, text)
    assert not any(line.where.file == ISSUE for line in fix(seed.root, "2022-02-01"))

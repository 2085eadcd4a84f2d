"""Numbers of any length, days at the ends of the calendar, and words that look like marks of our own."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from tests.conftest import NOON, Folder, Said, issue_text

from weekahead.markdown import renderer
from weekahead.markdown.kinds.kind import File
from weekahead.model.hashing import hash_bytes

Run = Callable[..., Said]
DIGITS = [
    "9" * 30,
    "9" * 41,
    "9" * 5000,
    "1." + "3" * 5000,
    "0." + "0" * 37 + "1",
    "²",
    "٣",
    "1e999999",
    "NaN",
    "Infinity",
]
TABLE = "/// table | Numbers\nfile: a.csv\nre-run: b.csv\nchange: {}\n///"


def converted(text: str, **tables: str) -> str:
    files = {f"{name}.csv": File(f"issues/{name}.csv", data.encode()) for name, data in tables.items()}
    return renderer.place(renderer.convert(text, files=files), {})


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("other", ["5", "0", "-1", *DIGITS])
@pytest.mark.parametrize("change", ["percent", "difference"])
def test_cells_of_any_digits_make_a_table(digits: str, other: str, change: str) -> None:
    html = converted(TABLE.format(change), a=f"Name,Number\nx,{digits}\n", b=f"Name,Number\nx,{other}\n")
    assert digits in html


@pytest.mark.parametrize("digits", DIGITS)
def test_options_of_code_take_any_digits(digits: str) -> None:
    assert "x = 1" in converted(f'```text linenums="{digits}" hl_lines="{digits} 1-{digits}"\nx = 1\n```')


@pytest.mark.parametrize("number", ["0", "99", "9" * 5000])
def test_cells_that_imitate_the_marks_of_cuts_are_words(number: str) -> None:
    text = "[A link](https://a.example/)\n\n/// table | Numbers\nfile: a.csv\n///"
    for source in (text.encode(), text.encode() + b" "):
        words = f"wa-{hash_bytes(source)[:16]}-{number}-"
        assert words in converted(text, a=f"Name,Number\n{words},1\n")


@pytest.mark.parametrize("epoch", ["9" * 5000, "-99999999999999", "²", "9999999999999", "1e3", " "])
def test_a_time_of_any_digits_is_wrong_usage(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    folder.build()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    for command in (["build"], ["plan"], ["check"]):
        said = run(*command, "--root", folder.root)
        assert said.status == 2
        assert "is not a date or time" in said.err
    assert run("build", "--root", folder.root, "--as-of", "9" * 5000).status == 2


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9991-01-01", "9999-12-31", "9" * 5000 + "-01-01"])
def test_days_beyond_the_calendar_are_wrong_usage(folder: Folder, run: Run, day: str) -> None:
    for arguments in (["add", "X", "--date", day], ["add", "X", "--number", "40", "--date", day], ["skip", day]):
        assert run("plan", "--root", folder.root, *arguments).status == 2


@pytest.mark.parametrize("number", ["9" * 9, "9" * 20, "9" * 4000, "9" * 5000])
def test_numbers_of_any_length_are_refused(folder: Folder, run: Run, number: str) -> None:
    for arguments in (
        ["plan", "move", "6", number],
        ["plan", "add", "X", "--number", number],
        ["plan", "state", number, "review"],
    ):
        assert run(arguments[0], "--root", folder.root, *arguments[1:]).status in (0, 1, 2)
    for command in ("new", "ready", "unpublish"):
        assert run(command, "--root", folder.root, number).status in (1, 2)


@pytest.mark.parametrize(
    "words",
    [
        "null", "[]", "9" * 5000, "[" * 100_000, '{"next": 1}', '{"next": {"at": "2022-01-01T00:00"}}',
        json.dumps({"next": {"at": "2022-01-01T00:00", "label": "x"}}),
        json.dumps({"next": {"at": "9999-12-31T23:59+00:00", "label": "x"}}),
        json.dumps({"next": {"at": "2022-01-01T00:00+00:00"}}),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_published_plan_may_hold_anything(tmp_path: Path, run: Run, words: str) -> None:
    (tmp_path / "next.json").write_text(words)
    said = run("check", "--as-of", NOON, "--published", tmp_path / "next.json")
    assert (said.status, "live-unreadable" in said.err) == (1, True)


def test_a_recording_that_claims_to_have_no_end_is_a_finding(folder: Folder) -> None:
    data = BytesIO()
    with wave.open(data, "wb") as file:
        file.setparams((1, 1, 100, 0, "NONE", ""))
        file.writeframes(b"\x80" * 100)
    claims = data.getvalue()
    for place in range(20, len(claims) - 100, 4):
        folder.write("issues/0005-fifth/sound.wav", claims[:place] + b"\0\0\0\0" + claims[place + 4 :])
        folder.write("issues/0005-fifth/index.md", issue_text(5, "2022-02-04", "Fifth", audio="{file: sound.wav}"))
        (folder.root / "issues/0005-fifth.md").unlink(missing_ok=True)
        folder.check()

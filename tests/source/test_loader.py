"""Every bad file is a finding with file and line, all of them at once, and never a traceback."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import LETTER, Folder, issue_text

from weekahead.build.texts import words_of
from weekahead.model.findings import BuildError, Finding, Location, sort_findings
from weekahead.model.issue import slug_from_stem
from weekahead.source.loader import load_letter


def rules(folder: Folder) -> list[tuple[str, int, str]]:
    return [(f.where.file, f.where.line, f.rule) for f in load_letter(folder.root).findings]


HEAD = "---\nnumber: 6\ntitle: Sixth\ndate: 2022-02-11\n"


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("", 1, "empty"),
        ("No header at all.\n", 1, "no-front-matter"),
        ("---\nnumber: 6\ntitle: x\n\nBody\n", 1, "front-matter-open"),
        ("\n\n---\nnumber: 6\ntitle: x\n", 3, "front-matter-open"),
        ("\n\n---\nnumber: 6\nnumber: 7\ntitle: x\n---\n", 5, "key-twice"),
        (HEAD + "series: {name: A, part: 0}\n---\n", 5, "value"),
        (HEAD + "series: {name: A, part: 3, of: 2}\n---\n", 5, "series-part"),
        (HEAD + "slug: a/b\n---\n", 5, "slug"),
        (HEAD + "slug: ../x\n---\n", 5, "slug"),
        (HEAD + 'slug: "\u0301x"\n---\n', 5, "slug"),
        (HEAD + 'slug: "x-\u093f"\n---\n', 5, "slug"),
        (HEAD + "status: published\n---\n", 5, "type"),
        (HEAD + "drafts: true\n---\n", 5, "unknown-key"),
        (HEAD + "tags: mlops\n---\n", 5, "type"),
        (HEAD + "tags: [mlops, '!!!']\n---\n", 5, "slug"),
        (HEAD + "series: {name: '!!!', part: 1}\n---\n", 5, "slug"),
        (HEAD + "audio: {file: nowhere.mp3}\n---\n", 5, "file-missing"),
        (HEAD + "audio: {file: ../../secret.mp3}\n---\n", 5, "outside"),
        (HEAD + "aliases: [../x]\n---\n", 5, "alias"),
        (HEAD + "aliases: [https://other.example/x]\n---\n", 5, "alias"),
        ("---\nnumber: 6\ntitle:\n---\n", 3, "key-missing"),
        ("---\nnumber: 6\n---\n", 2, "key-missing"),
    ],
)
def test_a_bad_issue_points_at_its_line(folder: Folder, text: str, line: int, rule: str) -> None:
    folder.write("issues/0006-sixth.md", text)
    assert rules(folder) == [("issues/0006-sixth.md", line, rule)]


@pytest.mark.parametrize(
    ("data", "line", "rule"),
    [
        (b"---\nnumber: 6\n\x80\n---\n", 3, "not-utf-8"),
        ("---\nnumber: 6".encode("utf-16"), 1, "not-utf-8"),
        (b"---\nnumber: 6\ntitle: a\n---\n\n\0\n", 6, "control-character"),
    ],
)
def test_bad_bytes_point_at_their_line(folder: Folder, data: bytes, line: int, rule: str) -> None:
    folder.write("issues/0006-sixth.md", data)
    assert rules(folder) == [("issues/0006-sixth.md", line, rule)]


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "rule"),
    [
        ("schedule.yaml", "America/Denver", "Mars/Olympus", 1, "timezone"),
        ("schedule.yaml", "every: friday", "every: fryday", 1, "cadence"),
        ("schedule.yaml", "2022-01-07", "2022-01-06", 3, "anchor"),
        ("schedule.yaml", "state: review", "state: someday", 5, "type"),
        ("schedule.yaml", "number: 7", "number: 6", 6, "number-planned-twice"),
        ("schedule.yaml", "horizon: 5", "horizon: 0", 2, "value"),
        ("schedule.yaml", "horizon: 5", "skip: [{from: 2022-03-01, until: 2022-02-01}]", 2, "value"),
        ("schedule.yaml", "horizon: 5", "skip: [2022-01-07]", 3, "anchor"),
        ("schedule.yaml", "horizon: 5", "slips: {one: 2022-03-01}", 2, "type"),
        ("schedule.yaml", "backlog:", "backlogs:", 11, "unknown-key"),
        ("letter.yaml", "https://letter.example/\n", "letter.example\n", 3, "value"),
        ("letter.yaml", "title: The Test Letter", "title:", 1, "key-missing"),
        ("letter.yaml", "urn:uuid:4b", "urn:uuid:zz", 7, "value"),
        ("letter.yaml", "tagline: A letter for tests.", "permalink: /{title}/", 2, "value"),
        ("letter.yaml", "tagline: A letter for tests.", "permalink: /issue/", 2, "value"),
    ],
)
def test_a_bad_setting_points_at_its_line(folder: Folder, name: str, old: str, new: str, line: int, rule: str) -> None:
    text = (folder.root / name).read_text()
    assert old in text
    folder.write(name, text.replace(old, new, 1))
    assert rules(folder) == [(name, line, rule)]


@pytest.mark.parametrize(
    ("setting", "name"),
    [("budget: 3", "render_timeout"), ("cards: false", "social_cards"), ("feed: {kilobytes: 300}", "max_kb")],
)
def test_the_old_name_of_a_setting_leads_to_the_new_one(folder: Folder, setting: str, name: str) -> None:
    folder.write("letter.yaml", f"{LETTER}{setting}\n")
    (finding,) = load_letter(folder.root).findings
    assert (finding.rule, finding.hint) == ("unknown-key", f'It is now called "{name}".')


def test_all_findings_come_together_in_file_order(folder: Folder) -> None:
    folder.write("issues/0006-a.md", HEAD + "slug: a/b\nstatus: maybe\n---\n")
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-32", "First"))
    folder.write("letter.yaml", "title: x\nurl: y\n")
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert [(f.where.file, f.where.line) for f in refused.value.findings] == [
        ("issues/0001-first.md", 4),
        ("issues/0006-a.md", 5),
        ("issues/0006-a.md", 6),
        ("letter.yaml", 2),
    ]


def test_findings_are_in_the_order_of_numbers() -> None:
    names = ["issues/9-b.md", "issues/10-a.md", "issues/0011/index.md", "letter.yaml", "issues/100.md", "issues/9-a.md"]
    found = [Finding(Location(name, line), "value", "m") for name in names for line in (10, 9)]
    found += [Finding(Location("schedule.yaml", 1), "value", f"number {number}") for number in (10, 9)]
    wanted = [
        "issues/9-a.md",
        "issues/9-b.md",
        "issues/10-a.md",
        "issues/0011/index.md",
        "issues/100.md",
        "letter.yaml",
    ]
    ordered = [(name, line) for name in wanted for line in (9, 10)]
    assert [(each.where.file, each.where.line) for each in sort_findings(found)[:12]] == ordered
    assert [each.message for each in sort_findings(found)[12:]] == ["number 9", "number 10"]


def test_a_title_with_a_colon_in_the_backlog_is_given_in_quotes(folder: Folder) -> None:
    folder.replace("schedule.yaml", "backlog: [Swarm robotics]", "backlog:\n  - Swarm: robotics\n  - titel: x")
    found = {each.where.line: each.hint for each in folder.check().findings}
    assert found[12] == 'Put it in quotes: "Swarm: robotics"'
    assert 'Did you mean "title"?' in [each.hint for each in folder.check().findings]


def test_a_missing_schedule_is_a_finding(folder: Folder) -> None:
    (folder.root / "schedule.yaml").unlink()
    assert rules(folder) == [("schedule.yaml", 0, "file-missing")]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(folder: Folder) -> None:
    text = issue_text(6, "2022-02-11", "Sixth", "Two\nlines.").replace("\n", "\r\n")
    folder.write("issues/0006-sixth.md", b"\xef\xbb\xbf" + text.encode())
    reading = load_letter(folder.root)
    assert not reading.findings
    assert reading.letter
    assert words_of(folder.root, reading.letter.by_number[6].body) == "Two\nlines."


def test_the_first_line_of_a_body_keeps_its_indentation(folder: Folder) -> None:
    folder.write("issues/0006-sixth.md", HEAD + "---\n\n    code\n")
    reading = load_letter(folder.root)
    assert reading.letter
    assert words_of(folder.root, reading.letter.by_number[6].body) == "    code"


def test_a_link_out_of_the_letter_is_refused(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text(issue_text(6, "2022-02-11", "Secret"))
    os.symlink(tmp_path / "outside.md", folder.root / "issues/0006-secret.md")
    os.symlink("/etc", folder.root / "issues/etc")
    assert [(file, rule) for file, _, rule in rules(folder)] == [
        ("issues/0006-secret.md", "outside"),
        ("issues/etc", "outside"),
    ]


def test_a_letter_whose_issues_are_gone_is_not_an_empty_one(folder: Folder) -> None:
    folder.build()
    before = folder.site()
    (folder.root / "issues").rename(folder.root / "letters")
    with pytest.raises(BuildError) as refused:
        folder.build()
    assert [(found.where.file, found.rule) for found in refused.value.findings] == [("issues", "file-missing")]
    assert folder.site() == before
    os.symlink("nowhere", folder.root / "issues")
    assert ("issues", 0, "file-missing") in folder.rules()


def test_a_new_letter_may_have_no_issue_yet(folder: Folder) -> None:
    for path in (folder.root / "issues").iterdir():
        path.unlink()
    assert not rules(folder)


@pytest.mark.parametrize("name", ["हिन्दी-में", "ภาษา", "עִבְרִית", "العَرَبيّة", "cafe\u0301"])
def test_an_address_may_be_written_in_letters_with_marks(folder: Folder, name: str) -> None:
    text = issue_text(5, "2022-02-04", "Fifth", slug=name, aliases=f"[/p/{name}, /{name}.html]", tags=f"[{name}]")
    folder.write("issues/0005-fifth.md", text)
    folder.write("letter.yaml", f"{LETTER}permalink: /{name}/{{slug}}/\n")
    assert not rules(folder)
    folder.build()
    composed = unicodedata.normalize("NFC", name)
    wanted = {f"p/{composed}/index.html", f"{composed}.html", f"tags/{composed}/index.html"}
    assert wanted <= folder.site().keys()
    assert [path for path in folder.site() if path.endswith(f"/{composed}/index.html")]


@pytest.mark.parametrize(
    ("written", "there"),
    [("Café cover.png", "Cafe\u0301 cover.png"), ("caf%C3%A9.png", "cafe\u0301.png"), ("./x/p.png", "x/p.png")],
)
def test_front_matter_finds_a_file_by_each_of_its_names(folder: Folder, written: str, there: str) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", cover=f'{{file: "{written}"}}'))
    folder.write(f"issues/{there}", b"png")
    assert not rules(folder)
    folder.build()
    assert f"issues/5-fifth/{there}" in folder.site()


@pytest.mark.parametrize("written", ["Größe.png", "sub/my%20cover.png", "./p.PNG", ".hidden.png", "0004-fourth.md"])
@pytest.mark.parametrize("key", ["cover", "audio"])
def test_a_file_that_front_matter_misses_is_named_as_its_author_wrote_it(
    folder: Folder, key: str, written: str
) -> None:
    written = written if key == "cover" else written.rpartition(".")[0] + ".mp3"
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", **{key: f'{{file: "{written}"}}'}))
    folder.write("issues/.hidden.png", b"png")
    folder.write("issues/.hidden.mp3", b"mp3")
    loaded = load_letter(folder.root)
    assert [(found.message, found.rule, found.where.line) for found in loaded.findings] == [
        (f'there is no file "{written}" beside issues/0005-fifth.md', "file-missing", 6)
    ]


def test_a_stray_text_is_not_dropped_in_silence(folder: Folder) -> None:
    folder.write("issues/notes/plan.md", "x")
    folder.write("issues/0006-x.MD", "x")
    assert [rule for *_, rule in rules(folder)] == ["not-an-issue", "not-an-issue"]


@pytest.mark.parametrize(
    ("stem", "slug"),
    [
        ("0087-mlops", "mlops"),
        ("2026-11-11-two-minutes", "two-minutes"),
        ("0012_Big Data", "big-data"),
        ("übung", "übung"),
        ("2022", "2022"),
        ("3d-printing", "3d-printing"),
        ("2026-12", "2026-12"),
        ("2026-12-news", "12-news"),
        ("0087-12", "12"),
    ],
)
def test_a_slug_comes_from_the_file_name(stem: str, slug: str) -> None:
    assert slug_from_stem(stem) == slug


@settings(max_examples=150)
@given(data=st.data())
def test_no_mutation_of_an_issue_is_a_traceback(folder: Folder, data: st.DataObject) -> None:
    text = (
        HEAD
        + "series: {name: A, part: 1, of: 2}\ntags: [a, b]\nnext: [{number: 7, title: x}]\nextra: {a: 1}\n---\n\nBody [x](y).\n"
    )
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    insert = data.draw(
        st.text(max_size=5)
        | st.sampled_from(["[", "{", "- ", ": ", "\n", "---\n", "&a ", "*a", "!!x ", "\t", "'", '"', "|", "%"])
    )
    folder.write("issues/0006-sixth.md", (text[:start] + insert + text[end:]).encode("utf-8", "surrogatepass"))
    for finding in load_letter(folder.root).findings:
        assert finding.where.file == "issues/0006-sixth.md"


def test_a_cadence_may_change_and_pause_and_slip(folder: Folder) -> None:
    folder.write(
        "schedule.yaml",
        """\
cadence:
  - {every: 2 weeks on friday, at: "09:00", timezone: America/Denver}
  - {from: 2022-03-01, every: first monday of the month}
anchor: {number: 1, date: 2022-01-07}
skip: [{from: 2022-01-20, until: 2022-01-22}, 2022-02-18]
slips: {2: 2022-02-05}
""",
    )
    reading = load_letter(folder.root)
    assert not reading.findings
    assert reading.schedule
    days = [str(reading.schedule.cadence_day(number)) for number in range(1, 5)]
    assert days == ["2022-01-07", "2022-02-04", "2022-03-07", "2022-04-04"]
    assert reading.schedule.slips[2].isoformat() == "2022-02-05"


def test_a_cadence_without_a_rule_is_a_finding(folder: Folder) -> None:
    folder.write(
        "schedule.yaml",
        (folder.root / "schedule.yaml")
        .read_text()
        .replace('{every: friday, at: "09:00", timezone: America/Denver}', "[]"),
    )
    (found,) = folder.check().findings
    assert (found.where.line, found.message) == (1, '"cadence" must be a map, or a list of maps, but it is empty')

"""The words around the letter: every language whole, days and plurals as CLDR has them, faults with their line."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import LETTER, Folder, issue_text
from tests.site.test_site import needs

from weekahead.model.findings import BuildError
from weekahead.source.loader import load_theme
from weekahead.theme.i18n import category, words

REPOSITORY = Path(__file__).parents[2]
THEME = load_theme(REPOSITORY)
LANGUAGES = ["en", "de", "es", "fr", "zh", "fa"]
RUSSIAN = {
    "one": "i % 10 = 1 and i % 100 != 11",
    "few": "i % 10 = 2..4 and i % 100 != 12..14",
    "many": "i % 10 = 0 or i % 10 = 5..9 or i % 100 = 11..14",
}
ARABIC = {"zero": "n = 0", "one": "n = 1", "two": "n = 2", "few": "n % 100 = 3..10", "many": "n % 100 = 11..99"}


def cldr(question: str) -> Any:
    """What Chromium's copy of the CLDR says."""
    chromium = shutil.which("chromium")
    needs(chromium is not None, "chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        said = browser.new_page().evaluate(question)
        browser.close()
    return said


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_everything(language: str) -> None:
    import tomllib

    english = tomllib.loads((REPOSITORY / "templates/words/en.toml").read_text())
    said = tomllib.loads((REPOSITORY / f"templates/words/{language}.toml").read_text())
    assert set(english) - set(said) <= {"direction", "digits"}


def test_every_word_is_said_somewhere() -> None:
    import tomllib

    used = "".join(path.read_text() for path in (REPOSITORY / "templates").glob("*.html"))
    modules = ("site/pages", "theme/i18n", "feeds/items", "markdown/renderer", "markdown/blocks", "markdown/csv_table")
    used += "".join((REPOSITORY / f"src/weekahead/{module}.py").read_text() for module in modules)
    fates = {"kept", "kept_late", "moved", "renamed", "now", "dropped"}
    asked = {*re.findall(r'"(\w+)(?=")', used), *fates, "week"}
    assert not set(tomllib.loads((REPOSITORY / "templates/words/en.toml").read_text())) - asked


def test_the_templates_hold_no_words_of_their_own() -> None:
    for path in (REPOSITORY / "templates").glob("*.html"):
        text = re.sub(r'\{[{%#].*?[}%#]\}|<[^>]*>|\w+="[^"]*"', " ", path.read_text(), flags=re.DOTALL)
        assert not {*re.findall(r"[A-Za-z]{2,}", text)} - {"DOCTYPE", "html", "ICS", "JSON"}, path.name


def test_days_and_rows_of_names_are_those_of_the_cldr() -> None:
    question = """(languages) => languages.map(tag => { const form = options => [...Array(12).keys()].map(month =>
        new Intl.DateTimeFormat(tag + "-u-ca-gregory", {timeZone: "UTC", ...options}).format(Date.UTC(2026, month, 9)));
        const list = new Intl.ListFormat(tag);
        return {date: form({dateStyle: "long"}), date_short: form({month: "short", day: "numeric"}),
            weekdays: [...Array(7).keys()].map(day => new Intl.DateTimeFormat(tag, {weekday: "long", timeZone: "UTC"}).format(Date.UTC(2026, 5, day + 1))),
            rows: [list.format(["A", "B"]), list.format(["A", "B", "C"])]}; })"""
    tags = [*LANGUAGES, "en-GB"]
    for tag, said in zip(tags, cldr(f"({question})({json.dumps(tags)})"), strict=True):
        ours = words(THEME, tag)
        for form in ("date", "date_short"):
            assert [ours.day(date(2026, month, 9), form) for month in range(1, 13)] == said[form], tag
        assert ours.said["weekdays"] == said["weekdays"]
        rows = [re.sub("[\u200e\u200f]", "", row) for row in said["rows"]]
        assert ours.listed(["A", "B"]) == rows[0]
        assert ours.listed(["A", "B", "C"]) == rows[1].replace("، و C", " و C")


def test_plurals_are_those_of_the_cldr() -> None:
    numbers = [*range(300), 1000, 10_000, 1_000_000, 2_000_000, 1_000_001]
    question = "([tags, numbers]) => tags.map(tag => numbers.map(number => new Intl.PluralRules(tag).select(number)))"
    rules = {tag: words(THEME, tag).rules for tag in LANGUAGES} | {"ru": RUSSIAN, "ar": ARABIC}
    said = cldr(f"({question})({json.dumps([list(rules), numbers])})")
    for tag, wanted in zip(rules, said, strict=True):
        assert [category(rules[tag], number) for number in numbers] == wanted, tag


@given(st.sampled_from([*LANGUAGES, "en-GB"]), st.integers(0, 10_000_000))
def test_every_sentence_can_be_said_of_every_number(language: str, number: int) -> None:
    ours = words(THEME, language)
    for key, forms in ours.said.items():
        if isinstance(forms, dict) and key != "plural":
            assert "{" not in ours.say(key, count=number, least=number)


def letter(folder: Folder, language: str, title: str, body: str) -> str:
    """The page of a letter of one issue, in a language."""
    for path in (folder.root / "issues").iterdir():
        path.unlink()
    folder.write("letter.yaml", LETTER + f"language: {language}\n")
    folder.write(
        "issues/0005-x.md", issue_text(5, "2022-02-04", title, body, slug="x", series="{name: S, part: 1, of: 2}")
    )
    folder.build()
    return folder.read("issues/5-x/index.html")


def test_a_persian_letter_reads_from_right_to_left_in_its_own_digits(folder: Folder) -> None:
    page = letter(folder, "fa", "نامهٔ پنجم", "سلام به همه.")
    assert '<html lang="fa" dir="rtl">' in page
    for part in ("هفتهٔ ۵", "۴ فوریهٔ ۲۰۲۲", "در راه", "بخش ۱ از ۲", "هر جمعه یک شمارهٔ تازه."):
        assert part in page
    assert "۲۰۲۲" in folder.read("archive/index.html")


def test_a_chinese_letter(folder: Folder) -> None:
    page = letter(folder, "zh-Hans", "第五封信", "大家好。")
    assert '<html lang="zh-Hans" dir="ltr">' in page
    for part in ("第 5 周", "2022年2月4日", "下期预告", "第 1 部分，共 2 部分", "每逢星期五出新一期。"):
        assert part in page


SPEAKING = """\
| A | B |
|---|---|
| 1 | 2 |

| A | B |
|---|---|
| 1 | 2 |

- [x] one
- [ ] two

Text.[^1]

[^1]: A note.
"""


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", ["Table", "Table 2", "done", "to do", "Back to note 1 in the text"]),
        ("fa", ["جدول", "جدول ۲", "انجام‌شده", "انجام‌نشده", "بازگشت به یادداشت ۱ در متن"]),
        ("zh", ["表格", "表格 2", "已完成", "未完成", "回到正文中的注释 1"]),
    ],
)
def test_what_is_said_within_a_text_is_in_the_letters_language(
    folder: Folder, language: str, wanted: list[str]
) -> None:
    page = letter(folder, language, "Five", SPEAKING)
    assert re.findall(r'aria-label="([^"]+)" (?:class="table"|role)|<input[^>]*aria-label="([^"]+)"', page)
    for words_of_ours in wanted:
        assert f'="{words_of_ours}"' in page


@pytest.mark.parametrize(
    ("language", "label", "headings", "day"),
    [
        ("fa", "هفتهٔ ۶", ["یادداشت پژوهشی", "اصلاحات", "در راه"], "۵ فوریهٔ ۲۰۲۲"),
        ("zh", "第 6 周", ["研究笔记", "更正", "下期预告"], "2022年2月5日"),
        ("de", "Woche 6", ["Notiz zur Recherche", "Berichtigungen", "Was kommt"], "5. Februar 2022"),
    ],
)
def test_feeds_and_calendars_speak_the_letters_language(
    folder: Folder, language: str, label: str, headings: list[str], day: str
) -> None:
    folder.write("letter.yaml", LETTER + f"language: {language}\n")
    plan = (folder.root / "schedule.yaml").read_text()
    folder.write(
        "schedule.yaml", plan.replace("title: Small models, state: drafting", "title: X, state: drafting, secret: true")
    )
    keys = {"research_note": "A note.", "corrected": "[{date: 2022-02-05, what: A name}]"}
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", **keys))
    folder.build()
    newest = json.loads(folder.read("feed.json"))["items"][0]["content_html"]
    for said in (label, *headings, day):
        assert said in newest
    secret = words(THEME, language).say("to_be_announced")
    calendar = re.sub(r"\r?\n ", "", folder.read("next.ics"))
    assert f"The Test Letter\\, {label}: Reading a loss curve" in calendar
    for said in (newest, calendar, folder.read("next.json"), folder.read("feed.xml"), folder.read("calendar.ics")):
        assert "Week" not in said
        assert "announced" not in said
    assert secret in newest
    assert secret in calendar


def test_american_and_british_days(folder: Folder) -> None:
    assert "February 4, 2022" in letter(folder, "en", "Five", "Words.")
    assert "4 February 2022" in letter(folder, "en-GB", "Five", "Words.")
    assert "February 4, 2022" in letter(folder, "en-AU-x-nonsense", "Five", "Words.")


def test_an_author_adds_a_language_by_a_file(folder: Folder) -> None:
    plural = 'plural = {one = "i = 1", few = "i % 10 = 2..4 and i % 100 != 12..14"}'
    forms = 'reading_time = {one = "{count} minuta", few = "{count} minuty", other = "{count} minut"}'
    folder.write("templates/words/pl.toml", f'{plural}\n{forms}\nweek = "Tydzień {{number}}"\n')
    page = letter(folder, "pl-PL", "Piąty", "słowo " * 230 * 3)
    assert "Tydzień 5" in page
    assert "3 minuty" in page
    assert "Archive" in page


def test_a_language_without_words_keeps_its_direction(folder: Folder) -> None:
    assert '<html lang="he" dir="rtl">' in letter(folder, "he", "Five", "Words.")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("week = ", "TOML"),
        ('weeek = "x"', 'called "weeek"'),
        ('months = ["a"]', "list of 12"),
        ('plural = {one = "i is 1"}', "plural rule"),
        ('plural = "one"', "plural rule"),
        ('direction = "up"', "ltr or rtl"),
        ('read = "Read {lable}"', "{lable}"),
        ('issues_out = {one = "x"}', '"other"'),
        ("week = 3", "words in quotes"),
        ('issues_out = "{count}"', None),
    ],
)
def test_a_fault_in_a_file_of_words_is_a_finding_in_its_line(folder: Folder, line: str, message: str | None) -> None:
    folder.write("templates/words/de.toml", f"# Deutsch\n{line}\n")
    folder.write("letter.yaml", LETTER + "language: de\n")
    if message is None:
        folder.build()
        return
    with pytest.raises(BuildError) as refused:
        folder.build()
    (found,) = refused.value.findings
    assert message in found.message
    assert (found.where.file, found.where.line) == ("templates/words/de.toml", 2)

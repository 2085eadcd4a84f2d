"""The site's own sentences, and dates, numbers, plurals and lists in every language of the CLDR."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import LETTER, Folder, issue_text, some

from weekahead.model.findings import BuildError
from weekahead.source.theme_loader import load_theme
from weekahead.theme.i18n import find_locale, load_translator

REPOSITORY = Path(__file__).parents[2]
THEME = load_theme(REPOSITORY)
LANGUAGES = ["en", "ar", "de", "es", "fa", "fr", "he", "hi", "it", "ja", "ko", "nl", "pt", "ru", "zh"]
"""Those with a file of their own that has every sentence."""
DAY = date(2026, 9, 4)
"""A Friday."""


def sentences(language: str) -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / f"templates/words/{language}.toml").read_text("utf-8"))


def test_every_packaged_file_is_that_of_a_language_or_of_a_region() -> None:
    files = {path.stem for path in (REPOSITORY / "templates/words").iterdir()}
    assert files == {*LANGUAGES, "pt-PT"}
    assert sentences("pt-PT").keys() < sentences("pt").keys()
    assert all(sentences("pt-PT")[key] != sentences("pt")[key] for key in sentences("pt-PT"))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_packaged_language_has_every_sentence(language: str) -> None:
    assert sentences(language).keys() == sentences("en").keys()
    assert not load_translator(THEME, language).missing


@pytest.mark.parametrize("language", [*LANGUAGES, "pt-PT"])
def test_every_packaged_sentence_has_each_plural_form_and_value(language: str) -> None:
    locale, english = find_locale(language), sentences("en")
    assert locale is not None
    for key, sentence in sentences(language).items():
        forms = sentence if isinstance(sentence, dict) else {"other": sentence}
        assert forms.keys() in ({"other"}, locale.plural_form.tags | {"other"}), key
        values = set(re.findall(r"\{(\w+)\}", str(sentence)))
        assert values == set(re.findall(r"\{(\w+)\}", str(english[key]))) or key == "rhythm"


def test_every_sentence_is_used() -> None:
    used = "".join(path.read_text() for path in (REPOSITORY / "templates").glob("*.html"))
    source = REPOSITORY / "src/weekahead"
    used += (source / "theme/i18n.py").read_text()
    used += "".join(
        path.read_text()
        for folder in ("site", "feeds", "mail", "markdown", "book")
        for path in (source / folder).rglob("*.py")
    )
    outcomes = {"kept", "kept_late", "moved", "renamed", "now", "dropped"}
    assert not sentences("en").keys() - {*re.findall(r'"(\w+)(?=")', used), *outcomes, "week", "issue"}


def test_the_templates_hold_no_words_of_their_own() -> None:
    for path in (REPOSITORY / "templates").glob("*.html"):
        text = re.sub(
            r'<style>.*?</style>|\{[{%#].*?[}%#]\}|<[^>]*>|\w+="[^"]*"', " ", path.read_text(), flags=re.DOTALL
        )
        assert not {*re.findall(r"[A-Za-z]{2,}", text)} - {"DOCTYPE", "html", "ICS", "JSON"}, path.name


@pytest.mark.parametrize(
    ("language", "long", "short", "weekday", "row"),
    [
        ("en", "September 4, 2026", "Sep 4", "Friday", "A, B, and C"),
        ("en-GB", "4 September 2026", "4 Sept", "Friday", "A, B and C"),
        ("de", "4. September 2026", "4. Sept.", "Freitag", "A, B und C"),
        ("es", "4 de septiembre de 2026", "4 sept", "viernes", "A, B y C"),
        ("fr", "4 septembre 2026", "4 sept.", "vendredi", "A, B et C"),
        ("zh", "2026年9月4日", "9月4日", "星期五", "A、B和C"),
        ("zh-TW", "2026年9月4日", "9月4日", "星期五", "A、B和C"),
        ("fa", "۴ سپتامبر ۲۰۲۶", "۴ سپتامبر", "جمعه", "A، B، و C"),
        ("ar", "4 سبتمبر 2026", "4 سبتمبر", "الجمعة", "A وB وC"),
        ("ar-EG", "٤ سبتمبر ٢٠٢٦", "٤ سبتمبر", "الجمعة", "A وB وC"),
        ("he", "4 בספטמבר 2026", "4 בספט׳", "יום שישי", "A, B וC"),
        ("bn", "৪ সেপ্টেম্বর, ২০২৬", "৪ সেপ", "শুক্রবার", "A, B এবং C"),
        ("ja", "2026年9月4日", "9月4日", "金曜日", "A、B、C"),
        ("ko", "2026년 9월 4일", "9월 4일", "금요일", "A, B 및 C"),
        ("pl", "4 września 2026", "4 wrz", "piątek", "A, B i C"),
        ("cs", "4. září 2026", "4. 9.", "pátek", "A, B a C"),
        ("ru", "4 сентября 2026 г.", "4 сент.", "пятница", "A, B и C"),
        ("fi", "4. syyskuuta 2026", "4.9.", "perjantai", "A, B ja C"),
        ("hu", "2026. szeptember 4.", "szept. 4.", "péntek", "A, B és C"),
        ("pt-BR", "4 de setembro de 2026", "4 de set.", "sexta-feira", "A, B e C"),
        ("cy", "4 Medi 2026", "4 Medi", "Dydd Gwener", "A, B, a(c) C"),
        ("nl-BE-x-anything", "4 september 2026", "4 sep", "vrijdag", "A, B en C"),
    ],
)
def test_dates_and_lists_follow_the_language(language: str, long: str, short: str, weekday: str, row: str) -> None:
    translator = load_translator(THEME, language)
    made = translator.format_date(DAY), translator.format_date(DAY, "short"), translator.weekday(4)
    assert tuple(re.sub(r"[\u00a0\u202f]", " ", text) for text in made) == (long, short, weekday)
    joined = translator.join_list(["A", "B", "C"])
    assert re.sub(r"\u00a0", " ", re.sub("[\u200e\u200f]", "", joined)) == row
    assert translator.join_list(["A"]) == "A"
    assert translator.join_list([]) == ""


FORMS = '{zero = "zero", one = "one", two = "two", few = "few", many = "many", other = "other"}'


@pytest.mark.parametrize(
    ("language", "categories"),
    [
        ("en", {"one": [1], "other": [0, 2, 11, 21, 101]}),
        ("fr", {"one": [0, 1], "many": [1_000_000], "other": [2, 21, 1_000_001]}),
        ("zh", {"other": [0, 1, 2, 100]}),
        ("pl", {"one": [1], "few": [2, 4, 22, 104], "many": [0, 5, 12, 14, 21, 101, 112]}),
        ("ru", {"one": [1, 21, 101], "few": [2, 4, 22], "many": [0, 5, 11, 12, 14, 111, 1000]}),
        (
            "ar",
            {"zero": [0], "one": [1], "two": [2], "few": [3, 10, 103], "many": [11, 99, 111], "other": [100, 102, 200]},
        ),
        ("cy", {"zero": [0], "one": [1], "two": [2], "few": [3], "many": [6], "other": [4, 5, 7, 13, 100]}),
        ("sl", {"one": [1, 101], "two": [2, 102], "few": [3, 4, 103], "other": [0, 5, 11, 100]}),
    ],
)
def test_a_count_chooses_the_plural_form(folder: Folder, language: str, categories: dict[str, list[int]]) -> None:
    folder.write(f"templates/words/{language}.toml", f"reading_time = {FORMS}")
    translator = load_translator(load_theme(folder.root), language)
    said = {
        number: translator.translate("reading_time", count=number) for form in categories.values() for number in form
    }
    assert said == {number: name for name, numbers in categories.items() for number in numbers}


def test_babel_formats_every_locale_in_its_own_digits() -> None:
    for tag in some(locale_identifiers(), 8):
        locale = find_locale(tag)
        translator = load_translator(THEME, tag)
        made = translator.format_date(DAY), translator.format_date(DAY, "short"), translator.format_number("7:28")
        assert locale is not None
        assert all(made)
        assert locale.default_numbering_system == "latn" or not re.search("[0-9]", "".join(made)), tag
        assert translator.weekday(0) != translator.weekday(6)
        assert translator.join_list(["A", "B", "C"]).count("B") == 1


@pytest.mark.parametrize("language", ["he", "ar", "ur", "yi", "dv", "ckb", "uz-Arab", "ks", "sd", "HE-il"])
def test_languages_written_from_right_to_left(language: str) -> None:
    assert load_translator(THEME, language).direction == "rtl"


@pytest.mark.parametrize("language", ["de", "uz", "ks-Deva", "mn-Mong", "ja"])
def test_languages_written_from_left_to_right(language: str) -> None:
    assert load_translator(THEME, language).direction == "ltr"


@pytest.mark.parametrize(
    ("weeks", "horizon", "sentence"),
    [
        (8, 5, "The next 8 weeks are planned; I promise at least 5."),
        (1, 5, "The next week is planned; I promise at least 5."),
        (0, 5, "Nothing is planned yet; I promise at least 5 weeks."),
        (0, 1, "Nothing is planned yet; I promise at least 1 week."),
    ],
)
def test_the_promise_in_a_sentence(folder: Folder, weeks: int, horizon: int, sentence: str) -> None:
    upcoming = ", ".join(f"{{number: {number}, title: T, state: planning}}" for number in range(6, 6 + weeks))
    cadence = 'cadence: {every: friday, at: "09:00", timezone: America/Denver}\nanchor: {number: 1, date: 2022-01-07}\n'
    folder.write("schedule.yaml", f"{cadence}horizon: {horizon}\nupcoming: [{upcoming}]\n")
    folder.build()
    assert json.loads(folder.read("next.json"))["promise"]["sentence"] == sentence
    assert f'<p class="standfirst">{sentence}</p>' in folder.read("next/index.html")


@given(st.sampled_from([*LANGUAGES, "en-GB"]), st.integers(0, 10_000_000))
def test_every_sentence_takes_every_number(language: str, number: int) -> None:
    translator = load_translator(THEME, language)
    for key, forms in translator.sentences.items():
        if isinstance(forms, dict):
            assert "{" not in translator.translate(key, count=number, least=number, of=number)


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


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("ru", {1: "1 выпуск,", 21: "21 выпуск,", 3: "3 выпуска,", 12: "12 выпусков,", 25: "25 выпусков,"}),
        ("ar", {1: "عدد واحد.", 2: "عددان،", 3: "3 أعداد،", 11: "11 عددًا،", 100: "100 عدد،"}),
        ("ar-EG", {3: "٣ أعداد،"}),
        ("he", {1: "גיליון אחד.", 2: "שני גיליונות,", 3: "3 גיליונות,"}),
        ("hi", {1: "1 अंक।", 2: "2 अंक,"}),
        ("nl", {1: "1 nummer.", 2: "2 nummers,"}),
        ("it", {1: "1 numero.", 2: "2 numeri,"}),
        ("pt", {1: "1 edição.", 0: "0 edição.", 2: "2 edições,"}),
        ("ja", {1: "全1号、", 2: "全2号、"}),
        ("ko", {1: "모두 1개 호,", 2: "모두 2개 호,"}),
    ],
)
def test_a_number_of_issues_as_its_speakers_count(language: str, counts: dict[int, str]) -> None:
    translator = load_translator(THEME, language)
    for count, beginning in counts.items():
        assert translator.translate("issues_out", count=count).startswith(beginning)


@pytest.mark.parametrize(
    ("language", "subscribe", "next_"),
    [
        ("pt", "Assinar", "Próxima"),
        ("pt-BR", "Assinar", "Próxima"),
        ("pt-PT", "Subscrever", "Seguinte"),
        ("pt-AO", "Subscrever", "Seguinte"),
        ("pt-Latn-MZ", "Subscrever", "Seguinte"),
    ],
)
def test_portuguese_is_that_of_brazil_or_of_portugal(language: str, subscribe: str, next_: str) -> None:
    translator = load_translator(THEME, language)
    assert (translator.translate("subscribe"), translator.translate("next")) == (subscribe, next_)
    assert translator.translate("archive") == "Arquivo"


@pytest.mark.parametrize(
    ("language", "direction", "said"),
    [
        ("he", "rtl", ["שבוע 5", "4 בפברואר 2022", "מה בהמשך", "חלק 1 מתוך 2", "גיליון חדש בכל יום שישי."]),
        ("ar", "rtl", ["الأسبوع 5", "4 فبراير 2022", "القادم", "الجزء 1 من 2", "عدد جديد كل أسبوع، يوم الجمعة."]),
        ("hi", "ltr", ["सप्ताह 5", "4 फ़रवरी 2022", "आगे क्या", "भाग 1, कुल 2", "हर शुक्रवार को नया अंक।"]),
        (
            "ja",
            "ltr",
            ["第5週", "2022年2月4日", "今後の予定", "第1回（全2回）", "毎週金曜日に新しい号をお届けします。"],
        ),
    ],
)
def test_a_letter_in_its_own_words(folder: Folder, language: str, direction: str, said: list[str]) -> None:
    page = letter(folder, language, "Five", "Words.")
    assert f'<html lang="{language}" dir="{direction}">' in page
    for part in said:
        assert part in page


def test_a_persian_letter_reads_from_right_to_left_in_its_own_digits(folder: Folder) -> None:
    page = letter(folder, "fa", "نامهٔ پنجم", "سلام به همه.")
    assert '<html lang="fa" dir="rtl">' in page
    for part in ("هفتهٔ ۵", "۴ فوریه", "در راه", "بخش ۱ از ۲", "هر جمعه یک شمارهٔ تازه."):
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
def test_sentences_within_a_text_are_in_the_letters_language(folder: Folder, language: str, wanted: list[str]) -> None:
    page = letter(folder, language, "Five", SPEAKING)
    assert re.findall(r'aria-label="([^"]+)" (?:class="table"|role)|<input[^>]*aria-label="([^"]+)"', page)
    for sentence in wanted:
        assert f'="{sentence}"' in page


@pytest.mark.parametrize(
    ("language", "label", "headings", "day"),
    [
        ("fa", "هفتهٔ ۶", ["یادداشت پژوهشی", "اصلاحات", "در راه"], "۵ فوریه"),
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
    secret = load_translator(THEME, language).translate("to_be_announced")
    calendar = re.sub(r"\r?\n ", "", folder.read("next.ics"))
    assert f"The Test Letter\\, {label}: Reading a loss curve" in calendar
    for said in (newest, calendar, folder.read("next.json"), folder.read("feed.xml"), folder.read("calendar.ics")):
        assert "Week" not in said
        assert "announced" not in said
    assert secret in newest
    assert secret in calendar


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "February 4, 2022"),
        ("en-US", "February 4, 2022"),
        ("en-GB", "4 February 2022"),
        ("en-AU-x-nonsense", "4 February 2022"),
    ],
)
def test_english_dates_follow_the_region(folder: Folder, language: str, day: str) -> None:
    page = letter(folder, language, "Five", "Words.")
    assert day in page
    assert "Archive" in page


def test_an_author_adds_a_language_by_a_file(folder: Folder) -> None:
    forms = 'reading_time = {one = "{count} minuta", few = "{count} minuty", other = "{count} minut"}'
    folder.write("templates/words/pl.toml", f'{forms}\nweek = "Tydzień {{number}}"\n')
    page = letter(folder, "pl-PL", "Piąty", "słowo " * 230 * 3)
    assert "Tydzień 5" in page
    assert "4 lutego 2022" in page
    assert "3 minuty" in page
    assert "Archive" in page


def test_an_author_changes_one_sentence_and_keeps_the_others(folder: Folder) -> None:
    folder.write("templates/words/de.toml", 'week = "Brief {number}"\n')
    folder.write("templates/words/en.toml", 'week = "Letter {number}"\n')
    page = letter(folder, "de-AT", "Fünf", "Worte.")
    assert "Brief 5" in page
    assert "Archiv" in page
    page = letter(folder, "en", "Five", "Words.")
    assert "Letter 5" in page
    assert "Archive" in page


@pytest.mark.parametrize(
    ("language", "file", "used"),
    [
        ("pt-BR", "pt", True),
        ("PT-br", "pt-BR", True),
        ("pt", "pt-BR", False),
        ("sr-Latn-RS", "sr-latn", True),
        ("tlh-Latn", "tlh", True),
        ("zh-Hans-HK", "zh", True),
        ("zh-CN", "zh", True),
        ("zh-TW", "zh", False),
        ("zh-TW", "zh-Hant", True),
        ("zh-Hant-HK", "zh", False),
        ("zh-Hant-HK", "zh-Hant", True),
    ],
)
def test_a_file_serves_the_languages_within_its_own(folder: Folder, language: str, file: str, used: bool) -> None:
    folder.write(f"templates/words/{file}.toml", 'archive = "mine"\n')
    assert (load_translator(load_theme(folder.root), language).translate("archive") == "mine") is used


@pytest.mark.parametrize("language", some(["pl", "sv-FI", "uk", "zh-TW", "sr-Latn", "ur", "cy", "gsw", "mr"], 4))
def test_a_language_without_sentences_is_a_warning_and_keeps_its_dates(folder: Folder, language: str) -> None:
    page = letter(folder, language, "Five", "Words.")
    folder.write("letter.yaml", f"# A letter\n{LETTER}language: {language}\n")
    assert "Archive" in page
    assert load_translator(THEME, language).format_date(date(2022, 2, 4)) in page
    (warned,) = [each for each in folder.check().findings if each.rule == "untranslated"]
    assert (warned.where.file, warned.where.line, warned.is_error) == ("letter.yaml", 9, False)
    assert f'no sentences in "{language}"' in warned.message
    assert "files for ar, de, en, es, fa, fr, he, hi, it, ja, ko, nl, pt, pt-PT, ru, zh." in warned.hint
    (name,) = re.findall(r" to (templates/words/\S+\.toml)", warned.hint)
    assert [each.rule for each in folder.build().warnings] == ["untranslated"]
    folder.write(name, (REPOSITORY / "templates/words/en.toml").read_text())
    assert not [each for each in folder.check().findings if each.rule == "untranslated"]


@pytest.mark.parametrize(
    "language", [*LANGUAGES, "en-ZA", "de-AT", "zh-SG", "fa-AF", "nl-BE", "pt-BR", "pt-AO", "ar-EG", "HE-il"]
)
def test_a_language_with_sentences_has_no_warning(folder: Folder, language: str) -> None:
    folder.write("letter.yaml", LETTER + f"language: {language}\n")
    assert folder.rules() == []


def test_sentences_that_a_file_lacks_are_a_warning(folder: Folder) -> None:
    english = (REPOSITORY / "templates/words/en.toml").read_text()
    folder.write("letter.yaml", LETTER + "language: pl-PL\n")
    folder.write("templates/words/pl.toml", re.sub("(?m)^(archive|by) = .*", "", english))
    (warned,) = folder.check().findings
    assert str(warned.where) == "templates/words/pl.toml:1"
    assert warned.message == "missing sentences are shown in English: archive, by"
    folder.write("templates/words/pl.toml", 'archive = "Archiwum"\n')
    (warned,) = folder.check().findings
    assert re.search(r": about, all_issues, as_book, as_of, audio_edition and \d+ more$", warned.message)
    folder.write("letter.yaml", LETTER + "language: pl-PL\nallow: [untranslated]\n")
    assert folder.rules() == []


@pytest.mark.parametrize("language", ["tlh", "english", "sco-GB"])
def test_a_language_that_the_cldr_lacks_is_a_warning_in_its_line(folder: Folder, language: str) -> None:
    folder.write(f"templates/words/{language[:3]}.toml", (REPOSITORY / "templates/words/en.toml").read_text())
    folder.write("letter.yaml", LETTER + f"language: {language}\n")
    assert ("letter.yaml", 8, "unknown-language") in folder.rules()
    assert "February 4, 2022" in letter(folder, language, "Five", "Words.")


def test_moving_the_line_of_the_language_writes_nothing(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "language: sv\n")
    folder.build()
    folder.write("letter.yaml", "# A comment\n" + LETTER + "language: sv\n")
    assert not folder.build().changes.written


def test_english_sentences_keep_english_plurals_in_other_languages(folder: Folder) -> None:
    ukrainian = load_translator(THEME, "uk")
    assert ukrainian.translate("all_issues", count=21) == "All 21 issues"
    assert ukrainian.translate("all_issues", count=1) == "The only issue so far"
    folder.write("templates/words/uk.toml", 'issues_out = {one = "{count} випуск.", other = "{count} випусків."}\n')
    partly = load_translator(load_theme(folder.root), "uk")
    assert partly.translate("issues_out", count=21) == "21 випуск."
    assert partly.translate("all_issues", count=21) == "All 21 issues"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("week = ", "TOML"),
        ('weeek = "x"', 'no sentence "weeek"'),
        ('months = ["a"]', '"months" is not a sentence'),
        ('plural = {one = "i = 1"}', '"plural" is not a sentence'),
        ('issues_out = {some = "x", other = "x"}', '"some" is not a plural category'),
        ('read = "Read {lable}"', "{lable}"),
        ('issues_out = {one = "x"}', '"other"'),
        ("week = 3", "text in quotes"),
        ('issues_out = "{count}"', None),
    ],
)
def test_a_mistake_in_a_file_of_sentences_is_a_finding_in_its_line(
    folder: Folder, line: str, message: str | None
) -> None:
    folder.write("templates/words/de.toml", f"# Deutsch\n{line}\n")
    folder.write("letter.yaml", LETTER + "language: de\n")
    if message is None:
        folder.build()
        return
    with pytest.raises(BuildError) as refused:
        folder.build()
    (found,) = refused.value.findings
    assert message in found.message
    assert (found.where.file, found.where.line, found.rule) == ("templates/words/de.toml", 2, "words")

"""Straight marks become those of the language. In these texts ^ is an edge of inline markup, @ something opaque, _ a narrow space."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekahead.markdown.typography import EDGE, OPAQUE, educate

MARKS = "\"'“”‘’„‚«»‹›「」『』′″׳״\u202f -–—….^"
"""What may change: everything else stays."""
TEXTS = st.text(alphabet=[*"ab1 \n.,;:!?-('\"\x1e\x1f«»é你ש/"], max_size=40)
LANGUAGES = st.sampled_from(["en", "de", "fr", "fr-CH", "ja", "he", "nl", "xx"])


def typeset(text: str, language: str = "en") -> str:
    made = educate(text.replace("^", EDGE).replace("@", OPAQUE), language)
    return made.replace(EDGE, "^").replace(OPAQUE, "@").replace("\u202f", "_")


def check(language: str, straight: str, expected: str) -> None:
    assert typeset(straight, language) == expected


@pytest.mark.parametrize(
    ("language", "straight", "expected"),
    [
        ("en", "\"Say 'hi', it's\"", "“Say ‘hi’, it’s”"),
        ("en-GB", '"Hello"', "“Hello”"),
        ("de", "\"Sag 'hallo', 's ist spät\"", "„Sag ‚hallo‘, ’s ist spät“"),
        ("de-AT", '"Hallo"', "„Hallo“"),
        ("de-CH", "\"Grüezi 'mitenand'\"", "«Grüezi ‹mitenand›»"),
        ("fr", "\"Dis 'bonjour'\"", "«_Dis “bonjour”_»"),
        ("fr-CH", "\"Dis 'bonjour'\"", "«_Dis ‹_bonjour_›_»"),
        ("es", '"Di \'hola\'", ¿"qué"?', "«Di “hola”», ¿«qué»?"),
        ("es-MX", "\"Di 'hola'\"", "“Di ‘hola’”"),
        ("it", '"Ciao"', "«Ciao»"),
        ("pt-BR", '"Oi"', "“Oi”"),
        ("pt-PT", '"Olá"', "«Olá»"),
        ("nl", "'s avonds, Hans' \"auto\"", "’s avonds, Hans’ “auto”"),
        ("sv", "\"Hej 'du'\"", "”Hej ’du’”"),
        ("fi", '"Hei"', "”Hei”"),
        ("pl", "\"Cześć 'ty'\"", "„Cześć «ty»”"),
        ("cs", "\"Ahoj 'ty'\"", "„Ahoj ‚ty‘“"),
        ("ru", "\"Привет 'ты'\"", "«Привет „ты“»"),
        ("fa", 'او گفت "سلام"', "او گفت «سلام»"),
        ("he", 'צה"ל אמר "שלום" ו"תודה", ג\' וצ\'ק', "צה״ל אמר ”שלום” ו”תודה”, ג׳ וצ׳ק"),
        ("zh", '他说"你好"了', "他说“你好”了"),
        ("zh-Hant", "他說\"你'好'\"了", "他說「你『好』」了"),
        ("zh_TW", '他說"好"', "他說「好」"),
        ("ja", '彼は"はい"と"yes"', "彼は「はい」と“yes”"),
        ("ko", "'안녕'이라고 \"말\"했다", "‘안녕’이라고 “말”했다"),
        ("tlh", '"nuqneH"', "“nuqneH”"),
    ],
)
def test_each_language_has_its_marks(language: str, straight: str, expected: str) -> None:
    check(language, straight, expected)


@pytest.mark.parametrize(
    ("straight", "expected"),
    [
        ("\"'Hello'\"", "“‘Hello’”"),
        ("'\"Hello\"'", "‘“Hello”’"),
        ('"One" and "two"', "“One” and “two”"),
        ('the "quick\nbrown" fox', "the “quick\nbrown” fox"),
        ('("a") ["b"], {"c"}', "(“a”) [“b”], {“c”}"),
        ('"Hello"--she--"world"', "“Hello”–she–“world”"),
        ('a "b"/"c"', "a “b”/“c”"),
        ('"…and"', "“…and”"),
        ('".NET" and "?"', "“.NET” and “?”"),
        ('he asked "what ".', "he asked “what ”."),
        ('never "closed', "never “closed"),
        ('never" opened', "never” opened"),
        ("x = '' and y = \"\"", "x = '' and y = \"\""),
        ('between " spaces', 'between " spaces'),
        ('"She said "hi.""', "“She said “hi.””"),
        ('"🎉"', "“🎉”"),
    ],
)
def test_quotations(straight: str, expected: str) -> None:
    check("en", straight, expected)


@pytest.mark.parametrize(
    ("straight", "expected"),
    [
        ('"^foo^"', "“^foo^”"),
        ('^"foo"^ bar', "^“foo”^ bar"),
        ('a ^"b"^.', "a ^“b”^."),
        ('"^Hello^," she', "“^Hello^,” she"),
        ("^\"^'^foo^'^\"^", "^“^‘^foo^’^”^"),
        ('he said "^foo^".', "he said “^foo^”."),
        ('"@"', "“@”"),
        ('@"x"@', "@“x”@"),
        ("@'s", "@’s"),
        ("^dogs^' and ^it^'^s^", "^dogs^’ and ^it^’^s^"),
        ("@--@", "@–@"),
        ("@...", "@…"),
        ('l\'^"amour"^', "l’^“amour”^"),
    ],
)
def test_markup_is_transparent_and_code_is_a_letter(straight: str, expected: str) -> None:
    check("en", straight, expected)


@pytest.mark.parametrize(
    ("straight", "expected"),
    [
        ("it's the dogs' don't", "it’s the dogs’ don’t"),
        ("'99 and '90s, rock 'n' roll", "’99 and ’90s, rock ’n’ roll"),
        ("'Tis 'the season'", "’Tis ‘the season’"),
        ("the '90s and 'the end'", "the ’90s and ‘the end’"),
        ("the 90's", "the 90’s"),
        ("'42' is 'em'", "‘42’ is ‘em’"),
        ("10'000 and 1'000'000", "10’000 and 1’000’000"),
        ("naïveté's l'été", "naïveté’s l’été"),
        ("Anna's \"'90s' music\"", "Anna’s “’90s’ music”"),
    ],
)
def test_apostrophes(straight: str, expected: str) -> None:
    check("en", straight, expected)


@pytest.mark.parametrize(
    ("straight", "expected"),
    [
        ("6'2\"", "6′2″"),
        ("5' by 12\"", "5′ by 12″"),
        ("5\"x7\" and 5'x7'", "5″x7″ and 5′x7′"),
        ("40° 26' 46\"", "40° 26′ 46″"),
        ('"a 12" record"', "“a 12″ record”"),
        ('"He is 6\'2""', "“He is 6′2″”"),
        ('"in 1995" and "in 96"', "“in 1995” and “in 96”"),
        ('the year "1995"', "the year “1995”"),
    ],
)
def test_primes(straight: str, expected: str) -> None:
    check("en", straight, expected)


@pytest.mark.parametrize(
    ("straight", "expected"),
    [
        ("a -- b, 1990--1995", "a – b, 1990–1995"),
        ("a---b --- c", "a—b — c"),
        ('--option (--quiet) "--verbose"', "--option (--quiet) “--verbose”"),
        ("a ^--option^", "a ^--option^"),
        ("-->, <--, <-->, <!-- x -->", "-->, <--, <-->, <!-- x -->"),
        ("----, -----, +--+, |--|", "----, -----, +--+, |--|"),
        ("a-b - c", "a-b - c"),
        ("wait... and.... .. .....", "wait… and…. .. ....."),
        (
            "https://x.example/Moore's--law... www.x.example/a--b'c",
            "https://x.example/Moore's--law… www.x.example/a--b'c",
        ),
        ('"https://x.example/a"', "“https://x.example/a”"),
    ],
)
def test_dashes_and_ellipses(straight: str, expected: str) -> None:
    check("en", straight, expected)


@pytest.mark.parametrize(
    ("straight", "expected"),
    [
        ("Quoi ? Oui ! Non ; donc : fin", "Quoi_? Oui_! Non_; donc_: fin"),
        ("^Attention^ !! (vraiment ?)", "^Attention^_!! (vraiment_?)"),
        ("« ici » et « ^là^ »", "«_ici_» et «_^là^_»"),
        ('"Ça va ?" !', "«_Ça va_?_»_!"),
        ("C'est l'\"amour\"", "C’est l’«_amour_»"),
        ("à 10:30 ; http://x.example/?a=b&c;d :smile: ?key", "à 10:30_; http://x.example/?a=b&c;d :smile: ?key"),
        ("Oui! Non? a  ;", "Oui! Non? a  ;"),
    ],
)
def test_french_spaces(straight: str, expected: str) -> None:
    check("fr", straight, expected)


def test_text_without_marks_is_returned_as_it_is() -> None:
    text = "Nothing: to do here - at all."
    assert educate(text, "en") is text


@given(TEXTS, LANGUAGES)
def test_edges_and_opaque_things_stay_in_order(text: str, language: str) -> None:
    made = educate(text, language)
    assert re.findall("[\x1e\x1f]", made) == re.findall("[\x1e\x1f]", text)


@given(TEXTS, LANGUAGES)
def test_nothing_but_marks_changes(text: str, language: str) -> None:
    table = str.maketrans("", "", MARKS)
    assert educate(text, language).translate(table) == text.translate(table)


@given(TEXTS)
def test_edges_change_no_mark_at_the_ends_of_words(text: str) -> None:
    bare = text.replace(EDGE, "").replace("/", "")  # no addresses, which end at an edge
    wrapped = re.sub("[a-zé]+", f"{EDGE}\\g<0>{EDGE}", bare)
    assert educate(wrapped, "en").replace(EDGE, "") == educate(bare, "en")


@pytest.mark.parametrize(
    "shape", ['"', "'", "\"'", '" ', '\x1e"', "\x1e", ' "a', '12" ', "--a", ".", " ;", "'n ", "://'.", 'ו"ש', "\"a 'b "]
)
def test_time_is_linear(shape: str) -> None:
    text = shape * (100_000 // len(shape))
    begin = time.process_time()
    educate(text, "fr")
    assert time.process_time() - begin < 1

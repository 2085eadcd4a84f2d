"""The social cards: true PNG, the same bytes everywhere, right letters or none."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import LETTER, NOON, Folder, issue_text

from weekahead.model.hashing import hash_bytes
from weekahead.site.bitmap import deflated
from weekahead.site.social_cards import HEIGHT, WIDTH, card
from weekahead.theme.colors import by_day

COLOURS = by_day({})


def pixels(png: bytes) -> bytes:
    """The pixels of a PNG of one byte each, its rows unfiltered; every checksum is looked at."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, data = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            assert struct.unpack(">IIBBBBB", body) == (WIDTH, HEIGHT, 8, 3, 0, 0, 0)
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    rows = zlib.decompress(data)
    assert len(rows) == HEIGHT * (WIDTH + 1)
    return b"".join(rows[y * (WIDTH + 1) + 1 : (y + 1) * (WIDTH + 1)] for y in range(HEIGHT))


def drawn(title: str, name: str = "Five Fridays", number: str = "7", line: str = "Week 7") -> bytes:
    return pixels(card(title, name, number, line, COLOURS))


@given(st.lists(st.binary(min_size=3, max_size=700) | st.integers(3, 1400).map(bytes), max_size=8))
def test_what_is_deflated_can_be_inflated(rows: list[bytes]) -> None:
    rows = [row for row in rows for _ in range(2)]
    assert zlib.decompress(deflated(rows)) == b"".join(rows)


def test_a_card_has_the_same_bytes_on_any_machine() -> None:
    found = card("Seven weeks of promises", "Five Fridays", "7", "Week 7 · 13 November 2026", COLOURS)
    assert hash_bytes(found) == "c8d740b7fe99a8268c2dfff2de8a2a08"
    assert len(found) < 60_000


def test_titles_of_any_length_stay_within_the_card() -> None:
    for words in ("A", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen", "many words " * 60, ""):
        found = drawn(words)
        for y in range(HEIGHT):
            assert not any(found[y * WIDTH + WIDTH - 40 : (y + 1) * WIDTH])


def test_every_european_alphabet_and_more_are_set() -> None:
    plain = drawn("")
    words_of = ["Übergrößenträger", "Příliš žluťoučký kůň", "Ξεσκεπάζω", "Съешь ещё", "Pójdź", "naïve – “quoted”…"]
    for words in (*words_of, "From 20 to −40", "Қазақстан әңгімесі", "Ừ, đúng rồi", "Azərbaycan"):
        assert drawn(words) != plain
        assert drawn(words) != drawn("Five Fridays", name="")


@pytest.mark.parametrize("title", ["یک سال", "一年写在一张纸上", "हिन्दी", "mixed 一"])
def test_another_script_gives_way_to_the_name_and_that_to_the_number(title: str) -> None:
    assert drawn(title) == drawn("Five Fridays")
    assert drawn(title, name="نامه") == drawn("7", name="نامه")
    assert drawn(title, name="نامه") != drawn("8", name="نامه")


def test_emoji_are_left_out_of_a_title() -> None:
    assert drawn("Party 🎉👩🏽‍💻❤️") == drawn("Party")
    assert drawn("Re\u0301sume\u0301") == drawn("R\u00e9sum\u00e9")


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_words_give_a_card(title: str, name: str) -> None:
    drawn(title, name)


def test_pages_lead_to_their_cards(folder: Folder) -> None:
    folder.write("issues/0005-fifth/cover.png", b"png")
    (folder.root / "issues/0005-fifth.md").unlink()
    cover = issue_text(5, "2022-02-04", "Fifth", cover="{file: cover.png, alt: x}")
    folder.write("issues/0005-fifth/index.md", cover)
    folder.build()
    site = folder.site()
    for page, picture in {
        "index.html": "cards/letter.png",
        "issues/1-first/index.html": "cards/issues/1-first.png",
        "issues/5-fifth/index.html": "issues/5-fifth/cover.png",
    }.items():
        found = re.search(r'property="og:image" content="https://letter.example/([^"]+)"', folder.read(page))
        assert found
        assert found[1] == picture
        assert picture in site
    assert "cards/issues/5-fifth.png" not in site


@pytest.mark.parametrize(
    ("cover", "is_shared"),
    [("p.png", True), ("P.JPG", True), ("p.jpeg", True), ("p.svg", False), ("p.webp", False), ("p.avif", False)],
)
@pytest.mark.parametrize("drawn", [True, False])
def test_a_cover_that_no_network_shows_gives_way_to_a_card(
    folder: Folder, cover: str, is_shared: bool, drawn: bool
) -> None:
    folder.write(f"issues/{cover}", b"x")
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", cover=f"{{file: {cover}, alt: x}}"))
    folder.write("letter.yaml", LETTER if drawn else f"{LETTER}social_cards: false\n")
    folder.build()
    page, card = folder.read("issues/5-fifth/index.html"), "cards/issues/5-fifth.png"
    assert f'src="/issues/5-fifth/{cover}"' in page
    shared = re.findall(r'property="og:image" content="https://letter.example/([^"]+)"', page)
    assert shared == ([f"issues/5-fifth/{cover}"] if is_shared else [card] if drawn else [])
    assert (card in folder.site()) == (drawn and not is_shared)


def test_a_card_is_made_anew_only_when_its_words_change(folder: Folder) -> None:
    folder.build()
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "First letter", "Other words."))
    assert not [change.path for change in folder.build().changes.written if change.path.startswith("cards/")]
    folder.write("issues/0001-first.md", issue_text(1, "2022-01-07", "Another title", "Other words."))
    written = [change.path for change in folder.build().changes.written if change.path.startswith("cards/")]
    assert written == ["cards/issues/1-first.png"]
    folder.write("letter.yaml", LETTER + 'theme: {accent: "#1d4a73"}\n')
    assert len([change for change in folder.build().changes.written if change.path.startswith("cards/")]) == 6


def test_a_build_that_draws_nothing_loads_no_letters(folder: Folder) -> None:
    folder.build()
    code = f"import sys\nfrom weekahead.commands.main import main\ntry: main(['build', '--root', {str(folder.root)!r}, '--as-of', {NOON!r}])\nexcept SystemExit: pass\nprint('weekahead.site.social_cards' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_letter_may_do_without_cards_and_old_feeds(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "social_cards: false\nfeed: {items: 2, archive: false}\n")
    folder.build()
    made = folder.site()
    assert not [path for path in made if path.startswith(("cards/", "archive/2"))]
    assert b"og:image" not in made["index.html"] + made["issues/5-fifth/index.html"]
    assert b"prev-archive" not in made["feed.xml"]

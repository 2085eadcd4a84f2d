"""Transcripts are read as their formats say, and shown in paragraphs."""

from __future__ import annotations

import pytest

from weekahead.model.transcript import Paragraph, parse_transcript

VTT = """\
WEBVTT - Some title

NOTE
This is 00:00.000 a note

STYLE
::cue { color: red }

00:01.000 --> 00:04.000 align:start position:0%
Never drink <i>liquid</i> nitrogen
 &amp; never <c.loud>run</c>.

last one
01:00:02.500 --> 01:00:09.000
<v.first Roger Bingham>We are in New York.

01:00:10.000 --> 01:00:12.000
<v Roger Bingham>City of lights.</v>

01:00:12.000 --> 01:00:13.000
<v Neil>Is it?
"""
SRT = '\ufeff1\n00:00:01,000 --> 00:00:04,000\nSenator, we\'re making\nour final approach.\n\n2\n01:02:03,000 --> 01:02:04,000\n{\\an8}<font color="red">Very good.</font>\n'


def test_cues_become_paragraphs_of_one_speaker() -> None:
    assert parse_transcript("a.vtt", VTT) == (
        Paragraph("Never drink liquid nitrogen & never run.", 1),
        Paragraph("Roger Bingham: We are in New York. City of lights.", 3602),
        Paragraph("Neil: Is it?", 3612),
    )


def test_a_subrip_file_is_read_the_same_way() -> None:
    for text in (SRT, SRT.replace("\n", "\r\n")):
        words = "Senator, we're making our final approach. Very good."
        assert parse_transcript("A.SRT", text) == (Paragraph(words, 1),)


def test_long_speech_is_cut_where_a_sentence_ends() -> None:
    cues = "".join(
        f"00:{n:02}.000 --> 00:{n:02}.900\n{'word ' * 20}{'end.' if n % 3 == 2 else ''}\n\n" for n in range(9)
    )
    found = parse_transcript("a.vtt", "WEBVTT\n\n" + cues)
    assert [each.at for each in found] == [0, 3, 6]
    assert all(each.words.endswith("end.") for each in found)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_plain_text_keeps_its_paragraphs(name: str) -> None:
    assert parse_transcript(name, "One\ntwo.\n\n \nThree.\n") == (Paragraph("One two."), Paragraph("Three."))


@pytest.mark.parametrize(
    "text", ["", "WEBVTT\n", "WEBVTT\n\nNOTE nothing\n", "Words without a time.\n", "00:01 --> 00:02\nx"]
)
def test_what_has_no_cues_has_no_words(text: str) -> None:
    assert parse_transcript("a.vtt", text) == ()

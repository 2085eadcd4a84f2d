"""The audio edition: what is read from its file, what must agree with it, and the podcast that directories take."""

from __future__ import annotations

import json
import re
import shutil
import struct
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from tests.conftest import LETTER, NOON, NOON_EPOCH, Folder, Said, issue_text, png, sound
from tests.feed_rules import ITUNES, PODCAST, entries, wrongs_of_podcast

from weekahead.feeds.podcast import cover_problem
from weekahead.model.findings import BuildError
from weekahead.site.output import Output

Run = Callable[..., Said]
SOUND = Path(__file__).parents[2] / "issues/0007-seven-weeks-of-promises/seven-weeks-of-promises.mp3"
COVER = Path(__file__).parents[2] / "templates/assets/cover.png"
SHOW = LETTER + "podcast: {cover: cover.png, category: Technology}\n"
BODY = "word " * 80 + "\n\n## Links and thoughts\n\nIt's *here*[^1].\n\n[^1]: A note."


def spoken(folder: Folder, number: int = 5, day: str = "2022-02-04", audio: str = "{file: a.mp3}", **keys: str) -> None:
    """An issue of about 80 words with the sample of 34 seconds beside it."""
    name = {5: "fifth", 4: "fourth", 3: "third"}.get(number, "more")
    (folder.root / f"issues/{number:04}-{name}.md").unlink(missing_ok=True)
    text = issue_text(number, day, f"Issue {number}", keys.pop("body", BODY), audio=audio, **keys)
    folder.write(f"issues/{number:04}-{name}/index.md", text)
    shutil.copyfile(SOUND, folder.root / f"issues/{number:04}-{name}/a.mp3")


def rules(folder: Folder) -> list[str]:
    return [rule for _, _, rule in folder.rules()]


# -- what the file says


def test_length_type_and_duration_come_from_the_file(folder: Folder) -> None:
    spoken(folder)
    folder.build()
    for name in ("feed.xml", "atom.xml", "feed.json", "podcast.xml"):
        found = entries(folder.site()[name])[0].audio
        assert found == ("https://letter.example/issues/5-fifth/a.mp3", SOUND.stat().st_size, "audio/mpeg")
    assert json.loads(folder.read("feed.json"))["items"][0]["attachments"][0]["duration_in_seconds"] == 34


@pytest.mark.parametrize("said", ["bytes: 137531", 'duration: "0:34"', 'duration: "0:35"', "type: audio/mpeg"])
def test_front_matter_may_say_what_the_file_says(folder: Folder, said: str) -> None:
    spoken(folder, audio=f"{{file: a.mp3, {said}}}")
    assert "audio-disagrees" not in rules(folder)


@pytest.mark.parametrize("said", ["bytes: 137530", 'duration: "7:28"', "type: audio/ogg"])
def test_a_contradiction_is_refused_in_its_line(folder: Folder, said: str) -> None:
    spoken(folder, audio=f"\n  file: a.mp3\n  {said}")
    assert ("issues/0005-fifth/index.md", 8, "audio-disagrees") in folder.rules()


def mp3(kilobits: list[int], frames: int) -> bytes:
    """Frames of silence whose bit rates alternate after the first twenty, without a header that says how long they last."""
    rates = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128)
    found = bytearray()
    for number in range(frames):
        kilobit = kilobits[number % len(kilobits)] if number >= 20 else kilobits[0]
        head = bytes((0xFF, 0xFB, rates.index(kilobit) << 4, 0))
        found += head.ljust(144 * kilobit * 1000 // 44100, b"\0")
    return bytes(found)


VARYING = mp3([128, 32, 32, 64], 1500)  # 39 seconds; as if all frames were like the first, 19


@pytest.mark.parametrize("data", [VARYING, b"\0" * 3000 + VARYING, VARYING[100:]], ids=["whole", "after zeros", "cut"])
def test_a_right_duration_is_believed_where_the_file_has_no_header(folder: Folder, data: bytes) -> None:
    for said, is_right in (("0:39", True), ("0:19", False), ("7:28", False)):
        spoken(folder, audio=f'{{file: a.mp3, duration: "{said}"}}')
        folder.write("issues/0005-fifth/a.mp3", data)
        assert ("audio-disagrees" not in rules(folder)) is is_right, said
    spoken(folder)
    folder.write("issues/0005-fifth/a.mp3", data)
    folder.build()
    assert json.loads(folder.read("feed.json"))["items"][0]["attachments"][0]["duration_in_seconds"] == 39


def streamed(sound: bytes, size: bytes) -> bytes:
    """A recording in RIFF whose length was not known when its header was written."""
    return sound[:4] + size + sound[8:40] + size + sound[44:]


def test_a_recording_that_was_streamed_is_as_long_as_its_file(folder: Folder) -> None:
    for said, is_right in (("0:30", True), ("1:30", False)):
        spoken(folder, audio=f'{{file: a.wav, duration: "{said}"}}')
        folder.write("issues/0005-fifth/a.wav", streamed(sound(30), b"\xff" * 4))
        assert ("audio-disagrees" not in rules(folder)) is is_right


def test_a_file_that_does_not_say_its_length_needs_a_duration(folder: Folder) -> None:
    for data, name in ((streamed(sound(30), b"\0" * 4), "a.wav"), (b"fLaC\0\0\0\0", "a.flac")):
        spoken(folder, audio=f"{{file: {name}}}")
        folder.write(f"issues/0005-fifth/{name}", data)
        assert "audio-length" in rules(folder)
        spoken(folder, audio=f'{{file: {name}, duration: "0:30"}}')
        assert not {"audio-length", "audio-disagrees", "audio"} & {*rules(folder)}


@pytest.mark.parametrize("data", [b"", b"Words.\n" * 500, b"\x89PNG\r\n\x1a\n" + b"\0" * 5000, b"\xff" * 5000])
def test_what_is_no_audio_is_refused_whatever_front_matter_says(folder: Folder, data: bytes) -> None:
    spoken(folder, audio='{file: a.mp3, duration: "0:30"}')
    folder.write("issues/0005-fifth/a.mp3", data)
    assert "audio" in rules(folder)


def test_a_file_that_is_not_what_its_name_says_is_refused(folder: Folder) -> None:
    spoken(folder, audio="{file: a.ogg}")
    (folder.root / "issues/0005-fifth/a.mp3").rename(folder.root / "issues/0005-fifth/a.ogg")
    assert "audio-disagrees" in rules(folder)


def test_a_recording_as_a_wave_is_read(folder: Folder) -> None:
    spoken(folder, audio="{file: a.wav}")
    with wave.open(str(folder.root / "issues/0005-fifth/a.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0" * 16000 * 30)
    folder.build()
    assert entries(folder.site()["feed.xml"])[0].audio[2] == "audio/wav"  # type: ignore[index]


def test_the_type_of_a_hosted_file_is_the_same_on_every_machine(folder: Folder) -> None:
    for name, kind in (
        ("a.m4a", "audio/mp4"),
        ("a.opus?x=%20", "audio/ogg"),
        ("a", "audio/mpeg"),
        ("%C3%A9", "audio/mpeg"),
    ):
        spoken(folder, audio=f'{{url: "https://x.example/{name.replace("%C3%A9", "é")}", bytes: 9, duration: "0:30"}}')
        folder.build()
        assert entries(folder.site()["feed.xml"])[0].audio == (f"https://x.example/{name}", 9, kind)


def test_hosted_audio_without_its_size_is_a_warning(folder: Folder) -> None:
    spoken(folder, audio='{url: "https://x.example/a.mp3"}')
    assert "audio-length" in rules(folder)


# -- what must agree with it


def test_a_rate_at_which_nobody_speaks_is_a_warning(folder: Folder) -> None:
    spoken(folder)
    assert "spoken-rate" not in rules(folder)
    for body in ("word " * 400, "word " * 20):
        spoken(folder, body=body)
        assert "spoken-rate" in rules(folder)
    spoken(folder, body="word " * 400, allow="[spoken-rate]")
    assert "spoken-rate" not in rules(folder)


def test_an_issue_that_should_have_audio_is_a_warning(folder: Folder) -> None:
    folder.write("letter.yaml", SHOW)
    for number, day in ((3, "2022-01-21"), (4, "2022-01-28")):
        spoken(folder, number, day)
    assert [where for where, _, rule in folder.rules() if rule == "audio-missing"] == ["issues/0005-fifth.md"]
    spoken(folder)
    (folder.root / "issues/0004-fourth/a.mp3").unlink()
    folder.write("issues/0004-fourth/index.md", issue_text(4, "2022-01-28", "Fourth"))
    assert [where for where, _, rule in folder.rules() if rule == "audio-missing"] == ["issues/0004-fourth/index.md"]
    folder.write("issues/0004-fourth/index.md", issue_text(4, "2022-01-28", "Fourth", allow="[audio-missing]"))
    assert "audio-missing" not in rules(folder)
    folder.write("letter.yaml", LETTER)
    assert "audio-missing" not in rules(folder)


def test_ready_stamps_which_text_was_recorded(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    spoken(folder, status="review")
    path = folder.root / "issues/0005-fifth/index.md"
    assert run("ready", "--root", folder.root, 5).status == 0
    assert path.read_text().count("recorded: ") == 1
    assert "recorded-then-edited" not in rules(folder)
    path.write_text(path.read_text().replace("It's", "It is"))
    assert "recorded-then-edited" in rules(folder)
    assert run("ready", "--root", folder.root, 5).status == 0
    assert path.read_text().count("recorded: ") == 1
    assert "recorded-then-edited" not in rules(folder)


def test_a_change_that_is_declared_may_differ_from_the_recording(folder: Folder) -> None:
    spoken(folder, recorded="0" * 32)
    assert "recorded-then-edited" in rules(folder)
    spoken(folder, recorded="0" * 32, corrected="[{date: 2022-02-05, what: A word.}]")
    assert "recorded-then-edited" not in rules(folder)


def hint(folder: Folder, as_of: str = NOON) -> str:
    found = [each for each in folder.check(as_of).findings if each.rule == "recorded-then-edited"]
    return found[0].hint if found else ""


def test_the_advice_for_an_edited_recording_works_word_for_word(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOON_EPOCH)
    spoken(folder, recorded="0" * 32, next="\n  - {number: 6, title: As it was}")
    name = "issues/0005-fifth/index.md"
    before = (folder.root / name).read_text()
    [key] = re.findall(r"declare the change, (corrected: .*\]);", hint(folder))
    folder.write(name, before.replace("status:", f"{key}\nstatus:"))
    assert hint(folder) == ""
    assert not [found for found in folder.check().findings if "corrected" in found.rule]
    folder.write(name, before)
    [number] = re.findall(r"record it again and run: weekahead ready (\d+)$", hint(folder))
    assert run("ready", "--root", folder.root, number).status == 0
    assert hint(folder) == ""
    assert "As it was}" in (folder.root / name).read_text()


def test_an_edited_recording_stops_no_build_before_the_issue_is_out(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOON_EPOCH)
    spoken(folder, 6, "2022-02-11", recorded="0" * 32)
    before, after = "2022-02-11T08:59:00-07:00", "2022-02-11T09:00:00-07:00"
    assert [str(each.severity) for each in folder.check(before).findings if "recorded" in each.rule] == ["warning"]
    assert "recorded-then-edited" in {found.rule for found in folder.build(before).warnings}
    with pytest.raises(BuildError, match="recorded-then-edited"):
        folder.build(after)
    [number] = re.findall(r"record it again and run: weekahead ready (\d+) ", hint(folder, before))
    assert run("ready", "--root", folder.root, number).status == 0
    assert "recorded-then-edited" not in {found.rule for found in folder.build(after).warnings}


def test_issues_without_audio_are_not_stamped(folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    assert run("ready", "--root", folder.root, 5).status == 0
    assert "recorded" not in (folder.root / "issues/0005-fifth.md").read_text()


# -- chapters and transcript

CHAPTERS = (
    '\n  file: a.mp3\n  chapters:\n    - {at: "0:00", title: Welcome}\n    - {at: "0:20", title: links and thoughts}'
)


def test_chapters_lead_to_the_headings_they_are_named_after(folder: Folder) -> None:
    spoken(folder, audio=CHAPTERS)
    folder.build()
    assert json.loads(folder.read("issues/5-fifth/chapters.json")) == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0, "title": "Welcome"},
            {
                "startTime": 20,
                "title": "links and thoughts",
                "url": "https://letter.example/issues/5-fifth/#links-and-thoughts",
            },
        ],
    }
    assert 'url="https://letter.example/issues/5-fifth/chapters.json"' in folder.read("podcast.xml")


@pytest.mark.parametrize("second", ["0:00", "0:34", "7:28"])
def test_chapters_stand_in_order_and_before_the_end(folder: Folder, second: str) -> None:
    spoken(folder, audio=CHAPTERS.replace("0:20", second))
    assert ("issues/0005-fifth/index.md", 10, "chapter") in folder.rules()


def test_the_transcript_is_the_text(folder: Folder) -> None:
    spoken(folder, research_note="Before *all*.")
    folder.build()
    assert folder.read("issues/5-fifth/transcript.txt") == (
        "Issue 5\n\nBefore all.\n\n"
        + " ".join(["word"] * 80)
        + "\n\nLinks and thoughts\n\nIt’s here.\n\nA note.\n\nEnjoy the week ahead.\n"
    )


def test_a_page_that_moves_leaves_the_transcript_as_it_is(folder: Folder) -> None:
    spoken(folder)
    folder.build()
    folder.write("issues/0004-fourth.md", issue_text(4, "2022-01-28", "Another title"))
    assert not [change for change in folder.build().changes.written if change.path.endswith("transcript.txt")]


SAID = (
    "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ida>Hello & welcome.\n\n00:09.000 --> 00:20.000\n<v Bo>Thank <i>you</i>.\n"
)


def transcribed(folder: Folder, name: str, data: str | bytes) -> None:
    """An issue with a transcript of its own."""
    spoken(folder, audio=f"{{file: a.mp3, transcript: {name}}}")
    folder.write(f"issues/0005-fifth/{name}", data)


@pytest.mark.parametrize(
    ("name", "data", "links", "words"),
    [
        ("said.vtt", SAID, [("said.vtt", "text/vtt"), ("transcript.txt", "text/plain")], "Ida: Hello & welcome."),
        (
            "said.srt",
            SAID[8:],
            [("said.srt", "application/x-subrip"), ("transcript.txt", "text/plain")],
            "Bo: Thank you.",
        ),
        ("said.txt", "Hello & welcome.", [("said.txt", "text/plain")], "Hello & welcome."),
        ("transcript.txt", "Hello & welcome.", [("transcript.txt", "text/plain")], "Hello & welcome."),
        (
            "said.md",
            "Hello *&* [welcome](x).<script>alert(1)</script>",
            [("transcript.txt", "text/plain")],
            "Hello & welcome.",
        ),
    ],
)
def test_a_transcript_is_shown_and_linked_in_the_podcast(
    folder: Folder, name: str, data: str, links: list[tuple[str, str]], words: str
) -> None:
    show(folder)
    transcribed(folder, name, data)
    folder.build()
    found = etree.fromstring(folder.site()["podcast.xml"]).findall(f"channel/item/{PODCAST}transcript")
    assert [(each.get("url").rpartition("/")[2], each.get("type")) for each in found] == links
    assert words in folder.read(f"issues/5-fifth/{links[-1][0]}")
    page = folder.read("issues/5-fifth/index.html").partition('<div class="folds"')[2].partition("</div>")[0]
    assert words.replace("&", "&amp;") in page
    assert "<script" not in page
    assert wrongs_of_podcast(folder.site()["podcast.xml"]) == []


def test_a_new_transcript_changes_the_page_and_a_second_build_nothing(folder: Folder) -> None:
    transcribed(folder, "said.vtt", SAID)
    folder.build()
    assert not folder.build().changes.written
    folder.write("issues/0005-fifth/said.vtt", SAID.replace("welcome", "good evening"))
    written = {change.path for change in folder.build().changes.written}
    assert written == {f"issues/5-fifth/{name}" for name in ("index.html", "said.vtt", "transcript.txt")}


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("said.vtt", "Words.", "transcript"),
        ("said.txt", " ", "transcript"),
        ("said.pdf", "x", "transcript"),
        ("said.txt", b"\xff", "not-utf-8"),
        ("../said.txt", "x", "file-missing"),
        ("../../said.txt", "x", "outside"),
    ],
)
def test_a_transcript_that_cannot_be_read_is_a_finding(folder: Folder, name: str, data: str | bytes, rule: str) -> None:
    transcribed(folder, name.rpartition("/")[2], data)
    spoken(folder, audio=f"{{file: a.mp3, transcript: {name}}}")
    assert rule in rules(folder)


def test_chapters_stand_below_the_player(folder: Folder) -> None:
    spoken(folder, audio=CHAPTERS)
    folder.build()
    page = folder.read("issues/5-fifth/index.html")
    assert '<li><span class="faint">0:00</span> Welcome</li>' in page
    assert '<li><span class="faint">0:20</span> <a href="#links-and-thoughts">links and thoughts</a></li>' in page
    assert '<a href="/issues/5-fifth/transcript.txt">Transcript</a>' in page


# -- the podcast


def show(folder: Folder) -> None:
    folder.write("letter.yaml", SHOW)
    folder.write("templates/assets/cover.png", COVER.read_bytes())


def test_a_letter_without_audio_has_no_podcast(folder: Folder) -> None:
    show(folder)
    folder.build()
    assert "podcast.xml" not in folder.site()
    assert "podcast.xml" not in folder.read("index.html")


def test_the_podcast_breaks_no_rule_of_any_directory(folder: Folder) -> None:
    show(folder)
    spoken(folder, audio=CHAPTERS, authors="[Ada, Émile]", corrected="[{date: 2022-02-05, what: x}]")
    spoken(folder, 4, "2022-01-28", cover="{file: c.png, alt: C}")
    shutil.copyfile(COVER, folder.root / "issues/0004-fourth/c.png")
    folder.write(
        "issues/extra.md",
        '---\ntitle: Extra\ndate: 2022-02-01\nstatus: ready\naudio: {url: "https://x.example/a.mp3", bytes: 9, duration: "0:01"}\n---\nx',
    )
    folder.build()
    data = folder.site()["podcast.xml"]
    assert wrongs_of_podcast(data) == []
    items = etree.fromstring(data).findall("channel/item")
    assert [item.findtext(f"{ITUNES}episode") for item in items] == ["5", None, "4"]
    assert [item.findtext(f"{ITUNES}season") for item in items] == ["2022"] * 3
    assert [item.findtext(f"{ITUNES}episodeType") for item in items] == ["full", "bonus", "full"]
    assert [person.text for person in items[0].findall(f"{PODCAST}person")] == ["Ada", "Émile"]
    assert items[2].find(f"{ITUNES}image").get("href") == "https://letter.example/issues/4-fourth/c.png"
    assert 'title="The Test Letter (podcast)" href="/podcast.xml"' in folder.read("index.html")


def test_what_leads_to_a_feed_that_is_new_comes_after_it(folder: Folder) -> None:
    folder.write("letter.yaml", LETTER + "feed: {series: true, tags: true, items: 1}\n")
    spoken(folder)
    changes = [change.path for change in folder.build(dry_run=True).changes.written]
    assert {"podcast.xml", "tags/models/feed.xml", "series/basics/feed.xml", "archive/2022-01.xml"} <= {*changes}
    folder.build()
    for page in (path for path in changes if path.endswith(".html")):
        for feed in ("podcast.xml", "tags/models/feed.xml", "series/basics/feed.xml", "calendar.ics"):
            assert f'href="/{feed}"' not in folder.read(page) or changes.index(feed) < changes.index(page), (feed, page)


def test_the_podcast_has_the_items_of_the_other_feeds(folder: Folder) -> None:
    spoken(folder)
    spoken(folder, 3, "2022-01-21")
    folder.build()
    site = folder.site()
    for name in ("feed.xml", "atom.xml", "feed.json"):
        assert [entry for entry in entries(site[name]) if entry.audio] == entries(site["podcast.xml"])


def test_the_guid_of_the_podcast_stays_when_the_letter_moves(folder: Folder) -> None:
    spoken(folder)
    found = set()
    for url in ("https://letter.example/", "https://moved.example/x/"):
        folder.write("letter.yaml", LETTER.replace("https://letter.example/", url))
        folder.build()
        found.add(etree.fromstring(folder.site()["podcast.xml"]).findtext(f".//{PODCAST}guid"))
    assert len(found) == 1
    folder.write("letter.yaml", LETTER + "podcast: {guid: 9b024349-ccf0-5f69-a609-6b82873eab3c, locked: false}\n")
    folder.build()
    assert ">9b024349-ccf0-5f69-a609-6b82873eab3c<" in folder.read("podcast.xml")
    assert '<podcast:locked owner="author@letter.example">no<' in folder.read("podcast.xml")


def test_a_podcast_of_many_issues_stays_small(folder: Folder) -> None:
    show(folder)
    for number in range(6, 400):
        day = f"{1990 + number // 12}-{number % 12 + 1:02}-01"
        audio = '{url: "https://x.example/a.mp3", bytes: 9, duration: "0:30", chapters: [{at: "0:00", title: x}]}'
        folder.write(
            f"issues/{number:04}-i.md",
            issue_text(number, day, f"Issue {number}", "word " * 70, audio=audio, slug=f"i{number}"),
        )
    folder.write(
        "schedule.yaml",
        'cadence: {every: friday, at: "09:00", timezone: America/Denver}\nanchor: {number: 1, date: 2022-01-07}\n',
    )
    with folder.plan("2030-01-01") as (plan, _):
        podcast = plan.files["podcast.xml"]
        assert isinstance(podcast, Output)
        data = podcast.render(podcast.context())
    assert len(data) < 512 * 1024
    assert len(entries(data)) >= 220


# -- the cover


def jpeg(wide: int, high: int) -> bytes:
    return b"\xff\xd8\xff\xe0\0\x04AB\xff\xff\xc2" + struct.pack(">HBHH", 8, 8, high, wide)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (png(1400, 1400), ""),
        (jpeg(3000, 3000), ""),
        (png(1399, 1399), "is 1399 by 1399 pixels"),
        (png(3001, 3001), "is 3001 by 3001 pixels"),
        (png(1400, 1500), "is 1400 by 1500 pixels, not square"),
        (b"GIF89a", "is neither PNG nor JPEG"),
    ],
)
def test_a_cover_is_a_square_of_a_size_that_directories_take(data: bytes, problem: str) -> None:
    assert cover_problem(data) == problem


def test_a_podcast_without_a_fit_cover_is_a_finding(folder: Folder) -> None:
    spoken(folder)
    folder.write("letter.yaml", LETTER + "podcast: {category: Technology}\n")
    assert ("letter.yaml", 8, "podcast-cover") in folder.rules()
    folder.write("letter.yaml", SHOW.replace("cover.png", "nothing.png"))
    assert [str(found.severity) for found in folder.check(NOON).findings if found.rule == "podcast-cover"] == ["error"]
    folder.write("letter.yaml", SHOW.replace("cover.png", "mine.png"))
    folder.write("templates/assets/mine.png", png(300, 300))
    assert [str(found.severity) for found in folder.check(NOON).findings if found.rule == "podcast-cover"] == [
        "warning"
    ]
    folder.write("letter.yaml", SHOW)
    assert "letter-placeholder" in rules(folder)
    show(folder)
    assert not {"podcast-cover", "letter-placeholder"} & {*rules(folder)}


def test_a_letter_with_the_samples_cover_builds_but_is_not_published(folder: Folder, run: Callable[..., Said]) -> None:
    spoken(folder)
    folder.build(as_of=None)
    assert "assets/cover.png" not in folder.site()
    folder.write("letter.yaml", SHOW + "deploy: {folder: ../public}\n")
    folder.build(as_of=None)
    for command in (["deploy"], ["build", "--no-placeholders"]):
        said = run(*command, "--root", folder.root)
        assert said.status == 1
        assert (
            "letter.yaml:8: error: the cover of the podcast is still the sample letter's [letter-placeholder]"
            in said.err
        )
    show(folder)
    assert run("build", "--no-placeholders", "--root", folder.root).status == 0


@pytest.mark.parametrize(
    ("words", "known"), [("Education > How To", True), ("Education > Naps", False), ("Tech", False)]
)
def test_a_category_is_one_of_the_directories(folder: Folder, words: str, known: bool) -> None:
    spoken(folder)
    show(folder)
    folder.write("letter.yaml", SHOW.replace("Technology", words))
    assert ("podcast-category" not in rules(folder)) is known
    folder.build()
    found = [node.get("text") for node in etree.fromstring(folder.site()["podcast.xml"]).iter(f"{ITUNES}category")]
    assert found == words.split(" > ")

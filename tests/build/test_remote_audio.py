"""Size and length of audio elsewhere come from its server and from a few parts of it, and stand in front matter then."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.conftest import LETTER, NOON, Folder, Said, issue_text, sound

from weekahead.build import remote_audio
from weekahead.source.front_matter_edit import with_audio_facts

Run = Callable[..., Said]
MP3 = (Path(__file__).parents[2] / "issues/0007-seven-weeks-of-promises/seven-weeks-of-promises.mp3").read_bytes()
FILES = {"/a.mp3": MP3, "/a.wav": sound(2000), "/words.mp3": b"Words. " * 9000, "/long.mp3": MP3 + MP3[231:] * 20}


class AudioServer:
    """A server of some files, with ranges or without; /to/X leads to X."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.sent = 0
        self.has_ranges = True
        self.robots = ""
        outer = self

        class Answers(BaseHTTPRequestHandler):
            def log_message(self, *words: object) -> None:
                return None

            def answer(self) -> None:
                if self.path == "/robots.txt":
                    return self.say(200, outer.robots.encode())
                outer.asked.append((self.command, self.path, self.headers["Range"] or ""))
                if self.path.startswith("/to/"):
                    return self.say(302, b"", Location=self.path.removeprefix("/to"))
                data = FILES.get(self.path)
                if data is None:
                    return self.say(404, b"")
                wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"] or "")
                if wanted is None or not outer.has_ranges:
                    return self.say(200, data)
                first, last = int(wanted[1]), min(int(wanted[2]), len(data) - 1)
                return self.say(206, data[first : last + 1], **{"Content-Range": f"bytes {first}-{last}/{len(data)}"})

            def say(self, status: int, body: bytes, **fields: str) -> None:
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    outer.sent += len(body)
                    self.wfile.write(body)

            do_GET = do_HEAD = answer

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[AudioServer]:
    monkeypatch.setattr(remote_audio, "PAUSE", 0.0)
    found = AudioServer()
    yield found
    found.http.shutdown()
    found.http.server_close()


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("/a.mp3", (len(MP3), 34)),
        ("/a.wav", (len(FILES["/a.wav"]), 2000)),
        ("/to/a.mp3", (len(MP3), 34)),
        ("/long.mp3", (len(FILES["/long.mp3"]), 721)),
        ("/words.mp3", None),
        ("/gone.mp3", None),
    ],
)
@pytest.mark.parametrize("has_ranges", [True, False])
def test_size_and_length_are_told(
    server: AudioServer, path: str, facts: tuple[int, int] | None, has_ranges: bool
) -> None:
    server.has_ranges = has_ranges
    found = remote_audio.ask_for_audio(server.url + path, "https://letter.example/")
    assert (found and (found.size, found.seconds)) == facts


def test_only_parts_are_asked_for(server: AudioServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_audio, "PART", 40_000)
    assert remote_audio.ask_for_audio(f"{server.url}/long.mp3", "https://letter.example/")
    assert server.sent <= remote_audio.MOST_PARTS * 40_000 < len(FILES["/long.mp3"]) / 2
    assert [method for method, _, _ in server.asked][:2] == ["HEAD", "GET"]
    assert all(wanted.startswith("bytes=") for method, _, wanted in server.asked if method == "GET")


def test_robots_txt_is_obeyed(server: AudioServer) -> None:
    server.robots = "User-agent: *\nDisallow: /\n"
    assert remote_audio.ask_for_audio(f"{server.url}/a.mp3", "https://letter.example/") is None
    assert server.asked == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/a.mp3", "http://[broken/", "ftp://x.example/a.mp3"])
def test_what_cannot_be_reached_is_not_known(address: str) -> None:
    assert remote_audio.ask_for_audio(address, "https://letter.example/") is None


# -- in the letter


def fixed(folder: Folder, run: Run, audio: str) -> str:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", "word " * 80, audio=audio))
    run("check", "--root", folder.root, "--as-of", NOON, "--fix", "--external-links")
    return (folder.root / "issues/0005-fifth.md").read_text()


def test_check_fix_adds_what_is_missing(folder: Folder, run: Run, server: AudioServer) -> None:
    url = f"{server.url}/a.mp3"
    text = fixed(folder, run, f'{{url: "{url}"}}')
    assert f'audio: {{url: "{url}", bytes: {len(MP3)}, duration: "0:34"}}\n' in text
    assert "audio-length" not in {rule for _, _, rule in folder.rules()}
    text = fixed(folder, run, f"\n  url: {url} # there\n  type: audio/mpeg")
    assert f'audio: \n  url: {url} # there\n  type: audio/mpeg\n  bytes: {len(MP3)}\n  duration: "0:34"\n---\n' in text
    assert 'bytes: 7, duration: "0:34"' in fixed(folder, run, f'{{url: "{url}", bytes: 7}}')
    server.asked.clear()
    complete = f'{{url: "{url}", bytes: 7, duration: "1:00"}}'
    assert complete in fixed(folder, run, complete)
    assert [wanted for _, _, wanted in server.asked if wanted] == []


def test_nothing_is_asked_without_both_options(folder: Folder, run: Run, server: AudioServer) -> None:
    text = issue_text(5, "2022-02-04", "Fifth letter", audio=f'{{url: "{server.url}/a.mp3"}}')
    folder.write("issues/0005-fifth.md", text)
    run("check", "--root", folder.root, "--as-of", NOON, "--fix")
    assert server.asked == []
    folder.write("letter.yaml", LETTER + "colour: red\n")
    run("check", "--root", folder.root, "--as-of", NOON, "--fix", "--external-links")
    assert server.asked == []
    assert (folder.root / "issues/0005-fifth.md").read_text() == text


def test_audio_that_is_gone_is_a_dead_link(folder: Folder, run: Run, server: AudioServer) -> None:
    folder.write("issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth", audio=f'{{url: "{server.url}/no.mp3"}}'))
    said = run("check", "--root", folder.root, "--as-of", NOON, "--external-links")
    assert re.search(r"issues/0005-fifth.md:6: warning: .*/no.mp3\" is gone", said.err)


def test_what_is_not_known_is_not_written() -> None:
    text = "---\naudio: {url: x}\n---\n"
    assert with_audio_facts(text, size=0, seconds=0) == text
    assert with_audio_facts(text, size=9, seconds=0) == "---\naudio: {url: x, bytes: 9}\n---\n"
    assert with_audio_facts("---\ntitle: [\n---\n", size=9, seconds=9) == "---\ntitle: [\n---\n"

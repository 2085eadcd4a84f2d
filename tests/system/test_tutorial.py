"""docs/tutorial.md, followed by `make tutorial` word for word, in an empty folder with an installed wheel and a browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.conftest import needs

REPOSITORY = Path(__file__).parents[2]
TUTORIAL = (REPOSITORY / "docs/tutorial.md").read_text("utf-8")
STEPS = re.findall(r"(?ms)^```(sh|diff) ?([^\n]*)\n(.*?)^```$", TUTORIAL)
MONDAY = 1795435200  # 2026-11-23T12:00:00Z
FRIDAY = MONDAY + 4 * 86400 + 9 * 3600


class Reader:
    """A person with an empty folder, a terminal and an editor. Where servers are named, a free port is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = self.here = folder / "empty"
        self.here.mkdir()
        self.seen: list[tuple[str, str]] = []
        wheels, libraries = folder / "home/weekahead/dist", folder / "libraries"
        build = [sys.executable, "-P", "-m", "build", "--wheel", "--no-isolation", "--outdir"]
        subprocess.run([*build, wheels, REPOSITORY], check=True, capture_output=True)
        # What weekahead needs is taken from where the tests have it, and not from a network.
        libraries.mkdir()
        for entry in Path(pytest.__file__).parents[1].iterdir():
            if "weekahead" not in entry.name and not entry.name.startswith(("pip", "setuptools")):
                (libraries / entry.name).symlink_to(entry)
        # And for the Python that the tests run with.
        programs = folder / "programs"
        programs.mkdir()
        (programs / "python3").symlink_to(Path(sys.executable).resolve())
        self.around = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "VIRTUAL_"))}
        self.around |= {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(libraries),
            "PIP_NO_INDEX": "1",
            "HOME": str(folder / "home"),
            "PIP_CONFIG_FILE": os.devnull,
            "SOURCE_DATE_EPOCH": str(MONDAY),
            "NO_COLOR": "1",
        }

    def follow(self) -> None:
        for kind, file, text in STEPS:
            if kind == "sh":
                self.run(text)
            else:
                self.edit(file, text)

    def run(self, lines: str) -> None:
        """Some lines in the terminal; it remembers where they led, and what they let it use."""
        if server := re.search(r"weekahead serve|http\.server.* 8001", lines):
            return self.look(lines.strip(), server[0])
        script = f"set -e\n{lines}\npwd > {self.folder}/.where\nenv -0 > {self.folder}/.around\n"
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.here, env=self.around, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (lines, done.stdout, done.stderr)
        self.here = Path((self.folder / ".where").read_text().strip())
        self.around = dict(
            pair.split("=", 1) for pair in (self.folder / ".around").read_text().split("\0") if "=" in pair
        )
        self.seen.append((lines, done.stdout + done.stderr))
        return None

    def edit(self, file: str, text: str) -> None:
        """Red lines of a diff go, and green ones take their places."""
        path = self.here / file
        words = path.read_text("utf-8")
        for old, new in re.findall(r"(?m)^-(.*\n)((?:^\+.*\n)+)", text):
            assert words.count(old) == 1, old
            words = words.replace(old, re.sub(r"(?m)^\+", "", new))
        path.write_text(words, "utf-8")

    def look(self, line: str, server: str) -> None:
        """Start a server, open its address in a browser, and stop it with Ctrl+C."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        line = line.replace("8001", str(port)) if "8001" in line else f"{line} --port {port}"
        # Ctrl+C works in a terminal; what a script runs in the background may have been told to ignore it.
        process = subprocess.Popen(
            ["bash", "-c", f"exec {line}"],
            cwd=self.here,
            env=self.around,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
                    break
                except OSError:
                    time.sleep(0.1)
            address = f"http://127.0.0.1:{port}/"
            is_last = "http.server" in server
            self.seen.append((server, read(address) if is_last else text_at(address)))
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def text_at(address: str) -> str:
    return str(urllib.request.urlopen(address).read().decode())


def read(address: str) -> str:
    """What a person reads of the front page, of the newest issue, and of what is coming."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.goto(address)
        words = [page.title(), page.inner_text("body")]
        page.locator("main h1 a, main h2 a, main a[href*='/issues/']").first.click()
        words += [page.url, page.inner_text("h1")]
        page.goto(address + "next/")
        words.append(page.inner_text("main"))
        browser.close()
    return "\n".join(words)


@pytest.mark.skipif("BROWSER" not in os.environ, reason="make tutorial runs this")
def test_the_tutorial_ends_with_a_published_letter(tmp_path: Path) -> None:
    needs(shutil.which("chromium") is not None, "chromium")
    reader = Reader(tmp_path)
    reader.follow()
    said = "\n".join(words for _, words in reader.seen[:-1])
    assert "It comes out on Friday 2026-11-27 at 09:00 (Europe/London)" in said
    assert "2026-11-27 09:00      9  published" in said
    assert "MISSING" in said
    preview = next(words for line, words in reader.seen if line == "weekahead serve")
    assert "Title of your letter" in preview
    line, seen = reader.seen[-1]
    assert line.startswith("http.server")
    assert "Letters from the harbour" in seen
    assert "/issues/8-" in seen
    assert "Nine o’clock in the harbour" in seen  # as what is next
    public = reader.folder / "public"
    assert not [path for path in public.rglob("*") if "nine-oclock" in path.name]
    reader.around["SOURCE_DATE_EPOCH"] = str(FRIDAY)
    reader.run("weekahead build\nweekahead deploy")
    assert (public / "issues/9-nine-oclock-but-whose/index.html").exists()


def test_the_tutorial_is_short() -> None:
    """Ten minutes: at the pace of a slow reader, with half a minute for each thing to do."""
    words = len(re.sub(r"(?ms)^```.*?^```$", "", TUTORIAL).split())
    assert words / 130 + len(STEPS) / 2 <= 15

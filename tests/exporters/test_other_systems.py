"""`weekahead export folder`, built by the systems that it is for: `make exports` fetches them and runs this."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from benchmarks.peers import WORK, hugo_program
from selectolax.lexbor import LexborHTMLParser
from tests.conftest import NOON, Folder

from weekahead.exporters.folder import export_folder

ELEVENTY = WORK / "node_modules/@11ty/eleventy/cmd.cjs"
LAYOUT = "<html><title>{{ .Title }}</title><body>{{ .Content }}</body></html>\n"
PAGES = ("issues/1-first", "issues/2-second", "about")


def facts(html: str, body: str) -> tuple[Counter[str], set[str], set[str]]:
    """The words of a page, the addresses of its links and of its pictures."""
    tree = LexborHTMLParser(html).css_first(body)
    assert tree is not None
    links = {link.attributes["href"] or "" for link in tree.css("a[href]")}
    pictures = {picture.attributes["src"] or "" for picture in tree.css("img")}
    words = Counter(re.findall(r"\w+", tree.text(separator=" ")))
    return words, {link for link in links if not link.startswith("#")}, pictures


def run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def hugo(folder: Path) -> Path:
    if not Path(hugo_program()).exists():
        pytest.skip("make exports fetches Hugo")
    site = Folder(folder)
    site.write("hugo.toml", 'baseURL = "https://letter.example/"\ntitle = "The letter"\n')
    for name in ("single", "list", "home", "taxonomy", "term"):
        site.write(f"layouts/{name}.html", LAYOUT)
    run([hugo_program(), "--quiet"], folder)
    return folder / "public"


def eleventy(folder: Path) -> Path:
    if not ELEVENTY.exists():
        pytest.skip("make exports fetches Eleventy")
    run(["node", ELEVENTY, "--quiet", "--input=content", "--output=public"], folder)
    return folder / "public"


@pytest.mark.parametrize("build", [hugo, eleventy])
def test_every_word_link_and_picture_is_on_the_page_there(
    rich: Folder, tmp_path: Path, build: Callable[[Path], Path]
) -> None:
    (tmp_path / "there").mkdir()
    export_folder(rich.root, tmp_path / "there/content", as_of=NOON, drafts=True)
    public = build(tmp_path / "there")
    rich.build()
    for page in PAGES:
        ours = facts((rich.root / f"site/{page}/index.html").read_text("utf-8"), ".prose")
        theirs = facts((public / page / "index.html").read_text("utf-8"), "body")
        lost = {word for word in ours[0] - theirs[0] if word not in ("1", "TIP", "Tip")}
        assert (page, lost, ours[1] - theirs[1], ours[2] - theirs[2]) == (page, set(), set(), set())
    for path in public.rglob("*"):
        assert path.is_dir() or b"PRIVATE" not in path.read_bytes(), path

"""Our own letter, whole, as a reader and a checker meet it."""

from __future__ import annotations

import functools
import http.server
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest
from lxml import etree
from playwright.sync_api import Browser, Page
from tests.conftest import needs, some

from weekahead.build import pipeline

REPOSITORY = Path(__file__).parents[2]
NODE = REPOSITORY / ".venv/node/node_modules"
AS_OF = "2026-11-23T12:00:00+00:00"
BASES = {"root": "https://letter.example/", "path": "https://x.example/letter/"}


LANGUAGES = some(["fa", "zh", "de"], 3)


@pytest.fixture(scope="session", params=BASES)
def site(request: pytest.FixtureRequest, plain: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The built sample letter, at the root of its host and under a path."""
    base = BASES[request.param]
    if request.param == "root":  # as its letter.yaml has it
        return plain, base
    folder = tmp_path_factory.mktemp(request.param) / "site"
    pipeline.build(pipeline.BuildOptions(root=REPOSITORY, output=folder, as_of=AS_OF, base_url=base))
    return folder, base


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain") / "site"
    pipeline.build(pipeline.BuildOptions(root=REPOSITORY, output=folder, as_of=AS_OF))
    return folder


@pytest.fixture(scope="session")
def translated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample letter with the words and the direction of other languages."""
    sites = {}
    for language in LANGUAGES:
        folder = tmp_path_factory.mktemp(language)
        for name in ("issues", "pages", "templates/assets"):
            shutil.copytree(REPOSITORY / name, folder / name)
        shutil.copyfile(REPOSITORY / "schedule.yaml", folder / "schedule.yaml")
        text = (REPOSITORY / "letter.yaml").read_text()
        (folder / "letter.yaml").write_text(text.replace("language: en-GB", f"language: {language}"))
        pipeline.build(pipeline.BuildOptions(root=folder, as_of=AS_OF))
        sites[language] = folder / "site"
    return sites


def pages(folder: Path) -> dict[str, etree._ElementTree]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=True)
    return {str(path.relative_to(folder)): parser.parse(path.read_text("utf-8")) for path in folder.rglob("*.html")}


def test_every_link_and_fragment_leads_somewhere(site: tuple[Path, str]) -> None:
    folder, base = site
    found = pages(folder)
    checked = 0
    for name, page in found.items():
        here = base + name.removesuffix("index.html")
        for address in page.xpath("//@href | //@src"):
            url = urljoin(here, address)
            if not url.startswith(base) or url.startswith(base + "subscribe"):
                assert urlsplit(url).netloc != urlsplit(base).netloc or url.startswith(base + "subscribe"), (
                    name,
                    address,
                )
                continue
            path = unquote(urlsplit(url).path)[len(urlsplit(base).path) :]
            file = posixpath.join(path, "index.html") if not path or path.endswith("/") else path
            assert (folder / file).is_file(), (name, address)
            if fragment := unquote(urlsplit(url).fragment):
                assert found[file].xpath("//*[@id=$id]", id=fragment), (name, address)
            checked += 1
    assert checked > 200


def test_every_page_is_strict_html_with_one_title_and_unique_ids(plain: Path) -> None:
    for name, page in pages(plain).items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), name
        if not page.xpath("//meta[@http-equiv]"):
            assert len(page.xpath("//h1")) == 1, name
            scripts = page.xpath("//script[not(@type='application/ld+json')]/@src")
            assert scripts == (["/assets/find.js"] if name == "archive/index.html" else []), name
            assert not page.xpath("//*[@style] | //style"), name


def test_the_letter_shows_each_of_its_parts(plain: Path) -> None:
    page = (plain / "issues/7-seven-weeks-of-promises/index.html").read_text()
    for part in (
        "Research note",
        "<audio",
        "What’s next",
        'class="signoff"',
        "Share",
        'type="email"',
        "13 November 2026",
        "<table>",
        "<figure>",
    ):
        assert part in page
    assert "Part 2 of 3 · " in (plain / "issues/4-the-schedule-is-a-file-too/index.html").read_text()
    assert (plain / "p/pick-the-day/index.html").exists()


def test_the_bytes_depend_on_nothing_around(plain: Path, tmp_path: Path) -> None:
    """Another place, time zone, locale, hash seed and umask, no cache, another process: the same bytes."""
    root = tmp_path / "elsewhere" / "letter"
    root.mkdir(parents=True)
    for name in ("issues", "pages", "templates"):
        shutil.copytree(REPOSITORY / name, root / name)
    for name in ("letter.yaml", "schedule.yaml"):
        shutil.copyfile(REPOSITORY / name, root / name)
    environment = os.environ | {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    program = Path(sys.executable).with_name("weekahead")
    subprocess.run([program, "build", "--quiet", "--as-of", AS_OF], cwd=root, env=environment, umask=0o077, check=True)

    def tree(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert tree(root / "site") == tree(plain)


def nu_errors(*folders: Path) -> str:
    """What the Nu HTML checker holds against the pages and styles of some folders."""
    jar = NODE / "vnu-jar/build/dist/vnu.jar"
    needs(jar.exists() and shutil.which("java") is not None, "the Nu HTML checker")
    quick = ["-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # its schemas recurse; it runs for seconds
    options = ["--errors-only", "--skip-non-html", "--also-check-css"]
    command = ["java", *quick, "-jar", str(jar), *options, *map(str, folders)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_the_nu_checker_finds_no_error(plain: Path, translated: dict[str, Path], tmp_path: Path) -> None:
    """And what is wrong beside them: Java starts once for all."""
    (tmp_path / "wrong.html").write_text("<!doctype html><html lang=en><title>T</title><p></div>")
    (tmp_path / "wrong.css").write_text("p { colour: red }")
    said = nu_errors(plain, *translated.values(), tmp_path).splitlines()
    assert {name for line in said for name in re.findall(r'^"file:(.*?)"', line) or [line]} == {
        f"{tmp_path}/wrong.html",
        f"{tmp_path}/wrong.css",
    }


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A site over HTTP."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.fixture(scope="session")
def address(plain: Path) -> Iterator[str]:
    with serving(plain) as found:
        yield found


@contextmanager
def browsing(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in the browser."""
    page = browser.new_page(**options)
    yield page
    page.close()


SHOWN = [
    "",
    "issues/7-seven-weeks-of-promises/",
    "issues/6-where-four-hours-go/",
    "issues/4-the-schedule-is-a-file-too/",
    "archive/",
    "series/the-plain-text-desk/",
    "tags/",
    "tags/planning/",
    "next/",
    "about/",
    "404.html",
]


@pytest.mark.parametrize(
    ("width", "scheme"),
    some([(1280, "light"), (360, "light"), (320, "dark"), (1280, "dark"), (360, "dark"), (320, "light")], 6),
)
def test_a_browser_shows_every_page_without_scrolling_sideways_or_a_barrier(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    axe = NODE / "axe-core/axe.min.js"
    needs(axe.exists(), "axe")
    with browsing(browser, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        for name in SHOWN:
            page.goto(address + name)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
            page.evaluate(axe.read_text())
            broken = page.evaluate(
                "axe.run().then(found => found.violations.map(rule => rule.id + ' ' + rule.nodes.map(node => node.target)))"
            )
            assert broken == [], name
        assert all(url.startswith(address) for url in asked)
        assert not said, "a page's policy stopped something"


def test_a_finger_meets_everything_that_can_be_pressed(browser: Browser, address: str) -> None:
    """44 pixels high; short words are narrower, with room around them. Links within a sentence are exempt (WCAG 2.2, 2.5.8)."""
    with browsing(browser, viewport={"width": 360, "height": 740}) as page:
        for name in SHOWN:
            page.goto(address + name)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
            small = page.evaluate(
                """[...document.querySelectorAll("nav a, .button, button, summary, input:not([type=hidden]), .after a, .brief a, .coming a")]
                .filter(one => one.offsetParent).map(one => [one.textContent.trim(), ...["width", "height"].map(side => one.getBoundingClientRect()[side])])
                .filter(([words, width, height]) => height < 43.9 || width < 24)"""
            )
            assert small == [], name
            hidden = (
                "[...document.querySelectorAll('main li:not(details *)')].filter(one => !one.checkVisibility()).length"
            )
            assert page.evaluate(hidden) == 0, f"{name}: a phone hides what a wide screen shows"


def test_the_keyboard_goes_to_the_text_first_and_focus_is_seen(browser: Browser, address: str) -> None:
    with browsing(browser, java_script_enabled=True) as page:
        page.goto(address + "issues/7-seven-weeks-of-promises/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_archive_finds_issues_and_is_whole_without_script(browser: Browser, address: str) -> None:
    with browsing(browser) as page:
        page.route("**/search/*", lambda route: route.abort())
        page.goto(address + "archive/")
        page.get_by_role("searchbox").fill("PROMISES measuring")
        assert page.locator(".brief li:visible").count() == 1
    with browsing(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        page.goto(address + "archive/")
        assert "search/2026.json" not in asked
        page.get_by_role("searchbox").fill("kitch CLIFF")
        page.get_by_role("link", name="Where four hours go").wait_for()
        assert page.locator(".brief li:visible").count() == 1
        assert asked.count("search/2026.json") == 1
        assert page.get_by_role("status").inner_text() == "Issues found: 1"
        page.get_by_role("searchbox").fill("zeppelins")
        assert page.locator("section:visible").count() == 0
        assert "No issue matches" in page.get_by_role("status").inner_text()
        page.get_by_role("searchbox").fill("")
        assert page.locator(".brief li:visible").count() == 9
    with browsing(browser, java_script_enabled=False) as page:
        page.goto(address + "archive/")
        assert page.get_by_role("searchbox").count() == 0
        assert page.locator(".brief li:visible").count() == 9


def test_an_issue_prints_as_a_letter(browser: Browser, address: str) -> None:
    with browsing(browser) as page:
        page.goto(address + "issues/7-seven-weeks-of-promises/")
        page.emulate_media(media="print")
        for furniture in ("nav >> nth=0", ".masthead .button", ".audio", ".subscribe", ".share"):
            assert not page.locator(furniture).is_visible()
        for kept in ("https://letter.example/issues/7-seven-weeks-of-promises/", "Week 7", "13 November 2026"):
            assert page.get_by_text(kept, exact=True).locator("visible=true").count()
        assert page.pdf().startswith(b"%PDF")


def test_pages_are_light(plain: Path) -> None:
    """Everything of a page but its pictures and its sound, in bytes as they go over the wire uncompressed."""
    style = len((plain / "assets/style.css").read_bytes())
    assert style < 29_000
    for page in plain.rglob("*.html"):
        assert len(page.read_bytes()) + style < 60_000, page


def test_search_engines_and_those_who_share_are_told_what_is_there(site: tuple[Path, str]) -> None:
    folder, base = site
    for name, page in pages(folder).items():
        for picture in page.xpath("//meta[@property='og:image']/@content"):
            assert (folder / unquote(picture.removeprefix(base))).is_file(), name
        for block in page.xpath("//script[@type='application/ld+json']"):
            data = json.loads(block.text)
            assert data["@context"] == "https://schema.org"
            assert data["@type"] in {
                "BlogPosting",
                "BreadcrumbList",
                "PodcastEpisode",
                "ItemList",
                "WebSite",
                "AboutPage",
            }
            assert all(url.startswith(base) for url in re.findall(r'"(?:url|item|contentUrl)": "([^"]+)"', block.text))
    heard = pages(folder)["issues/7-seven-weeks-of-promises/index.html"].xpath("//script[@type]/text()")
    assert [json.loads(text)["@type"] for text in heard] == ["BlogPosting", "BreadcrumbList", "PodcastEpisode"]


def test_a_reader_walks_the_letter_without_script(browser: Browser, address: str) -> None:
    """From the front page to an issue, through its series, about its author, to the plan and the feed."""
    with browsing(browser, java_script_enabled=False, viewport={"width": 360, "height": 740}) as page:
        heading = page.get_by_role("heading", level=1)
        page.goto(address)
        page.get_by_role("link", name="Read Week 8").click()
        assert heading.inner_text() == "A year on one sheet"
        page.locator("a[rel=prev]").click()
        assert heading.inner_text() == "Seven weeks of promises"
        page.locator("audio").wait_for()
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Archive").click()
        page.get_by_role("link", name="One file per letter").click()
        assert "Part 1 of 3" in page.locator("header.title").inner_text()
        after = page.locator(".parts li", has_text="Next").get_by_role("link")
        assert after.inner_text() == "The schedule is a file too"
        after.click()
        page.get_by_role("link", name="The plain text desk").first.click()
        assert "Complete in 3 parts." in page.locator("header.title").inner_text()
        page.get_by_role("contentinfo").get_by_role("link", name="About this letter").click()
        assert "Nora Fenwick" in page.locator(".prose").inner_text()
        page.get_by_role("link", name="public and a year long").click()
        assert heading.inner_text() == "What’s next"
        feed = page.get_by_role("contentinfo").get_by_role("link", name="RSS feed").get_attribute("href")
        answer = page.request.get(urljoin(address, feed or ""))
        assert answer.ok
        assert etree.fromstring(answer.body()).findtext("channel/title") == "Five Fridays"


def test_a_reader_searches_and_reads_what_was_found(browser: Browser, address: str) -> None:
    with browsing(browser, viewport={"width": 360, "height": 740}) as page:
        page.goto(address)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Archive").click()
        page.get_by_role("searchbox").press_sequentially("kitchen timer")
        found = page.locator(".brief li:visible")
        found.filter(has_text="Where four hours go").wait_for()
        found.get_by_role("link", name="Where four hours go").click()
        assert "kitchen timer" in page.locator(".prose").inner_text()
        page.go_back()
        page.get_by_role("searchbox").wait_for()


def test_a_button_copies_the_address_and_without_it_the_address_is_shown(browser: Browser, address: str) -> None:
    name = "issues/7-seven-weeks-of-promises/"
    copy = "Copy link"
    with browsing(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(address + name)
        assert not page.locator(".address").is_visible()
        page.get_by_role("button", name=copy).click()
        page.get_by_role("button", name="Link copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == BASES["root"] + name
    for refused in ("navigator.clipboard.writeText = () => Promise.reject()", "delete Navigator.prototype.clipboard"):
        with browsing(browser) as page:
            page.add_init_script(refused)
            page.goto(address + name)
            if (button := page.get_by_role("button", name=copy)).count():
                button.click()
            page.get_by_text(BASES["root"] + name, exact=True).locator("visible=true").wait_for()
            assert button.count() == 0


def test_the_spoken_edition_plays(browser: Browser, address: str) -> None:
    with browsing(browser) as page:
        page.goto(address + "issues/7-seven-weeks-of-promises/")
        played = page.evaluate(
            """async () => { const sound = document.querySelector("audio"); sound.muted = true; await sound.play();
            await new Promise(done => sound.addEventListener("timeupdate", () => sound.currentTime > 0 && done()));
            return sound.duration }"""
        )
        assert 33 < played < 36
        kept = page.get_by_role("link", name="Download")
        assert kept.get_attribute("download") is not None
        assert page.request.get(urljoin(page.url, kept.get_attribute("href") or "")).ok


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(browser: Browser, address: str) -> None:
    """Tab goes through each thing that can be pressed, once, down the page, and what has focus is seen."""
    with browsing(browser, viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as page:
        page.goto(address + "issues/4-the-schedule-is-a-file-too/")
        wanted = page.evaluate(
            """[...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, [tabindex='0']")]
            .filter(one => one.checkVisibility()).map((one, place) => { one.dataset.place = place; return place })"""
        )
        reached = []
        for _ in wanted:
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """(() => { const one = document.activeElement, box = one.getBoundingClientRect();
                return [Number(one.dataset.place), box.height > 0 && box.bottom > 0 && box.top < innerHeight,
                getComputedStyle(one).outlineStyle] })()"""
            )
            assert seen[1:] == [True, "solid"], seen
            reached.append(seen[0])
        assert reached == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_languages_pass_the_same_checks(browser: Browser, language: str, translated: dict[str, Path]) -> None:
    axe = NODE / "axe-core/axe.min.js"
    needs(axe.exists(), "axe")
    with (
        serving(translated[language]) as address,
        browsing(browser, viewport={"width": 320, "height": 700}, color_scheme="dark") as page,
    ):
        for name in SHOWN:
            page.goto(address + name)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
            page.evaluate(axe.read_text())
            broken = page.evaluate("axe.run().then(found => found.violations.map(rule => rule.id))")
            assert broken == [], name

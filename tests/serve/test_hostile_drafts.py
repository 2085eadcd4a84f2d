"""Hostile drafts in a real browser: whatever a text or a file beside it tries, the plan, the token and drafts are out of reach."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Request
from tests.conftest import SCHEDULE, Folder, issue_text

from weekahead.serve.server import Preview

HERE = "issues/0006-x/"
PAGE = "issues/6-x/"
SECRET = "Words of a draft that is nobody else's"
HEARD = "/heard?"

# What a script would do that runs: say so, read the desk and another draft by every way, change the plan by every way.
ATTACK = """
(async () => {
  new Image().src = "/heard?NAME";
  const loot = window.loot = [document.cookie, JSON.stringify(localStorage)], desk = "DESK";
  const attempt = async work => { try { loot.push(String(await work())) } catch (error) { loot.push("refused: " + error) } };
  const wait = time => new Promise(done => setTimeout(done, time));
  const form = {do: "drop", number: "8", title: "What a benchmark hides"};
  for (const address of [desk, "/_desk/", desk + "preview/PAGE", desk.replace("127.0.0.1", "localhost")]) {
    for (const mode of ["cors", "no-cors", "same-origin"])
      await attempt(async () => (await fetch(address, {mode, credentials: "include"})).text());
    await attempt(async () => {
      const frame = document.createElement("iframe");
      frame.src = address; document.body.append(frame); await wait(150);
      return frame.contentDocument.documentElement.outerHTML;
    });
    await attempt(async () => { const page = open(address); await wait(150); return page.document.documentElement.outerHTML; });
    await attempt(() => import(address + "dashboard.js"));
  }
  const token = /data-token="([^"]+)"/.exec(loot.join(" "))?.[1] ?? "";
  for (const address of [desk + "plan", "/_desk/plan"]) for (const mode of ["cors", "no-cors"])
    await attempt(async () => (await fetch(address, {method: "POST", mode, body: new URLSearchParams({...form, token})})).text());
  await attempt(async () => {
    const sent = document.createElement("form");
    sent.action = desk + "plan"; sent.method = "post"; sent.target = "_blank";
    for (const [name, value] of Object.entries({...form, token})) sent.append(Object.assign(document.createElement("input"), {name, value}));
    document.body.append(sent); sent.submit(); await wait(150);
  });
  await attempt(() => navigator.serviceWorker.register("evil.js"));
  loot.push("done");
})()
"""


def attack(server: Preview, name: str) -> str:
    return ATTACK.replace("NAME", name).replace("DESK", server.desk_url).replace("PAGE", PAGE)


INLINE = {
    "inline": "<script>{}</script>",
    "module": '<script type="module">{}</script>',
    "svg": "<svg><script>{}</script></svg>",
    "file": '<script src="evil.js"></script>',
    "data": '<script src="data:text/javascript,new Image().src=`/heard?data`"></script>',
    "shadow": '<div><template shadowrootmode="open"><script src="/issues/6-x/evil.js"></script></template></div>',
    "error": "<img src=x onerror=\"new Image().src='/heard?error'\">",
    "load": "<svg onload=\"new Image().src='/heard?load'\"></svg>",
    "toggle": "<details open ontoggle=\"new Image().src='/heard?toggle'\">x</details>",
    "focus": "<input autofocus onfocus=\"new Image().src='/heard?focus'\">",
    "begin": "<svg><animate onbegin=\"new Image().src='/heard?begin'\" attributeName=x dur=1s></svg>",
    "frame": '<iframe src="evil.html"></iframe><iframe src="DESK"></iframe>',
    "srcdoc": "<iframe srcdoc=\"<script>new Image().src='/heard?srcdoc'</script>\"></iframe>",
    "object": '<object data="evil.html"></object><embed src="evil.svg">',
    "base": '<base href="https://evil.example/">',
    "noscript": '<noscript><p title="</noscript><script>{}</script>">',
    "head": "</head></title><head><script>{}</script>",
    "link": '<link rel="stylesheet" href="evil.css"><link rel="modulepreload" href="evil.js">',
}
"""What is tried on one page, without a click."""


def files(server: Preview) -> dict[str, str]:
    script = attack(server, "opened")
    markup = f"<script>{script}</script>"
    xml = f"<script xmlns='http://www.w3.org/1999/xhtml'><![CDATA[{script}]]></script>"
    return {
        "evil.js": attack(server, "script"),
        "evil.css": "p { color: red }",
        "evil.html": f"<title>x</title>{markup}",
        "evil.htm": markup,
        "evil.xhtml": f"<html xmlns='http://www.w3.org/1999/xhtml'><body>{xml}</body></html>",
        "evil.svg": f"<svg xmlns='http://www.w3.org/2000/svg'><script><![CDATA[{script}]]></script></svg>",
        "evil.xml": f"<a>{xml}</a>",
        "evil.txt": markup,
        "evil.md5": markup,
        "evil.json": markup,
        "evil.pdf": markup,
        "evil.csv": markup,
    }


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """The windows of these tests: a script may open more of them."""
    found = browser.new_context()
    found.new_page()
    yield found
    found.close()


@pytest.fixture
def heard(
    context: BrowserContext, server: Preview, folder: Folder
) -> Iterator[Callable[[str], tuple[set[str], list[str]]]]:
    """Opens a page of the preview; returns which scripts ran, and what they got. In the end the plan is as it was."""
    (folder.root / "issues/0006-sixth.md").unlink()
    folder.write("issues/0007-small.md", issue_text(7, "2022-02-18", "Small models", SECRET, status="draft"))
    folder.write("templates/assets/evil.html", files(server)["evil.html"])
    folder.write("templates/assets/evil.svg", files(server)["evil.svg"])
    for name, text in files(server).items():
        folder.write(HERE + name, text)
    said: set[str] = set()

    def hear(sent: Request) -> None:
        if HEARD in sent.url:
            said.add(urlsplit(sent.url).query)

    def opened(path: str) -> tuple[set[str], list[str]]:
        page, *others = context.pages
        for each in others:
            each.close()
        page.goto("about:blank")
        said.clear()
        page.goto(server.site.url + path)
        page.wait_for_timeout(300)
        if said:
            page.wait_for_function("window.loot?.includes('done')", timeout=20_000)
        return {*said}, page.evaluate("loot") if said else []

    context.on("request", hear)
    yield opened
    context.remove_listener("request", hear)
    assert (folder.root / "schedule.yaml").read_text() == SCHEDULE


def draft(server: Preview, folder: Folder, body: str, **keys: str) -> None:
    text = issue_text(6, "2022-02-11", "Reading a loss curve", body, status="draft", slug="x", **keys)
    folder.write(HERE + "index.md", text)
    server.state.refresh()
    assert not server.state.errors


def test_no_script_of_a_draft_runs(
    server: Preview, folder: Folder, heard: Callable[..., tuple[set[str], list[str]]]
) -> None:
    tries = "\n\n".join(
        markup.replace("{}", attack(server, name)).replace("\n", " ").replace("DESK", server.desk_url)
        for name, markup in INLINE.items()
    )
    draft(server, folder, tries)
    assert heard(PAGE) == (set(), [])
    assert heard("_desk/feed/" + PAGE) == (set(), [])


def test_no_file_beside_a_draft_runs_as_a_page(
    server: Preview, folder: Folder, heard: Callable[..., tuple[set[str], list[str]]]
) -> None:
    draft(server, folder, " ".join(f"[x]({name})" for name in files(server)))
    for path in [
        *(PAGE + name for name in files(server) if not name.endswith((".pdf", ".md5", ".csv"))),
        "assets/evil.html",
        "assets/evil.svg",
    ]:
        assert heard(path) == (set(), []), path


def test_a_refresh_leads_to_no_page_that_runs(
    server: Preview, folder: Folder, heard: Callable[..., tuple[set[str], list[str]]]
) -> None:
    for address in ("evil.html", "javascript:new Image().src='/heard?x'", server.desk_url):
        draft(server, folder, f'<meta http-equiv="refresh" content="0;url={address}">')
        assert heard(PAGE)[0] == set(), address


def test_a_template_cannot_leave_the_policy_out(
    server: Preview, folder: Folder, heard: Callable[..., tuple[set[str], list[str]]]
) -> None:
    folder.write(
        "templates/issue.html", "<!DOCTYPE html><title>x</title>" + f"<script>{attack(server, 'template')}</script>"
    )
    draft(server, folder, "Words.")
    assert heard(PAGE) == (set(), [])


def test_a_script_that_is_allowed_by_name_reaches_neither_token_nor_plan(
    server: Preview, folder: Folder, heard: Callable[..., tuple[set[str], list[str]]]
) -> None:
    one_line = attack(server, "inline").replace("\n", " ")
    draft(server, folder, f"<script>{one_line}</script>", allow="[active-content]")
    said, loot = heard(PAGE)
    assert said == {"inline"}
    together = " ".join(loot)
    assert server.token not in together
    assert "Swarm robotics" not in together
    assert "What a benchmark hides" not in together.replace('title: "What a benchmark hides"', "")
    assert sum("refused" in each for each in loot) >= 20
    draft(server, folder, f"<script>{one_line}</script>", allow="[title-disagrees]")
    assert heard(PAGE) == (set(), [])


@pytest.mark.parametrize(
    ("name", "media_type", "in_sandbox"),
    [
        ("a.html", "text/html; charset=utf-8", True),
        ("a.svg", "image/svg+xml; charset=utf-8", True),
        ("a.xml", "application/xml; charset=utf-8", True),
        ("a.txt", "text/plain; charset=utf-8", True),
        ("a.strange", "application/octet-stream", True),
        ("a.svgz", "application/octet-stream", True),
        ("a.png", "image/png", False),
        ("a.pdf", "application/pdf", False),
    ],
)
def test_a_file_is_sent_as_what_it_is(
    server: Preview, folder: Folder, name: str, media_type: str, in_sandbox: bool
) -> None:
    (folder.root / "issues/0006-sixth.md").unlink()
    folder.write(HERE + name, "<p>x</p>")
    draft(server, folder, f"[x]({name})")
    with urllib.request.urlopen(server.site.url + PAGE + name) as answer:
        assert answer.headers["Content-Type"].replace("text/xml", "application/xml") == media_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers.get("Content-Security-Policy", "").startswith("sandbox;") is in_sandbox

"""A letter from somebody else, with a link, pipe, device or endless file in any place that a command opens.

The places are those that the commands open, list and make in a sound letter, as Python reports them. `make faults` tries
far more of them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from tests.conftest import LETTER, NOON, five_issues, issue_text, some, sound
from tests.harness import Ended, run_forked
from tests.mail.readers import KEY, Readers
from tests.mail.smtp_server import SmtpServer

from weekahead.build.state import ManifestEntry, encode_state, read_state, seal, site_paths
from weekahead.commands.main import main, weekahead
from weekahead.model.findings import BuildError
from weekahead.model.hashing import hash_bytes
from weekahead.runtime import files as files_module
from weekahead.runtime.code_version import open_store
from weekahead.serve.server import Preview

pytestmark = pytest.mark.usefixtures("room")  # its build compiles the templates, and no child has to

PLANTED = int(os.environ.get("PLANTED", "8"))
SECONDS = 20
"""After which a command hangs."""
CALLS = {"open", "os.link", "os.listdir", "os.mkdir", "os.rename", "os.scandir", "sqlite3.connect"}
AS_OF = ["--as-of", NOON]
COMMANDS = {
    "build": ["build", *AS_OF, "--jobs", "1"],
    "build --clean": ["build", *AS_OF, "--clean", "--jobs", "1"],
    "build --dry-run": ["build", *AS_OF, "--dry-run", "--jobs", "1"],
    "check": ["check", *AS_OF],
    "check --fix": ["check", *AS_OF, "--fix"],
    "check --published": ["check", *AS_OF, "--published", "site/next.json"],
    "plan": ["plan", *AS_OF],
    "plan --history": ["plan", *AS_OF, "--history"],
    "plan add": ["plan", "add", "A new idea"],
    "plan drop": ["plan", "drop", "10"],
    "plan fill": ["plan", "fill"],
    "plan idea": ["plan", "idea", "A new idea"],
    "plan move": ["plan", "move", "6", "8"],
    "plan rename": ["plan", "rename", "7", "Another title"],
    "plan skip": ["plan", "skip", "2022-03-04"],
    "plan state": ["plan", "state", "8", "drafting"],
    "plan swap": ["plan", "swap", "6", "7"],
    "new": ["new", "9"],
    "new, not planned": ["new", "20", "--title", "Twenty"],
    "ready": ["ready", "6"],
    "unpublish": ["unpublish", "5"],
    "deploy": ["deploy"],
    "book": ["book", "whole", *AS_OF, "--output", "made"],
    "book --keep": ["book", "whole", *AS_OF, "--keep"],
    "email": ["email", "5", *AS_OF, "--output", "made.eml"],
    "endpoint": ["endpoint", "endpoint"],
    "references import": ["references", "import", "../pasted.txt", "--yes"],
    "send": ["send", "5", "--offline"],
    "send --status": ["send", "5", "--status"],
    "send --yes": ["send", "5", "--yes", "--offline"],
    "subscribers add": ["subscribers", "add", "win@reader.example"],
    "subscribers export": ["subscribers", "export", "made.csv"],
    "subscribers forget": ["subscribers", "forget", "ada@reader.example"],
    "subscribers import": ["subscribers", "import", "../readers.csv"],
    "subscribers list": ["subscribers", "list"],
    "subscribers remove": ["subscribers", "remove", "ada@reader.example"],
    "theme copy": ["theme", "copy", "assets/style.css"],
    "theme list": ["theme", "list"],
    "schema": ["schema", "--write"],
    "completion": ["completion", "bash"],
    "init": ["init", "copy"],
    "import": ["import", "../export", "--timezone", "UTC"],
    "export folder": ["export", "folder", "exported"],
    "export html": ["export", "html", "exported-html"],
    "export ghost": ["export", "ghost", "exported.zip"],
}
EXPORTED = ("exported", "exported-html", "made", "books")
ELSEWHERE = {"mailbox"}
"""Commands that need a server; their tests are in tests/mail."""


def do(command: str) -> None:
    """Run a command in the letter's folder, the current one."""
    if command != "serve":
        main(COMMANDS[command])
    with open_store(Path.cwd()) as store, closing(Preview(Path.cwd(), 8000, NOON, store)) as preview:
        for path in ("/", "/data.csv", "/assets/style.css"):
            try:
                preview.state.page(path).content.close()
            except BuildError as error:
                print(error, file=sys.stderr)
        preview.state.dashboard()


ALL = [*COMMANDS, "serve"]


def leaves(command: click.Command, *names: str) -> Iterator[str]:
    """Yield the name of every command below one that does something of its own."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield " ".join(names)
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from leaves(below, *names, name)


def test_every_command_is_tried() -> None:
    assert {*leaves(weekahead)} - ELSEWHERE <= {*ALL}


MORE = """\
deploy: {folder: ../out}
mail: {from: nora@letter.example, subscribers: ../private/readers.db, late: 2 weeks}
books: [{all: true, name: whole, formats: [html, epub]}]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[SmtpServer]:
    """The mail server of the letter."""
    with SmtpServer() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEEKAHEAD_TOKEN_KEY", KEY)
        patch.setenv("WEEKAHEAD_SMTP", server.url)
        yield server


@pytest.fixture(scope="module")
def room(server: SmtpServer) -> Iterator[Path]:
    """A letter with all that commands read, built, deployed to a folder beside it and sent; and precious files outside."""
    with tempfile.TemporaryDirectory() as name:
        room = Path(name).resolve()
        letter = five_issues(room / "letter")
        letter.write("letter.yaml", LETTER + MORE)
        body = "/// table | Numbers\nfile: data.csv\n///\n\n[Sound](sound.wav) <https://a.example/?utm_source=b>\n"
        letter.write(
            "issues/0006-sixth/index.md", issue_text(6, "2022-02-08", "Sixth", body, audio="{file: sound.wav}")
        )
        letter.write("issues/0006-sixth/data.csv", "Name,Number\na,1\n")
        letter.write("issues/0006-sixth/sound.wav", sound(2))
        letter.write("pages/about.md", "---\ntitle: About\n---\n\nWords.\n")
        letter.write("templates/about.html", '{% extends "weekahead/page.html" %}')
        letter.write("templates/assets/own.css", "p {}")
        letter.write(".github/workflows/letter.yml", 'on: {schedule: [{cron: "0 9 * * *"}]}\n# weekahead build\n')
        letter.write(".vscode/letter.schema.json", "{}")
        (room / "export/_posts").mkdir(parents=True)
        (room / "export/_config.yml").write_text("title: Old letter\n")
        (room / "export/_posts/2022-02-18-old.md").write_text("---\ntitle: Old\n---\nWords and ![a dot](/dot.png)\n")
        (room / "export/dot.png").write_bytes(b"a dot")
        letter.write("references.bib", "@book{ask, author = {Ask, A.}, title = {T}, year = 2001, publisher = {P}}")
        (room / "private").mkdir()
        readers = Readers(room / "private/readers.db")
        readers.add("id1", "ada@reader.example")
        readers.close()
        (room / "pasted.txt").write_text("Ask, A. (2001). A title. Journal of Titles, 3(2), 1-9.\n")
        (room / "readers.csv").write_text("email\nwin@reader.example\n")
        (room / "outside/folder").mkdir(parents=True)
        (room / "outside/folder/secret.md").write_text("SECRET")
        (room / "outside/file").write_text("SECRET")
        exporters = ["exporters.folder", "exporters.ghost", "exporters.html_pages"]
        commands = ["commands.build", "commands.check", "commands.plan", "lint.rules.registry", "build.scaffold"]
        for name in ["importers.pipeline", "importers.platforms.registry", *exporters, *commands]:
            import_module(f"weekahead.{name}")  # once, and not in the process of each case
        letter.build(jobs=1)
        for command in ("deploy", "send --yes"):
            ended = run_in(letter.root, command)
            assert ended.status == 0, ended.said
        assert len(server.delivered) == 1
        yield room


def run_in(letter: Path, command: str, opened: Path | None = None) -> Ended:
    """Run a command in a letter; `opened` gets the paths that it opened, listed and made."""
    paths: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CALLS:
            paths.extend(os.fsdecode(part) for part in arguments if isinstance(part, str | bytes | os.PathLike))

    def work() -> None:
        os.chdir(letter)
        signal.alarm(SECONDS)
        if opened is None:
            do(command)
            return
        sys.addaudithook(hook)
        try:
            do(command)
        finally:
            opened.write_text("\n".join(os.path.normpath(path) for path in paths))

    return run_forked(work)


def places(room: Path) -> list[str]:
    """Return every path of the letter, and of where it is deployed to, that commands open, list or make."""
    found = set[str]()
    for command in ALL:
        copy = fresh(room)
        run_in(copy / "letter", command, copy / "opened")
        opened = (copy / "opened").read_text().split("\n")
        found |= {os.path.relpath(path, copy) for path in opened if path.startswith(f"{copy}/")}
        shutil.rmtree(copy)
    return sorted(name for name in found if not re.match(r"letter$|letter/copy|outside|opened", name))


def fresh(room: Path) -> Path:
    copy = Path(tempfile.mkdtemp()).resolve()
    shutil.copytree(room, copy, symlinks=True, dirs_exist_ok=True)
    return copy


# -- what is planted


def to_file(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "file")


def to_folder(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "folder", target_is_directory=True)


def to_nothing(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "nothing")


def loop(place: Path, outside: Path) -> None:
    place.symlink_to(place.name)


def up(place: Path, outside: Path) -> None:
    place.symlink_to("..")


def pipe(place: Path, outside: Path) -> None:
    os.mkfifo(place)


def device(place: Path, outside: Path) -> None:
    try:
        os.mknod(place, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except OSError:  # only root may
        place.symlink_to("/dev/zero")


def a_folder(place: Path, outside: Path) -> None:
    place.mkdir()
    (place / "inside").write_text("x")


def sparse(place: Path, outside: Path) -> None:
    with open(place, "wb") as file:
        file.truncate(8_000_000_000)


def closed(place: Path, outside: Path) -> None:
    place.write_text("x")
    place.chmod(0)


def garbage(place: Path, outside: Path) -> None:
    place.write_bytes(b"\x93\xff\0" * 300)


KINDS = (to_file, to_folder, to_nothing, loop, up, pipe, device, a_folder, sparse, closed, garbage)


def plant(place: Path, kind: Callable[[Path, Path], None], outside: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    kind(place, outside)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but endless ones, and no link."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if path.stat().st_size < 10_000_000}


def wrongs(room: Path, server: SmtpServer, place: str, kind: Callable[[Path, Path], None], command: str) -> list[str]:
    """Return what a command does wrong in a letter with something planted."""
    copy, sent = fresh(room), len(server.delivered)
    try:
        plant(copy / place, kind, copy / "outside")
        before = files(copy / "outside")
        ended = run_in(copy / "letter", command)
        wrong = [] if ended.status in (0, 1, 2) else [f"status {ended.status}: {ended.said[-600:]}"]
        wrong += [] if files(copy / "outside") == before else ["it touched what is outside"]
        wrong += [f"it made {path}" for path in {*os.listdir(copy)} - {*os.listdir(room), ".weekahead"}]
        wrong += [] if len(server.delivered) == sent else ["it sent a letter again"]
        if ended.status == 1 and not re.search(r"\[[a-z0-9-]+\]|BROKEN|broken|Nothing", ended.said):
            wrong.append(f"it fails and does not say why: {ended.said[-300:]}")
        for site in ("letter/site", "out", *(f"letter/{name}" for name in EXPORTED)):
            shown = files(copy / site).values() if not (copy / site).is_symlink() else ()
            wrong += ["it published what is outside"] if any(b"SECRET" in data for data in shown) else []
        is_state = place.startswith("letter/.weekahead")
        if command == "build" and is_state and files(copy / "letter/site") != files(room / "letter/site"):
            wrong.append(f"the site is another one: {ended.said[-300:]}")
        return wrong
    finally:
        shutil.rmtree(copy)


def test_whatever_lies_in_the_place_of_a_file_costs_a_finding_and_nothing_else(room: Path, server: SmtpServer) -> None:
    chance, found = random.Random(int(os.environ.get("SEED", "18"))), places(room)
    assert {"letter/letter.yaml", "letter/templates", "letter/.weekahead/cache.db", "letter/site/index.html"} <= {
        *found
    }
    found = [name for name in found if not re.match(r"(letter/site|out)/", name) or chance.random() < 0.2]  # all alike
    tried = [
        (place, kind, command)
        for place, kind, command in product(found, KINDS, ALL)
        if (place, command) != ("letter/.weekahead", "send --yes")  # the book of what was sent is lost with it
    ]
    tried.remove(("out", to_folder, "deploy"))  # the author's own target, beside the letter, may be a link to a folder
    print(f"{len(found)} places, {len(tried)} cases")
    wrong = []
    for place, kind, command in chance.sample(tried, min(PLANTED, len(tried))):
        for words in wrongs(room, server, place, kind, command):
            wrong.append(f"{command} with {kind.__name__} in place of {place}: {words}")
            print(wrong[-1], flush=True)
    assert not wrong, "\n\n".join(wrong)


# -- records that somebody made up


FORGED = {
    "up": "../../victim",
    "absolute": "/victim",
    "git": ".git/hooks/post-commit",
    "git, on some disks": "x/.GIT/config",
    "state": ".weekahead/lock",
    "nothing": "",
    "a dot": "a/./b",
    "a zero": "a\0b",
}
ROLES = ("cleared", "announced", "renames", "removed")


@pytest.mark.parametrize(("role", "path"), some([*product(ROLES, FORGED.values())], 5))
def test_a_record_whose_paths_leave_the_site_is_thrown_away(tmp_path: Path, path: str, role: str) -> None:
    letter, victim = five_issues(tmp_path / "room/letter"), tmp_path / "victim"
    victim.write_text("precious")
    paths = site_paths(letter.root / "site")
    paths.stage.mkdir(parents=True)
    (paths.stage / "0").write_text("planted")
    gone = [(path, hash_bytes(b"precious"))]
    made = {"cleared": gone, "announced": [path], "renames": [("0", path)], "removed": gone}[role]
    journal = {"cleared": [], "announced": [], "renames": [], "removed": []} | {role: made}
    paths.journal.write_bytes(seal(msgspec.msgpack.encode(journal)))
    assert run_in(letter.root, "plan").status == 0
    assert run_in(letter.root, "build").status == 0
    assert victim.read_text() == "precious"
    assert {*os.listdir(tmp_path)} == {"room", "victim"}
    assert {*os.listdir(tmp_path / "room")} == {"letter"}
    assert not any(b"planted" in data for data in files(letter.root).values())


@pytest.mark.parametrize("name", ["issues", "templates", ".git", "."])
def test_a_record_about_another_folder_of_the_letter_is_left_alone(tmp_path: Path, name: str) -> None:
    letter = five_issues(tmp_path / "letter")
    work = letter.root / ".weekahead" / name
    (work / "stage").mkdir(parents=True)
    (work / "stage/0").write_text("planted")
    first = (letter.root / "issues/0001-first.md").read_bytes()
    gone = [("0001-first.md", hash_bytes(first))]
    journal = {"cleared": gone, "announced": [], "renames": [("0", "config")], "removed": gone}
    (work / "journal").write_bytes(seal(msgspec.msgpack.encode(journal)))
    for command in ("plan", "build"):
        assert run_in(letter.root, command).status == 0
    assert (letter.root / "issues/0001-first.md").read_bytes() == first
    assert not (letter.root / name / "config").exists()


@pytest.mark.parametrize("staged", [to_file, to_folder, pipe, a_folder])
def test_a_record_puts_nothing_but_files_into_the_site(tmp_path: Path, staged: Callable[[Path, Path], None]) -> None:
    letter, outside = five_issues(tmp_path / "letter"), tmp_path / "outside"
    (outside / "folder").mkdir(parents=True)
    (outside / "file").write_text("SECRET")
    paths = site_paths(letter.root / "site")
    paths.stage.mkdir(parents=True)
    staged(paths.stage / "0", outside)
    journal = {"cleared": [], "announced": [], "renames": [("0", "x/index.html")], "removed": []}
    paths.journal.write_bytes(seal(msgspec.msgpack.encode(journal)))
    assert run_in(letter.root, "build").status == 0
    assert not os.path.lexists(letter.root / "site/x")
    assert (outside / "file").read_text() == "SECRET"


@pytest.mark.parametrize("path", FORGED.values(), ids=FORGED.keys())
def test_a_manifest_whose_paths_leave_the_site_is_none(tmp_path: Path, path: str) -> None:
    letter, victim = five_issues(tmp_path / "room/letter"), tmp_path / "victim"
    victim.write_text("precious")
    paths = site_paths(letter.root / "site")
    paths.work.mkdir(parents=True)
    entry = ManifestEntry("", hash_bytes(b"precious"), 8, victim.stat().st_mtime_ns)
    paths.state.write_bytes(encode_state("", {path: entry}, None))
    assert run_in(letter.root, "build").status == 0
    assert victim.read_text() == "precious"
    assert not path or path not in read_state(paths).entries()


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data + b"x", lambda data: b"x" + data[1:]])
def test_a_state_that_is_not_whole_is_none(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    letter = five_issues(tmp_path / "letter")
    letter.build()
    paths = site_paths(letter.root / "site")
    assert read_state(paths).entries()
    paths.state.write_bytes(damage(paths.state.read_bytes()))
    assert not read_state(paths).entries()
    before = files(paths.site)
    letter.build()
    assert files(paths.site) == before


# -- every file is opened in one place


def test_no_other_module_opens_a_file_of_a_letter() -> None:
    """What else is opened is ours: of the package, or a file that was just made."""
    opens = re.compile(r"(?<![\w.])(?<!def )open\(|\.read_bytes\(\)|\.read_text\(|\bos\.open\(|[a-z]\.open\(\"")
    ours = {"runtime/files.py", "runtime/atomic_file.py", "runtime/code_version.py", "runtime/store.py"}
    ours |= {"serve/pages.py", "site/bitmap.py", "build/scaffold.py", "build/draft.py", "commands/main.py"}
    ours |= {"commands/streams.py", "runtime/compiled_code.py"}
    # The list of readers, lists and events that an author names, and the endpoint's program: none is in the letter.
    ours |= {"mail/subscribers.py", "commands/subscribers.py", "mail/events.py"}
    ours |= {"importers/letter_files.py"}  # what `init` makes
    ours |= {
        "book/fonts.py",
        "references/style_file.py",
        "commands/references.py",
    }  # fonts, a style, the author's terminal
    ours |= {"mail/endpoint_app.py", "mail/endpoint.py", "build/endpoint.py"}
    package = Path(files_module.__file__).parents[1]
    found = {path.relative_to(package).as_posix() for path in package.rglob("*.py") if opens.search(path.read_text())}
    assert found - ours == set()

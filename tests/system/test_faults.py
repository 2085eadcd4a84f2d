"""Killed, refused by the system or run twice at once: the site is whole at every instant, and the next command heals it.

`make faults` runs the long form of all this.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from tests.conftest import LETTER, NOON, SCHEDULE, Folder, Said, five_issues, issue_text
from tests.harness import (
    DENIED,
    DISK_FULL,
    FOLDER,
    IMMUTABLE,
    QUOTA,
    READ_ONLY,
    TOO_LONG,
    Ended,
    changed_paths,
    files,
    run_forked,
    wrongs,
)

from weekahead.commands.main import main

Run = Callable[..., Said]
LONG = "FAULTS" in os.environ
KILLS = int(os.environ.get("KILLS", "2"))
PAIRS = int(os.environ.get("PAIRS", "1"))
FAULTS = (DISK_FULL, READ_ONLY, DENIED)


def build(root: Path, *options: str) -> Callable[[], None]:
    return lambda: main(["build", "--root", str(root), "--as-of", NOON, "--quiet", *options])


@pytest.fixture
def edited(
    tmp_path: Path, editions: tuple[Path, dict[str, bytes], dict[str, bytes]]
) -> tuple[Folder, Path, dict[str, bytes], dict[str, bytes]]:
    """Where a letter is to be; the letter, built and then edited in every manner; the sites before and after."""
    return Folder(tmp_path / "letter"), *editions


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    for name in ("commands.build", "commands.check", "lint.rules.registry"):
        import_module(f"weekahead.{name}")  # once, and not in each child
    room = tmp_path_factory.mktemp("editions")
    folder, saved = five_issues(room / "letter"), room / "saved"
    folder.write(
        "issues/0004-fourth/index.md", (folder.root / "issues/0004-fourth.md").read_text() + "\n![A dot](dot.png)\n"
    )
    (folder.root / "issues/0004-fourth.md").unlink()
    folder.write("issues/0004-fourth/dot.png", b"old dot")
    folder.build()
    before = files(folder.root / "site")
    shutil.copytree(folder.root, saved, symlinks=True)
    folder.write("issues/0003-third.md", issue_text(3, "2022-01-21", "Third again", "Other words."))
    folder.write("issues/0004-fourth/dot.png", b"new dot")
    (folder.root / "issues/0001-first.md").unlink()
    folder.write(
        "issues/0005-fifth.md", issue_text(5, "2022-02-04", "Fifth letter", "![A line](line.png)", tags="[news]")
    )
    folder.write("issues/line.png", b"a line")
    folder.write(
        "issues/special.md",
        '---\ntitle: Special\ndate: 2022-02-05\nstatus: ready\naliases: ["/p/special"]\n---\n\nExtra.\n',
    )
    folder.write("letter.yaml", LETTER.replace("The Test Letter", "The Tested Letter"))
    for name in ("issues", "letter.yaml"):
        shutil.rmtree(saved / name, ignore_errors=True)
        copy = shutil.copytree if (folder.root / name).is_dir() else shutil.copy2
        copy(folder.root / name, saved / name)
    folder.build()
    return saved, before, files(folder.root / "site")


def fresh(saved: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(saved, root, symlinks=True)


def leftovers(root: Path) -> list[str]:
    """What a finished build must not leave behind."""
    known = {"cache.db", "lock", "site", "site/lock", "site/state"}
    return sorted({str(p.relative_to(root / ".weekahead")) for p in (root / ".weekahead").rglob("*")} - known)


def heal(root: Path, new: dict[str, bytes], command: str = "build") -> None:
    """The next command finishes what was recorded; the next build leaves the new site and nothing else."""
    if command == "check":
        run_forked(lambda: main(["check", "--root", str(root), "--as-of", NOON, "--quiet"]))
    ended = run_forked(build(root))
    assert ended.status == 0, ended.said
    assert files(root / "site") == new
    assert not leftovers(root)


def test_a_rebuild_killed_before_any_file_system_call_is_whole_and_heals(
    edited: tuple[Folder, Path, dict[str, bytes], dict[str, bytes]],
) -> None:
    folder, saved, old, new = edited
    root, call = folder.root, 0
    while True:
        call += 1 if LONG else 53
        fresh(saved, root)
        ended = run_forked(build(root), at_call=call, root=str(root))
        assert not wrongs(root / "site", old, new), f"killed at call {call}"
        if not ended.killed:
            break
        heal(root, new, "check" if call % 2 else "build")
    assert call > 60
    assert ended.status == 0, ended.said


def test_a_first_build_killed_before_any_file_system_call_has_no_dead_link(
    edited: tuple[Folder, Path, dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    folder, saved, _, new = edited
    root, call, killed, unbuilt = folder.root, 2, True, tmp_path / "unbuilt"
    shutil.copytree(saved, unbuilt, ignore=shutil.ignore_patterns("site", ".weekahead"))
    while killed:
        call += 1 if LONG else 71
        fresh(unbuilt, root)
        killed = run_forked(build(root), at_call=call, root=str(root)).killed
        (root / "site").mkdir(exist_ok=True)
        assert not wrongs(root / "site", {}, new), f"killed at call {call}"
        heal(root, new)
    assert call > 60


@pytest.mark.parametrize("fault", FAULTS)
def test_a_write_that_fails_is_one_clean_line_and_never_half_a_site(
    edited: tuple[Folder, Path, dict[str, bytes], dict[str, bytes]], fault: int
) -> None:
    folder, saved, old, new = edited
    root, call, failed = folder.root, FAULTS.index(fault), 0
    while True:
        call += 1 if LONG else 73
        fresh(saved, root)
        ended = run_forked(build(root), at_call=call, fault=fault, root=str(root))
        assert not ended.killed
        assert "Traceback" not in ended.said, ended.said
        assert not wrongs(root / "site", old, new), f"call {call} failed"
        if ended.status:
            failed += 1
            lines = [line for line in ended.said.splitlines() if "[cannot-write]" in line]
            assert len(lines) == 1, ended.said
            heal(root, new)
        elif call > 150 or (call > 20 and files(root / "site") == new and not fault):
            break
        else:
            assert files(root / "site") == new
    assert failed > (3 if LONG else 0)


def one_line(ended: Ended, fault: int = 0) -> str:
    """The one line that a failed command says, with no traceback."""
    assert not ended.killed
    assert "Traceback" not in ended.said, ended.said
    lines = [line for line in ended.said.splitlines() if "[cannot-write]" in line]
    assert (ended.status, len(lines)) == (1, 1), ended.said
    return lines[0]


@pytest.mark.parametrize("fault", [IMMUTABLE, FOLDER, QUOTA, TOO_LONG] if LONG else [IMMUTABLE, TOO_LONG])
def test_a_failure_that_stays_is_one_line_each_time_and_heals_once_it_is_gone(
    edited: tuple[Folder, Path, dict[str, bytes], dict[str, bytes]], fault: int
) -> None:
    folder, saved, old, new = edited
    root, failed, halves = folder.root, 0, 0
    fresh(saved, root)
    paths = changed_paths(build(root), str(root))
    assert len(paths) > 60
    for path in paths if LONG else paths[fault % 45 :: 45]:
        fresh(saved, root)
        for again in (False, True):
            ended = run_forked(build(root, *["--clean"] * again), fault=fault, root=str(root), blocked=path)
            assert not wrongs(root / "site", old, new), f"{path} is in the way"
            if not ended.status:
                continue
            failed += 1
            line = one_line(ended)
            if files(root / "site") == old:
                continue
            halves += 1
            assert path.removeprefix(f"{root}/") in line or "/.weekahead/" in path, line
            assert "nothing was written" not in ended.said or files(root / "site") == new, ended.said
        heal(root, new, "check" if failed % 2 else "build")
    assert failed
    assert halves or not LONG


def test_a_text_that_is_put_right_heals_a_commit_that_could_not_be_finished(
    edited: tuple[Folder, Path, dict[str, bytes], dict[str, bytes]],
) -> None:
    folder, saved, old, new = edited
    root, texts = folder.root, ("issues", "letter.yaml")
    fresh(saved, root)
    folder.write("issues/0007-more.md", issue_text(7, "2022-01-30", "More", tags="[more]"))
    blocked = str(root / "site/tags/more/index.html")
    ended = run_forked(build(root), fault=IMMUTABLE, root=str(root), blocked=blocked)
    assert "tags/more/index.html" in one_line(ended)
    assert "the site is between two builds: " in ended.said
    assert not wrongs(root / "site", old, files(root / "site"))
    (root / "issues/0007-more.md").unlink()
    ended = run_forked(build(root), fault=IMMUTABLE, root=str(root), blocked=blocked)
    assert ended.status == 0, ended.said
    assert files(root / "site") == new
    assert not leftovers(root)
    assert {*texts} <= {path.name for path in root.iterdir()}


def test_a_file_that_the_system_keeps_is_found_before_anything_is_written(
    edited: tuple[Folder, Path, dict[str, bytes], dict[str, bytes]],
) -> None:
    folder, saved, old, new = edited
    for name in ("site/index.html", "site/issues/1-first/index.html", "site/issues", "site/archive"):
        fresh(saved, folder.root)
        if subprocess.run(["chattr", "+i", folder.root / name], capture_output=True, check=False).returncode:
            pytest.skip("files cannot be made immutable here")
        try:
            ended = run_forked(build(folder.root))
            assert name in one_line(ended)
            assert files(folder.root / "site") == old
        finally:
            subprocess.run(["chattr", "-i", folder.root / name], check=True)
        heal(folder.root, new)


def test_a_full_disk_is_one_clean_line(edited: tuple[Folder, Path, dict[str, bytes], dict[str, bytes]]) -> None:
    """No file may grow beyond a limit: the system itself refuses the write, after part of it."""
    folder, saved, old, new = edited
    for limit in (0, 1, 100, 1000, 3000, 6000, 10_000) if LONG else (0, 1000, 6000):

        def limited(limit: int = limit) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            build(folder.root)()

        fresh(saved, folder.root)
        ended = run_forked(limited)
        assert "Traceback" not in ended.said, ended.said
        assert not wrongs(folder.root / "site", old, new)
        heal(folder.root, new)


def letter_files(root: Path) -> dict[str, bytes]:
    """Every file of a letter but those of its working folder; the id and the dates of a new letter are its own."""
    found = files(root) if root.exists() else {}
    return {name: b"" if name == "letter.yaml" else data for name, data in found.items() if name[:11] != ".weekahead/"}


COMMANDS: dict[str, list[str]] = {
    "init": ["init"],
    "new": ["new", "6", "--root"],
    "new, not planned yet": ["new", "40", "--title", "Forty", "--root"],
    "theme copy": ["theme", "copy", "issue.html", "--root"],
    "schema": ["schema", "--write", "--root"],
    "import": ["import", "{room}/export", "--timezone", "UTC", "--root"],
    "export folder": ["export", "folder", "{room}/letter/exported", "--root"],
    "export html": ["export", "html", "{room}/letter/exported", "--root"],
    "export ghost": ["export", "ghost", "{room}/letter/exported.zip", "--root"],
}


REPEATED = ("schema", "export folder", "export html")
"""Commands that may stop between two whole files; the next run does the rest."""


@pytest.mark.parametrize("fault", [0, DISK_FULL, DENIED] if LONG else [DISK_FULL])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_makes_files_makes_all_or_none(
    folder: Folder, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: str, fault: int
) -> None:
    """Killed before, or refused, each call in turn; run again, it does all of it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1644429600")
    root, saved = folder.root, tmp_path / "saved"
    words = [word.format(room=root.parent) for word in COMMANDS[command]]
    (root.parent / "export/_posts").mkdir(parents=True)
    (root.parent / "export/_posts/2022-02-03-old.md").write_text("---\ntitle: Old\n---\nWords and ![a dot](/dot.png)\n")
    (root.parent / "export/dot.png").write_bytes(b"a dot")
    if command == "init":
        shutil.rmtree(root)
        saved.mkdir()
        (saved / ".git").mkdir()
        (saved / ".git/HEAD").write_text("ref: refs/heads/main\n")
    else:
        shutil.copytree(root, saved)
    old = letter_files(saved)
    fresh(saved, root)
    assert run(*words, root).status == 0  # in this process, so that no child has to import what the command needs
    new, call, ended = letter_files(root), 0, None
    assert new != old
    makes_hundreds_of_calls = command.startswith(("import", "export"))
    step = 1 + len(new) // 4 + 60 * makes_hundreds_of_calls
    if LONG:
        step = 23 if makes_hundreds_of_calls else 1
    while ended is None or ended.killed or ended.status or call < 12:
        call += step
        fresh(saved, root)
        ended = run_forked(lambda: main([*words, str(root)]), at_call=call, fault=fault, root=str(root))
        assert "Traceback" not in ended.said, ended.said
        found = letter_files(root)
        is_whole = all(
            data in (old.get(name), new.get(name)) or name.endswith(".partial") for name, data in found.items()
        )
        if ended.killed:  # between two files the first is there, and is whole
            assert is_whole, f"call {call}"
        elif ended.status:
            one_line(ended)
            assert found == old or (is_whole and command in REPEATED), f"call {call}"
        if found == new:
            continue
        ended_again = run_forked(lambda: main([*words, str(root)]))
        assert ended_again.status == 0 or found != old, ended_again.said
        assert letter_files(root) == new or (command.startswith("new") and found != old), f"call {call}"
        assert not list((root / ".weekahead").glob("init*"))


def many(folder: Folder, count: int) -> None:
    """A letter of many issues, each page of which shows the letter's title."""
    for number in range(1, count + 1):
        day = f"{2000 + number // 48:04}-{number // 4 % 12 + 1:02}-{number % 4 * 7 + 1:02}"
        words = (
            f"Words of {number}. [The one before]({max(1, number - 1):04}-i{max(1, number - 1)}.md).\n\n"
            + "More words. " * 40
        )
        folder.write(
            f"issues/{number:04}-i{number}.md",
            issue_text(number, day, f"Issue {number}", words, tags=f"[t{number % 7}]"),
        )
    folder.write(
        "schedule.yaml",
        SCHEDULE.split("upcoming:")[0].replace("number: 1, date: 2022-01-07", f"number: {count}, date: 2022-01-07"),
    )


@pytest.fixture
def two_editions(folder: Folder) -> list[dict[str, bytes]]:
    """Two editions of a large letter in which every page differs."""
    shutil.rmtree(folder.root / "issues")
    many(folder, 300 if LONG else 20)
    editions = []
    for title in ("The Other Letter", "The Test Letter"):
        folder.write("letter.yaml", LETTER.replace("The Test Letter", title))
        run_forked(build(folder.root))
        editions.append(files(folder.root / "site"))
    return editions


def test_a_rebuild_killed_at_any_instant_is_whole_and_heals(
    folder: Folder, two_editions: list[dict[str, bytes]]
) -> None:
    random.seed(4)
    now, began, killed = 1, time.monotonic(), 0
    folder.write("letter.yaml", LETTER.replace("The Test Letter", "The Other Letter"))
    assert run_forked(build(folder.root)).status == 0
    spent, now = time.monotonic() - began, 0
    while killed < KILLS:
        folder.write("letter.yaml", LETTER if now == 0 else LETTER.replace("The Test Letter", "The Other Letter"))
        ended = run_forked(build(folder.root), after=random.uniform(0.002, spent * 1.05))
        assert not wrongs(folder.root / "site", two_editions[now], two_editions[1 - now])
        killed += ended.killed
        now = 1 - now
        heal(folder.root, two_editions[now], random.choice(["build", "check"]))


def test_two_builds_at_once_leave_one_whole_site(folder: Folder, two_editions: list[dict[str, bytes]]) -> None:
    random.seed(5)
    now = 1
    for pair in range(PAIRS):
        folder.write("letter.yaml", LETTER if now == 0 else LETTER.replace("The Test Letter", "The Other Letter"))
        now = 1 - now
        first = os.fork()
        if not first:
            ended = run_forked(build(folder.root))
            os._exit(ended.status)
        time.sleep(random.uniform(0, 0.4))
        ended = run_forked(build(folder.root), after=random.uniform(0.01, 0.8) if pair % 2 else 0)
        assert os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) == 0
        assert ended.killed or ended.status == 0, ended.said
        if ended.killed:
            heal(folder.root, two_editions[now])
        assert files(folder.root / "site") == two_editions[now]
        assert not leftovers(folder.root)


def test_ended_tells_a_kill_from_a_fault() -> None:
    assert run_forked(lambda: os.kill(os.getpid(), signal.SIGKILL)).killed
    assert isinstance(run_forked(lambda: 1 / 0), Ended)
    assert "ZeroDivisionError" in run_forked(lambda: 1 / 0).said

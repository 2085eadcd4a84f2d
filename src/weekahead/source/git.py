"""Run git, and read from its history when numbers were planned."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


def first_planned(root: Path) -> dict[int, datetime]:
    """Return when each number was first planned, by the commits of schedule.yaml; empty without git or a history.

    A number is planned from the first commit in which it has an entry with a state that counts.
    """
    from weekahead.source.schedule_file import entries_of  # with a parser, which a check needs not
    from weekahead.source.yaml_map import YamlSource, read_yaml_map

    try:
        log = git(root, "log", "--no-show-signature", "--reverse", "--format=%H %ct", "--", "schedule.yaml").decode()
    except GitFailed:
        return {}
    found_times = re.findall(r"(?m)^(\w+) ([0-9]{1,11})$", log)  # a commit may claim any time: up to the year 5138
    commits = [(commit, int(seconds)) for commit, seconds in found_times]
    found: dict[int, datetime] = {}
    for at, text in _versions(root, commits):
        fields = read_yaml_map(text, YamlSource("schedule.yaml", []), "schedule.yaml")
        for number, entry in (entries_of(fields) if fields else {}).items():
            if entry.state.counts:
                found.setdefault(number, at)
    return found


def _versions(root: Path, commits: list[tuple[str, int]]) -> Iterator[tuple[datetime, str]]:
    """Yield the time of each commit, given as seconds, and the text of schedule.yaml in it, from one git process."""
    with suppress(GitFailed):
        texts = read_objects(root, [f"{commit}:./schedule.yaml" for commit, _ in commits])
        for (_, seconds), text in zip(commits, texts, strict=True):
            if text is not None:
                yield datetime.fromtimestamp(seconds, UTC), text.decode("utf-8-sig", "replace")


SAFELY = ("-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false")
"""A letter may hold folders and settings that look like a repository's, and name programs to run."""


class GitFailed(Exception):
    """Git failed; the message is git's own."""


def git(root: Path, *arguments: str, given: bytes | Iterable[bytes] = b"", asks: bool = True) -> bytes:
    """Return the output of a git command in a folder. `given` is its input. Raise GitFailed with git's own words.

    Unless it `asks`, it fails where it would ask for a password on the terminal.
    """
    own = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE")  # a hook of the repository sets them
    around = {name: value for name, value in os.environ.items() if name not in own} | {"LC_ALL": "C", "LANGUAGE": ""}
    around |= {} if asks else {"GIT_TERMINAL_PROMPT": "0"}
    try:
        pipe = subprocess.PIPE
        command = ["git", *SAFELY, "-C", str(root), *arguments]
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=around)
    except OSError as error:
        raise GitFailed("git is not there") from error
    with process:
        assert process.stdin is not None
        try:
            for data in (given,) if isinstance(given, bytes) else given:
                process.stdin.write(data)
        except BrokenPipeError:  # git ended early, and says why
            pass
        except BaseException:
            process.kill()
            raise
        out, said = process.communicate()
    if process.returncode:
        raise GitFailed(said.decode("utf-8", "replace").strip() or f"git {arguments[0]} failed")
    return out


def read_objects(root: Path, names: Sequence[str]) -> Iterator[bytes | None]:
    """Yield the content of each file that git has by a name, None for one that it has not, from one process. Raise GitFailed."""
    if not names:
        return
    data, place = git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode()), 0
    for _ in names:
        end = data.index(b"\n", place)
        head = data[place:end].split()  # its id, its kind and its size; or the name, and that it is missing
        size = int(head[2]) if len(head) == 3 else None
        start = end + 1
        yield None if size is None or head[1] != b"blob" else data[start : start + size]
        place = start if size is None else start + size + 1

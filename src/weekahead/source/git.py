"""Run git, and read from its history when numbers were planned."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


def first_planned(root: Path) -> dict[int, datetime]:
    """Return when each number was first planned, by the commits of schedule.yaml; empty without git or a history.

    A number is planned from the first commit in which it has an entry with a state that counts.
    """
    from weekahead.source.schedule_file import entries_of  # with a parser, which a check needs not
    from weekahead.source.yaml_map import YamlSource, read_yaml_map

    log = _git(root, "log", "--no-show-signature", "--reverse", "--format=%H %ct", "--", "schedule.yaml").decode()
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
    names = "".join(f"{commit}:./schedule.yaml\n" for commit, _ in commits)
    data, place = _git(root, "cat-file", "--batch", given=names.encode()), 0
    for _, seconds in commits:
        end = data.find(b"\n", place)
        head = data[place:end].split()
        if end < 0 or len(head) != 3 or head[1] != b"blob":
            place = end + 1
            continue
        size = int(head[2])
        yield datetime.fromtimestamp(seconds, UTC), data[end + 1 : end + 1 + size].decode("utf-8-sig", "replace")
        place = end + size + 2


SAFELY = ("-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false")
"""A letter may hold folders and settings that look like a repository's, and name programs to run."""


class GitFailed(Exception):
    """Git failed; the message is git's own."""


def git(root: Path, *arguments: str, given: bytes | Iterable[bytes] = b"") -> bytes:
    """Return the output of a git command in a folder. `given` is its input. Raise GitFailed with git's own words."""
    own = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE")  # a hook of the repository sets them
    around = {name: value for name, value in os.environ.items() if name not in own} | {"LC_ALL": "C", "LANGUAGE": ""}
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


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return the output of a git command; nothing if there is no git or no repository."""
    with suppress(GitFailed):
        return git(root, *arguments, given=given)
    return b""

"""Run the tests against weekahead as users install it: the built wheel with the newest versions that it allows.

`make newest` uses the oldest Python we support and the newest one on this machine; `make newest PYTHONS="python3.12 ..."`
uses those named. Each gets an empty environment in .newest/, and the tests run there, not in the checkout's own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".newest"
OLDEST = (3, 11)
VERSION = "import ensurepip, sqlite3, sys, venv; print(*sys.version_info[:2])"
INSTALLED = "import weekahead; from importlib.metadata import version as v; print(weekahead.__file__, *map(v, {names}))"


def main() -> None:
    pythons = sys.argv[1:] or default_pythons()
    shutil.rmtree(WORK, ignore_errors=True)
    build = [sys.executable, "-P", "-m", "build", "--wheel", "--no-isolation", "--outdir", WORK, ROOT]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = WORK.glob("*.whl")
    failed = [python for python in pythons if not passes(python, wheel)]
    if failed:
        sys.exit(f"make newest: the tests fail on {', '.join(failed)}")


def default_pythons() -> list[str]:
    """Return the oldest Python we support and the newest one, if they are here, oldest first."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    programs = [f"python3.{minor}" for minor in range(OLDEST[1], 30)]
    found = {
        version: program
        for program in [*map(str, sorted(pyenv.glob("*/bin/python3"))), sys.executable, *programs]
        if (version := version_of(program)) and version >= OLDEST
    }
    if OLDEST not in found:
        print(f"make newest: Python {OLDEST[0]}.{OLDEST[1]} is not here and is left out", file=sys.stderr)
    return [found[version] for version in sorted({min(found), max(found)})]


def version_of(program: str) -> tuple[int, ...] | None:
    """Return the major and minor version of a Python that can make environments, or None."""
    if not shutil.which(program):
        return None
    done = subprocess.run([program, "-c", VERSION], capture_output=True, text=True, check=False)
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else None


def passes(python: str, wheel: Path) -> bool:
    """Install the wheel and what the tests need into an empty environment, and return whether the tests pass there."""
    environment = WORK / re.sub(r"\W+", "-", python).strip("-")
    subprocess.run([python, "-m", "venv", environment], check=True)
    program = environment / "bin/python"
    pip = [program, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    extras = ",".join(project()["optional-dependencies"])
    subprocess.run([*pip, "install", f"{wheel}[{extras}]"], check=True)
    subprocess.run([*pip, "check"], check=True)
    print(f"Python {'.'.join(map(str, version_of(str(program)) or ()))} ({python}): {installed(program)}", flush=True)
    return subprocess.run([environment / "bin/pytest"], cwd=ROOT, check=False).returncode == 0


def project() -> dict[str, Any]:
    """Return what pyproject.toml says of the project."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def installed(program: Path) -> str:
    """Return what the tests will use: the libraries with their versions. Raise SystemExit if weekahead is the checkout's."""
    names = [re.split(r"[<>=!~ ]", each)[0] for each in project()["dependencies"]]
    said = subprocess.run([program, "-c", INSTALLED.format(names=names)], capture_output=True, text=True, check=True)
    place, *versions = said.stdout.split()
    if not Path(place).is_relative_to(WORK):
        sys.exit(f"make newest: weekahead is imported from {place}, not from the wheel")
    return ", ".join(f"{name} {version}" for name, version in zip(names, versions, strict=True))


if __name__ == "__main__":
    main()

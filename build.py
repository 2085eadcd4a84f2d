"""The door to the letter: `python build.py [command]` is `weekahead [command]`; with no command it builds."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from weekahead.__main__ import run

if __name__ == "__main__":
    try:
        run(sys.argv[1:])
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed here; run `make site` once, then use .venv/bin/python build.py")

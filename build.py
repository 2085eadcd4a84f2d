"""The door to the letter: `python build.py [command]` is `weekahead [command]`; with no command it builds."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

try:
    from weekahead.commands.main import run_and_exit
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed here; run `make site` once, then use .venv/bin/python build.py")

if __name__ == "__main__":
    run_and_exit(sys.argv[1:] or ["build"])

"""The door to the letter: `python build.py [command]` is `weekahead [command]`; with no command it builds."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

try:
    from weekahead.commands.main import door
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed here; run `make site` once, then use .venv/bin/python build.py")

if __name__ == "__main__":
    door(sys.argv[1:] or ["build"])

"""Whatever bytes stand in a file, the readers give a value or findings in its lines, and the converter ends."""

from __future__ import annotations

import os
import random
from pathlib import Path

from weekahead.markdown import renderer
from weekahead.model.findings import Finding
from weekahead.source.front_matter import body_of, parse_issue
from weekahead.source.parsers import config_file, schedule_file

INPUTS = int(os.environ.get("FUZZ", "1000"))
REPOSITORY = Path(__file__).parents[2]
PIECES = [
    b"---",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b":",
    b": ",
    b"- ",
    b"&a",
    b"*a",
    b"!!python/object:os.system",
    b'"',
    b"'",
    b"|",
    b">",
    b"#",
    b"\t",
    b"    ",
    b"`",
    b"```\n",
    b"$",
    b"<",
    b"<script>",
    b"<!--",
    b"-->",
    b"&#x0;",
    b"\x02",
    b"\xe2\x80\xae",
    "é".encode(),
    "\U0001f600".encode(),
    b"[^1]",
    b"| a |",
    b"\\",
    b"number: 1\n",
    b"title: x\n",
    b"date: 2022-13-01\n",
    b"status: ready\n",
    b"upcoming:\n",
    b"{{ x }}",
    b"1" * 30,
    b"0x1F",
    b"7:28",
    b"no",
    b"~",
    b"<<: *x",
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Some bytes after one to six small accidents."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(found) + 1)
        end = min(len(found), place + chance.choice([1, 1, 2, 5, 40, 400]))
        match chance.randrange(6):
            case 0:
                del found[place:end]
            case 1:
                found[place:place] = chance.choice(PIECES) * chance.choice([1, 1, 1, 2, 8])
            case 2:
                found[place:place] = found[place:end]
            case 3 if found:
                found[min(place, len(found) - 1)] = chance.randrange(256)
            case 4:
                other = chance.randrange(len(found) + 1)
                found[place:end] = found[other : other + 20]
            case 5:
                found = found[:place] if chance.random() < 0.2 else found
    return bytes(found)


def seeds() -> list[tuple[str, bytes]]:
    names = [*REPOSITORY.glob("issues/**/*.md"), REPOSITORY / "letter.yaml", REPOSITORY / "schedule.yaml"]
    real = sorted(Path(os.environ["REAL"]).glob("**/*.md"))[:200] if "REAL" in os.environ else []
    return [(path.name, path.read_bytes()) for path in [*sorted(names), *real]]


def test_readers_give_a_value_or_findings() -> None:
    chance, known = random.Random(11), seeds()
    for count in range(INPUTS):
        name, data = chance.choice(known)
        data = mutated(data, chance)
        findings: list[Finding] = []
        read = {"letter.yaml": config_file, "schedule.yaml": schedule_file}.get(name, parse_issue)
        value = read(name, data, findings)
        assert value is not None or any(finding.is_error for finding in findings), (count, name)
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert all(0 <= finding.where.line <= lines for finding in findings), (count, findings)
        if value is not None and read is parse_issue and count % 20 == 0:
            found = renderer.convert(body_of(name, data))
            assert all(isinstance(part, str) for part in found.parts)

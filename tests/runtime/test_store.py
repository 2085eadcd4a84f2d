"""The store gives back what was saved, to the same version of our code alone; whatever happens to its file costs time and nothing else."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from tests.harness import run_forked

from weekahead.runtime import store as module
from weekahead.runtime.store import Store


class Point(Struct, frozen=True):
    x: int
    zone: ZoneInfo | None = None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".weekahead/cache.db"


@contextmanager
def opened(path: Path, version: str = "1 ", *, keep: bool = True) -> Iterator[Store]:
    store = Store(path, keep=keep)
    store.version = version
    try:
        yield store
    finally:
        store.close()


def rows(path: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(path) as database:
        return {*database.execute("SELECT kind, key FROM held")}


def value(path: Path, kind: str = "kind", key: str = "key") -> Point | None:
    with opened(path) as store:
        return store.load(kind, key, Point)


# -- what is remembered


def test_a_value_is_computed_once(path: Path) -> None:
    computed: list[Point] = []

    def compute() -> Point:
        computed.append(Point(1, ZoneInfo("Asia/Tehran")))
        return computed[-1]

    for _ in range(3):
        with opened(path) as store:
            assert store.memo("kind", "key", Point, compute) == Point(1, ZoneInfo("Asia/Tehran"))
            assert store.memo("kind", "key", Point, compute) == Point(1, ZoneInfo("Asia/Tehran"))
    assert len(computed) == 1


def test_a_value_that_is_not_to_be_kept_is_computed_again(path: Path) -> None:
    with opened(path) as store:
        assert store.memo("kind", "key", int, lambda: 1, keep=lambda value: value > 1) == 1
        assert store.memo("kind", "key", int, lambda: 2, keep=lambda value: value > 1) == 2
        assert store.memo("kind", "key", int, lambda: 3) == 2


def test_another_version_finds_nothing(path: Path) -> None:
    with opened(path, "1 ") as store:
        store.save("kind", "key", Point(1))
    with opened(path, "2 ") as store:
        assert store.load("kind", "key", Point) is None
        store.save("kind", "key", Point(2))
    with opened(path, "1 ") as store:
        assert store.load("kind", "key", Point) == Point(1)


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3), st.binary(max_size=9), st.booleans()), max_size=9))
def test_what_was_saved_last_is_found(saved: list[tuple[str, str, bytes, bool]]) -> None:
    with tempfile.TemporaryDirectory() as room:
        path, known = Path(room) / "cache.db", dict[tuple[str, str], bytes]()
        store = Store(path)
        for kind, key, data, reopen in saved:
            store.save_bytes(kind, key, data)
            known[kind, key] = data
            if reopen:
                store.close()
                store = Store(path)
            assert {(kind, key): store.load_bytes(kind, key) for kind, key in known} == known
        store.close()


def test_much_is_written_before_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUFFER", 1000)
    with opened(path) as store:
        for n in range(3):
            store.save_bytes("kind", str(n), bytes(600))
        assert len(rows(path)) == 2
    assert len(rows(path)) == 3


@given(st.lists(st.dictionaries(st.text(max_size=2), st.integers(0, 2), max_size=9), max_size=5))
def test_a_map_in_parts_is_found_as_it_was_saved(maps: list[dict[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as room, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PART", 3)
        before, parts = dict[str, int](), list[str]()
        for values in maps:
            with opened(Path(room) / "cache.db") as store:
                assert store.load_map(parts, int) == before
                parts = store.save_map(values, before, parts)
                before = values


def test_of_a_map_only_parts_that_changed_are_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART", 3)
    values = {str(n): n for n in range(10)}
    with opened(path) as store:
        parts = store.save_map(values, {}, [])
    with opened(path) as store:
        before = store.load_map(parts, int)
        assert before is not None
        now = store.save_map(before | {"4": 40, "10": 10}, before, parts)
    assert [new == old for new, old in zip(now, parts, strict=True)] == [True, False, True, False]
    assert {("part", f"1 {key}") for key in {*parts, *now}} == rows(path)


def test_a_map_of_which_a_part_is_lost_is_not_found(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART", 3)
    values = {str(n): n for n in range(10)}
    with opened(path) as store:
        parts = store.save_map(values, {}, [])
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM held WHERE key = ?", (f"1 {parts[1]}",))
    with opened(path) as store:
        assert store.load_map(parts, int) is None
        assert store.save_map(values, {}, parts) == parts
    with opened(path) as store:
        assert store.load_map(parts, int) == values


def test_without_a_path_values_last_as_long_as_the_store() -> None:
    store = Store()
    store.save("kind", "key", Point(1))
    assert store.load("kind", "key", Point) == Point(1)
    store.close()


def test_a_store_that_is_only_read_makes_no_file_and_changes_none(path: Path) -> None:
    with opened(path, keep=False) as store:
        store.save("kind", "key", Point(1))
        assert store.load("kind", "key", Point) == Point(1)
    assert not path.parent.exists()
    with opened(path) as store:
        store.save("kind", "key", Point(1))
    before = path.read_bytes()
    with opened(path, keep=False) as store:
        store.save("kind", "key", Point(2))
        store.sweep(lambda: {"kind": set()})
    assert path.read_bytes() == before
    assert value(path) == Point(1)


# -- what is damaged


@pytest.mark.parametrize(
    "change",
    [
        "data = x'8178'",
        "data = zeroblob(0)",
        "data = NULL",
        "data = 'text'",
        "sum = sum + 1",
        "sum = NULL",
        "kind = 'other', key = key",
        "key = key || 'x'",
    ],
)
def test_a_damaged_row_is_not_found(path: Path, change: str) -> None:
    with opened(path) as store:
        store.save("kind", "key", Point(1))
    with sqlite3.connect(path) as database:
        database.execute(f"UPDATE held SET {change}")
    assert value(path) is None
    assert value(path, "other") is None
    assert value(path, key="keyx") is None


def test_a_value_of_another_shape_is_not_found(path: Path) -> None:
    with opened(path) as store:
        store.save("kind", "key", {"x": "one"})
        store.save("kind", "zone", {"x": 1, "zone": "Nowhere/None"})
        assert store.load("kind", "key", Point) is None
        assert store.load("kind", "key", list[int]) is None
        assert store.load("kind", "zone", Point) is None
        assert store.load("kind", "key", dict[str, str]) == {"x": "one"}


@pytest.mark.parametrize("damage", [b"", b"garbage" * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database_is_replaced(path: Path, damage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    with opened(path) as store:
        store.save("kind", "key", Point(1))
    with opened(path) as store:
        store.save("kind", "key", Point(1))
    assert value(path) == Point(1)


@pytest.mark.parametrize("page", range(1, 7))
def test_a_store_with_a_damaged_page_is_one_again_after_a_while(path: Path, page: int) -> None:
    with opened(path) as store:
        for n in range(40):
            store.save_bytes("kind", str(n), bytes([n]) * 900)
    data = path.read_bytes()
    path.write_bytes(data[: page * 4096] + b"\xff" * 4096 + data[(page + 1) * 4096 :])
    for _ in range(2):
        with opened(path) as store:
            for n in range(40):
                found = store.load_bytes("kind", str(n))
                assert found in (None, bytes([n]) * 900)
                if found is None:
                    store.save_bytes("kind", str(n), bytes([n]) * 900)
    with opened(path) as store:
        assert all(store.load_bytes("kind", str(n)) for n in range(40))


# -- a folder that is closed, and two runs at once


@pytest.mark.parametrize("name", ["letter.yaml/.weekahead/cache.db", "folder"])
def test_a_store_that_cannot_be_made_still_works(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.yaml").write_text("x")
    (tmp_path / "folder").mkdir()
    with opened(tmp_path / name) as store:
        store.save("kind", "key", Point(1))
        assert store.load("kind", "key", Point) == Point(1)


def test_a_read_only_folder_has_its_store_read() -> None:
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / ".weekahead/cache.db"
        with opened(path) as store:
            store.save("kind", "key", Point(1))
        before = path.read_bytes()
        for closed, mode in ((path, 0o444), (path.parent, 0o555), (Path(room), 0o555)):
            closed.chmod(mode)

        def use() -> None:
            if os.getuid() == 0:
                os.setuid(65534)  # nothing is closed to root
            with opened(path) as store:
                assert store.load("kind", "key", Point) == Point(1)
                store.save("kind", "more", Point(2))
                store.sweep(lambda: {"kind": set()})
                assert store.load("kind", "more", Point) == Point(2)

        ended = run_forked(use)
        assert ended.status == 0, ended.said
        assert path.read_bytes() == before
        for closed in (Path(room), path.parent):
            closed.chmod(0o755)


def test_two_runs_at_once_leave_the_values_of_both(path: Path) -> None:
    def save(name: str) -> None:
        for n in range(20):
            with opened(path) as store:
                store.save("kind", f"{name} {n}", Point(n))

    child = os.fork()
    if not child:
        save("one")
        os._exit(0)
    save("other")
    assert os.waitpid(child, 0)[1] == 0
    with opened(path) as store:
        assert [store.load("kind", f"{name} {n}", Point) for name in ("one", "other") for n in range(20)] == [
            Point(n) for n in range(20)
        ] * 2


def test_a_forked_process_reads_what_was_saved_and_saves_nothing(path: Path) -> None:
    with opened(path) as store:
        store.save("kind", "written", Point(1))
    with opened(path) as store:
        store.save("kind", "waiting", Point(2))

        def work() -> None:
            store.reopen()
            assert store.load("kind", "written", Point) == Point(1)
            assert store.load("kind", "waiting", Point) == Point(2)
            store.save("kind", "lost", Point(3))
            store.close()

        ended = run_forked(work)
        assert ended.status == 0, ended.said
    assert value(path, key="waiting") == Point(2)
    assert value(path, key="lost") is None


# -- what is forgotten


def test_a_store_that_doubles_forgets_dead_keys_and_other_versions(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SPARE_PAGES", 0)
    with opened(path, "old ") as store:
        store.save("text", "a", Point(0))
        store.save("letter", "files", Point(0))
    with opened(path) as store:
        store.save("text", "a", Point(1))
        store.sweep(lambda: pytest.fail("it has not doubled since nothing"))
    with opened(path) as store:
        store.save("letter", "files", Point(1))
        store.save("text", "b", Point(2))
        for n in range(40):
            store.save_bytes("text", f"dead {n}", bytes(2000))
        store.sweep(lambda: {"text": {"a", "b"}})
    assert {key for kind, key in rows(path) if kind != "swept"} == {"1 a", "1 b", "1 files"}
    with opened(path) as store:
        store.save_bytes("text", "dead", bytes(2000))
        store.sweep(lambda: pytest.fail("it has not doubled since"))
    assert value(path, "letter", "files") == Point(1)


# -- a file that somebody else made up

ENDLESS = (
    "WITH RECURSIVE n(kind, key, sum, data) AS (SELECT 1, 2, 1, 3 UNION ALL SELECT kind, key, sum + 1, data FROM n)"
)
HELD = f"CREATE TABLE held {module.SCHEMA}"
MADE_UP = {
    "an endless view": [f"CREATE VIEW held AS {ENDLESS} SELECT * FROM n"],
    "an endless trigger": [
        HELD,
        f"CREATE TRIGGER t AFTER INSERT ON held BEGIN INSERT INTO held {ENDLESS} SELECT sum, sum, 0, 0 FROM n; END",
    ],
    "a trigger that feeds it": [HELD, "CREATE TRIGGER t AFTER INSERT ON held BEGIN UPDATE held SET data = x'01'; END"],
    "an index on an expression": [HELD, "CREATE INDEX i ON held (abs(sum))"],
    "another table": [HELD, "CREATE TABLE mine (x)"],
    "other columns": ["CREATE TABLE held (kind, key, sum, data AS (zeroblob(sum)))"],
    "a log": ["PRAGMA journal_mode = WAL", HELD],
    "nothing": ["PRAGMA user_version = 7"],
}


@pytest.mark.parametrize("statements", MADE_UP.values(), ids=MADE_UP.keys())
@pytest.mark.parametrize("keep", [True, False])
def test_a_database_of_another_make_is_replaced(path: Path, statements: list[str], keep: bool) -> None:
    path.parent.mkdir()
    database = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        database.execute(statement)
    database.close()
    before = path.read_bytes()
    with opened(path, keep=keep) as store:
        assert store.load("kind", "key", Point) is None
        store.save("kind", "key", Point(1))
        store.sweep(dict)
    assert keep or path.read_bytes() == before
    assert value(path) == (Point(1) if keep else None)


@pytest.mark.parametrize("name", ["cache.db", "cache.db-journal", "cache.db-wal", "cache.db-shm", ""])
@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder", "loop"])
@pytest.mark.parametrize("keep", [True, False])
def test_what_has_the_place_of_the_store_is_not_opened(tmp_path: Path, name: str, kind: str, keep: bool) -> None:
    path, victim = tmp_path / "letter/.weekahead/cache.db", tmp_path / "victim"
    victim.mkdir() if not name else victim.write_bytes(b"precious")
    place = path.parent / name if name else path.parent
    place.parent.mkdir(parents=True)
    match kind:
        case "link":
            place.symlink_to(victim)
        case "dangling link":
            place.symlink_to(tmp_path / "nothing")
        case "loop":
            place.symlink_to(place.name)
        case "pipe":
            os.mkfifo(place)
        case "folder":
            place.mkdir()
    with opened(path, keep=keep) as store:
        store.save("kind", "key", Point(1))
    assert value(path) == (Point(1) if keep else None)
    assert {*tmp_path.iterdir()} == {tmp_path / "letter", victim}
    assert (victim.read_bytes() == b"precious") if name else not any(victim.iterdir())


def test_a_journal_that_names_another_file_does_not_remove_it(path: Path, tmp_path: Path) -> None:
    """SQLite removes the file that a journal names as the one of a commit of several databases."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.execute(HELD)
    name, magic = str(victim).encode(), bytes.fromhex("d9d505f920a163d7")
    numbers = (0, 0, path.stat().st_size // 4096, 512, 4096)
    head = (magic + b"".join(number.to_bytes(4, "big") for number in numbers)).ljust(512, b"\0")
    end: list[int | bytes] = [(1 << 30) // 4096 + 1, name, len(name), sum(name)]
    tail = b"".join(part if isinstance(part, bytes) else part.to_bytes(4, "big") for part in end) + magic
    path.with_name("cache.db-journal").write_bytes(head + tail)
    with opened(path) as store:
        store.save("kind", "key", Point(1))
    assert victim.read_text() == "precious"
    assert value(path) == Point(1)


def test_parts_that_are_neither_loaded_nor_saved_are_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SPARE_PAGES", 0)
    with opened(path) as store:
        used, dead = store.save_map({"a": 1}, {}, []), store.save_map({"b": 2}, {}, [])
        store.sweep(dict)
    with opened(path) as store:
        assert store.load_map(used, int) == {"a": 1}
        new = store.save_map({"a": 3}, {"a": 1}, used)
        store.save_bytes("text", "long", bytes(80_000))
        store.sweep(dict)
    with opened(path) as store:
        assert [store.load_map(parts, int) for parts in (used, dead, new)] == [{"a": 1}, None, {"a": 3}]

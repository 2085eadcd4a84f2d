"""What is remembered by name comes back as it was saved, and a change rewrites a small part of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from weekahead.runtime import ledger


class Known(Struct, array_like=True):
    run: str = ""
    numbers: dict[str, int] = {}
    words: dict[str, str] = {}


class Shelf:
    """A store that counts what is saved."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], bytes] = {}
        self.saved = 0

    def load(self, kind: str, key: str) -> bytes | None:
        return self.held.get((kind, key))

    def save(self, kind: str, key: str, data: bytes) -> None:
        self.held[kind, key] = data
        self.saved += 1

    def reopen(self) -> None: ...


def loaded(shelf: Shelf) -> Known | None:
    return ledger.load(shelf, "known", "all", Known)


def many() -> Known:
    return Known("one", {f"issues/{n}.md": n for n in range(500)}, {f"issues/{n}.md": str(n) for n in range(500)})


def known() -> st.SearchStrategy[Known]:
    names = st.text(max_size=3)
    return st.builds(
        Known, st.sampled_from(["one", "two"]), st.dictionaries(names, st.integers(0, 3)), st.dictionaries(names, names)
    )


@given(st.lists(known(), min_size=1, max_size=4))
def test_what_was_saved_last_is_loaded(runs: list[Known]) -> None:
    shelf = Shelf()
    for run in runs:
        ledger.save(shelf, "known", "all", loaded(shelf), run)
        assert loaded(shelf) == run


def test_nothing_is_loaded_from_nothing() -> None:
    assert loaded(Shelf()) is None


def test_a_changed_entry_rewrites_one_leaf() -> None:
    shelf, after = Shelf(), many()
    ledger.save(shelf, "known", "all", None, after)
    shelf.saved = 0
    ledger.save(shelf, "known", "all", loaded(shelf), after)
    assert shelf.saved == 0
    after.numbers["issues/7.md"] = 8
    ledger.save(shelf, "known", "all", loaded(shelf), after)
    assert shelf.saved == 1
    assert loaded(shelf) == after


def test_a_lost_or_damaged_leaf_takes_its_own_entries_along() -> None:
    shelf = Shelf()
    ledger.save(shelf, "known", "all", None, many())
    leaves = sorted(shelf.held)
    del shelf.held[leaves[0]]
    shelf.held[leaves[1]] = b"\xff" + shelf.held[leaves[1]]
    found = loaded(shelf)
    assert found
    assert 400 < len(found.numbers) < 500
    assert found.numbers.items() <= many().numbers.items()


def test_leaves_of_another_run_are_left_aside() -> None:
    shelf, other = Shelf(), Shelf()
    ledger.save(shelf, "known", "all", None, many())
    ledger.save(other, "known", "all", None, Known("two", dict.fromkeys(many().numbers, -1)))
    last = max(shelf.held)
    shelf.held[last] = other.held[last]
    found = loaded(shelf)
    assert found
    assert found.run == "one"
    assert -1 not in found.numbers.values()

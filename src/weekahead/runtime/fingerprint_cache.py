"""The names of outputs as the last plan worked them out, for those that would come to the same ones.

To name ten thousand pages takes a fifth of a small rebuild, for each shows something of its neighbours, its series and what is
next. What pages show of one another has one name, `around`. While that is the same, an output that shows the same of its own
has the name it had.
"""

from __future__ import annotations

from msgspec import Struct

from weekahead.runtime import ledger
from weekahead.runtime.store import Store


class Name(Struct, frozen=True, array_like=True):
    """What an output showed of its own, and its fingerprint with the parts of it."""

    own: str
    fingerprint: str
    parts: str


class Remembered(Struct, array_like=True):
    """The names of one plan, by path."""

    around: str = ""
    names: dict[str, Name] = {}


class Names:
    """The names of this plan, and of the last one by that `key` in the store."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key
        self._before = ledger.load(store, "names", key, Remembered) or Remembered()
        self._found: dict[str, Name] = {}

    def find(self, around: str, path: str, own: str) -> Name | None:
        """The name of an output, if it is known."""
        found = self._before.names.get(path) if self._before.around == around else None
        if found is None or found.own != own:
            return None
        self._found[path] = found
        return found

    def put(self, path: str, name: Name) -> None:
        """The name of an output, worked out anew."""
        self._found[path] = name

    def keep(self, around: str) -> None:
        """Remember the names for the next plan."""
        ledger.save(self._store, "names", self._key, self._before, Remembered(around, self._found))

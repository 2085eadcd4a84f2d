"""Work on many posts in forked worker processes, each with notes of its own; results and notes come back in order."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import TypeVar

from weekahead.importers.notes import Notes
from weekahead.model.findings import BuildError
from weekahead.runtime.parallel import available_cores, map_in_workers

T = TypeVar("T")


def map_noted(work: Callable[[int, Notes], T], count: int, notes: Notes) -> Iterator[T]:
    """Yield what `work` returns for each of the items 0 to `count` - 1, and add its notes. Raise what it raises."""

    def one(item: int) -> bytes:
        own = Notes()
        return pickle.dumps((work(item, own), own.all))

    for result in map_in_workers(one, count, available_cores()):
        if isinstance(result, BuildError):
            raise result
        value, found = pickle.loads(result)  # made by a fork of this process
        notes.extend(found)
        yield value

"""Aspects: methods whose results are recorded as they are handed out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from weekahead.site.aspects import Aspect

T = TypeVar("T")

ASPECTS: dict[str, Callable[[Any, str], Any]] = {}
"""How each aspect is computed, by its name. A KeyError means that there is no such value (any more)."""


class Recorder(Protocol):
    recorded: dict[Aspect, None]


def aspect(method: Callable[[Any, str], T]) -> Callable[[Any, str], T]:
    """Make a method of a key an aspect: its result is recorded as handed out."""
    name = method.__name__
    ASPECTS[name] = method

    @wraps(method)
    def hand_out(self: Recorder, key: str) -> T:
        self.recorded[name, key] = None
        return method(self, key)

    return hand_out


def whole_aspect(method: Callable[[Any], T]) -> Callable[[Any], T]:
    """Make a method without a key an aspect."""
    name = method.__name__
    ASPECTS[name] = lambda self, key: method(self)

    @wraps(method)
    def hand_out(self: Recorder) -> T:
        self.recorded[name, ""] = None
        return method(self)

    return hand_out

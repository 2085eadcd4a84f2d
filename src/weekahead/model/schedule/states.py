"""The states of a planned issue."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How far a planned issue is. All but an idea count towards the promise."""

    IDEA = "idea"
    PLANNING = "planning"
    RESEARCH = "research"
    DRAFTING = "drafting"
    REVIEW = "review"
    RECORDING = "recording"
    READY = "ready"

    @property
    def counts(self) -> bool:
        return self is not State.IDEA

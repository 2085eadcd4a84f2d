"""When issues come out, what is planned, and whether the promise is kept."""

from weekahead.model.schedule.cadence import DAYS, Cadence, CadenceRule, parse_pattern
from weekahead.model.schedule.local_time import WEEK, fix_offset
from weekahead.model.schedule.promise import Promise, compute_promise, describe_promise
from weekahead.model.schedule.schedule import LONGEST_PAUSE, Entry, Idea, Schedule, Slot
from weekahead.model.schedule.states import State

__all__ = [
    "DAYS",
    "LONGEST_PAUSE",
    "WEEK",
    "Cadence",
    "CadenceRule",
    "Entry",
    "Idea",
    "Promise",
    "Schedule",
    "Slot",
    "State",
    "compute_promise",
    "describe_promise",
    "fix_offset",
    "parse_pattern",
]

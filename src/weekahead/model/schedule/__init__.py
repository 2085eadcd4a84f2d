"""When issues come out, what is planned, and whether the promise is kept."""

from weekahead.model.schedule.cadence import DAYS, Cadence, CadenceRule, Monthly, Pattern, Weekly, parse_pattern
from weekahead.model.schedule.local_time import WEEK, add_weeks, fix_offset, resolve_wall_time
from weekahead.model.schedule.promise import Promise, compute_promise, describe_promise
from weekahead.model.schedule.schedule import Entry, Idea, IssueSummary, Schedule, Slot
from weekahead.model.schedule.states import State

__all__ = [
    "DAYS",
    "WEEK",
    "Cadence",
    "CadenceRule",
    "Entry",
    "Idea",
    "IssueSummary",
    "Monthly",
    "Pattern",
    "Promise",
    "Schedule",
    "Slot",
    "State",
    "Weekly",
    "add_weeks",
    "compute_promise",
    "describe_promise",
    "fix_offset",
    "parse_pattern",
    "resolve_wall_time",
]

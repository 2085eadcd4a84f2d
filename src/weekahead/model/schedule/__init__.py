"""When issues come out, what is planned, and whether the promise is kept."""

from weekahead.model.schedule.cadence import DAYS, Cadence, CadenceRule, Monthly, Pattern, Weekly, pattern
from weekahead.model.schedule.local_time import WEEK, fix_offset, resolve_wall_time, weeks_on
from weekahead.model.schedule.promise import Promise, promise, promise_words
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
    "fix_offset",
    "pattern",
    "promise",
    "promise_words",
    "resolve_wall_time",
    "weeks_on",
]

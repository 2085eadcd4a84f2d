"""The day on which each post came out, in the zone of the letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from weekahead.importers.notes import Notes, Outcome
from weekahead.importers.post import Post, Publication

UNKNOWN_TIME = time(9)
"""The time of day of a letter whose export knows days alone."""


class Clock:
    """The zone of the letter, in which instants become days."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def local(self, post: Post) -> datetime | None:
        """Return the local time at which a post came out, without a zone; None where only the day is known, or nothing."""
        if post.at is None:
            return None
        return (post.at.astimezone(self.zone) if post.at.tzinfo else post.at).replace(tzinfo=None)

    def day(self, post: Post) -> date | None:
        """Return the day on which a post came out."""
        local = self.local(post)
        return local.date() if local else post.day

    def order(self, post: Post) -> tuple[datetime, str]:
        """Return what posts are sorted by: those without a day are last."""
        day = self.day(post)
        return self.local(post) or (datetime.combine(day or date.max, UNKNOWN_TIME)), post.id

    def time_of_day(self, posts: Iterable[Post]) -> time:
        """Return the time of day of most posts, to the minute; of most hours where no minute has a third of them."""
        times = [local.time() for post in posts if (local := self.local(post))]
        if not times:
            return UNKNOWN_TIME
        minute, count = Counter((each.hour, each.minute) for each in times).most_common(1)[0]
        if 3 * count >= len(times):
            return time(*minute)
        return time(Counter(each.hour for each in times).most_common(1)[0][0])


def clock_of(publication: Publication, posts: Iterable[Post], given: str, notes: Notes) -> Clock:
    """Return the clock of a letter: of the zone that was given, else that of the export, else UTC with a note."""
    name = given or publication.timezone
    if name:
        try:
            return Clock(ZoneInfo(name))
        except (KeyError, ValueError, OSError):
            message = f'the export has the time zone "{name}", which is not in the IANA list; days are those of UTC'
            notes.add(Outcome.ASK, "timezone", message, hint=_HINT)
            return Clock(ZoneInfo("UTC"))
    if any(post.at and post.at.tzinfo for post in posts):
        message = "the export names no time zone, so days and times are those of UTC: an issue sent in the evening may be a day off"
        notes.add(Outcome.ASK, "timezone", message, hint=_HINT)
    return Clock(ZoneInfo("UTC"))


_HINT = "Say yours, and import into a new folder: --timezone America/Denver."

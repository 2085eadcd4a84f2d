"""Give each post its place in the letter."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from weekahead.importers.arrangement.days import Day, days_of
from weekahead.importers.before import LetterBefore
from weekahead.importers.front_matter import clean
from weekahead.importers.notes import Notes
from weekahead.importers.placed import ConvertedPost, PlacedPost
from weekahead.importers.post import Publication
from weekahead.model.issue import slugify

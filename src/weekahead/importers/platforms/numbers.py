"""Whole numbers as exports write them."""

from __future__ import annotations

import re
from typing import Any


def whole_number(value: Any, digits: int = 9) -> int | None:
    """Return the whole number of at most so many digits that a value says; None for anything else."""
    words = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(words) if re.fullmatch(rf"[0-9]{{1,{digits}}}", words) else None

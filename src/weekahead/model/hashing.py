"""Names for values and bytes: equal for equal ones on any machine."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


def digest(value: Any) -> str:
    """Sixteen bytes, in hexadecimal, that name a plain value."""
    return digest_of(msgspec.json.encode(value, order="deterministic"))


def digest_of(data: bytes) -> str:
    """Sixteen bytes, in hexadecimal, that name some bytes (BLAKE2b, RFC 7693)."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()

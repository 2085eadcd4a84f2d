"""Names for values and bytes: equal for equal ones on any machine."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


def hash_value(value: Any) -> str:
    """Sixteen bytes, in hexadecimal, that name a plain value."""
    return hash_bytes(msgspec.json.encode(value, order="deterministic"))


def hash_bytes(data: bytes) -> str:
    """Sixteen bytes, in hexadecimal, that name some bytes (BLAKE2b, RFC 7693)."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()

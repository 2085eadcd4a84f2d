"""Digests of values and bytes, the same on any machine."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


def hash_value(value: Any) -> str:
    """Return the digest of a plain value: of its JSON with sorted keys, as 32 hexadecimal digits."""
    return hash_bytes(msgspec.json.encode(value, order="deterministic"))


def hash_bytes(data: bytes) -> str:
    """Return the digest of some bytes (BLAKE2b of 16 bytes, RFC 7693), as 32 hexadecimal digits."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()

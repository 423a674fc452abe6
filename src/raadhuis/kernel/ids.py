"""Identifiers that sort by the time they were made.

Out: UUIDv7 (RFC 9562, section 5.7) and the short codes that people read aloud.
Always holds: within one process, ids made later sort later.
"""

import os
import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0

# No 0/O, 1/I/L: these codes are read over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def uuid7() -> uuid.UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, 12 bits that count up within a millisecond, 62 random bits."""
    global _last
    with _lock:
        # 12 bits of sub-millisecond fraction keep the order inside one millisecond (RFC 9562, 6.2, method 3).
        stamp = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        _last = stamp
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | int.from_bytes(os.urandom(8)) >> 2
    return uuid.UUID(int=value)


def read_aloud_code(length: int = 8) -> str:
    """A random code of `length` characters (about 4.95 bits each) without characters that look alike."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def normalise_code(typed: str) -> str:
    """What a person typed, as the code was made: capitals, without spaces and hyphens."""
    return "".join(c for c in typed.upper() if c.isalnum())[:64]

"""Identifying numbers: encrypted where they rest, found by keyed hash, pseudonymous everywhere else.

Comes in: plain values and a purpose. Goes out: ciphertext, keyed hashes, pseudonyms.
Always holds: a ciphertext of one purpose cannot be read or used for another (the purpose is authenticated);
keys are derived from RAADHUIS_SECRET: the first one encrypts, older ones still decrypt; the last (oldest) one makes the
keyed hashes, so that a secret put before it loses nobody's cases or pseudonym.
"""

import hashlib
import hmac
import os
import uuid
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from raadhuis.kernel.models import Pseudonym


class Unreadable(Exception):
    """The ciphertext was altered, belongs to another purpose, or its key is gone."""


@lru_cache(maxsize=64)
def _derived(secret: str, label: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"raadhuis/v1", info=label.encode()).derive(secret.encode())


@lru_cache(maxsize=16)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(_derived(secret, "encrypt"))


def _secrets() -> list[str]:
    return list(settings.RAADHUIS_SECRETS)


def encrypt(purpose: str, plain: bytes) -> bytes:
    """AES-256-GCM: one byte of format, 12 of nonce, then ciphertext and tag."""
    nonce = os.urandom(12)
    return b"\x01" + nonce + _cipher(settings.RAADHUIS_SECRETS[0]).encrypt(nonce, plain, purpose.encode())


def decrypt(purpose: str, sealed: bytes | memoryview) -> bytes:
    """The inverse of `encrypt`. Raises Unreadable."""
    sealed = bytes(sealed)  # Costs nothing for what is bytes already.
    if len(sealed) < 29 or sealed[0] != 1:
        raise Unreadable(purpose)
    nonce, rest, label = sealed[1:13], sealed[13:], purpose.encode()
    for secret in settings.RAADHUIS_SECRETS:
        try:
            return _cipher(secret).decrypt(nonce, rest, label)
        except InvalidTag:
            continue
    raise Unreadable(purpose)


def encrypt_json(purpose: str, value: object) -> bytes:
    """`value` (what orjson can write) as ciphertext."""
    return encrypt(purpose, orjson.dumps(value))


def decrypt_json(purpose: str, sealed: bytes | memoryview) -> Any:
    """The inverse of `encrypt_json`. Raises Unreadable."""
    return orjson.loads(decrypt(purpose, sealed))


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA-256 as 64 hex characters: the same value gives the same hash, and only with the key."""
    key = _derived(_secrets()[-1], "hash")
    return hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def seal_keys() -> list[bytes]:
    """The keys of the journal's seal: the first one makes it, any of them may have made an older link."""
    return [_derived(secret, "journal-seal") for secret in _secrets()]


def pseudonym_for(kind: str, identifier: str) -> str:
    """The random pseudonym of a person or member of staff, made at first sight.

    `kind` is "bsn", "kvk" or "staff". Erasing the row (`forget`) breaks the only link between the person and
    what the journal tells, so that its counts stay as they were (GDPR article 17, recital 26).
    """
    row, _ = Pseudonym.objects.get_or_create(
        kind=kind, lookup=keyed_hash(f"pseudonym:{kind}", identifier), defaults={"pseudonym": uuid.uuid4().hex}
    )
    return row.pseudonym


def forget(kind: str, identifier: str) -> bool:
    """Breaks the link between a person and their pseudonym. Whether there was one."""
    found, _ = Pseudonym.objects.filter(kind=kind, lookup=keyed_hash(f"pseudonym:{kind}", identifier)).delete()
    return found > 0

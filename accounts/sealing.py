"""Secrets kept in the database under a key that is not in it: what a copy of the database alone does not give."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


class SealBroken(Exception):
    """The secret was sealed under another SECRET_KEY, or altered."""


def seal(secret: str) -> str:
    """Return `secret` sealed under the instance's SECRET_KEY."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret of `sealed`, under the present key or a former one; raises SealBroken."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as failure:
        raise SealBroken from failure


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> Fernet:
    # Its own derivation: what signs a cookie opens no secret.
    digest = hashlib.blake2b(force_bytes(secret), digest_size=32, person=b"accounts.sealing").digest()
    return Fernet(base64.urlsafe_b64encode(digest))

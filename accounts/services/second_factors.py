"""Encrypt the secrets of authenticator apps and recovery codes, so that nobody can sign in with a copy of the database.

The key follows from FINALCHECK_SECRET_KEY. What was encrypted with a key in FINALCHECK_OLD_SECRET_KEYS is still read.
"""

import logging
import secrets
from base64 import b32encode, b64decode, b64encode
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

PURPOSE = b"finalcheck second factors 1"
MARK = "aesgcm:"  # begins what is encrypted; version 0.9.0 stored the secret itself
NONCE = 12  # bytes
SECRETS = ("secret", "seed")  # of an app, and of recovery codes
log = logging.getLogger(__name__)


def encrypt_factor(text: str) -> str:
    nonce = secrets.token_bytes(NONCE)
    return MARK + b64encode(nonce + next(_ciphers()).encrypt(nonce, text.encode(), None)).decode()


def decrypt_factor(stored: str) -> str:
    """Return the secret. If no key fits, return a random one, so that no code is right, and nobody can compute one."""
    secret = _decrypted(stored, _ciphers())
    if secret is None:
        log.error("a second factor cannot be read: FINALCHECK_OLD_SECRET_KEYS lacks the key that encrypted it")
        return b32encode(secrets.token_bytes(20)).decode()
    return secret


@transaction.atomic
def renew_factors() -> int:
    """Encrypt what is stored in clear or with an old key. Return how many factors were changed."""
    renewed = 0
    for factor in Authenticator.objects.select_for_update():
        old = {name: factor.data[name] for name in SECRETS if name in factor.data}
        texts = {name: _decrypted(stored, _ciphers()) for name, stored in old.items() if not _has_present_key(stored)}
        new = {name: encrypt_factor(text) for name, text in texts.items() if text is not None}
        if new:
            factor.data |= new
            factor.save(update_fields=["data"])
            renewed += 1
    return renewed


def _has_present_key(stored: str) -> bool:
    return stored.startswith(MARK) and _decrypted(stored, [next(_ciphers())]) is not None


def _decrypted(stored: str, ciphers: Iterator[AESGCM] | list[AESGCM]) -> str | None:
    if not stored.startswith(MARK):
        return stored
    sealed = b64decode(stored.removeprefix(MARK))
    for cipher in ciphers:
        try:
            return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
        except InvalidTag:
            continue
    return None


def _ciphers() -> Iterator[AESGCM]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode()))

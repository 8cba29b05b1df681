"""Sign statements with the key of this site, and publish the public halves of all keys that it ever used.

The private key follows from FINALCHECK_SECRET_KEY, so every machine has it and every backup contains it. A new secret key
means a new signing key; statements that were signed before still verify with the old one's public half.
"""

from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from records.models import StatementKey
from records.rules.sealing import RecordColumns, in_one_form

PURPOSE = b"finalcheck statements 1"


def signing_key() -> Ed25519PrivateKey:
    secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(secret)


def publish_key(*, now: datetime) -> StatementKey:
    """Return the public half of the key in use. It is stored when it is used for the first time, and never removed."""
    public = signing_key().public_key().public_bytes_raw()
    values = {"public_key": b64encode(public).decode(), "first_used_at": now}
    return StatementKey.objects.get_or_create(pk=sha256(public).hexdigest()[:16], defaults=values)[0]


def published_keys(*, now: datetime) -> list[StatementKey]:
    """Return the public halves of all keys, the one in use and older ones, oldest first."""
    publish_key(now=now)
    return list(StatementKey.objects.order_by("first_used_at", "pk"))


def signed(*, statement: RecordColumns, now: datetime) -> dict[str, object]:
    """Return these facts with the key that signed them and the signature of everything."""
    key = publish_key(now=now)
    whole = {**statement, "key_id": key.pk, "public_key": key.public_key}
    return {**whole, "signature": b64encode(signing_key().sign(in_one_form(whole))).decode()}


def is_signed(statement: RecordColumns) -> bool:
    """Return whether this site signed these facts, with the key in use or with an older one."""
    unsigned = {name: value for name, value in statement.items() if name != "signature"}
    key = StatementKey.objects.filter(pk=str(statement.get("key_id"))).first()
    if key is None:
        return False
    try:
        signature = b64decode(str(statement.get("signature")), validate=True)
        Ed25519PublicKey.from_public_bytes(b64decode(key.public_key)).verify(signature, in_one_form(unsigned))
    except (InvalidSignature, ValueError):
        return False
    return True

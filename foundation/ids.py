"""Ids that appear in addresses and the API."""

import secrets

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_id() -> str:
    """Return an opaque id, unique in the installation: 12 letters and digits without look-alikes, 60 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))

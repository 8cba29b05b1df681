"""A passkey as a browser registers it, for pages that list a person's passkeys."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)


def passkey(user: Any, name: str = "Phone") -> Authenticator:
    """Return a passkey that is not saved yet."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(Aaguid.NONE, name.encode(), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    answer = AuthenticatorAttestationResponse(
        client_data=CollectedClientData.create("webauthn.create", b"challenge", "http://localhost"),
        attestation_object=AttestationObject.create(
            "none", AuthenticatorData.create(b"\0" * 32, flags, 0, attested), {}
        ),
    )
    credential = dict(RegistrationResponse(raw_id=name.encode(), response=answer))
    return Authenticator(user=user, type="webauthn", data={"name": name, "credential": credential})

"""Make the certificates with which workers and runner hosts know each other: a small authority of this site alone.

The folder `runners` in the data folder holds the authority, the workers' certificate, and a folder for each host.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY, HOST, WORKER = "authority", "host", "worker"  # the names that labs.runner.tls reads
AUTHORITY_DAYS, OWN_DAYS = 3650, 730
EARLIER = timedelta(days=1)  # for a host whose clock is late
USES = {HOST: ExtendedKeyUsageOID.SERVER_AUTH, WORKER: ExtendedKeyUsageOID.CLIENT_AUTH}


@dataclass(frozen=True)
class KeyPair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class EnrolledHost:
    """`folder` belongs to the host: its key and certificate, and the authority's certificate. They are valid until `until`."""

    folder: Path
    until: datetime


def enroll_runner(*, name: str, keys: Path, now: datetime) -> EnrolledHost:
    """Make a host's certificate, and the workers' as well. The authority is made once; calling again renews the others."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _authority(keys, now)
    _write(keys, WORKER, _signed(authority, "workers", WORKER, now))
    folder = keys / name
    folder.mkdir(mode=0o700, exist_ok=True)
    host = _signed(authority, name, HOST, now)
    _write(folder, HOST, host)
    _write_file(folder / f"{AUTHORITY}.crt", _text_of(authority.certificate))
    return EnrolledHost(folder, host.certificate.not_valid_after_utc)


def expiring_certificates(*, keys: Path, names: Collection[str], before: datetime) -> dict[Path, datetime | None]:
    """Return the certificates that workers and these hosts need and that expire before a time, with the end of each.

    The end is None for a certificate that is missing or unreadable. A host's folder may have been moved to the host, as
    `enroll` says; then only the host can tell.
    """
    paths = [keys / f"{AUTHORITY}.crt", keys / f"{WORKER}.crt"]
    paths += [keys / name / f"{HOST}.crt" for name in names if (keys / name).exists()]
    ends = {path: _end_of(path) for path in paths}
    return {path: end for path, end in ends.items() if end is None or end < before}


def _end_of(path: Path) -> datetime | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def _authority(keys: Path, now: datetime) -> KeyPair:
    """Return the site's authority, creating it on the first call."""
    path = keys / f"{AUTHORITY}.key"
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return KeyPair(x509.load_pem_x509_certificate((keys / f"{AUTHORITY}.crt").read_bytes()), key)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Finalcheck runners")
    built = _certificate(name, name, key.public_key(), now, AUTHORITY_DAYS)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    built = built.add_extension(_key_usage(signs_certificates=True), critical=True)
    made = KeyPair(built.sign(key, hashes.SHA256()), key)
    _write(keys, AUTHORITY, made)
    return made


def _signed(authority: KeyPair, name: str, use: str, now: datetime) -> KeyPair:
    key = ec.generate_private_key(ec.SECP256R1())
    built = _certificate(_name(name), authority.certificate.subject, key.public_key(), now, OWN_DAYS)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    built = built.add_extension(issuer, critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_key_usage(signs_certificates=False), critical=True)
    built = built.add_extension(x509.ExtendedKeyUsage([USES[use]]), critical=False)
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return KeyPair(built.sign(authority.key, hashes.SHA256()), key)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    built = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
    built = built.serial_number(x509.random_serial_number())
    built = built.not_valid_before(now - EARLIER).not_valid_after(now + timedelta(days=days))
    return built.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, name: str, pair: KeyPair) -> None:
    """Write the key before the certificate, whose time of change tells workers that both are new."""
    text = pair.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_file(folder / f"{name}.key", text)
    _write_file(folder / f"{name}.crt", _text_of(pair.certificate))


def _text_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_file(path: Path, text: bytes) -> None:
    """Write a file that only this user may read, whole or not at all."""
    partly = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
    partly.replace(path)

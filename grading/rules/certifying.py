"""Decide when a certificate is issued, revoked and restored (D19)."""

from typing import Literal

type Held = Literal["none", "valid", "revoked"]
type CertificateStep = Literal["", "issued", "revoked", "restored"]


def may_be_given(*, has_passed: bool, held: Held) -> bool:
    """Return whether a certificate would be issued or restored if no sitting is open."""
    return has_passed and held != "valid"


def certificate_step(*, has_passed: bool, held: Held, may_revoke: bool, has_open_sitting: bool) -> CertificateStep:
    """Return the step that follows from a grade. Only an instructor's action may revoke; passing again restores."""
    if not has_passed:
        return "revoked" if held == "valid" and may_revoke else ""
    if held == "valid" or has_open_sitting:
        return ""
    return "restored" if held == "revoked" else "issued"

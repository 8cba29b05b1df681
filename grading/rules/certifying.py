"""When a certificate is issued, revoked and restored (D19)."""

from collections.abc import Callable
from typing import Literal

type Held = Literal["none", "valid", "revoked"]
type Step = Literal["", "issued", "revoked", "restored"]


def certificate_step(*, has_passed: bool, held: Held, may_revoke: bool, has_open_sitting: Callable[[], bool]) -> Step:
    """What follows from a grade. Only what an instructor did may revoke; whoever passes again gets it back.

    `has_open_sitting` is asked only where a certificate would be given.
    """
    if not has_passed:
        return "revoked" if held == "valid" and may_revoke else ""
    if held == "valid" or has_open_sitting():
        return ""
    return "restored" if held == "revoked" else "issued"

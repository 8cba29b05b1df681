"""What the server declines to do, as RFC 9457 tells it."""

import json
from typing import Any


class Problem(Exception):
    """`code` is stable and for programs, `detail` for people; `facts` is the whole body.

    A stale draft, for one, comes with the stored one in `facts["draft"]`.
    """

    def __init__(self, status: int, facts: dict[str, Any]) -> None:
        self.status = status
        self.code: str = facts.get("code", "unknown")
        self.detail: str = facts.get("detail", "")
        self.facts = facts
        super().__init__(f"{status} {self.code}: {self.detail}")


def problem_from(status: int, content: bytes) -> Problem:
    """From an answer of 400 or more; one that is no problem document came from something in between."""
    try:
        facts = json.loads(content)
    except ValueError:
        facts = {}
    return Problem(status, facts if isinstance(facts, dict) else {})

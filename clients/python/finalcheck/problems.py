"""Errors from the server, in the format of RFC 9457."""

import json
from typing import Any


class Problem(Exception):
    """The server refused a request. `code` is stable, for programs; `detail` is a message for people.

    `facts` is the whole body of the response. With `stale_draft`, for example, `facts["draft"]` is the stored draft.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.code: str = body.get("code", "unknown")
        self.detail: str = body.get("detail", "")
        self.facts = body
        super().__init__(f"{status} {self.code}: {self.detail}")


def problem_from(status: int, content: bytes) -> Problem:
    """Build a Problem from a response of 400 or more. A body in another format came from a proxy; its code is `unknown`."""
    try:
        body = json.loads(content)
    except ValueError:
        body = {}
    return Problem(status, body if isinstance(body, dict) else {})

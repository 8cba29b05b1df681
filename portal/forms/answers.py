"""What a question's form holds: a response in its type's shape, and the numbers that guard against an old page."""

from typing import Any

from django.http import QueryDict

from quizzes import types

LARGEST = 2**31 - 1


def response_in(post: QueryDict, question_id: str) -> Any:
    """The raw response, null for an empty form.

    The form names its type, so that reading it asks no statement; a wrong name makes a response that the
    question's real type refuses, nothing else.
    """
    kind = post.get("type", "")
    return types.get(kind).from_form(post, f"q-{question_id}") if kind in types.names() else None


def number_in(post: QueryDict, name: str) -> int:
    """A whole number of the form; 0, which no attempt has, for anything else."""
    text = post.get(name, "")
    if not (text.isascii() and text.isdecimal()):
        return 0
    return min(int(text), LARGEST) if len(text) <= len(str(LARGEST)) else LARGEST

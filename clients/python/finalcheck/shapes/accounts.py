"""The types of responses about a person: tokens, account, enrollment."""

from typing import Literal, TypedDict


class NewToken(TypedDict):
    id: str
    token: str
    expires_at: str | None


class Token(TypedDict):
    id: str
    name: str
    scopes: list[str]
    created_at: str
    expires_at: str | None


class Me(TypedDict):
    username: str
    name: str
    enrollments: list[str]
    timezone: str


class Calendar(TypedDict):
    url: str | None


class Enrollment(TypedDict):
    course: str
    name: str
    role: str
    enrolled_at: str


class Export(TypedDict):
    state: Literal["none", "building", "ready"]
    percent: int
    requested_at: str | None
    kept_until: str | None
    size: int | None


class Deletion(TypedDict):
    due_at: str | None

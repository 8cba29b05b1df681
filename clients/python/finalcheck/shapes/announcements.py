"""The types of announcements, and of the mail that a person wants."""

from typing import Literal, TypedDict


class Announcement(TypedDict):
    id: str
    title: str
    text: str
    html: str
    posted_at: str
    edited_at: str | None
    is_new: bool


class MailCounts(TypedDict):
    total: int
    sent: int
    waiting: int
    failed: int
    unwanted: int
    unconfirmed: int
    withdrawn: int
    problem: str


class Reach(TypedDict):
    people: int
    mailed: int
    unwanted: int
    unconfirmed: int


class PostedAnnouncement(TypedDict):
    id: str | None
    title: str
    text: str
    html: str
    audience: Literal["everyone", "group", "at_risk"]
    group: str | None
    people: int
    by_mail: bool
    posted_at: str | None
    edited_at: str | None
    withdrawn_at: str | None
    mail: MailCounts
    reach: Reach | None


class MailWanted(TypedDict):
    announcements: bool
    notices: bool
    reminders: bool

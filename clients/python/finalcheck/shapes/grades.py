"""The types of responses about a learner's grade: progress, certificates."""

from typing import TypedDict

from finalcheck.shapes.courses import State


class Needed(TypedDict):
    state: str
    percent: str | None
    points: str | None
    of: str | None


class Overall(TypedDict):
    percent: str
    pass_percent: str
    passed: bool
    needed_on_exam: Needed | None


class Category(TypedDict):
    id: str
    title: str
    weight: str
    percent: str
    pass_percent: str
    extra_credit: bool
    drop_lowest: int


class Item(TypedDict):
    id: str
    kind: str
    title: str
    category: str
    percent: str
    points_earned: str
    points_possible: str
    pass_percent: str
    state: State
    extra_credit: bool
    dropped: bool
    exempt: bool
    points_late: str


class CertificateLink(TypedDict):
    code: str
    url: str


class Progress(TypedDict):
    overall: Overall
    categories: list[Category]
    items: list[Item]
    withheld: list[str]
    certificate: CertificateLink | None


class Certificate(TypedDict):
    code: str
    course: str
    name: str
    issued_at: str
    pass_percent: str
    is_valid: bool
    revoked_at: str | None

"""The types of a signed statement of a grade."""

from typing import Any, TypedDict

from finalcheck.shapes.courses import State


class PublishedKey(TypedDict):
    id: str
    public_key: str
    first_used_at: str


class PublishedKeys(TypedDict):
    keys: list[PublishedKey]


class StatementLearner(TypedDict):
    id: str
    name: str


class StatementCourse(TypedDict):
    slug: str
    title: str
    revision: str


class StatementCertificate(TypedDict):
    code: str
    is_valid: bool


class StatementQuestion(TypedDict):
    id: str
    key: str
    earned: str
    possible: str
    late: str


class StatementLatePolicy(TypedDict):
    due_at: str
    percent_per_day: int
    grace_minutes: int
    lowest_percent: int


class StatementItem(TypedDict):
    id: int
    title: str
    kind: str
    state: State
    earned: str
    possible: str
    answered: str
    override: str | None
    is_extra: bool
    is_exempt: bool
    late: str
    late_policy: StatementLatePolicy | None
    questions: list[StatementQuestion]


class StatementCategory(TypedDict):
    key: str
    title: str
    weight: str
    drop_lowest: int
    is_extra: bool
    items: list[StatementItem]


class StatementRecord(TypedDict):
    position: int
    content: dict[str, Any]
    texts: dict[str, Any]
    salt: str
    text_digest: str
    digest: str


class Statement(TypedDict):
    format: str
    site: str
    site_name: str
    made_at: str
    learner: StatementLearner
    course: StatementCourse
    certificate: StatementCertificate | None
    fraction: str
    percent: str
    pass_percent: str
    has_passed: bool
    categories: list[StatementCategory]
    records: list[StatementRecord]
    key_id: str
    public_key: str
    signature: str

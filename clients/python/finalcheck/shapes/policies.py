"""The types of the settings that decide grades. A setting that is None is not said."""

from typing import Literal, TypedDict

from finalcheck.shapes.teaching import LateChange, Learner

ShownAt = Literal["attempt", "final", "end", "closed", "release"]


class AttemptNumbers(TypedDict, total=False):
    default: int | None
    matching: int | None
    multiple_choice: int | None
    numeric: int | None
    ordering: int | None
    single_choice: int | None
    tensor_shape: int | None
    text: int | None
    true_false: int | None


class ShownWhen(TypedDict, total=False):
    verdict: ShownAt | None
    score: ShownAt | None
    key: ShownAt | None
    explanation: ShownAt | None


class ShownOfCourse(TypedDict):
    review: ShownWhen
    exam: ShownWhen


class LateSetting(TypedDict, total=False):
    percent_per_day: int
    grace_minutes: int | None
    lowest_percent: int | None


class CategorySetting(TypedDict, total=False):
    id: str
    title: str
    weight: str
    pass_percent: str
    of: Literal["review", "exam", "lab", "mixed", "column"]
    drop_lowest: int | None
    extra_credit: bool | None
    items: list[str] | None
    extra_items: list[str] | None


class ColumnSetting(TypedDict, total=False):
    id: str
    title: str
    maximum: str
    category: str
    due: str | None
    extra_credit: bool | None


class ColumnChanges(TypedDict, total=False):
    title: str
    maximum: str
    category: str
    due: str | None
    extra_credit: bool | None


class PublishedColumns(TypedDict):
    version: str
    columns: list[ColumnSetting]


class Column(TypedDict):
    id: str
    key: str
    title: str
    maximum: str
    category: str
    due_at: str | None
    extra_credit: bool
    given: int


class Columns(TypedDict):
    columns: list[Column]


class PointsLine(TypedDict, total=False):
    learner: str
    points: str | None
    exempt: bool
    comment: str


class LearnerPoints(TypedDict):
    learner: Learner
    points: str | None
    exempt: bool
    comment: str


class ColumnPoints(TypedDict):
    points: list[LearnerPoints]


class PolicySettings(TypedDict, total=False):
    pass_percent: str
    categories: list[CategorySetting]
    columns: list[ColumnSetting]
    attempts: AttemptNumbers
    late: LateSetting | None
    show: ShownOfCourse


class StratumSetting(TypedDict):
    module: str
    difficulty: int
    count: int
    points: str


class AssessmentSettings(TypedDict, total=False):
    title: str | None
    time_limit: int | Literal["none"] | None
    opens: str | None
    due: str | None
    closes: str | None
    attempts: AttemptNumbers | None
    show: ShownWhen | None
    late: LateSetting | None
    draw: list[StratumSetting] | None


class PublishedPolicy(TypedDict):
    version: str
    can_undo: bool
    settings: PolicySettings


class PublishedAssessment(TypedDict):
    kind: Literal["review", "exam"]
    version: str
    can_undo: bool
    settings: AssessmentSettings


class UnearnedCertificate(TypedDict):
    code: str
    username: str
    percent: str
    pass_percent: str


class SettingsChange(LateChange):
    version: str
    unearned: list[UnearnedCertificate]

"""The types of responses for instructors: the class, the gradebook, regrades."""

from typing import Literal, TypedDict

from finalcheck.shapes.assessments import Shown
from finalcheck.shapes.courses import State
from finalcheck.shapes.grades import Progress


class Learner(TypedDict):
    id: str
    username: str
    name: str


class Outcome(TypedDict):
    percent: str
    passed: bool


class GradebookItem(TypedDict):
    id: str
    percent: str
    state: State
    dropped: bool
    exempt: bool
    points_late: str


class Listed(TypedDict):
    id: str | None
    username: str | None
    email: str
    fate: Literal["add", "create", "enroll", "invite", "invited", "return", "group", "number", "unchanged", "staff"]
    groups: list[str]
    student_number: str
    password_link: str | None


class GradeMovedByGroup(TypedDict):
    username: str
    before: str
    after: str
    has_passed: bool
    certificate: Literal["issued", "revoked", "restored"] | None


class ClassList(TypedDict):
    people: list[Listed]
    moved_grades: list[GradeMovedByGroup]


class Membership(TypedDict):
    learner: Learner
    groups: list[str]
    student_number: str
    unenrolled_at: str | None
    removed_at: str | None


class ClassMember(TypedDict):
    learner: Learner
    groups: list[str]
    student_number: str
    unenrolled_at: str | None
    removed_at: str | None
    email: str
    enrolled_at: str
    no_mail: str


class StaffMember(TypedDict):
    id: str
    username: str
    name: str
    role: Literal["instructor", "assistant", "author", "observer"]
    groups: list[str] | None
    since: str


class Visibility(TypedDict):
    visibility: Literal["listed", "private", "hidden"]


class Archive(TypedDict):
    archived_at: str | None


class MovedDate(TypedDict):
    path: str
    name: str
    before: str
    after: str


class Copy(TypedDict):
    slug: str
    title: str
    lessons: int
    labs: int
    questions: int
    dates: list[MovedDate]


class LateNumbers(TypedDict):
    percent_per_day: int
    grace_minutes: int
    lowest_percent: int


class LatePlace(TypedDict):
    kind: Literal["course", "assessment", "lab"]
    assessment: str | None
    title: str
    is_due: bool
    own: LateNumbers | None
    in_force: LateNumbers | None
    late_from: str | None


class LatePolicies(TypedDict):
    policies: list[LatePlace]


class Movement(TypedDict):
    username: str
    before: str
    after: str
    had_passed: bool
    has_passed: bool


class LateChange(TypedDict):
    expected: str
    is_written: bool
    movements: list[Movement]
    lowered: list[str]


class Joining(TypedDict):
    enrollment: Literal["open", "code", "invitation", "closed"]
    set_here: Literal["open", "code", "invitation", "closed"] | None
    code: str | None


class Invitation(TypedDict):
    id: str
    url: str
    note: str
    created_at: str
    expires_at: str | None
    most_uses: int | None
    uses: int
    state: Literal["valid", "revoked", "expired", "used_up"]


class PersonalInvitation(TypedDict):
    id: str
    email: str
    name: str
    groups: list[str]
    student_number: str
    state: Literal["waiting", "sent", "failed", "accepted", "expired", "withdrawn"]
    problem: str
    created_at: str
    expires_at: str
    accepted_at: str | None
    withdrawn_at: str | None
    accepted_by: str | None


class GradebookRow(TypedDict):
    learner: Learner
    overall: Outcome
    items: list[GradebookItem]


class LearnerSitting(TypedDict):
    id: str
    assessment: str
    started_at: str
    deadline_at: str | None
    submitted_at: str | None
    paused_at: str | None
    paused_until: str | None
    is_void: bool


class LearnerDetail(TypedDict):
    learner: Learner
    enrolled_at: str
    unenrolled_at: str | None
    multiplier: str
    sittings: list[LearnerSitting]
    progress: Progress


class CertificateRow(TypedDict):
    code: str
    learner: Learner
    issued_at: str
    is_valid: bool
    revoked_at: str | None


class Rescoring(TypedDict):
    total: int
    done: int
    finished_at: str | None


class ReleaseState(TypedDict):
    assessment: str
    title: str
    show: Shown
    released_at: str | None
    released_by: str | None
    finished: int
    open: int


class ReleaseStates(TypedDict):
    assessments: list[ReleaseState]


class AllowanceIn(TypedDict, total=False):
    username: str
    reason: str
    item: str
    multiplier: str | None
    due_at: str | None
    closes_at: str | None
    extra_attempts: int | None


class AllowanceChange(TypedDict):
    kind: Literal["multiplier", "due", "closes", "extra_attempts"]
    before: str | None
    after: str | None


class Allowance(TypedDict):
    learner: str
    item: str | None
    changes: list[AllowanceChange]


class MovedGrade(TypedDict):
    learner: str
    before: str
    after: str
    crosses: bool


class Allowances(TypedDict):
    expected: str
    rows: list[Allowance]
    grades: list[MovedGrade]


class DatesOfItem(TypedDict):
    activity: str
    opens_at: str | None
    due_at: str | None
    closes_at: str | None


class GroupDatesRow(DatesOfItem):
    group: str


class GroupDates(TypedDict):
    rows: list[GroupDatesRow]


class DateMove(TypedDict):
    learner: str
    activity: str
    name: Literal["opens_at", "due_at", "closes_at"]
    before: str | None
    after: str | None


class GroupDatesDone(TypedDict):
    expected: str
    moves: list[DateMove]
    grades: list[MovedGrade]


class ExtraAttemptsRow(TypedDict):
    learner: Learner
    before: int
    after: int
    questions: int
    changes: bool


class ExtraAttempts(TypedDict):
    assessment: str
    extra: int
    expected: str
    learners: list[ExtraAttemptsRow]


class FailedAlike(TypedDict):
    message: str
    learners: list[Learner]


class FailedTest(TypedDict):
    name: str
    points: int
    tested: int
    failing: int
    messages: list[FailedAlike]


class LabFailures(TypedDict):
    lab: str
    tests: list[FailedTest]


class Retest(TypedDict):
    id: str
    lab: str
    total: int
    done: int
    created_at: str
    finished_at: str | None
    canceled: bool


class LabRegrade(TypedDict):
    id: str
    lab: str
    retest: str
    lowers: bool
    undoes: str | None
    reason: str
    author: str
    created_at: str


class Regrade(TypedDict):
    id: str
    question: str
    kind: Literal["key", "accept", "credit", "void"]
    variant: int
    undoes: str | None
    attempts_changed: int
    reason: str
    author: str
    created_at: str
    rescoring: Rescoring


class RunningExam(TypedDict):
    learner: Learner
    sitting: LearnerSitting


class RunningExams(TypedDict):
    server_time: str
    sittings: list[RunningExam]

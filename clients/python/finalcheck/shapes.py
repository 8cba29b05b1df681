"""The types of the API's responses. A test compares them with docs/openapi.yaml."""

from typing import Any, Literal, TypedDict

State = Literal["not_started", "in_progress", "done"]


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


class Course(TypedDict):
    slug: str
    title: str
    summary: str
    language: str
    enrollment: Literal["open", "code", "invitation", "closed"]


class SearchResult(TypedDict):
    kind: Literal["lesson", "lab", "term"]
    id: str
    course: str
    module: str
    title: str
    section: str
    anchor: str
    excerpt: str


class Search(TypedDict):
    query: str
    corrected: str
    results: list[SearchResult]


class Enrollment(TypedDict):
    course: str
    name: str
    role: str
    enrolled_at: str


class OutlineLesson(TypedDict):
    id: str
    title: str
    minutes: int
    state: State


class OutlineLab(TypedDict):
    id: str
    title: str
    state: State


class DatesInForce(TypedDict):
    """When something opens, is due and closes, in UTC; null does not restrict."""

    opens_at: str | None
    due_at: str | None
    closes_at: str | None


class OutlineAssessment(DatesInForce):
    id: str
    kind: Literal["review", "exam"]
    title: str
    state: State


class OutlineModule(DatesInForce):
    id: str
    title: str
    objectives: list[str]
    lessons: list[OutlineLesson]
    labs: list[OutlineLab]
    assessments: list[OutlineAssessment]


class Outline(TypedDict):
    slug: str
    title: str
    modules: list[OutlineModule]


class Lesson(TypedDict):
    id: str
    title: str
    minutes: int
    state: State
    html: str
    source: str


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


class CertificateLink(TypedDict):
    code: str
    url: str


class Progress(TypedDict):
    overall: Overall
    categories: list[Category]
    items: list[Item]
    certificate: CertificateLink | None


class Certificate(TypedDict):
    code: str
    course: str
    name: str
    issued_at: str
    pass_percent: str
    is_valid: bool
    revoked_at: str | None


class Sitting(TypedDict):
    id: str
    started_at: str
    deadline_at: str | None
    submitted_at: str | None
    paused_at: str | None
    paused_until: str | None
    server_time: str


class Draft(TypedDict):
    response: Any
    revision: int


class Saved(TypedDict):
    revision: int
    saved_at: str


class Feedback(TypedDict):
    key: str
    explanation_html: str


class Practice(TypedDict):
    is_correct: bool
    feedback: Feedback


class Question(TypedDict):
    id: str
    type: str
    prompt_html: str
    options: Any
    points: str
    attempts_used: int
    attempts_limit: int
    is_final: bool
    is_correct: bool | None
    draft: Draft | None
    is_flagged: bool
    feedback: Feedback | None


class Limits(DatesInForce):
    seconds: int | None


class AssessmentProgress(TypedDict):
    percent: str
    points_earned: str
    points_possible: str
    pass_percent: str
    state: State


class Assessment(TypedDict):
    id: str
    kind: Literal["review", "exam"]
    title: str
    limits: Limits
    sitting: Sitting | None
    questions: list[Question]
    progress: AssessmentProgress | None


class Attempt(TypedDict):
    number: int
    is_correct: bool
    is_final: bool
    attempts_left: int
    points_earned: str
    feedback: Feedback | None
    progress: Progress


class Cell(TypedDict):
    id: str
    source: str


class LabCell(TypedDict, total=False):
    id: str
    type: str
    source: str
    html: str


class LabTest(TypedDict):
    name: str
    points: int


class TestResult(TypedDict):
    name: str
    points: int
    verdict: Literal["passed", "failed", "error"]
    message: str
    tolerance: str


class LabDraft(TypedDict):
    cells: list[Cell]
    revision: int


class LabResults(TypedDict):
    finished: int
    passed: bool
    tests: list[TestResult] | None


class Lab(TypedDict):
    id: str
    title: str
    runtime: str
    limits: dict[str, int]
    cells: list[LabCell]
    tests: list[LabTest]
    draft: LabDraft | None
    results: LabResults
    solution: list[LabCell] | None


class Output(TypedDict):
    seq: int
    cell: str | None
    data: dict[str, Any]


class Run(TypedDict):
    id: str
    mode: str
    state: Literal["queued", "running", "finished"]
    verdict: str | None
    message: str
    position: int | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    outputs: list[Output]
    outputs_next: str | None
    tests: list[TestResult] | None


class RunRow(TypedDict):
    id: str
    mode: str
    state: Literal["queued", "running", "finished"]
    verdict: str | None
    cell: str | None
    created_at: str
    finished_at: str | None
    tests: list[TestResult] | None


class RanCell(TypedDict):
    """A cell of a run. `before` is its code in the run `run_before`, or the lab's starting code if that is None."""

    id: str
    source: str
    before: str
    run_before: str | None


class RunCode(TypedDict):
    cells: list[RanCell]


class LabVersion(TypedDict):
    revision: int
    saved_at: str
    cells: list[Cell]


class LearnerRun(TypedDict):
    id: str
    mode: str
    state: Literal["queued", "running", "finished"]
    verdict: str | None
    cell: str | None
    message: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    cells: list[RanCell]
    outputs: list[Output]
    outputs_next: str | None
    tests: list[TestResult] | None


class File(TypedDict):
    name: str
    size: int


class LeftFile(TypedDict):
    name: str
    size: int
    is_kept: bool


class Scalar(TypedDict):
    run: str
    tag: str
    points: list[tuple[float, float]]


class HistogramStep(TypedDict):
    step: int
    buckets: list[tuple[float, float, float]]


class Histogram(TypedDict):
    run: str
    tag: str
    steps: list[HistogramStep]


class Charts(TypedDict):
    scalars: list[Scalar]
    histograms: list[Histogram]


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


class Listed(TypedDict):
    id: str | None
    username: str | None
    email: str
    fate: Literal["create", "enroll", "return", "group", "unchanged", "staff"]
    groups: list[str]
    password_link: str | None


class ClassList(TypedDict):
    people: list[Listed]


class Membership(TypedDict):
    learner: Learner
    groups: list[str]
    unenrolled_at: str | None
    removed_at: str | None


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


class GradebookRow(TypedDict):
    learner: Learner
    overall: Outcome
    items: list[GradebookItem]


class LearnerSitting(TypedDict):
    id: str
    assessment: str
    started_at: str
    deadline_at: str
    submitted_at: str | None
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


class Regrade(TypedDict):
    id: str
    question: str
    kind: Literal["key", "accept", "credit", "void"]
    undoes: str | None
    attempts_changed: int
    reason: str
    author: str
    created_at: str
    rescoring: Rescoring

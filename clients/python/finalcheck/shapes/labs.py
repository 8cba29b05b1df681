"""The types of responses about labs: cells, runs, files, charts."""

from typing import Any, Literal, TypedDict

from finalcheck.shapes.assessments import Late


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
    minutes: int
    limits: dict[str, int]
    cells: list[LabCell]
    tests: list[LabTest]
    draft: LabDraft | None
    results: LabResults
    late: Late | None
    solution: list[LabCell] | None
    solution_opens: Literal["never", "after_close", "after_passing", "after_runs"]
    solution_runs: int | None
    may_use_solution: bool


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
    """A cell of a run. `before` is its code in the run `run_before`, or without an earlier run the starting code."""

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

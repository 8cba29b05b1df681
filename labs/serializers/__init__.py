"""Parse a draft of a lab, from a form or from the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.paging import page_of
from foundation.serializers import Moment, Reasoned, Strict, example, example_of
from grading.serializers import LateOut
from labs.models import Run
from labs.rules.solutions import OPENINGS
from labs.runner.protocol import VERDICTS as VERDICTS
from labs.selectors import position_of

MOST_CELLS, LONGEST_SOURCE = 200, 200_000  # cells in a lab, characters in a cell


class SourceField(serializers.CharField):
    """Code as typed: leading and trailing spaces are kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_SOURCE, allow_blank=True, trim_whitespace=False, **options)


@example(id="c1", source="print(2)")
class CodeCell(Strict):
    id = serializers.CharField(max_length=40)
    source = SourceField()


@example(cells=[example_of(CodeCell)], revision=0, keeps_replaced=False)
class LabDraftIn(Strict):
    """With `keeps_replaced`, the version that this one replaces stays among the lab's versions.

    It also stays there if this one lacks a cell that it had.
    """

    cells = CodeCell(many=True, max_length=MOST_CELLS)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 2)
    keeps_replaced = serializers.BooleanField(required=False, default=False)


RUNTIMES = ["tf1", "tf2"]
MODES = ["cell", "all", "test", "free", "listing"]
RUN_STATES = ["queued", "running", "finished"]


@example(revision=1, saved_at="2026-11-25T12:10:00Z")
class LabDraftSaved(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    saved_at = Moment()


@example(revision=1)
class LabDraftOut(serializers.Serializer[Any]):
    cells = CodeCell(many=True)
    revision = serializers.IntegerField()


@example(cells=[example_of(CodeCell)], cell="c1", mode="cell")
class LabRunIn(Strict):
    cells = CodeCell(many=True, max_length=MOST_CELLS)
    cell = serializers.CharField(max_length=40, required=False)
    mode = serializers.ChoiceField(["cell", "all", "test"])


@example(code="print(1)", runtime="tf2")
class FreeRunIn(Strict):
    code = SourceField()
    runtime = serializers.ChoiceField(RUNTIMES)


class OpenPage(Strict):
    """The random key with which a client names an open page."""

    page = serializers.RegexField(r"^[A-Za-z0-9_-]{1,40}\Z", trim_whitespace=False)


@example(listing="a-tensor", page="4f1c9a")
class ListingRunIn(OpenPage):
    listing = serializers.CharField(max_length=80)
    source = SourceField(required=False)
    check = serializers.BooleanField(required=False)


class LabCell(serializers.Serializer[Any]):
    id = serializers.CharField()
    type = serializers.ChoiceField(["code", "markdown"])
    source = serializers.CharField()
    html = serializers.CharField(required=False)


@example(name="the shape is right", points=1)
class LabTest(serializers.Serializer[Any]):
    name = serializers.CharField()
    points = serializers.IntegerField()


class Worth(serializers.IntegerField):
    """A test's points. 0 in old rows, which stored none; `labs.rules.results` counts them the same."""

    def get_attribute(self, instance: dict[str, Any]) -> int:
        return instance.get("points", 0)


@example(name="the shape is right", points=1, verdict="failed", message="(2, 2) is not (2,)", tolerance="")
class TestRow(serializers.Serializer[Any]):
    name = serializers.CharField()
    points = Worth()
    verdict = serializers.ChoiceField(["passed", "failed", "error"])
    message = serializers.CharField(allow_blank=True)
    tolerance = serializers.CharField(allow_blank=True)


@example(finished=1, passed=False)
class LabResults(serializers.Serializer[Any]):
    finished = serializers.IntegerField()
    passed = serializers.BooleanField()
    tests = TestRow(many=True, allow_null=True)


@example(
    id="5j7k9d3f2qwe",
    title="First steps",
    runtime="tf2",
    minutes=30,
    limits={"wall_seconds": 60, "memory_mb": 2048},
    cells=[{"id": "c1", "type": "code", "source": "print(1)"}],
    late=None,
    solution_opens="after_runs",
    solution_runs=3,
    may_use_solution=False,
)
class LabOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    runtime = serializers.ChoiceField(RUNTIMES)
    minutes = serializers.IntegerField()
    limits = serializers.DictField(child=serializers.IntegerField())
    cells = LabCell(many=True)
    tests = LabTest(many=True)
    draft = LabDraftOut(allow_null=True)
    results = LabResults()
    late = LateOut(allow_null=True)
    solution = LabCell(many=True, allow_null=True)
    solution_opens = serializers.ChoiceField(OPENINGS)
    solution_runs = serializers.IntegerField(allow_null=True)
    may_use_solution = serializers.BooleanField()


@example(seq=1, cell="3", data={"text/plain": "2\n"})
class Output(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    cell = serializers.CharField(allow_null=True)
    data = serializers.DictField()


class OutputCursor(serializers.Serializer[Any]):
    cursor = serializers.IntegerField(min_value=0, max_value=32_767, required=False)


@example(
    next="http://localhost:8000/api/v1/runs/6t8y1u3i5ole/outputs/?cursor=2",
    previous="http://localhost:8000/api/v1/runs/6t8y1u3i5ole/outputs/?cursor=0",
    results=[{"seq": 501, "cell": "c1", "data": {"text/plain": "2\n"}}],
)
class OutputPageOut(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = Output(many=True)


class RunRow(serializers.Serializer[Any]):
    """A run in a list, without its output."""

    id = serializers.CharField()
    mode = serializers.ChoiceField(MODES)
    state = serializers.ChoiceField(RUN_STATES)
    verdict = serializers.ChoiceField(VERDICTS, allow_null=True)
    cell = serializers.SerializerMethodField()
    created_at = Moment()
    finished_at = Moment(allow_null=True)
    tests = TestRow(many=True, allow_null=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_cell(self, run: Run) -> str | None:
        """Return the id of the cell that was run alone, or None if all were, or if the code is no longer kept."""
        return getattr(run, "first_cell", None) if run.mode == Run.Mode.CELL else None


@example(id="3", source="print(2)", before="print(1)")
class RanCellOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    source = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    run_before = serializers.CharField(allow_null=True)


@example()
class RunCodeOut(serializers.Serializer[Any]):
    """The code of a run, with the code that each cell had before."""

    cells = RanCellOut(many=True)


@example(revision=3, cells=[{"id": "3", "source": "print(1)"}])
class LabVersionOut(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    saved_at = Moment()
    cells = CodeCell(many=True)


@example(reason="The learner asked for help.")
class LabOpeningIn(Reasoned):
    pass


@example(open_until="2026-11-26T00:00:00Z")
class LabOpeningOut(serializers.Serializer[Any]):
    open_until = Moment()


@example(
    id="q9wz3k7m2c8r",
    mode="cell",
    state="finished",
    verdict="succeeded",
    cell="3",
    message="",
    created_at="2026-11-25T12:00:00Z",
    started_at="2026-11-25T12:00:01Z",
    finished_at="2026-11-25T12:00:02Z",
    cells=[example_of(RanCellOut)],
    outputs=[{"seq": 1, "cell": "3", "data": {"text/plain": "2\n"}}],
    outputs_next=None,
    tests=None,
)
class LearnerRunOut(RunRow):
    """A learner's run as an instructor reads it."""

    message = serializers.CharField(allow_blank=True)
    started_at = Moment(allow_null=True)
    cells = serializers.SerializerMethodField()
    outputs = Output(many=True)
    outputs_next = serializers.SerializerMethodField()

    @extend_schema_field(RanCellOut(many=True))
    def get_cells(self, run: Run) -> object:
        return RanCellOut(self.context["cells"], many=True).data

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_outputs_next(self, run: Run) -> str | None:
        return self.context.get("outputs_next")


RUN_PAGE = page_of(RunRow)


@example(name="data.csv", size=2048)
class FileOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField()


@example(name="model.keras", size=81920, is_kept=True)
class LeftFileOut(FileOut):
    is_kept = serializers.BooleanField()


@example()
class NotebookCells(serializers.Serializer[Any]):
    cells = CodeCell(many=True)


@example(run="train", tag="loss", points=[[1, 0.9], [2, 0.4]])
class Scalar(serializers.Serializer[Any]):
    run = serializers.CharField()
    tag = serializers.CharField(allow_blank=True)
    points = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


@example(step=1, buckets=[[-1.0, 0.0, 3.0], [0.0, 1.0, 5.0]])
class HistogramStep(serializers.Serializer[Any]):
    step = serializers.IntegerField()
    buckets = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


@example(run="train", tag="weights")
class Histogram(serializers.Serializer[Any]):
    run = serializers.CharField()
    tag = serializers.CharField(allow_blank=True)
    steps = HistogramStep(many=True)


@example()
class ChartsOut(serializers.Serializer[Any]):
    scalars = Scalar(many=True)
    histograms = Histogram(many=True)


@example(
    id="6t8y1u3i5ole",
    mode="cell",
    state="finished",
    verdict="succeeded",
    message="",
    position=None,
    created_at="2026-11-25T12:10:00Z",
    started_at="2026-11-25T12:10:00Z",
    finished_at="2026-11-25T12:10:01Z",
    outputs=[{"seq": 1, "cell": "c1", "data": {"text/plain": "2\n"}}],
    outputs_next=None,
    tests=None,
)
class RunOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    mode = serializers.ChoiceField(MODES)
    state = serializers.ChoiceField(RUN_STATES)
    verdict = serializers.ChoiceField(VERDICTS, allow_null=True)
    message = serializers.CharField(allow_blank=True)
    position = serializers.SerializerMethodField()
    created_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    outputs = Output(many=True)
    outputs_next = serializers.SerializerMethodField()
    tests = TestRow(many=True, allow_null=True)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_outputs_next(self, run: Run) -> str | None:
        return self.context.get("next")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_position(self, run: Run) -> int | None:
        return position_of(run)

"""Shapes of labs, their drafts and runs (api.md); probes and references are in none of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from course.serializers import Strict
from labs.selectors import position_of

MOST_CELLS, LONGEST_SOURCE = 200, 200_000  # characters
RUNTIMES = ["tf1", "tf2"]
MODES = ["cell", "all", "test", "free", "listing"]
RUN_STATES = ["queued", "running", "finished"]
VERDICTS = [
    *("succeeded", "failed", "timed_out", "out_of_memory"),
    *("output_limit", "disk_limit", "stopped", "broken"),
]


class Source(serializers.CharField):
    """Code as it was typed: spaces at its ends are kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_SOURCE, allow_blank=True, trim_whitespace=False, **options)


class CodeCell(Strict):
    id = serializers.CharField(max_length=40)
    source = Source()


class LabDraftIn(Strict):
    cells = CodeCell(many=True, max_length=MOST_CELLS)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 2)


class LabDraftSaved(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    saved_at = serializers.DateTimeField()


class LabDraftOut(serializers.Serializer[Any]):
    cells = CodeCell(many=True)
    revision = serializers.IntegerField()


class LabRunIn(Strict):
    cells = CodeCell(many=True, max_length=MOST_CELLS)
    cell = serializers.CharField(max_length=40, required=False)
    mode = serializers.ChoiceField(["cell", "all", "test"])


class FreeRunIn(Strict):
    code = Source()
    runtime = serializers.ChoiceField(RUNTIMES)


class OpenPage(Strict):
    """The random key by which a client names a page that it has open."""

    page = serializers.RegexField(r"^[A-Za-z0-9_-]{1,40}\Z")


class ListingRunIn(OpenPage):
    listing = serializers.CharField(max_length=80)
    source = Source(required=False)


class LabCell(serializers.Serializer[Any]):
    id = serializers.CharField()
    type = serializers.ChoiceField(["code", "markdown"])
    source = serializers.CharField()
    html = serializers.CharField(required=False)


class LabTest(serializers.Serializer[Any]):
    name = serializers.CharField()
    points = serializers.IntegerField()


class TestRow(serializers.Serializer[Any]):
    name = serializers.CharField()
    verdict = serializers.ChoiceField(["passed", "failed", "error"])
    message = serializers.CharField(allow_blank=True)
    tolerance = serializers.CharField(allow_blank=True)


class LabResults(serializers.Serializer[Any]):
    finished = serializers.IntegerField()
    passed = serializers.BooleanField()
    tests = TestRow(many=True, allow_null=True)


class LabOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    runtime = serializers.ChoiceField(RUNTIMES)
    limits = serializers.DictField(child=serializers.IntegerField())
    cells = LabCell(many=True)
    tests = LabTest(many=True)
    draft = LabDraftOut(allow_null=True)
    results = LabResults()
    solution = LabCell(many=True, allow_null=True)


class Output(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    cell = serializers.CharField(allow_null=True)
    data = serializers.DictField()


class RunRow(serializers.Serializer[Any]):
    """A run in a list: without output."""

    id = serializers.CharField()
    mode = serializers.ChoiceField(MODES)
    state = serializers.ChoiceField(RUN_STATES)
    verdict = serializers.ChoiceField(VERDICTS, allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    tests = TestRow(many=True, allow_null=True)


class FileOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField()


class LeftFileOut(FileOut):
    is_kept = serializers.BooleanField()


class NotebookCells(serializers.Serializer[Any]):
    cells = CodeCell(many=True)


class Scalar(serializers.Serializer[Any]):
    run = serializers.CharField()
    tag = serializers.CharField(allow_blank=True)
    points = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class HistogramStep(serializers.Serializer[Any]):
    step = serializers.IntegerField()
    buckets = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class Histogram(serializers.Serializer[Any]):
    run = serializers.CharField()
    tag = serializers.CharField(allow_blank=True)
    steps = HistogramStep(many=True)


class ChartsOut(serializers.Serializer[Any]):
    scalars = Scalar(many=True)
    histograms = Histogram(many=True)


class RunOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    mode = serializers.ChoiceField(MODES)
    state = serializers.ChoiceField(RUN_STATES)
    verdict = serializers.ChoiceField(VERDICTS, allow_null=True)
    message = serializers.CharField(allow_blank=True)
    position = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    outputs = Output(many=True)
    tests = TestRow(many=True, allow_null=True)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_position(self, run: Any) -> int | None:
        return position_of(run)

"""Parse a draft of a lab, from a form or from the API."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Strict
from labs.runner.protocol import VERDICTS as VERDICTS

MOST_CELLS, LONGEST_SOURCE = 200, 200_000  # cells in a lab, characters in a cell


class SourceField(serializers.CharField):
    """Code as typed: leading and trailing spaces are kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_SOURCE, allow_blank=True, trim_whitespace=False, **options)


class CodeCell(Strict):
    id = serializers.CharField(max_length=40)
    source = SourceField()


class LabDraftIn(Strict):
    """With `keeps_replaced`, the version that this one replaces stays among the lab's versions.

    It also stays there if this one lacks a cell that it had.
    """

    cells = CodeCell(many=True, max_length=MOST_CELLS)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 2)
    keeps_replaced = serializers.BooleanField(required=False, default=False)

"""Shapes of the columns that course.yaml declares, and of changes to them (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from authoring.serializers.policies import (
    LONGEST,
    UNSAID,
    VERSION_SHOWN,
    ColumnSetting,
    PlainNumber,
    SettingsChangeIn,
)
from foundation.serializers import Strict, example, example_of


@example(maximum="20")
class ColumnChanges(Strict):
    """What changes in a column; the rest stays. Null removes `due` and `extra_credit`."""

    title = serializers.CharField(max_length=200, required=False)
    maximum = PlainNumber(least="0.01", most="1000", required=False)
    category = serializers.CharField(max_length=LONGEST, required=False)
    due = serializers.CharField(max_length=16, **UNSAID)
    extra_credit = serializers.BooleanField(**UNSAID)


@example(version=VERSION_SHOWN, column=example_of(ColumnSetting), reason="", dry_run=True, expected="")
class NewColumnIn(SettingsChangeIn):
    """`version` is that of the columns as you read them, and `expected` that of a preview."""

    column = ColumnSetting()


@example(
    version=VERSION_SHOWN,
    changes=example_of(ColumnChanges),
    reason="As agreed with the class.",
    dry_run=True,
    expected="",
)
class ColumnChangeIn(SettingsChangeIn):
    """`version` is that of the columns as you read them, and `expected` that of a preview."""

    changes = ColumnChanges()


@example(version=VERSION_SHOWN, columns=[example_of(ColumnSetting)])
class PublishedColumnsOut(serializers.Serializer[Any]):
    """The columns in their order. `version` changes with each publication of the text that declares them."""

    version = serializers.CharField()
    columns = ColumnSetting(many=True)

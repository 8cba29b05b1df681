"""The columns of a course over the API (D41): read, add, change, remove. Each change works like one of the policy."""

import re
from collections.abc import Sequence
from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.api.policies import Settings, mistakes_by_field
from authoring.folder import Mistake
from authoring.serializers import columns as shapes
from authoring.serializers.policies import SettingsChangeIn, SettingsChangeOut
from authoring.services import PublishedSettings, column_added, column_changed, column_removed, published_columns
from foundation.frame.endpoint import leads
from foundation.refusals import refuses

IN_LIST = re.compile(r"changes(\.columns\.[0-9]+)?")  # the setting that holds a column, in the course's text


class ColumnSettings(Settings):
    """Base of the endpoints for columns. `sent_as` is the field of the body that holds the column."""

    sent_as = "changes"

    def mistakes(self, settings: PublishedSettings, mistakes: Sequence[Mistake]) -> dict[str, list[str]]:
        """Name the fields as the body does, which has one column and not the list."""
        by_field = mistakes_by_field(settings, mistakes)
        return {IN_LIST.sub(self.sent_as, field, count=1): sentences for field, sentences in by_field.items()}


class CourseColumns(ColumnSettings):
    """The columns of the course, as its text declares them. A POST adds one behind the others, or with `dry_run` only
    previews whose grade would move. If grades move, the change needs the `expected` of a preview.
    """

    sent_as = "column"

    @extend_schema(responses=shapes.PublishedColumnsOut)
    @leads(column_key="/columns/0/id")
    def get(self, request: Request, slug: str) -> Response:
        settings = self.settings_now()
        body = {"version": settings.version, "columns": published_columns(settings)}
        return Response(shapes.PublishedColumnsOut(body).data)

    @extend_schema(request=shapes.NewColumnIn, responses={200: SettingsChangeOut})
    @refuses("settings_unfit", "settings_stale")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.NewColumnIn)
        return self.changed(body, partial(column_added, column=body["column"]))


class CourseColumn(ColumnSettings):
    """Change a column, named by its id in the course's text. Previews and confirmations are those of the policy."""

    @extend_schema(
        operation_id="courses_policy_columns_change",
        request=shapes.ColumnChangeIn,
        responses={200: SettingsChangeOut},
    )
    @refuses("settings_unfit", "settings_stale")
    def post(self, request: Request, slug: str, column_key: str) -> Response:
        body = self.read(shapes.ColumnChangeIn)
        return self.changed(body, partial(column_changed, key=column_key, changes=body["changes"]))


class RemovedColumn(ColumnSettings):
    """Remove a column. Its points are kept, and count again once a column with the same id is added."""

    @extend_schema(request=SettingsChangeIn, responses={200: SettingsChangeOut})
    @refuses("settings_unfit", "settings_stale")
    def post(self, request: Request, slug: str, column_key: str) -> Response:
        return self.changed(self.read(SettingsChangeIn), partial(column_removed, key=column_key))

"""The part of the client that reads and changes the settings that decide grades."""

from collections.abc import Iterator
from typing import Any, TypedDict, Unpack, cast

from finalcheck import shapes
from finalcheck.calling import Caller


class ChangeOptions(TypedDict, total=False):
    """The optional fields of a change. `expected` is that of a preview, which is made with `dry_run`."""

    reason: str
    dry_run: bool
    expected: str


class UndoOptions(ChangeOptions, total=False):
    """`revoke` lists the codes of certificates to revoke, out of those that the preview offers as `unearned`."""

    revoke: list[str]


class Policies(Caller):
    """What `Client` does about the grading policy and the settings of assessments.

    A change needs the `version` that was read, and if it moves grades, the `expected` of a preview.
    """

    def grading_policy(self, slug: str) -> shapes.PublishedPolicy:
        """Return the pass mark, the categories, and what else the course says about grades."""
        return cast(shapes.PublishedPolicy, self.call("GET", f"/courses/{slug}/policy/"))

    def change_grading_policy(
        self, slug: str, changes: shapes.PolicySettings, *, version: str, **options: Unpack[ChangeOptions]
    ) -> shapes.SettingsChange:
        """Publish the settings that `changes` names; the others stay."""
        return self._change(f"/courses/{slug}/policy/", {"version": version, "changes": changes, **options})

    def undo_grading_policy(self, slug: str, *, version: str, **options: Unpack[UndoOptions]) -> shapes.SettingsChange:
        """Publish again what the last publication on the site replaced."""
        return self._change(f"/courses/{slug}/policy/undo/", {"version": version, **options})

    def column_settings(self, slug: str) -> shapes.PublishedColumns:
        """Return the columns as the course's text declares them, with the `version` that a change needs."""
        return cast(shapes.PublishedColumns, self.call("GET", f"/courses/{slug}/policy/columns/"))

    def add_column(
        self, slug: str, column: shapes.ColumnSetting, *, version: str, **options: Unpack[ChangeOptions]
    ) -> shapes.SettingsChange:
        """Publish a new column behind the others."""
        return self._change(f"/courses/{slug}/policy/columns/", {"version": version, "column": column, **options})

    def change_column(
        self, slug: str, key: str, changes: shapes.ColumnChanges, *, version: str, **options: Unpack[ChangeOptions]
    ) -> shapes.SettingsChange:
        """Publish what changes in a column, which is named by its id in the course's text."""
        path = f"/courses/{slug}/policy/columns/{key}/"
        return self._change(path, {"version": version, "changes": changes, **options})

    def remove_column(
        self, slug: str, key: str, *, version: str, **options: Unpack[ChangeOptions]
    ) -> shapes.SettingsChange:
        """Remove a column. Its points are kept."""
        return self._change(f"/courses/{slug}/policy/columns/{key}/removal/", {"version": version, **options})

    def columns(self, slug: str) -> list[shapes.Column]:
        """Return the columns as items of the gradebook, with how many learners have points in each."""
        return cast(shapes.Columns, self.call("GET", f"/courses/{slug}/columns/"))["columns"]

    def column_points(self, slug: str, column_id: str, group: str = "") -> Iterator[shapes.LearnerPoints]:
        """Yield what each learner has in a column, of a group or all."""
        return self.pages(f"/courses/{slug}/columns/{column_id}/points/", {"group": group} if group else {})

    def give_points(
        self, slug: str, column_id: str, points: list[shapes.PointsLine], *, expected: str = ""
    ) -> list[shapes.LearnerPoints]:
        """Store points in a column, all of them or none, and return what changed. `expected` is that of a preview."""
        path, body = f"/courses/{slug}/columns/{column_id}/points/", {"points": points, "expected": expected}
        return cast(shapes.ColumnPoints, self.call("POST", path, body))["points"]

    def preview_points(self, slug: str, column_id: str, points: list[shapes.PointsLine]) -> object:
        """Return whose grades and certificates points in a column would change."""
        path, body = f"/courses/{slug}/columns/{column_id}/points/", {"points": points, "dry_run": True}
        return self.call("POST", path, body)

    def assessment_settings(self, slug: str, assessment_id: str) -> shapes.PublishedAssessment:
        """Return what an exam or review questions say themselves: dates, attempts, the draw."""
        path = f"/courses/{slug}/assessments/{assessment_id}/settings/"
        return cast(shapes.PublishedAssessment, self.call("GET", path))

    def change_assessment_settings(
        self,
        slug: str,
        assessment_id: str,
        changes: shapes.AssessmentSettings,
        *,
        version: str,
        **options: Unpack[ChangeOptions],
    ) -> shapes.SettingsChange:
        """Publish the settings that `changes` names; the others stay, and None removes one."""
        path = f"/courses/{slug}/assessments/{assessment_id}/settings/"
        return self._change(path, {"version": version, "changes": changes, **options})

    def undo_assessment_settings(
        self, slug: str, assessment_id: str, *, version: str, **options: Unpack[UndoOptions]
    ) -> shapes.SettingsChange:
        """Publish again what the last publication on the site replaced."""
        path = f"/courses/{slug}/assessments/{assessment_id}/settings/undo/"
        return self._change(path, {"version": version, **options})

    def _change(self, path: str, body: dict[str, Any]) -> shapes.SettingsChange:
        return cast(shapes.SettingsChange, self.call("POST", path, body))

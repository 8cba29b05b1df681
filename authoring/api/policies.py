"""The grading policy and the settings of assessments over the API: read, preview, change, undo. The form does the same."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.api.late_policies import MovingGrades
from authoring.folder import Mistake
from authoring.refusals import Refusal
from authoring.serializers import policies as shapes
from authoring.services import (
    CourseEdit,
    PublishedSettings,
    published_settings,
    settings_changed,
    settings_undone,
)
from foundation.idempotency import Answer
from foundation.refusals import refuses
from people.rules.roles import Permission

type MakeEdit = Callable[..., CourseEdit]


class Settings(MovingGrades):
    """Base of the endpoints for settings, those of the course if the address names no assessment."""

    needs = Permission.CHANGE_POLICY

    def settings_now(self, assessment_id: str = "") -> PublishedSettings:
        return published_settings(course_id=self.course.pk, assessment_id=assessment_id)

    def body_of(self, assessment_id: str = "") -> dict[str, object]:
        settings = self.settings_now(assessment_id)
        values = {name: value for name, value in settings.values.items() if value is not None}
        can_undo = settings.last is not None
        return {"kind": settings.at.kind, "version": settings.version, "can_undo": can_undo, "settings": values}

    def changed(self, body: dict[str, Any], edit: MakeEdit, assessment_id: str = "") -> Response:
        """Publish or preview the edit of the settings, once per key. Raises Refusal settings_stale."""
        return self.changed_once(body, lambda: self.change(body, edit, assessment_id))

    def mistakes(self, settings: PublishedSettings, mistakes: Sequence[Mistake]) -> dict[str, list[str]]:
        """Return the mistakes by the field of the body that they are about."""
        return mistakes_by_field(settings, mistakes)

    def change(self, body: dict[str, Any], edit: MakeEdit, assessment_id: str) -> Callable[[], Answer]:
        settings = self.settings_now(assessment_id)
        if body["version"] != settings.version:
            raise Refusal("settings_stale")
        made = edit(course=self.course, settings=settings, editor=self.person, reason=body["reason"].strip())

        def answer() -> Answer:
            done = self.published(made, body)
            if done.mistakes:
                raise ValidationError(self.mistakes(settings, done.mistakes))
            version = self.settings_now(assessment_id).version
            outcome = {**self.outcome(done), "version": version, "unearned": done.effects.unearned}
            return 200, dict(shapes.SettingsChangeOut(outcome).data)

        return answer


class GradingPolicy(Settings):
    """The grading policy of the course. A POST publishes the settings that `changes` names, or with `dry_run` only
    previews whose grade would move. If grades move, the change needs the `expected` of a preview.
    """

    @extend_schema(responses=shapes.PublishedPolicyOut)
    def get(self, request: Request, slug: str) -> Response:
        return Response(shapes.PublishedPolicyOut(self.body_of()).data)

    @extend_schema(request=shapes.PolicyChangeIn, responses={200: shapes.SettingsChangeOut})
    @refuses("settings_unfit", "settings_stale")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.PolicyChangeIn)
        return self.changed(body, partial(settings_changed, changes=body["changes"]))


class UndonePolicy(Settings):
    """Publish the policy again that the last publication on this site replaced, with everything else in that text. A
    preview offers the certificates that only this publication has given (`unearned`), and `revoke` takes those you name.
    """

    @extend_schema(request=shapes.UndoneSettingsIn, responses={200: shapes.SettingsChangeOut})
    @refuses("settings_stale", "nothing_to_undo")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.UndoneSettingsIn)
        return self.changed(body, partial(settings_undone, revoked=body["revoke"]))


class SettingsOfAssessment(Settings):
    """The settings of one assessment. They are changed like the policy, which applies where they say nothing."""

    @extend_schema(responses=shapes.PublishedAssessmentOut)
    def get(self, request: Request, slug: str, assessment_id: str) -> Response:
        return Response(shapes.PublishedAssessmentOut(self.body_of(assessment_id)).data)

    @extend_schema(request=shapes.AssessmentChangeIn, responses={200: shapes.SettingsChangeOut})
    @refuses("settings_unfit", "settings_stale")
    def post(self, request: Request, slug: str, assessment_id: str) -> Response:
        body = self.read(shapes.AssessmentChangeIn)
        return self.changed(body, partial(settings_changed, changes=body["changes"]), assessment_id)


class UndoneSettings(Settings):
    """Publish the settings again that the last publication on this site replaced, with everything else in that text."""

    @extend_schema(request=shapes.UndoneSettingsIn, responses={200: shapes.SettingsChangeOut})
    @refuses("settings_stale", "nothing_to_undo")
    def post(self, request: Request, slug: str, assessment_id: str) -> Response:
        body = self.read(shapes.UndoneSettingsIn)
        return self.changed(body, partial(settings_undone, revoked=body["revoke"]), assessment_id)


def mistakes_by_field(settings: PublishedSettings, mistakes: Sequence[Mistake]) -> dict[str, list[str]]:
    """Return the mistakes by the setting that they are about; others name their file and line."""
    depth, by_field = len(settings.at.keys), dict[str, list[str]]()
    for mistake in mistakes:
        is_here = mistake.path == settings.at.path and mistake.keys[:depth] == settings.at.keys
        inside = mistake.keys[depth:] if is_here else ()
        field, sentence = (".".join(map(str, inside)), mistake.text) if inside else ("", str(mistake))
        by_field.setdefault(f"changes.{field}".rstrip("."), []).append(sentence)
    return by_field

"""Instructors' forms. Those that change what counts ask for a reason, which the learner concerned can read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.entries import DayEntry, DecimalEntry, WholeEntry
from foundation.frame.forms import ReasonForm
from quizzes.rules.corrections import KINDS

if TYPE_CHECKING:
    from course.models import Course

KIND_LABELS = {
    "key": _("Another response is correct instead"),
    "accept": _("Another response is also correct"),
    "credit": _("Everyone gets full points"),
    "void": _("The question does not count"),
}


class PointsForm(ReasonForm):
    points = DecimalEntry(label=_("Points"), min_value=0, max_digits=9, decimal_places=2)


class CorrectionForm(ReasonForm):
    """A regrade without its response, which the question's own controls ask for."""

    kind = forms.ChoiceField(label=_("Correction"), choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])
    version = WholeEntry(required=False)
    lowers = forms.BooleanField(required=False)


class LabRegradeForm(ReasonForm):
    """Whether a regrade of a lab may lower points, and why it is made."""

    lowers = forms.BooleanField(
        label=_("Allow this regrade to lower points"),
        help_text=_("Otherwise, the new results of a test run count only if they are better."),
        required=False,
    )


class AuditAsked(forms.Form):
    """An instructor's search of the audit; every field is optional. `actions` are those that happened."""

    DAY = _("Enter the date as year, month and day: 2026-11-25.")

    action = forms.ChoiceField(label=_("Action"), required=False)
    actor = forms.CharField(label=_("Who"), max_length=200, required=False)
    words = forms.CharField(label=_("Reason or object"), max_length=200, required=False)
    since = DayEntry(label=_("From"), required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": DAY})
    until = DayEntry(label=_("To"), required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": DAY})

    def __init__(self, data: QueryDict, *, actions: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["action"].choices = [("", _("any")), *((name, name.replace("_", " ")) for name in actions)]
        for name in ("since", "until"):
            self.fields[name].widget.input_type = "date"

    def clean(self) -> dict[str, object]:
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first day. Choose a later day."))
        return asked


JOINING_LABELS = {
    "open": _("Anyone with an account"),
    "code": _("Anyone who knows the code"),
    "invitation": _("Only by an invitation link"),
    "closed": _("Nobody; enrollment is closed"),
}


class JoiningForm(forms.Form):
    """Who may join the course; "" leaves it to course.yaml."""

    way = forms.ChoiceField(label=_("Who may enroll"), widget=forms.RadioSelect, required=False)

    def __init__(self, course: "Course", *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        as_written = _("As course.yaml says: %s") % str(JOINING_LABELS[course.joining])
        self.fields["way"].choices = [("", as_written), *JOINING_LABELS.items()]


VISIBILITY_LABELS = {
    "listed": _("Everyone: the course is in the catalog"),
    "private": _("The class, people with a link or the code, and staff"),
    "hidden": _("Only those who teach it"),
}


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(
        label=_("Who sees the course"), widget=forms.RadioSelect, choices=list(VISIBILITY_LABELS.items())
    )


class InvitationForm(forms.Form):
    note = forms.CharField(
        label=_("Who the link is for"), max_length=200, help_text=_("Only staff see this, for example “Monday class”.")
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        choices=[(7, _("7 days")), (30, _("30 days")), (180, _("180 days")), (0, _("as long as you do not revoke it"))],
        initial=30,
    )
    most_uses = WholeEntry(
        label=_("How many people may use it"),
        help_text=_("Leave this empty if any number may use it."),
        min_value=1,
        max_value=100_000,
        required=False,
    )

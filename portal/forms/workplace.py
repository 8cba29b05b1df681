"""What instructors fill in: every form of theirs asks for a reason, which the learner concerned can read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from course.rules.reasons import LONGEST
from quizzes.rules.corrections import KINDS

REASON = _("The learners concerned read it, and the audit keeps it.")
KIND_LABELS = {
    "key": _("Another response is the right one"),
    "accept": _("One more response is right"),
    "credit": _("Everyone gets the points"),
    "void": _("The question does not count"),
}


class Reasoned(forms.Form):
    """A form with a reason, and nothing else by itself."""

    reason = forms.CharField(
        label=_("Reason"), help_text=REASON, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])


class Account(Reasoned):
    username = forms.CharField(label=_("User name"), max_length=150)


class Minutes(Reasoned):
    minutes = forms.IntegerField(label=_("Minutes to add"), min_value=1, max_value=600)
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)


class Points(Reasoned):
    points = forms.DecimalField(label=_("Points"), min_value=0, max_digits=9, decimal_places=2)


class Multiplier(Reasoned):
    multiplier = forms.DecimalField(
        label=_("Times the exam’s limit"),
        help_text=_("1 is the limit itself, 1.5 half as much again. It counts for exams started from now on."),
        min_value=1,
        max_value=10,
        max_digits=4,
        decimal_places=2,
    )


class Correction(Reasoned):
    """A regrade but for its response, which the question's own controls ask for."""

    kind = forms.ChoiceField(label=_("What is changed"), choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])
    version = forms.IntegerField(required=False)
    lowers = forms.BooleanField(required=False)


class OverridesFile(forms.Form):
    file = forms.FileField(
        label=_("The file"), help_text=_("CSV with the columns username, item, points and reason, at most 500 lines.")
    )

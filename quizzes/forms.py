"""What forms of assessments ask: a response to a question, and what staff change, with a reason that the learners can read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.entries import DecimalEntry, WholeEntry
from foundation.frame.forms import ReasonForm, offer, reason_field
from questions import types
from questions.rules.attempts import MOST_EXTRA_ATTEMPTS, Json
from quizzes.rules.corrections import KINDS
from quizzes.rules.timing import LONGEST_PAUSE


def response_in(post: QueryDict, question_id: str) -> Json:
    """Return the raw response, null for an empty form.

    The form names its question type, so reading it needs no query. A wrong name only makes a response that the
    question's real type refuses.
    """
    kind = post.get("type", "")
    if kind not in types.names():
        return None
    response: Json = types.get(kind).from_form(post, f"q-{question_id}")
    return response


RUNNING_ACTIONS = {"extend": _("Add minutes"), "pause": _("Pause"), "resume": _("Resume")}


NUMBERS = {"extend": "minutes", "pause": "hours"}  # the field that such an action needs


KIND_LABELS = {
    "key": _("Another response is correct instead"),
    "accept": _("Another response is also correct"),
    "credit": _("Everyone gets full points"),
    "void": _("The question does not count"),
}


class CorrectionForm(ReasonForm):
    """A regrade without its response, which the question's own controls ask for."""

    kind = forms.ChoiceField(label=_("Correction"), choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])
    version = WholeEntry(required=False)
    lowers = forms.BooleanField(required=False)
    all_variants = forms.BooleanField(required=False)


class ReleaseForm(ReasonForm):
    """Why an instructor releases correct answers, or holds them back again."""

    reason = reason_field(_("Reason"), _("The audit keeps this reason; learners do not see it."))


class RunningForm(ReasonForm):
    """What to do with running exams: add minutes, unless another action is chosen."""

    use_required_attribute = False  # the page hides the field that another action needs

    action = forms.ChoiceField(
        label=_("What to do"), choices=list(RUNNING_ACTIONS.items()), widget=forms.RadioSelect, required=False
    )
    minutes = WholeEntry(label=_("Minutes to add"), min_value=1, max_value=600)
    hours = WholeEntry(
        label=_("Hours after which the clock continues"),
        help_text=_("If neither you nor the learner resumes the exam before."),
        min_value=1,
        max_value=LONGEST_PAUSE,
    )
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def clean_action(self) -> str:
        return self.cleaned_data["action"] or "extend"

    def clean(self) -> dict[str, object]:
        asked = super().clean() or {}
        for action, name in NUMBERS.items():
            if action != asked.get("action"):
                self.errors.pop(name, None)
        return asked

    @property
    def number(self) -> int | None:
        """Return the minutes or hours of the chosen action, None for one without."""
        name = NUMBERS.get(self.cleaned_data["action"])
        return name and self.cleaned_data[name]


class OutageForm(ReasonForm):
    """Why learners get the time back that they lost in an outage, and what the page showed about it."""

    expected = forms.CharField(max_length=64, widget=forms.HiddenInput)


class MultiplierForm(ReasonForm):
    """An accommodation, whose reason is a private note."""

    reason = reason_field(
        _("Private note"),
        _(
            "Say who granted the extra time and where the documents are. Do not name a diagnosis. Instructors of the "
            "course and you can read this note here. The learner cannot see the note, the audit does not record it, and you can delete it."
        ),
    )
    multiplier = DecimalEntry(
        label=_("Time multiplier"),
        help_text=_("1 is the usual time limit; 1.5 adds half. Applies to exams started from now on."),
        min_value=1,
        max_value=10,
        max_digits=4,
        decimal_places=2,
    )


class ExtraAttemptsForm(ReasonForm):
    """Extra attempts for some learners, by username, and for a group. The reason is a private note."""

    reason = reason_field(
        _("Private note"),
        _(
            "Say why, without naming a diagnosis. Instructors of the course and you can read this note here. The learner "
            "cannot see the note, the audit does not record it, and you can delete it."
        ),
    )
    assessment = forms.ChoiceField(label=_("Assessment"))
    extra = WholeEntry(
        label=_("Extra attempts at each question"),
        help_text=_("In place of the number that they have now; 0 takes extra attempts back."),
        min_value=0,
        max_value=MOST_EXTRA_ATTEMPTS,
    )
    learners = forms.CharField(
        label=_("Learners"),
        help_text=_("Their usernames, with spaces or commas between them."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    group = forms.ChoiceField(label=_("Everyone in the group"), required=False)

    def __init__(
        self, *args: Any, assessments: Sequence[tuple[str, str]], groups: Sequence[str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        offer(self, "assessment", assessments)
        if groups:
            offer(self, "group", [("", "–"), *((name, name) for name in groups)])
        else:
            del self.fields["group"]

    @property
    def usernames(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["learners"].replace(",", " ").replace(";", " ").split()))

    def clean(self) -> dict[str, object]:
        asked = super().clean() or {}
        if not asked.get("learners") and not asked.get("group"):
            self.add_error("learners", _("Name at least one learner, or choose a group."))
        return asked

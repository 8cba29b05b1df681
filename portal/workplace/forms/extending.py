"""Forms that give learners more than everyone has: extra attempts, and allowances from a file."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.entries import WholeEntry
from foundation.frame.forms import ReasonForm, offer, reason_field
from quizzes.rules.attempts import MOST_EXTRA_ATTEMPTS


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


class AllowancesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns username and note, and what to give; at most 500 lines.")
    )

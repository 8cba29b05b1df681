"""Who may join a course, by which links, and who sees it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.entries import WholeEntry

if TYPE_CHECKING:
    from course.models import Course

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
    "private": _("The class, people with a link or the code, and those who teach it"),
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

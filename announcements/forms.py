"""Forms with which staff post announcements."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from announcements.services import LONGEST_ANNOUNCEMENT
from foundation.frame.forms import offer

AUDIENCE_LABELS = {
    "everyone": _("The whole class"),
    "group": _("One group"),
    "at_risk": _("The learners who are at risk now"),
}


NO_GROUP = _("Choose the group that you want to tell.")


class AnnouncementTextForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=150)
    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "You can use Markdown: *emphasis*, lists, [links](https://example.org), and [a lesson](lesson:ID)."
        ),
        max_length=LONGEST_ANNOUNCEMENT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class AnnouncementForm(AnnouncementTextForm):
    """An announcement and its audience. `key` is drawn with the form, so that a form that is sent twice posts once."""

    audience = forms.ChoiceField(
        label=_("For"), widget=forms.RadioSelect, choices=list(AUDIENCE_LABELS.items()), initial="everyone"
    )
    group = forms.ChoiceField(label=_("Group"), required=False)
    is_mailed = forms.BooleanField(label=_("Also send it by email"), required=False, initial=True)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, groups: Sequence[str], is_limited: bool, **options: Any) -> None:
        """With `is_limited`, the person can announce to one of the groups only, so the form does not ask for an audience."""
        super().__init__(*args, **options)
        if is_limited:
            self.fields["audience"] = forms.CharField(initial="group", widget=forms.HiddenInput)
            self.fields["group"].required = True
            self.fields["group"].error_messages["required"] = NO_GROUP
            offer(self, "group", [*([("", "–")] if len(groups) != 1 else []), *((name, name) for name in groups)])
        elif groups:
            offer(self, "group", [("", "–"), *((name, name) for name in groups)])
        else:
            del self.fields["group"]
            offer(self, "audience", [pair for pair in AUDIENCE_LABELS.items() if pair[0] != "group"])

    def clean(self) -> dict[str, object]:
        asked = super().clean() or {}
        if asked.get("audience") == "group" and not asked.get("group") and not self.has_error("group"):
            self.add_error("group", NO_GROUP)
        return asked

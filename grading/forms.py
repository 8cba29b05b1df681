from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.entries import DecimalEntry
from foundation.frame.forms import ReasonForm
from foundation.reasons import LONGEST


class PointsForm(ReasonForm):
    points = DecimalEntry(label=_("Points"), min_value=0, max_digits=9, decimal_places=2)


class PointsFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with the columns username, points and comment, at most 500 lines."),
        required=False,
    )
    pasted = forms.CharField(
        label=_("Or paste the lines"),
        help_text=_("With the header, as they are in the file."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )


class OverridesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The gradebook’s CSV with other points given, or CSV with the columns username, item, points and reason. At most "
            "500 changes."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the gradebook’s CSV. Learners read it beside each point that changes."),
        max_length=LONGEST,
        required=False,
    )

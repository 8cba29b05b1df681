from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.entries import DecimalEntry
from foundation.frame.forms import ReasonForm


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
        label=_("File"), help_text=_("CSV with the columns username, item, points and reason, at most 500 lines.")
    )

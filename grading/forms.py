from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.entries import DecimalEntry
from foundation.frame.forms import ReasonForm


class PointsForm(ReasonForm):
    points = DecimalEntry(label=_("Points"), min_value=0, max_digits=9, decimal_places=2)


class OverridesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns username, item, points and reason, at most 500 lines.")
    )

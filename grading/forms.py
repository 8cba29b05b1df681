from django import forms
from django.utils.translation import gettext_lazy as _


class OverridesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns username, item, points and reason, at most 500 lines.")
    )

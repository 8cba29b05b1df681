"""Forms that give learners more than everyone has: extra attempts, and allowances from a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AllowancesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns username and note, and what to give; at most 500 lines.")
    )

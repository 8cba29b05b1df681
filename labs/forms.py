"""What forms of labs ask of staff."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.frame.forms import ReasonForm


class LabRegradeForm(ReasonForm):
    """Whether a regrade of a lab may lower points, and why it is made."""

    lowers = forms.BooleanField(
        label=_("Allow this regrade to lower points"),
        help_text=_("Otherwise, the new results of a test run count only if they are better."),
        required=False,
    )

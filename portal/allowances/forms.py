"""Forms that give learners more than everyone has. Their reasons are private notes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from course.rules.schedule import Dates
from foundation.entries import MomentEntry
from foundation.frame.forms import LocalTime, ReasonForm, offer, reason_field
from foundation.validators import known_year
from portal.allowances.selectors.activity_dates import DatedActivity


class DatesForm(ReasonForm):
    """Later dates for one learner, whose reason is a private note."""

    reason = reason_field(
        _("Private note"),
        _(
            "Say why, without naming a diagnosis. Instructors of the course can read this note here. The learner cannot "
            "see the note, the audit does not record it, and you can delete it."
        ),
    )
    activity = forms.ChoiceField(label=_("Item"))
    due_at = MomentEntry(label=_("Due"), required=False, widget=LocalTime, validators=[known_year])
    closes_at = MomentEntry(label=_("Closes"), required=False, widget=LocalTime, validators=[known_year])

    def __init__(self, *args: Any, activities: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "activity", activities)


DATE_LABELS = {"opens_at": _("Opens"), "due_at": _("Due"), "closes_at": _("Closes")}


class GroupDatesForm(forms.Form):
    """The dates of a group in every item. An empty field is everyone's date."""

    def __init__(
        self, *args: Any, activities: Sequence[DatedActivity], given: Mapping[str, Dates], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.activities = activities
        for activity in activities:
            for name, at in given[activity.id].named.items():
                entry = MomentEntry(
                    label=format_lazy("{title}: {date}", title=activity.title, date=DATE_LABELS[name]),
                    required=False,
                    initial=at,
                    widget=LocalTime,
                    validators=[known_year],
                )
                self.fields[f"{activity.id}-{name}"] = entry

    @property
    def rows(self) -> list[tuple[DatedActivity, list[tuple[forms.BoundField, datetime | None]]]]:
        """Return each item with its fields, each with everyone's date."""
        return [
            (activity, [(self[f"{activity.id}-{name}"], at) for name, at in activity.dates.named.items()])
            for activity in self.activities
        ]

    def changed(self, given: Mapping[str, Dates]) -> dict[str, Dates]:
        """Return the entered dates of the items in which they differ from what the group was given."""
        entered = {
            activity.id: Dates(*(self.cleaned_data[f"{activity.id}-{name}"] for name in DATE_LABELS))
            for activity in self.activities
        }
        kept = {activity: kept_seconds(given[activity], dates) for activity, dates in entered.items()}
        return {activity: dates for activity, dates in kept.items() if dates != given[activity]}


def kept_seconds(given: Dates, entered: Dates) -> Dates:
    """Return the entered dates. A date whose minute did not change keeps its seconds, which the field does not show."""
    return Dates(
        *(
            old if old is not None and new is not None and old.replace(second=0, microsecond=0) == new else new
            for old, new in zip(given.named.values(), entered.named.values(), strict=True)
        )
    )


class AllowancesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns username and note, and what to give; at most 500 lines.")
    )

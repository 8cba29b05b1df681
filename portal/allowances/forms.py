"""Forms that give learners more than everyone has. Their reasons are private notes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from course.rules.schedule import Dates
from foundation.entries import MomentEntry, WholeEntry
from foundation.frame.forms import LocalTime, ReasonForm, offer, reason_field
from foundation.validators import known_year
from portal.allowances.rules.filling import MOST_DAYS, read_pasted_dates, shifted_dates
from portal.allowances.selectors.activity_dates import DatedActivity


class DatesForm(ReasonForm):
    """Later or exact dates for one learner, whose reason is a private note."""

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
    is_exact = forms.BooleanField(label=_("Use exactly these dates, also earlier ones"), required=False)
    opens_at = MomentEntry(
        label=_("Opens"),
        required=False,
        widget=LocalTime,
        validators=[known_year],
        help_text=_("Only together with exact dates."),
    )

    def clean_opens_at(self) -> datetime | None:
        """Refuse an opening beside dates that only extend."""
        opens_at: datetime | None = self.cleaned_data["opens_at"]
        if opens_at is not None and not self.cleaned_data.get("is_exact"):
            raise forms.ValidationError(_("An opening needs exact dates. Select that box, or leave this field empty."))
        return opens_at

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

    @property
    def entered(self) -> dict[str, Dates]:
        """Return the entered dates of every item."""
        return {
            activity.id: Dates(*(self.cleaned_data[f"{activity.id}-{name}"] for name in DATE_LABELS))
            for activity in self.activities
        }

    def changed(self, given: Mapping[str, Dates]) -> dict[str, Dates]:
        """Return the entered dates of the items in which they differ from what the group was given."""
        kept = {activity: kept_seconds(given[activity], dates) for activity, dates in self.entered.items()}
        return {activity: dates for activity, dates in kept.items() if dates != given[activity]}


def kept_seconds(given: Dates, entered: Dates) -> Dates:
    """Return the entered dates. A date whose minute did not change keeps its seconds, which the field does not show."""
    return Dates(
        *(
            old if old is not None and new is not None and old.replace(second=0, microsecond=0) == new else new
            for old, new in zip(given.named.values(), entered.named.values(), strict=True)
        )
    )


class FillingForm(forms.Form):
    """What fills in the fields of a group's dates: rows of a spreadsheet, or the dates moved by days."""

    pasted = forms.CharField(
        label=_("Rows of a spreadsheet"),
        required=False,
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Copy the cells item, opens, due and closes, such as 2027-03-30 21:00. An empty cell is everyone’s date. "
            "Items without a row stay as they are."
        ),
    )
    days = WholeEntry(
        label=_("Move by days"),
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text=_(
            "Moves the dates of the items that you select below, or everyone’s where the group has none. A negative "
            "number moves them to earlier days."
        ),
    )
    moved = forms.MultipleChoiceField(
        label=_("Items to move"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, activities: Sequence[DatedActivity], **options: Any) -> None:
        super().__init__(*args, **options)
        self.activities = activities
        offer(self, "moved", [(activity.id, activity.title) for activity in activities])

    @property
    def asks(self) -> bool:
        """Return whether the form was sent with something to fill in, or with a mistake."""
        given = self.is_bound and (self.data.get("pasted", "").strip() or self.data.get("days", "").strip())
        return bool(given) or bool(self.errors)

    def filled(self, entered: Mapping[str, Dates], zone: tzinfo) -> dict[str, Dates]:
        """Return the entered dates with those that this form fills in. Adds the mistakes in rows to the form."""
        titles = [activity.title for activity in self.activities]
        items = {activity.title: activity.id for activity in self.activities if titles.count(activity.title) == 1}
        pasted, mistakes = read_pasted_dates(self.cleaned_data["pasted"], items, zone)
        for mistake in mistakes:
            self.add_error("pasted", f"{mistake.number}: {mistake.sentence}")
        dates = {**entered, **pasted}
        if days := self.cleaned_data["days"]:
            moved = (activity for activity in self.activities if activity.id in self.cleaned_data["moved"])
            dates |= {item.id: shifted_dates(dates[item.id], item.dates, days, zone) for item in moved}
        return dates


class AllowancesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV with the columns username and note, and what to give; at most 500 lines.")
    )

"""The form of what course.yaml says of the course itself."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.forms.settings import PickField, SettingsForm, WrittenField

LONGEST_SUMMARY = 1000
SPECIAL = ("localtime", "Factory", "posixrules")  # in the time zone database, but not places


class ParagraphField(WrittenField):
    """A text that is written on one line, however it was typed."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), **options)

    def shown(self, value: object) -> object:
        return " ".join(str(super().shown(value)).split())

    def clean(self, value: object) -> str:
        return " ".join(str(super().clean(value)).split())


class AboutForm(SettingsForm):
    """What people read first about a course."""

    title = WrittenField(label=_("Title"), is_needed=True)
    summary = ParagraphField(
        label=_("Summary"),
        help_text=_("One or two sentences about what learners will learn. They are on the page of the course."),
        max_length=LONGEST_SUMMARY,
        is_needed=True,
    )


class LocaleForm(SettingsForm):
    """The language of a course's texts, and the time zone of its dates."""

    language = WrittenField(
        label=_("Language"), help_text=_("Of its texts, such as en, de or pt-br."), max_length=20, is_needed=True
    )
    timezone = PickField(
        label=_("Time zone"),
        help_text=_("Its dates are times of day in this zone, such as Europe/Berlin."),
        choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones() - set(SPECIAL))],
        usual="UTC",
        is_needed=True,
    )

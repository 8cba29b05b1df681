"""The settings of a course at a glance: what each says now, and where it is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from authoring.folder import read_document, shift_texts, value_at
from authoring.forms.access import JOINING_LABELS, VISIBILITY_LABELS
from authoring.rules.passages import POLICY
from authoring.services import editable_texts, items_without_due
from labs.selectors import labs_of
from labs.workbench import silent_labs
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from people.selectors import staff_of

if TYPE_CHECKING:
    from course.models import Course


@dataclass(frozen=True)
class SettingLine:
    """A setting: its title, what it says now, and the page that changes it."""

    title: str
    now: str
    url: str


@require_safe
@needs(Permission.CHANGE_POLICY)
def course_settings(request: HttpRequest, course: "Course") -> HttpResponse:
    return workplace_page(
        request,
        course,
        "authoring/course_settings.html",
        section="settings",
        title=_("Settings"),
        lines=setting_lines(course),
        labs=labs_of(course.pk),
        silent=silent_labs(course.pk),
        undated=items_without_due(course.pk),
    )


def setting_lines(course: "Course") -> list[SettingLine]:
    """Return the lines in the order of the page. Runs a constant number of queries."""
    texts, address = editable_texts(course_id=course.pk), partial(reverse, args=[course.slug])
    policy = read_document(texts.get(POLICY, "")).data
    return [
        SettingLine(_("Title, summary and time zone"), f"{course.title} ({course.timezone})", address("about_course")),
        SettingLine(_("Grading policy"), grading_words(policy), address("grading_policy")),
        SettingLine(_("Dates"), date_words(texts), address("course_dates")),
        SettingLine(_("Late answers"), late_words(policy), address("late_policy")),
        SettingLine(_("Roles"), staff_words(course), address("instructors")),
        SettingLine(_("Who may join"), str(JOINING_LABELS[course.way_to_join]), address("joining")),
        SettingLine(_("Visibility and archive"), visibility_words(course), address("visibility")),
        SettingLine(
            _("Copy the course"), _("For another term or class, with the dates moved."), address("course_copy")
        ),
    ]


def grading_words(policy: object) -> str:
    """Return the pass mark and the categories with their weights, as far as the text can be read."""
    rows = value_at(policy, ("categories",))
    categories = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    weights = ", ".join(f"{row.get('title')} {row.get('weight')}\u00a0%" for row in categories)
    passing = _("Pass at {percent}\u00a0%.").format(percent=value_at(policy, ("pass_percent",)))
    return f"{passing} {weights}." if weights else passing


def date_words(texts: Mapping[str, str]) -> str:
    _edits, dates = shift_texts(texts, 0)
    if not dates:
        return _("No dates: nothing is due, and nothing closes.")
    return ngettext("{n} date", "{n} dates", len(dates)).format(n=len(dates))


def late_words(policy: object) -> str:
    percent = value_at(policy, ("late", "percent_per_day"))
    if percent is None:
        return _("They count in full, unless an exam, a review or a lab says otherwise.")
    return _("{percent} % less for each day").format(percent=percent)


def staff_words(course: "Course") -> str:
    number = len(staff_of(course.pk))
    return ngettext("{n} person teaches this course", "{n} people teach this course", number).format(n=number)


def visibility_words(course: "Course") -> str:
    if course.archived_at:
        return _("Archived: everything can be read, and nothing is accepted.")
    return str(VISIBILITY_LABELS[course.visibility])

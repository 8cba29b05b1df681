"""What a course says of itself, as a form: its title, summary, language and time zone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from authoring.folder import dates_in_zones, value_at
from authoring.forms.about import AboutForm, LocaleForm
from authoring.rules.passages import POLICY
from authoring.services import editable_texts
from authoring.workplace.settings_pages import SettingsPage, SettingsSection, settings_page
from people.gate import needs
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course

MINUTE = "%Y-%m-%d %H:%M"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY)
def about_course(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show title, summary, language and time zone as a form. A POST keeps them as a draft, or publishes them."""
    texts = editable_texts(course_id=course.pk)
    page = SettingsPage(
        path=POLICY,
        title=_("Title, summary and time zone"),
        intro=_("What people read first about the course, and when its dates are."),
        sections=lambda data, posted: about_sections(data, posted, texts, course.timezone),
    )
    return settings_page(request, course, page)


def about_sections(
    data: object, posted: QueryDict | None, texts: Mapping[str, str], published_zone: str
) -> list[SettingsSection]:
    return [
        SettingsSection("title", _("Title and summary"), forms=[AboutForm(posted, keys=(), value=data)]),
        SettingsSection(
            "timezone",
            _("Language and time zone"),
            forms=[LocaleForm(posted, keys=(), value=data)],
            effect=words_of_zone(texts, published_zone, str(value_at(data, ("timezone",)) or "UTC")),
        ),
    ]


def words_of_zone(texts: Mapping[str, str], before: str, after: str) -> str:
    """Say what another time zone does to the dates of the course, "" if it is the same, or one that the check refuses."""
    if before == after or after not in dict(LocaleForm.base_fields["timezone"].choices):
        return ""
    dates = dates_in_zones(texts, ZoneInfo(before), ZoneInfo(after))
    if not dates:
        return _("The course has no dates, so the time zone moves nothing.")
    first = dates[0]
    moved = ngettext(
        "{n} date keeps its time of day, so it moves.", "{n} dates keep their times of day, so they move.", len(dates)
    )
    example = _("“{name}” in {path}, {written}, is {before} UTC now, and {after} UTC after you publish this.")
    others = _("Dates that a group or a learner was given in the workplace do not move.")
    return " ".join(
        [
            moved.format(n=len(dates)),
            example.format(
                name=first.date.name,
                path=first.date.path,
                written=first.date.before,
                before=f"{first.before:{MINUTE}}",
                after=f"{first.after:{MINUTE}}",
            ),
            others,
        ]
    )

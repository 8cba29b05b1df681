"""The records of people in a course that are sealed."""

from people.models import Accommodation, DateExtension, GroupDates
from records.selectors.sealed import RecordKind

COURSE_RECORDS = (
    RecordKind("accommodation", Accommodation, "enrollment__user", "enrollment__course", "created_at"),
    RecordKind("date_extension", DateExtension, "enrollment__user", "enrollment__course", "created_at"),
    RecordKind("group_dates", GroupDates, "", "group__course", "created_at"),
)

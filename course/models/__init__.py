from course.models.announcements import Announcement, AnnouncementVisit
from course.models.calendars import CalendarFeed
from course.models.content import Course, CourseFile, Lesson, Module, Revision
from course.models.drafts import TextDraft
from course.models.exports import ExportPart, PersonalExport
from course.models.extensions import DateExtension, DateExtensionNote
from course.models.groups import LearnerGroup
from course.models.inviting import PersonalInvitation
from course.models.joining import Invitation
from course.models.people import Accommodation, AccommodationNote, Enrollment, LessonVisit
from course.models.searching import SearchEntry, SearchWord
from course.models.study import StudyGoal, StudyNote
from course.models.versions import TextVersion
from foundation.models import IdempotencyKey  # its table belongs to this app

__all__ = [
    "Accommodation",
    "AccommodationNote",
    "Announcement",
    "AnnouncementVisit",
    "CalendarFeed",
    "Course",
    "CourseFile",
    "DateExtension",
    "DateExtensionNote",
    "Enrollment",
    "ExportPart",
    "IdempotencyKey",
    "Invitation",
    "LearnerGroup",
    "Lesson",
    "LessonVisit",
    "Module",
    "PersonalExport",
    "PersonalInvitation",
    "Revision",
    "SearchEntry",
    "SearchWord",
    "StudyGoal",
    "StudyNote",
    "TextDraft",
    "TextVersion",
]

from django.contrib import admin

from lessons.models import LessonVisit
from people.admin import ReadOnlyAdmin


@admin.register(LessonVisit)
class LessonVisitAdmin(ReadOnlyAdmin):
    course_path = "lesson__module__course"
    list_display = ["user", "lesson", "opened_at", "seen_at", "done_at"]
    list_select_related = ["user", "lesson"]

from django.apps import AppConfig

from foundation.fast.revisions import Published, keep_triggers

DATES = ("opens_at", "due_at", "closes_at")
TABLES = {
    "course_course": Published(
        "SELECT ROW.id",
        columns=(
            *("slug", "title", "language", "summary", "attempts", "pass_percent", "show", "timezone", *DATES),
            *("joining", "joining_here", "join_code", "visibility", "archived_at"),
        ),
        is_course=True,
    ),
    "course_module": Published("SELECT ROW.course_id"),
    "course_announcement": Published("SELECT ROW.course_id", columns=("withdrawn_at",)),
    "course_varyingdates": Published("SELECT ROW.course_id"),
    "course_lesson": Published("SELECT course_id FROM course_module WHERE id = ROW.module_id"),
}


class CourseConfig(AppConfig):
    name = "course"

    def ready(self) -> None:
        keep_triggers(TABLES, self)

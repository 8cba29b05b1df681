from functools import partial

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.fulltext import set_fulltext
from foundation.revisions import Published, keep_triggers

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
    "course_lesson": Published("SELECT course_id FROM course_module WHERE id = ROW.module_id"),
}


class CourseConfig(AppConfig):
    name = "course"

    def ready(self) -> None:
        from course.services.announcement_letters import ANNOUNCEMENT_LETTERS
        from course.services.goals import REMINDER_LETTERS
        from course.services.invitation_letters import INVITATION_LETTERS
        from course.services.member_letters import NOTICE_LETTERS
        from mail.builders import register_letters
        from mail.rules.delivery import INVITATIONS

        register_letters("notices", NOTICE_LETTERS)
        register_letters("reminders", REMINDER_LETTERS)
        register_letters("announcements", ANNOUNCEMENT_LETTERS)
        register_letters(INVITATIONS, INVITATION_LETTERS)
        keep_triggers(TABLES, self)
        indexed = partial(set_fulltext, "course_searchentry")
        post_migrate.connect(indexed, sender=self, weak=False, dispatch_uid="course search")

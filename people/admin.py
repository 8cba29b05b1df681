"""Django's admin for the content and people of an instructor's courses. Data that services control is read-only here."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import ApiToken, User
from course.models import Course, CourseFile, Lesson, Module, TextVersion
from foundation.version import finalcheck_version
from mail.models import Mail
from people.access import courses_with_permission
from people.models import Accommodation, Enrollment, Invitation, LearnerGroup, PersonalInvitation
from people.rules.roles import Permission
from records.models import AuditEntry, Seal

admin.site.site_title = "Finalcheck"
admin.site.site_header = f"Finalcheck {finalcheck_version()}"  # the foot of Django's pages, which operators read
admin.site.index_title = "Courses, people and records"
# send people to the one sign-in page, with its throttle and second factor
admin.site.login = secure_admin_login(admin.site.login)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services write. Staff read those of the courses where their role allows it; superusers read all.

    `course_path` is the lookup from the model to its course. Without one, only superusers read the model.
    """

    course_path = ""
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        user = request.user
        return user.is_active and user.is_staff and (bool(self.course_path) or user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        if not self.course_path:
            return rows.none()
        mine = courses_with_permission(request.user, Permission.SEE_RECORDS)
        return rows.filter(**{f"{self.course_path}__in": mine})


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "name", "email", "is_staff", "is_active"]
    search_fields = ["username", "name", "email"]
    list_filter = ["is_course_creator", "is_staff", "is_superuser", "is_active"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["name", "email", "timezone"]}),
        # enrollments decide what else a person may do
        ("Rights", {"fields": ["is_active", "is_course_creator", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # a service erases people and keeps their records (D18)


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    course_path = "pk"
    list_display = ["title", "slug", "pass_percent", "loaded_at", "edited_at", "texts"]

    @admin.display(description="edit")
    def texts(self, course: Course) -> str:
        return format_html('<a href="{}">texts</a>', reverse("course_texts", args=[course.slug]))


@admin.register(Module)
class ModuleAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "course", "position", "is_retired"]
    list_select_related = ["course"]


@admin.register(Lesson)
class LessonAdmin(SimpleHistoryAdmin, ReadOnlyAdmin):
    course_path = "module__course"
    list_display = ["title", "module", "minutes", "edited_at", "is_retired"]
    list_select_related = ["module"]
    search_fields = ["title", "source"]
    list_filter = ["is_retired"]
    exclude = ["html"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Return all fields: a form of an old version would offer the modules of all courses."""
        return [field.name for field in self.opts.fields if field.editable and field.name not in self.exclude]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        self.refuse_unseen(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        self.refuse_unseen(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def refuse_unseen(self, request: HttpRequest, object_id: str) -> None:
        """Raise PermissionDenied for writes and for lessons of other courses, because the package asks for neither."""
        if request.method not in ("GET", "HEAD") or not self.get_queryset(request).filter(pk=object_id).exists():
            raise PermissionDenied


@admin.register(CourseFile)
class CourseFileAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["path", "course", "digest", "edited_at", "is_retired"]
    list_select_related = ["course"]
    exclude = ["content"]


@admin.register(TextVersion)
class TextVersionAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["path", "course", "author", "created_at"]
    list_select_related = ["course", "author"]
    search_fields = ["path"]


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["user", "name", "course", "role", "enrolled_at", "unenrolled_at"]
    list_select_related = ["user", "course"]
    search_fields = ["user__username", "name"]
    list_filter = ["role"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["note", "course", "author", "created_at", "expires_at", "uses", "revoked_at"]
    list_select_related = ["course", "author"]
    exclude = ["token"]


@admin.register(PersonalInvitation)
class PersonalInvitationAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["email", "course", "role", "author", "created_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_select_related = ["course", "author"]


@admin.register(LearnerGroup)
class LearnerGroupAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["name", "course"]
    list_select_related = ["course"]


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["user", "invitation", "course", "kind", "created_at", "result", "problem"]
    list_select_related = ["user", "invitation", "course"]
    list_filter = ["result"]


@admin.register(Accommodation)
class AccommodationAdmin(ReadOnlyAdmin):
    course_path = "enrollment__course"
    list_display = ["enrollment", "multiplier", "author", "created_at"]
    list_select_related = ["enrollment", "author"]


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["learner", "course", "position", "kind", "record", "sealed_at"]
    list_select_related = ["learner", "course"]
    list_filter = ["kind"]
    exclude = ["salt"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["at", "actor", "action", "target", "reason"]
    list_select_related = ["actor"]
    list_filter = ["action"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["id", "user", "name", "created", "expiry"]
    list_select_related = ["user"]
    exclude = ["digest", "token_key"]

"""Questions with all their versions, and learners' records, in the admin, read-only."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.timezone import localtime

from people.admin import ReadOnlyAdmin
from quizzes.models import (
    Analysis,
    Assessment,
    Attempt,
    ExtraAttempts,
    FullHolder,
    FullPeriod,
    Heartbeat,
    Outage,
    Overview,
    Question,
    QuestionReport,
    QuestionVersion,
    Regrade,
    Release,
    Sitting,
    SittingExtension,
    SittingPause,
    SittingQuestion,
    SittingResumption,
    Void,
)
from quizzes.rules.timing import NO_END


class ReadOnlyInline(admin.TabularInline):
    template = "admin/edit_inline/read_only.html"
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_view_permission(self, request, obj=None) -> bool:
        return bool(request.user.is_staff)


class VersionInline(ReadOnlyInline):
    model = QuestionVersion
    fk_name = "question"
    fields = ["number", "type", "points", "attempts_limit", "difficulty", "published_at"]


class AttemptInline(ReadOnlyInline):
    model = Attempt
    fields = ["question", "version", "number", "response", "is_correct", "points_earned", "received_at", "by"]


class SittingQuestionInline(ReadOnlyInline):
    model = SittingQuestion
    fields = ["position", "question", "version", "points", "draft", "revision", "saved_at", "is_flagged"]


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "kind", "module", "time_limit", "opens_at", "due_at", "closes_at", "late", "edited_at"]
    list_select_related = ["module"]


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    course_path = "assessment__course"
    list_display = ["key", "assessment", "current", "edited_at", "is_retired"]
    list_select_related = ["assessment", "current"]
    search_fields = ["key", "source"]
    list_filter = ["is_retired"]
    inlines = [VersionInline]


@admin.register(QuestionVersion)
class QuestionVersionAdmin(ReadOnlyAdmin):
    course_path = "question__assessment__course"
    list_display = ["question", "number", "variant", "type", "points", "published_at"]
    list_select_related = ["question"]
    list_filter = ["type", "level", "difficulty"]


@admin.register(Sitting)
class SittingAdmin(ReadOnlyAdmin):
    course_path = "assessment__course"
    list_display = ["learner", "assessment", "started_at", "end", "submitted_at", "ended_by", "is_void"]
    list_select_related = ["learner", "assessment"]
    search_fields = ["learner__username", "learner__name"]
    exclude = ["deadline_at", "accepts_until"]  # NO_END is never shown
    readonly_fields = ["end"]
    inlines = [SittingQuestionInline, AttemptInline]

    @admin.display(ordering="deadline_at", empty_value="-")
    def end(self, sitting: Sitting) -> str | None:
        at = sitting.deadline_at
        return None if at is None or at == NO_END else date_format(localtime(at), "DATETIME_FORMAT")


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    course_path = "sitting__assessment__course"
    list_display = ["question", "learner", "number", "is_correct", "points_earned", "received_at", "by"]
    list_select_related = ["question", "sitting__learner"]
    list_filter = ["is_correct", "by", "is_in_grace"]

    @admin.display(ordering="sitting__learner")
    def learner(self, attempt: Attempt) -> str:
        return attempt.sitting.learner.username


@admin.register(SittingExtension, SittingPause, Void)
class SittingRecordAdmin(ReadOnlyAdmin):
    course_path = "sitting__assessment__course"
    list_display = ["sitting", "reason", "author", "created_at"]
    list_select_related = ["sitting", "author"]


@admin.register(ExtraAttempts)
class ExtraAttemptsAdmin(ReadOnlyAdmin):
    course_path = "assessment__course"
    list_display = ["learner", "assessment", "extra", "author", "created_at"]
    list_select_related = ["learner", "assessment", "author"]


@admin.register(SittingResumption)
class SittingResumptionAdmin(ReadOnlyAdmin):
    course_path = "pause__sitting__assessment__course"
    list_display = ["pause", "author", "resumed_at", "deadline_before", "deadline_after"]
    list_select_related = ["pause", "author"]


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    course_path = "question__assessment__course"
    list_display = ["question", "kind", "reason", "author", "created_at"]
    list_select_related = ["question", "author"]


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    course_path = "assessment__course"
    list_display = ["assessment", "undoes", "reason", "author", "created_at"]
    list_select_related = ["assessment", "author"]


@admin.register(QuestionReport)
class QuestionReportAdmin(ReadOnlyAdmin):
    course_path = "question__assessment__course"
    list_display = ["question", "learner", "text", "created_at", "answered_at"]
    list_select_related = ["question", "learner"]


@admin.register(Analysis)
class AnalysisAdmin(ReadOnlyAdmin):
    course_path = "assessment__course"
    list_display = ["assessment", "requested_at", "computed_at"]
    list_select_related = ["assessment"]


@admin.register(Overview)
class OverviewAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["course", "requested_at", "computed_at"]
    list_select_related = ["course"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "beat_at"]


@admin.register(Outage)
class OutageAdmin(ReadOnlyAdmin):
    list_display = ["began_at", "ended_at", "cause"]
    list_filter = ["cause"]


@admin.register(FullPeriod)
class FullPeriodAdmin(ReadOnlyAdmin):
    list_display = ["from_at", "until_at"]


@admin.register(FullHolder)
class FullHolderAdmin(ReadOnlyAdmin):
    list_display = ["period", "kind", "address", "person", "connections", "requests", "size", "refused"]
    list_select_related = ["period", "person"]

"""The gradebook and its history in the admin, read-only."""

from django.contrib import admin

from grading.models import Certificate, CertificateEvent, GradeCategory, GradeChange, GradeItem, Override, Score
from people.admin import ReadOnlyAdmin


@admin.register(GradeCategory)
class GradeCategoryAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "course", "weight", "pass_percent"]
    list_select_related = ["course"]


@admin.register(GradeItem)
class GradeItemAdmin(ReadOnlyAdmin):
    course_path = "category__course"
    list_display = ["title", "category", "kind", "points_possible", "is_retired"]
    list_select_related = ["category"]


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    course_path = "item__category__course"
    list_display = ["learner", "item", "points_earned", "points_possible", "points_late", "state", "changed_at"]
    list_select_related = ["learner", "item"]
    search_fields = ["learner__username", "learner__name"]
    list_filter = ["state"]


@admin.register(GradeChange)
class GradeChangeAdmin(ReadOnlyAdmin):
    course_path = "item__category__course"
    list_display = ["created_at", "learner", "item", "points_earned", "points_possible", "cause", "author"]
    list_select_related = ["learner", "item", "author"]


@admin.register(Override)
class OverrideAdmin(ReadOnlyAdmin):
    course_path = "item__category__course"
    list_display = ["created_at", "learner", "item", "points_earned", "reason", "author"]
    list_select_related = ["learner", "item", "author"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["code", "learner", "course", "issued_at"]
    list_select_related = ["learner", "course"]
    search_fields = ["code", "learner__username", "learner__name"]


@admin.register(CertificateEvent)
class CertificateEventAdmin(ReadOnlyAdmin):
    course_path = "certificate__course"
    list_display = ["certificate", "kind", "reason", "author", "created_at"]
    list_select_related = ["certificate", "author"]

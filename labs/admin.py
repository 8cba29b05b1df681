from django.contrib import admin

from labs.models import Lab, LabRegrade, Retest
from people.admin import ReadOnlyAdmin


@admin.register(Lab)
class LabAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "module", "runtime", "is_retired"]
    list_select_related = ["module"]


@admin.register(Retest)
class RetestAdmin(ReadOnlyAdmin):
    course_path = "lab__course"
    list_display = ["lab", "total", "author", "created_at", "finished_at", "is_canceled"]
    list_select_related = ["lab", "author"]


@admin.register(LabRegrade)
class LabRegradeAdmin(ReadOnlyAdmin):
    course_path = "retest__lab__course"
    list_display = ["retest", "undoes", "lowers", "reason", "author", "created_at"]
    list_select_related = ["retest", "author"]

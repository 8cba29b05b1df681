from django.contrib import admin

from course.admin import ReadOnlyAdmin
from labs.models import Lab


@admin.register(Lab)
class LabAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "module", "runtime", "is_retired"]
    list_select_related = ["module"]

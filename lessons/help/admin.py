from django.contrib import admin

from lessons.help.models import HelpRequest
from people.admin import ReadOnlyAdmin


@admin.register(HelpRequest)
class HelpRequestAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "learner", "text", "created_at", "answered_at"]
    list_select_related = ["learner"]

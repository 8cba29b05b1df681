from django.contrib import admin

from announcements.models import Announcement
from people.admin import ReadOnlyAdmin


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "course", "author", "audience", "posted_at", "withdrawn_at"]
    list_select_related = ["course", "author"]
    exclude = ["readers"]

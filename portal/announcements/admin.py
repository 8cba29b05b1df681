from django.contrib import admin

from people.admin import ReadOnlyAdmin
from portal.announcements.models import Announcement


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    course_path = "course"
    list_display = ["title", "course", "author", "audience", "posted_at", "withdrawn_at"]
    list_select_related = ["course", "author"]
    exclude = ["readers"]

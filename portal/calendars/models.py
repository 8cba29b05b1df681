from django.db import models

from accounts.models.users import User


class CalendarFeed(models.Model):
    """A person's calendar of dates. Anyone with the `token` in its address may read it without signing in."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=43, unique=True)
    renewed_at = models.DateTimeField()

    class Meta:
        app_label = "course"

    def __str__(self) -> str:
        return str(self.pk)

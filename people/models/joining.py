import secrets

from django.conf import settings
from django.db import models

from course.models.content import Course
from foundation.opaque import OpaqueText


def new_token() -> str:
    """Return the secret part of a link, which nobody can guess."""
    return secrets.token_urlsafe(18)


class Invitation(models.Model):
    """A link by which people join a course as learners. It may expire, be revoked, or work a limited number of times.

    `uses` counts the people who joined or returned by it.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="invitations")
    token = OpaqueText(max_length=32, unique=True, default=new_token, editable=False)
    note = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "course"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most_uses=None) | models.Q(uses__lte=models.F("most_uses")), name="invitation_uses"
            )
        ]

    def __str__(self) -> str:
        return self.note or f"invitation {self.pk}"

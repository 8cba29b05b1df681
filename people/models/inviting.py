from django.conf import settings
from django.db import models

from course.models.content import Course
from people.models.enrollments import Enrollment


class PersonalInvitation(models.Model):
    """An invitation of one person by email. The person who gets the message joins the course, in `role`.

    The link in the message works only for an account with this address, which it confirms. Its token is signed and not
    stored. `email` is in lower case. `groups` are names, because a group without learners does not exist.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="personal_invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    student_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    groups = models.JSONField(default=list)
    role = models.CharField(
        max_length=12, choices=Enrollment.Role, default=Enrollment.Role.LEARNER, db_default=Enrollment.Role.LEARNER
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "course"
        constraints = [
            models.UniqueConstraint(
                fields=["course", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_personal_invitation",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="personal_invitation_accepted",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_for_learner(self) -> bool:
        """Return whether the person joins as a learner, not to work in the course."""
        return self.role == Enrollment.Role.LEARNER

from django.conf import settings
from django.db import models

from mail.rules.delivery import CONFIRMATIONS, INVITATIONS, KINDS


class Mail(models.Model):
    """A message to one person, stored until a worker has sent it. `key` names its event, so that nobody gets it twice.

    It goes to a `user`, or to the address of an `invitation`, whose person may have no account.

    While `result` is empty, the message waits for `due_at`; a worker that sends it moves `due_at` ahead, so that another
    takes over if it dies. `problem` is the last answer of a mail server that did not accept it.
    """

    class Result(models.TextChoices):
        SENT = "sent"
        FAILED = "failed"
        UNWANTED = "unwanted"  # the person wants no such mail
        UNCONFIRMED = "unconfirmed"  # the account has no address to which this mail may go
        WITHDRAWN = "withdrawn"  # it was withdrawn, its week is over, or the person is no longer in the class

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    invitation = models.ForeignKey("course.PersonalInvitation", models.CASCADE, null=True, related_name="mail")
    course = models.ForeignKey("course.Course", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in (*KINDS, INVITATIONS, CONFIRMATIONS)])
    key = models.CharField(max_length=80)
    announcement = models.ForeignKey("course.Announcement", models.CASCADE, null=True, related_name="mail")
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, choices=Result, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "course"
        indexes = [models.Index(fields=["due_at"], condition=models.Q(result=""), name="mail_due")]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_mail"),
            models.UniqueConstraint(fields=["invitation", "key"], name="one_invitation_mail"),
            models.CheckConstraint(
                condition=models.Q(user=None, invitation__isnull=False) | models.Q(user__isnull=False, invitation=None),
                name="mail_to_one_person",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class MutedMail(models.Model):
    """A kind of mail that a person does not want."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_muted_mail")]


class ListedAddress(models.Model):
    """The address with which a class list names a person. If the site's policy allows it, the course's mail goes there
    until the person confirms an address.

    It is never a confirmed address: it signs nobody in, resets no password, and joins no accounts. A list that names
    another address replaces the row, so that links in older messages no longer work. `has_made_account` says that the
    list made the account, so that nobody has shown that the address is its person's. `stopped_at` is when a reader of
    the address asked for no more mail of the course.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey("course.Course", models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    has_made_account = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_listed_address")]

    def __str__(self) -> str:
        return self.email

from django.conf import settings
from django.db import models


class SignInFailure(models.Model):
    """A wrong password or one-time code, counted against one limit (`accounts.services.sign_ins`) for five minutes.

    It is a row, because strangers can push entries out of a cache and a restart empties it. `key` is a digest of what the
    failure counts against, so that no row holds an address or what somebody typed. `user` is None for an address and for a
    name without an account.
    """

    limit = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    failed_at = models.DateTimeField()

    class Meta:
        app_label = "course"
        indexes = [
            models.Index(fields=["key", "failed_at"], name="failures_by_key"),
            models.Index(fields=["failed_at"], name="old_failures"),
        ]

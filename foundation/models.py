from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """A client's key and the answer stored for it, so that a retry gets the same answer (D12).

    The table belongs to the app `course`, where it was created; only foundation.idempotency reads it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_idempotency_key")]

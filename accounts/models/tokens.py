from django.db import models
from knox.models import AbstractAuthToken

from foundation.ids import new_id
from foundation.opaque import OpaqueText


class ApiToken(AbstractAuthToken):
    """A program's key to an account: stored as a digest, with scopes and an expiry date."""

    id = OpaqueText(max_length=12, default=new_id, unique=True, editable=False)
    name = models.CharField(max_length=80, blank=True)
    scopes = models.JSONField(default=list)

    class Meta(AbstractAuthToken.Meta):
        abstract = False
        app_label = "course"

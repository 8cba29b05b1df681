"""Delete expired sessions of people who signed in."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

MOST = 1_000  # sessions per call, so that the first call on an old installation stays short


@transaction.atomic
def remove_expired_sessions(*, now: datetime) -> int:
    """Delete sessions that can no longer be used, with the browser and address that they were used from. Return how many."""
    keys = list(Session.objects.filter(expire_date__lte=now).values_list("pk", flat=True)[:MOST])
    if keys:
        UserSession.objects.filter(session_key__in=keys).delete()
        Session.objects.filter(pk__in=keys).delete()
    return len(keys)

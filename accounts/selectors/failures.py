from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.utils.crypto import salted_hmac

from accounts.models import SignInFailure


def failure_key(limit: str, of: str) -> str:
    """Return the key under which failures count against a limit. Only who has the secret key can compute it."""
    return salted_hmac("sign-in failure", f"{limit} {of}", algorithm="sha256").hexdigest()


def is_limit_reached(counters: dict[str, str], now: datetime) -> bool:
    """Return whether the failures of the last minutes reach a limit. `counters` names, by limit, what failures count
    against. Runs one query.
    """
    limits = {failure_key(limit, of): settings.SIGN_IN_LIMITS[limit] for limit, of in counters.items()}
    recent = SignInFailure.objects.filter(key__in=limits, failed_at__gt=now - settings.SIGN_IN_WINDOW)
    counts = recent.values("key").annotate(count=Count("pk")).values_list("key", "count")
    return any(count >= limits[key] for key, count in counts)

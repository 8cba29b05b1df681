"""Where messages for the next page are kept: in a cookie, and what does not fit in the session."""

from django.conf import settings
from django.contrib.messages.storage import fallback
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.session import SessionStorage


class NamedCookie(CookieStorage):
    """Django's, under a name that only this host can set."""

    @property
    def cookie_name(self) -> str:
        return f"{settings.HOST_PREFIX}messages"


class Messages(fallback.FallbackStorage):
    storage_classes = (NamedCookie, SessionStorage)

"""Where a process counts the requests of each person."""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class AsTheyAre(LocMemCache):
    """This process's memory. Values and keys are neither copied nor checked, which would take ten times as long."""

    def get(self, key: str, default: object = None, version: int | None = None) -> object:
        with self._lock:
            return default if self._has_expired(key) else self._cache[key]

    def set(self, key: str, value: object, timeout: object = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with self._lock:
            self._set(key, value, timeout)

"""The cache that processes share: allauth's limits on sign-ups and mails. Nothing that must not be lost is in it."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# A page asks several times, so it must not wait for an unavailable Redis.
IMPATIENT = {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}


def either(name: str) -> Callable[..., Any]:
    """Return a method of the cache that falls back to this process's memory if Redis does not answer."""

    def call(self: "Shared", *args: Any, **options: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **options)
        except RedisError:
            return getattr(self.memory, name)(*args, **options)

    return call


class Shared(RedisCache):
    """Redis, or each process's memory while Redis is unavailable. Limits then apply per process, and nobody is locked out."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**IMPATIENT, **params.get("OPTIONS", {})}})
        self.memory = LocMemCache("while-redis-is-away", {})

    add, get, set, touch, delete = either("add"), either("get"), either("set"), either("touch"), either("delete")
    get_many, set_many, delete_many = either("get_many"), either("set_many"), either("delete_many")
    has_key, incr, clear = either("has_key"), either("incr"), either("clear")

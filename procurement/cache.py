"""The cache, which may be away: the pages go on without it, and only what it sped up or counted is lost."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger("jalon.cache")


def _or(otherwise: Callable[..., Any], method: Callable[..., Any]) -> Callable[..., Any]:
    """`method`, or what `otherwise` answers when the server is away."""

    @wraps(method)
    def call(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache.away %s: %s", method.__name__, type(error).__name__)
            return otherwise(*args, **kwargs)

    return call


class ForgivingRedisCache(RedisCache):
    """Redis or Valkey; while it is away every key is unknown and every write is forgotten.

    The limits of sign-in and of the API are counted here: they are not applied meanwhile, which is preferred
    to closing the platform. What matters is in PostgreSQL.
    """

    get = _or(lambda key, default=None, version=None: default, RedisCache.get)
    get_many = _or(lambda keys, version=None: {}, RedisCache.get_many)
    has_key = _or(lambda key, version=None: False, RedisCache.has_key)
    add = _or(lambda *args, **kwargs: True, RedisCache.add)
    set = _or(lambda *args, **kwargs: None, RedisCache.set)
    set_many = _or(lambda *args, **kwargs: [], RedisCache.set_many)
    touch = _or(lambda *args, **kwargs: False, RedisCache.touch)
    delete = _or(lambda *args, **kwargs: False, RedisCache.delete)
    delete_many = _or(lambda *args, **kwargs: None, RedisCache.delete_many)
    incr = _or(lambda key, delta=1, version=None: delta, RedisCache.incr)

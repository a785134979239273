"""The cache, on the broker: one that does not answer forgets everything, and no page fails for it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

logger = logging.getLogger(__name__)

RESPITE = 5.0  # seconds for which a broker that did not answer is left alone


class ForgetfulCache(RedisCache):
    """What is kept is a convenience, such as how often an address tried to sign in: it may be lost.

    While the broker is out of order nothing is found, nothing is kept, and whoever adds is the first.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # Asking again at once would keep a page waiting for several times the patience of one question.
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._silent_until = 0.0

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; tell whether it was kept, or would have been."""
        ask = super().add
        return bool(self._ask(lambda: ask(key, value, timeout, version), otherwise=True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, else `default`."""
        ask = super().get
        return self._ask(lambda: ask(key, default, version), otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value."""
        ask = super().set
        self._ask(lambda: ask(key, value, timeout, version), otherwise=None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value; tell whether there was one."""
        ask = super().delete
        return bool(self._ask(lambda: ask(key, version), otherwise=False))

    def _ask(self, question: Callable[[], Any], *, otherwise: Any) -> Any:
        if time.monotonic() < self._silent_until:
            return otherwise
        try:
            return question()
        except (NoConnection, NoAnswer):
            logger.exception("The broker does not answer: the cache is empty meanwhile.")
            self._silent_until = time.monotonic() + RESPITE
            return otherwise

"""How many requests a minute: counted in the cache by token, by person, or by address; a cache down refuses nobody."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.tracing import address_of
from tickets.models import ApiToken

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a window: requests, and seconds until the next."""

    limit: int
    used: int
    seconds_left: int

    def headers(self) -> dict[str, str]:
        """Return what every answer says of it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.seconds_left),
        }


class PersonThrottle(BaseThrottle):
    """Whole windows of a minute, reads and writes apart; whoever is not known is counted by address."""

    quota: Quota | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; the quota is left on the view for its headers."""
        self.quota = count(request, timezone.now())
        vars(view)["quota"] = self.quota
        return self.quota is None or self.quota.used <= self.quota.limit

    def wait(self) -> float | None:
        """Return the seconds until the next window."""
        return self.quota.seconds_left if self.quota else None


def count(request: Request, at: datetime) -> Quota | None:
    """Count one request of whoever asks, in one atomic step of the cache; None when the cache does not answer."""
    reads = request.method in SAFE
    limit = settings.API_READS_PER_MINUTE if reads else settings.API_WRITES_PER_MINUTE
    window, elapsed = divmod(int(at.timestamp()), WINDOW)
    key = f"api:{'read' if reads else 'write'}:{_who(request)}:{window}"
    try:
        used = 1 if cache.add(key, 1, timeout=2 * WINDOW) else cache.incr(key)
    except (RedisError, OSError, ValueError):
        logger.warning("The cache does not answer: the request is not counted.")
        return None
    return Quota(limit, used, WINDOW - elapsed)


def _who(request: Request) -> str:
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.key}"
    return f"person:{request.user.pk}" if request.user.is_authenticated else f"address:{address_of(request)}"

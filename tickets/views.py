"""The doors of the house: where each role lands, and what tells a proxy that the instance lives."""

import redis
from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django.views.generic import View
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.models import Role
from accounts.requests import PersonRequest

# A proxy asks again soon enough: one question, and not for long (in seconds).
ASKED_ONCE = Retry(NoBackoff(), 0)
PATIENCE = {"socket_timeout": 2, "socket_connect_timeout": 2}

LANDING = {
    Role.ADMINISTRATOR: "portal",
    Role.READER: "portal",
    Role.CLIENT_MANAGER: "portal",
    Role.AGENT: "queue",
    Role.MANAGER: "queue",
    Role.PLATFORM_ADMINISTRATOR: "admin:index",
}


class HomeView(LoginRequiredMixin, View):
    """Send a person to the page where their day begins."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Choose by role."""
        return redirect(LANDING[Role(request.user.role)])


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Say that the database and the broker answer; an error is a 500, which the proxy understands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with redis.Redis.from_url(settings.REDIS_URL, retry=ASKED_ONCE, **PATIENCE) as broker:
        broker.ping()
    return HttpResponse("ok", content_type="text/plain")

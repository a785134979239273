"""What a view behind the sign-in receives: a request whose person is known."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class PersonRequest(HttpRequest):
    """A signed-in person's request, as the middlewares have made it; only named, never made."""

    user: User
    htmx: HtmxDetails

"""What a view behind the sign-in receives: a request whose person is known."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Consultation, User


class PersonRequest(HttpRequest):
    """A signed-in person's request, as the middlewares have made it; only named, never made."""

    user: User
    # Set for a manager who views as `user`, and when that has just come to its end.
    consultation: Consultation
    consultation_is_over: bool
    htmx: HtmxDetails

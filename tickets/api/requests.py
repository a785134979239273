"""What a view of the API receives: a request whose person is known, and the token that it bears if any."""

from rest_framework.request import Request

from accounts.models import User
from tickets.models import ApiToken


class ApiRequest(Request):
    """A person's request, as the framework has made it; only named, never made."""

    user: User
    auth: ApiToken | None

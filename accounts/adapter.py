"""How allauth signs people in here: invitation only, e-mail and password, mails in the person's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access_log import AccessKind
from accounts.mail import compose
from accounts.models import User
from accounts.noting import note
from accounts.scope import enter_scope


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are created by invitation: nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-registration: only the platform administrator invites."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Go on as the person who has proved who they are: the entrance only reads."""
        enter_scope(user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: User) -> None:
        """Open the session, and log that it was."""
        super().login(request, user)
        note(request, AccessKind.SIGNED_IN, user)

    def logout(self, request: HttpRequest) -> None:
        """Close the session, and log that it was."""
        if request.user.is_authenticated:
            note(request, AccessKind.SIGNED_OUT, request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log a sign-in that was refused; the address typed is kept only if an account is open under it."""
        note(request, AccessKind.SIGN_IN_REFUSED, email=str(credentials.get("email", "")))
        super().authentication_failed(request, **credentials)

    def set_password(self, user: User, password: str) -> None:
        """Keep the password of the person whose link was followed, in their own scope."""
        enter_scope(user)
        super().set_password(user, password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails in our frame, in the language of the person who has the account."""
        compose(template_prefix.rsplit("/", 1)[-1], email, context["user"].language, context).send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build the link on the instance's own address, never on what the request says its host is."""
        uid, token = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the profile once the password is changed."""
        return reverse("profile")

"""How allauth signs people in here: invitation only, e-mail and password, mails in the person's language."""

import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access_log import AccessKind
from accounts.invitations import MAIL_FAILURES
from accounts.mail import compose
from accounts.models import User
from accounts.notices import NOTICES
from accounts.noting import note
from accounts.organisation_sign_in.leading import must_come_through_organisation
from accounts.scope import enter_scope, scope_of

logger = logging.getLogger(__name__)
# Where a session was opened that no browser opened: the shell, a test.
NOWHERE = "0.0.0.0"  # noqa: S104  # nosec B104  # (bound to nothing: an address that says “nowhere”)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are created by invitation: nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-registration: only the platform administrator invites."""
        return False

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

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person what changed in how they sign in; a mail that cannot leave undoes nothing."""
        values = {
            "user": user,
            "fact": NOTICES[template_prefix.rsplit("/", 1)[-1]],
            "place": self.get_client_ip(self.request),
            "at": timezone.now(),
        }
        try:
            compose("security_notice", user.email, user.language, values).send()
        except MAIL_FAILURES:
            logger.exception("The notice of a change to the sign-in of person %s could not leave.", user.pk)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse a password or a passkey where the organisation's own sign-in is the only way; else go on as they.

        The entrance only reads: what follows is in the scope of who has proved who they are.
        """
        through_organisation = "sociallogin" in (kwargs.get("signal_kwargs") or {})
        with scope_of(user):
            is_refused = user.is_active and not through_organisation and must_come_through_organisation(user)
        if is_refused:
            clear_login(request)
            messages.error(
                request, _("Your organisation signs in through its own page, and in no other way.")
            )
            return HttpResponseRedirect(reverse("through_organisation"))
        enter_scope(user)
        return super().pre_login(request, user, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where the request comes from; what no server received comes from nowhere."""
        return super().get_client_ip(request) if request.META else NOWHERE

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Ask again who one is before a change to the sign-in, unless it was said a moment ago."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT

"""Who an identity provider may sign in: its own client's people under its own domains, and nobody else."""

import logging
import uuid

import requests
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import HttpRequest
from django.shortcuts import render

from accounts.models import Role, User
from accounts.organisation_sign_in.leading import as_application, domain_of, is_in_service
from accounts.organisation_sign_in.models import IdentityProvider
from accounts.outbound import OutboundSession
from accounts.scope import enter_scope_of_client, entrance_scope

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The provider vouched for somebody whom it may not sign in; the reason is for the log."""


class OrganisationAdapter(DefaultSocialAccountAdapter):
    """allauth's questions about identity providers, answered from the clients' own."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the one provider asked for by its key; none is ever listed."""
        for key in (provider, client_id):
            try:
                sought = uuid.UUID(hex=key or "")
            except ValueError:
                continue
            with entrance_scope():
                found = IdentityProvider.objects.filter(key=sought).order_by("pk").first()
            if found is None or not is_in_service(found):
                continue
            # What follows concerns its own client's people alone.
            enter_scope_of_client(found.client_id)
            return [as_application(found)]
        return []

    def get_requests_session(self) -> requests.Session:
        """Go out through judged connections: a provider's address reaches nothing inside."""
        return OutboundSession()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse whoever the provider may not sign in; tie a person known by their address to it."""
        provider = IdentityProvider.objects.select_related("client").get(
            key=sociallogin.provider.app.provider_id
        )
        try:
            person = self._person(provider, sociallogin)
        except Refused as reason:
            logger.warning("Identity provider %s (%s): %s", provider.pk, provider.client.code, reason)
            page = render(request, "socialaccount/refused.html", {"provider": provider}, status=403)
            raise ImmediateHttpResponse(page) from reason
        if person is None:
            sociallogin.user.client, sociallogin.user.role = provider.client, Role.READER
            sociallogin.user.email = self._address(provider, sociallogin)
        elif not sociallogin.is_existing:
            sociallogin.connect(request, person)

    def _address(self, provider: IdentityProvider, sociallogin: SocialLogin) -> str:
        vouched = sociallogin.email_addresses
        email = vouched[0].email.strip().lower() if vouched else ""
        if not provider.domains.filter(domain=domain_of(email) or None).exists():
            raise Refused("the address is outside its domains")
        return email

    def _person(self, provider: IdentityProvider, sociallogin: SocialLogin) -> User | None:
        """Return the person whom the provider means, None for one to be created; raises Refused."""
        if sociallogin.state.get("process", AuthProcess.LOGIN) != AuthProcess.LOGIN:
            raise Refused("something else than signing in was asked for")
        email = self._address(provider, sociallogin)
        data = sociallogin.account.extra_data
        claims = data.get("userinfo") or data.get("id_token") or data
        if claims.get("email_verified") in (False, "false"):
            raise Refused("it has not verified the address")
        # Somebody of another client, or of the vendor, may have the address: the entrance knows everybody.
        with entrance_scope():
            known = User.objects.filter(email__iexact=email).first()
        person = sociallogin.user if sociallogin.is_existing else known
        if person is None:
            return None
        if person.client_id != provider.client_id:
            raise Refused(f"person {person.pk} is not of its client")
        if not person.is_active:
            raise Refused(f"person {person.pk} is deactivated")
        if not sociallogin.is_existing and self._is_known_otherwise(person, sociallogin):
            raise Refused(f"person {person.pk} is known under another identity")
        return person

    def _is_known_otherwise(self, person: User, sociallogin: SocialLogin) -> bool:
        known = SocialAccount.objects.filter(user=person, provider=sociallogin.account.provider)
        return known.exclude(uid=sociallogin.account.uid).exists()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Open an account just in time: everything was checked before, and a reader has no right to file."""
        return True

    def send_notification_mail(
        self, template_prefix: str, user: User, *args: object, **kwargs: object
    ) -> None:
        """Tell a person what changed in how they sign in."""
        get_account_adapter().send_notification_mail(template_prefix, user)

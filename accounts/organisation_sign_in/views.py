"""The way through one's organisation: from an address to its identity provider, and back."""

import logging

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml.utils import get_app_or_404
from allauth.socialaccount.providers.saml.views import FinishACSView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from lxml.etree import XMLSyntaxError
from requests import RequestException

from accounts.organisation_sign_in.leading import as_application, provider_for

logger = logging.getLogger(__name__)
# Only what is signed with a key that the provider publishes; never a shared secret, never nothing.
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class CheckedTokens(OpenIDConnectOAuth2Adapter):
    """OpenID Connect whose identity tokens are checked to the end, however they were received."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict:
        """Check signature, issuer, audience and expiry; raises OAuth2Error."""
        if self.openid_config.get("issuer", "").rstrip("/") != app.settings["server_url"].rstrip("/"):
            raise OAuth2Error("the provider says that it is another")
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=self._key,
        )

    @staticmethod
    def _key(keys: dict, kid: str) -> object:
        usable = [each for each in keys.get("keys", []) if each.get("alg", "RS256") in SIGNATURES]
        return jwtkit.lookup_kid_jwk({"keys": [each for each in usable if each.get("kid") == kid]}, kid)


@require_safe
@never_cache
def through_organisation(request: HttpRequest) -> HttpResponse:
    """Ask for an address and lead to its organisation's sign-in; the answer depends on the domain alone."""
    email = request.GET.get("email", "").strip()
    if not email:
        return render(request, "socialaccount/organisation.html")
    provider = provider_for(email)
    if provider is None:
        messages.info(request, _("This organisation has no sign-in of its own here: use your password."))
        return redirect("account_login")
    # A page in between, which goes on by itself: the policy lets no form be answered by another site.
    address = as_application(provider).get_provider(request).get_login_url(request, process="login")
    return render(request, "socialaccount/handover.html", {"provider": provider, "address": address})


@login_not_required
def openid_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send to the provider; one that does not answer is said so."""
    return _answered(request, provider_id, OAuth2LoginView)


@login_not_required
def openid_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Receive the provider's answer and sign in whom it may."""
    return _answered(request, provider_id, OAuth2CallbackView)


def _answered(request: HttpRequest, provider_id: str, view: type[OAuth2View]) -> HttpResponse:
    adapter = CheckedTokens(request, provider_id)
    try:
        return view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as absent:
        raise Http404 from absent
    except (RequestException, OAuth2Error, KeyError, ValueError) as failure:
        # What the provider answered is not what the protocol says, or it did not answer.
        logger.warning("Identity provider %s: %s", provider_id, failure)
        return render_authentication_error(request, adapter.get_provider(), exception=failure)


@login_not_required
def saml_finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Sign in whom an assertion names; what is no assertion is said so."""
    try:
        return FinishACSView.as_view()(request, organization_slug)
    except (XMLSyntaxError, ValueError, KeyError) as failure:
        logger.warning("Identity provider %s: %s", organization_slug, type(failure).__name__)
        provider = get_app_or_404(request, organization_slug).get_provider(request)
        return render_authentication_error(request, provider, exception=failure)


def no_single_logout(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Lead a provider's request to sign out to our own way out, which asks: nobody else ends a session."""
    return HttpResponseRedirect(reverse("account_logout"))

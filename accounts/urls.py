"""Addresses about people: the look of their screen, signing in, passwords, invitation, profile."""

from allauth.account import views as allauth
from allauth.socialaccount.providers.saml import views as saml
from django.urls import include, path, re_path

from accounts.armour import csp_report
from accounts.organisation_sign_in import views as organisation
from accounts.preferences import choose_language, choose_theme
from accounts.theme import theme
from accounts.viewing_as.views import ViewAsView, stop_viewing_as
from accounts.views import InvitationView, ProfileView, SessionsView

urlpatterns = [
    path("csp-report/", csp_report, name="csp_report"),
    path("theme.css", theme, name="theme"),
    path("theme/", choose_theme, name="choose_theme"),
    path("language/", choose_language, name="choose_language"),
    path("profile/", ProfileView.as_view(), name="profile"),
    path("view-as/", ViewAsView.as_view(), name="view_as"),
    path("view-as/stop/", stop_viewing_as, name="stop_viewing_as"),
    path("sessions/", SessionsView.as_view(), name="sessions"),
    path("invitation/<str:token>/", InvitationView.as_view(), name="invitation"),
    # Of allauth's pages, those that an account opened by invitation needs, and no other.
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("confirm/", allauth.reauthenticate, name="account_reauthenticate"),
    path("factors/", include("allauth.mfa.urls")),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", allauth.signup, name="account_signup"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # Through one's organisation: an address leads to a provider, which is named by a random key.
    path("organisation/", organisation.through_organisation, name="through_organisation"),
    path("oidc/<str:provider_id>/login/", organisation.openid_login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/callback/", organisation.openid_callback, name="openid_connect_callback"),
    path("saml/<str:organization_slug>/login/", saml.login, name="saml_login"),
    path("saml/<str:organization_slug>/acs/", saml.acs, name="saml_acs"),
    path("saml/<str:organization_slug>/acs/finish/", organisation.saml_finish, name="saml_finish_acs"),
    path("saml/<str:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
    path("saml/<str:organization_slug>/sls/", organisation.no_single_logout, name="saml_sls"),
]

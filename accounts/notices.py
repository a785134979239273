"""What a person is told by mail about their own sign-in: each fact in one sentence."""

from django.utils.translation import gettext_lazy as _

NOTICES = {
    "password_changed": _("The password of your account was changed."),
    "password_reset": _("The password of your account was chosen anew through a link received by mail."),
    "totp_activated": _("An authenticator application was added to your account."),
    "totp_deactivated": _("The authenticator application was taken off your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was taken off your account."),
    "recovery_codes_generated": _("New recovery codes were made for your account; the former ones are void."),
    "factors_removed": _(
        "The platform administrator took the second factors off your account and closed your sessions."
    ),
    "account_connected": _("Your account was tied to your organisation's own sign-in."),
}

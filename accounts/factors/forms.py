"""The forms about second factors: allauth's, in our words."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import say
from accounts.scope import enter_scope

LONGEST_NAME = 60


class CodeForm(AuthenticateForm):
    """A code of the authenticator application, or a recovery code."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("Code"))
        self.fields["code"].help_text = _(
            "The six digits of your application, or one of your recovery codes."
        )


class CodeAgainForm(ReauthenticateForm):
    """A code, from a person already signed in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("Code"))
        self.fields["code"].help_text = _(
            "The six digits of your application, or one of your recovery codes."
        )


class FirstCodeForm(ActivateTOTPForm):
    """The first code, which proves that the application has the key."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("The code that the application shows"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey: its name, and whether it signs in alone."""

    def __init__(self, *args: object, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        say(
            self, name=_("Name of the key"), passwordless=_("Sign in with this key alone, without a password")
        )
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME
        self.fields["name"].help_text = _("To know it from your other keys: “telephone”, “office computer”…")
        self.fields["passwordless"].help_text = _("The key then asks for a fingerprint, a face or a PIN.")

    def clean_name(self) -> str:
        """Keep a name short."""
        return str(super().clean_name())[:LONGEST_NAME]


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name of the key"), max_length=LONGEST_NAME)


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey in place of a password: it names its person, in whose scope its use is written down."""

    def clean_credential(self) -> Authenticator:
        """Go on as the person whose passkey has answered."""
        parsed: Authenticator = super().clean_credential()
        enter_scope(parsed.user)
        return parsed

"""The forms about people: signing in, choosing a password, one's own profile."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.zones import zone_choices

password_rules = lazy(password_validators_help_text_html, str)


def say(form: forms.BaseForm, **labels: Any) -> None:
    """Give the fields our labels, and take away the examples that repeat them inside the box."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)


class SignInForm(LoginForm):
    """E-mail and password; a refusal never says which of them is wrong."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, login=_("E-mail address"), password=_("Password"))
        self.fields["password"].help_text = ""


class SamePersonForm(ReauthenticateForm):
    """The password once more, before a change to how one signs in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, password=_("Present password"))
        self.fields["password"].help_text = ""


class ForgottenPasswordForm(ResetPasswordForm):
    """The address to which a link is sent; nothing says whether an account is open under it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, email=_("E-mail address"))


class NewPasswordForm(ResetPasswordKeyForm):
    """Another password, chosen through a link received by mail."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, password1=_("New password"), password2=_("The same, once more"))
        self.fields["password1"].help_text = password_rules()


class OtherPasswordForm(ChangePasswordForm):
    """Another password, for who knows the present one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("The same, once more"),
        )
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = password_rules()


class FirstPasswordForm(SetPasswordForm):
    """The first password, chosen by the person invited."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        say(self, new_password1=_("Password"), new_password2=_("The same, once more"))
        self.fields["new_password2"].help_text = ""


class ProfileForm(forms.ModelForm):
    """What a person says about themselves; role and organisation are the platform administrator's."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("Every date and time is shown in it; delays are counted in the contract's own."),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "telephone", "language", "time_zone"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "telephone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

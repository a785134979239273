"""Which roles do nothing before they have a second factor (the setting MFA_REQUIRED_ROLES)."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from accounts.access import end_access
from accounts.models import User
from accounts.scope import scope_named_after, scoped

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(person: User) -> bool:
    """Tell whether `person` has an authenticator application or a passkey; recovery codes alone are none."""
    # A manager who views as somebody is asked in their own name.
    with scoped(scope_named_after(person)):
        return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def lacks_required_factor(person: User) -> bool:
    """Tell whether `person` must enrol before anything else: no page, and no token of any kind."""
    return person.role in settings.MFA_REQUIRED_ROLES and not has_factor(person)


def remove_factors(person: User) -> bool:
    """Take every second factor of `person` away and end their access; tell whether there was any."""
    with transaction.atomic():
        removed, _by_model = Authenticator.objects.filter(user=person).delete()
        if removed:
            end_access(person)
    return bool(removed)

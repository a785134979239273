"""What an erased person is called: a neutral label with their number, an address that no mail can reach."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User

# A top-level name that no registry will ever hand out (RFC 2606).
DOMAIN = "erased.invalid"


def label_of(person: User) -> tuple[str, str]:
    """Return the first and last name that stand for an erased person, in the instance's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Erased person"), _("no. %(number)d") % {"number": person.pk}


def address_of(person: User) -> str:
    """Return the address that stands for an erased person's."""
    return f"erased-{person.pk}@{DOMAIN}"


def is_erased(person: User) -> bool:
    """Tell whether a person was made anonymous."""
    return person.email.endswith(f"@{DOMAIN}")

"""How allauth keeps second factors here: sealed, under the vendor's name, and never the last one taken away."""

import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.factors.requirement import FACTORS
from accounts.sealing import SealBroken, seal, unseal

logger = logging.getLogger(__name__)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors of this instance."""

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is written: a copy of the database makes no codes."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret; one sealed under a lost key is refused like a wrong code, never read as empty."""
        try:
            return unseal(encrypted_text)
        except SealBroken as failure:
            logger.error("A second factor was sealed under another SECRET_KEY: remove it and enrol again.")  # noqa: TRY400
            raise self.validation_error("incorrect_code") from failure

    def get_totp_issuer(self) -> str:
        """Name the vendor in the person's authenticator application."""
        return settings.VENDOR_NAME

    def _get_site_name(self) -> str:
        return settings.VENDOR_NAME

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to take away the last factor of a person whose role requires one."""
        if authenticator.user.role not in settings.MFA_REQUIRED_ROLES:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

"""Django's registration of the accounts app."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.passwords import check_breached_list
from accounts.theme import from_hex


class AccountsConfig(AppConfig):
    """People, organisations and products."""

    name = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        """Refuse to start with an accent that is no colour or a list that is broken, rather than fail later."""
        from_hex(settings.VENDOR_ACCENT)
        check_breached_list()

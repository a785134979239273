"""Django's registration of the tickets app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """Tickets."""

    name = "tickets"
    verbose_name = _("Tickets")

"""The columns of a trace, on the rows that keep one: each history row has them beside who and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.tracing import LONGEST_AGENT, LONGEST_NAME, Through, current_trace

WAYS = {
    Through.PAGE: _("page"),
    Through.API: _("API"),
    Through.TASK: _("task"),
    Through.COMMAND: _("command"),
    Through.MAIL: _("mail"),
}
WAY_CHOICES = [(way.value, label) for way, label in WAYS.items()]


def through_now() -> str:
    """Return the way by which what is written now came."""
    return str(current_trace().through)


def name_now() -> str:
    """Return the name of that way."""
    return current_trace().name


def address_now() -> str | None:
    """Return the address from which it came."""
    return current_trace().address


def agent_now() -> str:
    """Return the program with which it came."""
    return current_trace().agent


class Traced(models.Model):
    """A row that says by which way it came to be written, filled as it is made."""

    through = models.CharField(
        _("through"), max_length=8, choices=WAY_CHOICES, blank=True, default=through_now
    )
    through_name = models.CharField(_("way"), max_length=LONGEST_NAME, blank=True, default=name_now)
    address = models.GenericIPAddressField(_("internet address"), null=True, default=address_now)
    agent = models.CharField(_("program"), max_length=LONGEST_AGENT, blank=True, default=agent_now)

    class Meta:
        abstract = True

"""The breach file: why each missed deadline was missed, to whom it is attributed, what is done about it."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from tickets.models.ticket import Ticket
from tickets.words import EXCLUDED_GROUNDS, Attribution, Promise


class BreachFindingQuerySet(models.QuerySet["BreachFinding"]):
    """Findings, the last written of each missed deadline apart from those that it replaces."""

    def standing(self) -> Self:
        """Keep, of each missed deadline, what was written last."""
        later = BreachFinding.objects.filter(
            ticket=OuterRef("ticket"), promise=OuterRef("promise"), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(later))

    def complete(self) -> Self:
        """Keep those that say all that both parties need: one written before its comment was asked for may lack it."""
        return self.exclude(comment="")


class BreachFinding(models.Model):
    """What a manager found of one missed deadline; a later finding replaces it and erases nothing (K-11)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="breach_findings")
    promise = models.CharField(_("promise"), max_length=12, choices=Promise)
    revision = models.PositiveIntegerField(_("revision"))
    cause = models.TextField(_("cause"))
    attribution = models.CharField(_("attributed to"), max_length=12, choices=Attribution)
    clause = models.CharField(
        _("clause"),
        max_length=20,
        choices=[(each.value, each.label) for each in EXCLUDED_GROUNDS],
        blank=True,
    )
    comment = models.TextField(_("comment"), blank=True)
    corrective_action = models.TextField(_("corrective action"))
    corrected_on = models.DateField(_("corrective action done on"), null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written on"))

    objects = BreachFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding on a missed deadline")
        verbose_name_plural = _("findings on missed deadlines")
        ordering = ["ticket", "promise", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "promise", "revision"], name="breach_finding_revision"),
            models.CheckConstraint(
                name="excluded_names_its_clause",
                condition=Q(attribution=Attribution.EXCLUDED) & ~Q(clause="")
                | ~Q(attribution=Attribution.EXCLUDED) & Q(clause=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="findings_are_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} · {self.get_promise_display()} · {self.revision}"

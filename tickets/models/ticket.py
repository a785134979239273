"""Tickets, by who may see them; a ticket's own clock columns are only an index of its ledger."""

from datetime import datetime
from functools import lru_cache
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Client, Solution, User
from accounts.permissions import reads_whole_organisation
from accounts.traces import Traced
from sla.clock import ClockState
from sla.models import CalendarVersion, Contract, PolicyVersion
from sla.policy import Severity
from tickets.place import Rank
from tickets.words import SEVERITIES, SEVERITY_CHOICES, ClosingGround, Means, State, Turn, WorkStage

CLOCK_STATES = {
    ClockState.MISSED: _("Missed"),
    ClockState.NONE: _("No commitment"),
    ClockState.MET: _("Met"),
    ClockState.STOPPED: _("Stopped"),
    ClockState.PAUSED: _("Paused"),
    ClockState.RUNNING: _("Running"),
}
CLOCK_STATE_CHOICES = [(state.value, label) for state, label in CLOCK_STATES.items()]


@lru_cache(maxsize=8192)
def _address(number: int, _prefix: str) -> str:
    """Return the address of a ticket: a list has dozens, the same all day long."""
    return reverse("ticket", args=[number])


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets, by who may see them and by the question a page asks."""

    def visible_to(self, user: User, *, at: datetime) -> Self:
        """Keep what `user` may read: the one door through which every reading starts (C-WHO-2)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_vendor:
            return self
        if user.client is None or not user.client.is_active:
            return self.none()
        own = self.filter(client=user.client)
        day = at.astimezone(settings.SUPPORT_ZONE).date()
        return own if reads_whole_organisation(user, day) else own.filter(reporter=user)

    def open(self) -> Self:
        """Keep the tickets that are not closed."""
        return self.exclude(state=State.CLOSED)

    def with_parties(self) -> Self:
        """Fetch what every list and page names beside a ticket, in the same query."""
        return self.select_related(
            "client", "solution", "contract", "reporter", "owner", "calendar_version", "policy_version"
        )


class Ticket(models.Model):
    """An anomaly filed under a contract.

    What people wrote (title, description…) is edited with a history. The columns under “Index of the
    ledger” are written by `tickets.indexing` alone and can be rebuilt from the ledger at any time.
    Instants are stored in UTC, durations in microseconds of business time.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="tickets", verbose_name=_("client"))
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="tickets", verbose_name=_("solution"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="tickets", verbose_name=_("contract"))
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="tickets")
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="tickets")
    reporter = models.ForeignKey(
        User, models.PROTECT, related_name="reported_tickets", verbose_name=_("filed by")
    )
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="owned_tickets", verbose_name=_("owner")
    )
    follow_up_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="follow_ups")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    external_reference = models.CharField(_("external reference"), max_length=120, blank=True)

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"))
    steps = models.TextField(_("steps to reproduce"), blank=True)
    affected_version = models.CharField(_("affected version"), max_length=80, blank=True)
    environment = models.CharField(_("environment"), max_length=200, blank=True)
    means = models.CharField(_("means of reception"), max_length=12, choices=Means, default=Means.PORTAL)
    registered_at = models.DateTimeField(_("registered at"))

    # Index of the ledger.
    received_at = models.DateTimeField(_("received at"))
    severity_claimed = models.CharField(_("severity claimed"), max_length=10, choices=SEVERITY_CHOICES)
    severity_retained = models.CharField(  # noqa: DJ001  (none is retained yet: an empty word would be a lie)
        _("severity retained"), max_length=10, choices=SEVERITY_CHOICES, null=True, blank=True
    )
    severity = models.CharField(_("severity"), max_length=10, choices=SEVERITY_CHOICES)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.NEW)
    turn = models.CharField(_("turn"), max_length=8, choices=Turn, default=Turn.VENDOR)
    acknowledge_state = models.CharField(
        max_length=8, choices=CLOCK_STATE_CHOICES, default=ClockState.RUNNING
    )
    acknowledge_due_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    resolve_state = models.CharField(max_length=8, choices=CLOCK_STATE_CHOICES, default=ClockState.RUNNING)
    resolve_due_at = models.DateTimeField(null=True)
    resolve_left = models.BigIntegerField(null=True, help_text="Business time left while paused.")
    resolved_at = models.DateTimeField(null=True)
    resolve_net = models.BigIntegerField(default=0)
    resolve_gross = models.BigIntegerField(default=0)
    next_due_at = models.DateTimeField(null=True, help_text="The nearest deadline that runs.")
    queue_rank = models.PositiveSmallIntegerField(default=Rank.FREE, help_text="See `tickets.place`.")
    queue_place = models.BigIntegerField(default=0, help_text="Microseconds; see `tickets.place`.")
    closes_at = models.DateTimeField(null=True, help_text="When silence closes the ticket.")
    closed_at = models.DateTimeField(null=True)
    closing_ground = models.CharField(max_length=20, choices=ClosingGround, blank=True)
    is_contested = models.BooleanField(default=False)
    work_stage = models.CharField(
        _("paid work"), max_length=12, choices=WorkStage, blank=True, default="", help_text="C-OUT-4."
    )
    work_requested_at = models.DateTimeField(null=True)
    work_expires_at = models.DateTimeField(
        null=True, help_text="When the quote that awaits the client expires."
    )
    last_seq = models.PositiveIntegerField(default=0)
    last_entry_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()
    history = HistoricalRecords(
        bases=[Traced],
        excluded_fields=[
            "received_at", "severity_claimed", "severity_retained", "severity", "state", "turn",
            "acknowledge_state", "acknowledge_due_at", "acknowledged_at", "resolve_state", "resolve_due_at",
            "resolve_left", "resolved_at", "resolve_net", "resolve_gross", "next_due_at", "queue_rank",
            "queue_place", "closes_at", "closed_at", "closing_ground", "is_contested", "work_stage",
            "work_requested_at", "work_expires_at", "last_seq", "last_entry_at", "owner",
        ],
    )  # fmt: skip

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "id"], name="ticket_of_client"),
            models.UniqueConstraint(
                fields=["client", "external_reference"],
                condition=~models.Q(external_reference=""),
                name="external_reference_once_a_client",
            ),
            models.CheckConstraint(
                name="received_before_registered",
                condition=models.Q(registered_at__gte=models.F("received_at")),
            ),
            models.CheckConstraint(
                name="closed_has_a_ground_and_an_instant",
                condition=models.Q(state=State.CLOSED, closed_at__isnull=False) & ~models.Q(closing_ground="")
                | ~models.Q(state=State.CLOSED) & models.Q(closed_at__isnull=True, closing_ground=""),
            ),
            models.CheckConstraint(
                name="paused_has_time_left_not_a_deadline",
                condition=~models.Q(resolve_state="paused") | models.Q(resolve_due_at__isnull=True),
            ),
        ]
        indexes = [
            # The queue: what has a deadline, each calendar's own order; then all the rest.
            models.Index(
                fields=["calendar_version", "queue_place", "id"],
                name="ticket_queue_due",
                condition=models.Q(queue_rank=Rank.DUE),
            ),
            models.Index(
                fields=["queue_rank", "queue_place", "id"],
                name="ticket_queue_rest",
                condition=models.Q(queue_rank__gt=Rank.DUE),
            ),
            # The counters of the queue's views and of the workload read the open tickets here alone.
            models.Index(
                fields=["client", "id"],
                include=[
                    "owner",
                    "state",
                    "severity",
                    "solution",
                    "calendar_version",
                    "next_due_at",
                    "acknowledged_at",
                    "closes_at",
                    "is_contested",
                    "queue_rank",
                    "queue_place",
                ],
                name="ticket_open",
                condition=~models.Q(state=State.CLOSED),
            ),
            # The register of paid work.
            models.Index(
                fields=["client", "-work_requested_at", "-id"],
                name="ticket_paid_work",
                condition=~models.Q(work_stage=""),
            ),
            # A client's own list, and the counters of its tabs, which read nothing else.
            models.Index(
                fields=["client", "-id"],
                include=["state", "turn", "solution", "severity", "reporter"],
                name="ticket_of_client_tabs",
            ),
            # The orders of the API's list: a page is read from where it begins, whatever the number of tickets.
            models.Index(fields=["received_at", "id"], name="ticket_by_reception"),
            models.Index(fields=["last_entry_at", "id"], name="ticket_by_last_entry"),
            models.Index(fields=["next_due_at", "id"], name="ticket_by_deadline"),
            # Similar open tickets while a title is typed.
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="ticket_title_trigrams"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the one page of the ticket, the same for both sides."""
        return _address(self.pk, get_script_prefix())

    @property
    def severity_label(self) -> str:
        """Say the severity that drives the clocks."""
        return str(SEVERITIES[Severity(self.severity)])

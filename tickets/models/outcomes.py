"""What reports count of each ticket, one narrow row a ticket, and the same summed up by day."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Solution, User
from sla.models import Contract
from tickets.models.ticket import Ticket
from tickets.words import ClosingGround

DAYS_OF_AN_OUTCOME = (
    "received_on", "acknowledge_on", "acknowledged_on", "resolve_on", "resolved_on", "classed_on", "closed_on",
)  # fmt: skip


class Judged(models.IntegerChoices):
    """What is known of a promise, for a report."""

    NOTHING = 0, _("nothing to judge")
    MET = 1, _("met")
    MISSED = 2, _("missed")
    PENDING = 3, _("running: missed once its deadline is past")
    FREE = 4, _("fulfilled without a commitment")


class Outcome(models.Model):
    """A ticket as reports count it: an index of its ledger, written with the ticket's own columns.

    Days are local dates of the contract's time zone; durations are microseconds of business time.
    `acknowledge_on` and `resolve_on` are the day of the deadline or of the fulfilment, whichever comes first.
    """

    ticket = models.OneToOneField(Ticket, models.CASCADE, primary_key=True, related_name="outcome")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    rank = models.PositiveSmallIntegerField(help_text="Of the severity in force: 2 is the gravest.")
    is_rated = models.BooleanField(help_text="False: a duplicate or a withdrawal (K-19).")
    is_follow_up = models.BooleanField()
    ground = models.CharField(max_length=20, choices=ClosingGround, blank=True)

    received_on = models.DateField()
    received_hour = models.PositiveSmallIntegerField()
    acknowledge_judged = models.PositiveSmallIntegerField(choices=Judged)
    acknowledge_on = models.DateField(null=True)
    acknowledge_due_at = models.DateTimeField(null=True, help_text="Of a clock that runs.")
    acknowledged_on = models.DateField(null=True)
    acknowledge_time = models.BigIntegerField(null=True)
    resolve_judged = models.PositiveSmallIntegerField(choices=Judged)
    resolve_on = models.DateField(null=True)
    resolve_due_at = models.DateTimeField(null=True, help_text="Of a clock that runs.")
    resolved_on = models.DateField(null=True)
    resolve_gross = models.BigIntegerField(null=True)
    resolve_net = models.BigIntegerField(null=True)
    paused_question = models.BigIntegerField(default=0, help_text="Until the resolution, overlaps once.")
    paused_delivery = models.BigIntegerField(default=0)
    paused_out_of_scope = models.BigIntegerField(default=0)
    classed_on = models.DateField(null=True, help_text="Out of scope since, or closed so.")
    closed_on = models.DateField(null=True)
    is_stopped = models.BooleanField(help_text="Closed without a resolution to judge (K-17).")
    time_new = models.BigIntegerField(default=0, help_text="In each state, over the whole life once closed.")
    time_in_progress = models.BigIntegerField(default=0)
    time_waiting_client = models.BigIntegerField(default=0)
    time_under_test = models.BigIntegerField(default=0)
    time_accepted = models.BigIntegerField(default=0)
    time_out_of_scope = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        indexes = [
            # One client's figures, and the lists behind them.
            *[
                models.Index(fields=["client", day], name=f"outcome_client_{day}")
                for day in DAYS_OF_AN_OUTCOME
                if day != "classed_on"
            ],
            # The durations of a day that waits, put in order again from the index alone.
            models.Index(
                fields=["acknowledged_on", "rank"],
                include=["client", "acknowledge_time"],
                name="outcome_acknowledge_lasted",
                condition=Q(is_rated=True, acknowledged_on__isnull=False),
            ),
            models.Index(
                fields=["resolved_on", "rank"],
                include=["client", "resolve_gross", "resolve_net"],
                name="outcome_resolve_lasted",
                condition=Q(is_rated=True, resolved_on__isnull=False),
            ),
            # A day summed up again, and everybody's lists.
            models.Index(fields=["received_on"], name="outcome_received"),
            models.Index(fields=["acknowledge_on"], name="outcome_acknowledge"),
            models.Index(fields=["resolve_on"], name="outcome_resolve"),
            models.Index(fields=["closed_on"], name="outcome_closed"),
            models.Index(
                fields=["classed_on"], name="outcome_classed", condition=Q(classed_on__isnull=False)
            ),
            # The backlog, and what becomes late without anybody acting.
            models.Index(
                fields=["client", "received_on"],
                include=["rank"],
                name="outcome_open_ages",
                condition=Q(closed_on__isnull=True),
            ),
            models.Index(
                fields=["client", "acknowledge_due_at"],
                name="outcome_acknowledge_pending",
                condition=Q(acknowledge_judged=Judged.PENDING),
            ),
            models.Index(
                fields=["client", "resolve_due_at"],
                name="outcome_resolve_pending",
                condition=Q(resolve_judged=Judged.PENDING),
            ),
            # Duplicates and withdrawals: few, and in no rate.
            models.Index(
                fields=["client", "acknowledge_on", "resolve_on"],
                include=["acknowledge_judged", "acknowledge_due_at", "resolve_judged", "resolve_due_at"],
                name="outcome_left_out_days",
                condition=Q(is_rated=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="pending_clock_has_a_deadline",
                condition=(~Q(acknowledge_judged=Judged.PENDING) | Q(acknowledge_due_at__isnull=False))
                & (~Q(resolve_judged=Judged.PENDING) | Q(resolve_due_at__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="days_to_sum_up_again",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                func=pgtrigger.Func(
                    """
                    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF;
                    INSERT INTO tickets_staleday (day)
                        SELECT DISTINCT day FROM unnest(ARRAY[
                            {days}
                        ]) AS day WHERE day IS NOT NULL;
                    RETURN NULL;
                """.replace(
                        "{days}",
                        ", ".join(f"{row}.{day}" for row in ("OLD", "NEW") for day in DAYS_OF_AN_OUTCOME),
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class StaleDay(models.Model):
    """A day whose sums are to be made again: only ever added, so that no act waits for another."""

    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("day to sum up again")
        verbose_name_plural = _("days to sum up again")

    def __str__(self) -> str:
        return f"{self.day}"


class DayFigures(models.Model):
    """The outcomes of a day or of a month summed up, by solution, by owner or by client, for pages over everybody.

    Nothing is in it that the outcomes do not say; days that wait to be summed up are read from these, and the months
    that hold them from their days.
    """

    day = models.DateField(help_text="Of a month, its first.")
    is_month = models.BooleanField(default=False)
    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+", db_index=False)
    solution = models.ForeignKey(Solution, models.CASCADE, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", db_index=False)
    grain = models.PositiveSmallIntegerField(help_text="1: by solution; 2: by owner; 3: by client.")
    rank = models.PositiveSmallIntegerField()
    sums = ArrayField(models.BigIntegerField(), help_text="In the order of `tickets.tallies.MEASURES`.")

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")
        indexes = [models.Index(fields=["is_month", "grain", "day"], name="figures_by_grain")]
        constraints = [
            models.CheckConstraint(
                name="figures_of_one_grain",
                condition=Q(grain=1, solution__isnull=False, client__isnull=True, owner__isnull=True)
                | Q(grain=2, solution__isnull=True, client__isnull=True)
                | Q(grain=3, client__isnull=False, solution__isnull=True, owner__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.grain}"


class DayTimes(models.Model):
    """The durations of one name that count on a day or in a month, of everybody, by severity: their sum, all in order.

    Each is eight bytes, the highest first, in microseconds of business time. Places in the order (the median, the
    90th percentile) are then found without reading a year's outcomes.
    """

    day = models.DateField(help_text="Of a month, its first.")
    is_month = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=20, help_text="Of the column of outcomes.")
    total = models.BigIntegerField()
    durations = models.BinaryField()

    class Meta:
        verbose_name = _("times of a day")
        verbose_name_plural = _("times of days")
        constraints = [
            models.UniqueConstraint(fields=["is_month", "day", "name", "rank"], name="times_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.name} · {self.rank}"

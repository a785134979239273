"""Calendars, policies and contracts; a version of either never changes once published (C-CAL-3)."""

import secrets
from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Client, Solution, User
from accounts.traces import Traced
from sla.calendar import BusinessCalendar, CalendarError
from sla.policy import Policy as PolicyTerms
from sla.policy import PolicyError
from sla.versioning import Version


def default_week() -> dict[str, list[list[str]]]:
    """Return the contract's opening hours, Monday to Friday 9:00 to 18:00 (C-CAL-1)."""
    return {str(day): [["09:00", "18:00"]] for day in range(1, 6)}


def default_targets() -> dict[str, dict[str, dict[str, int] | None]]:
    """Return the contract's default service levels."""
    return {
        "bloquante": {"acknowledge": {"hours": 2}, "resolve": {"hours": 24}},
        "majeure": {"acknowledge": {"hours": 4}, "resolve": {"days": 7}},
        "mineure": {"acknowledge": {"hours": 24}, "resolve": None},
    }


def default_reminder_days() -> list[int]:
    """Return the business days after a delivery whose opening brings a reminder (K-5)."""
    return [2, 4]


def default_escalation_percents() -> list[int]:
    """Return the parts of a running clock, in percent, at which it escalates."""
    return [50, 75, 100]


class Calendar(models.Model):
    """A named support calendar; its content is in its versions."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(Version):
    """When support is open, as it was said on the day of its publication (C-CAL-1)."""

    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="versions", verbose_name=_("calendar")
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    weekly = models.JSONField(
        _("weekly opening"),
        default=default_week,
        help_text=_("ISO weekday (1 is Monday) → windows of local time, e.g. {“1”: [[“09:00”, “18:00”]]}."),
    )
    holiday_country = models.CharField(_("country of the public holidays"), max_length=2, default="FR")
    holiday_subdivision = models.CharField(_("subdivision"), max_length=10, blank=True)
    holidays_worked = models.JSONField(
        _("holidays not observed"),
        default=list,
        blank=True,
        help_text=_("Names, for every year, or dates, for one: the journée de solidarité."),
    )

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ["calendar", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number"),
            models.UniqueConstraint(
                fields=["calendar", "published_at"],
                name="one_calendar_version_in_force",
                violation_error_message=_("Another version of this calendar comes in force at that instant."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_calendar_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return _("%(calendar)s, version %(number)d") % {"calendar": self.calendar, "number": self.number}

    def clean(self) -> None:
        """Refuse a calendar that the engine refuses: unknown zone, overlapping windows, never open."""
        try:
            BusinessCalendar.from_document(self.as_document(closures=[]))
        except CalendarError as error:
            raise ValidationError(str(error)) from error

    def as_document(self, closures: "list[Closure] | None" = None) -> dict[str, object]:
        """Return the calendar in the engine's exchange format, local times in its own zone."""
        return {
            "timezone": self.timezone,
            "weekly": self.weekly,
            "holidays": {
                "country": self.holiday_country,
                "subdivision": self.holiday_subdivision or None,
                "worked": self.holidays_worked,
            },
            "closures": [
                closure.as_document() for closure in (self.closures.all() if closures is None else closures)
            ],
        }


class Closure(models.Model):
    """Days on which the weekly opening is replaced: closed, open in part, or exceptionally open (C-CAL-2, K-20)."""

    version = models.ForeignKey(
        CalendarVersion, models.CASCADE, related_name="closures", verbose_name=_("calendar version")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    windows = models.JSONField(
        _("openings kept"),
        default=list,
        blank=True,
        help_text=_("Empty: closed all day. Else windows of local time, e.g. [[“09:00”, “12:00”]]."),
    )
    motive = models.CharField(_("motive"), max_length=200)
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The day on which a version first said it; none in a draft that adds it (C-CAL-2)."),
    )

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_begins",
                condition=Q(last_day__gte=models.F("first_day")),
                violation_error_message=_("A closure cannot end before it begins."),
            ),
            ExclusionConstraint(
                name="closures_do_not_overlap",
                expressions=[
                    ("version", RangeOperators.EQUAL),
                    (
                        Func(
                            "first_day",
                            "last_day",
                            models.Value("[]"),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another closure of this calendar covers one of these days."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_closure_is_fixed",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("published", "timestamptz")],
                func=pgtrigger.Func(
                    """
                    SELECT published_at INTO published FROM {meta.related_version}
                        WHERE id = COALESCE(NEW.version_id, OLD.version_id);
                    IF published IS NOT NULL THEN
                        RAISE EXCEPTION 'a closure of a published calendar version never changes';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """.replace("{meta.related_version}", "sla_calendarversion")  # nosec B608  # (a trigger, its table ours)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%d/%m/%Y} · {self.motive}"

    def as_document(self) -> dict[str, object]:
        """Return the closure in the engine's exchange format."""
        return {
            "first": self.first_day.isoformat(),
            "last": self.last_day.isoformat(),
            "windows": self.windows,
            "motive": self.motive,
            **({"published": self.published_on.isoformat()} if self.published_on else {}),
        }


def new_token() -> str:
    """Return what nobody can guess: 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """One person's own address of a calendar's feed, for a program that cannot sign in; renewing it revokes it."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, editable=False, related_name="+")
    person = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds", verbose_name=_("person"))
    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="feeds", verbose_name=_("calendar"))
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [models.UniqueConstraint(fields=["person", "calendar"], name="one_feed_a_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.calendar}"


class Policy(models.Model):
    """A named set of service levels; its content is in its versions."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(Version):
    """The delays promised and the conventions kept, as said on the day of publication."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions", verbose_name=_("policy"))
    targets = models.JSONField(_("targets"), default=default_targets)
    closing_days = models.PositiveSmallIntegerField(
        _("business days before tacit closing"), default=5, help_text=_("C-CLI-2, K-5, K-18")
    )
    reminder_days = models.JSONField(_("reminders on the business days"), default=default_reminder_days)
    escalation_percents = models.JSONField(_("escalation at (%)"), default=default_escalation_percents)

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
            models.UniqueConstraint(
                fields=["policy", "published_at"],
                name="one_policy_version_in_force",
                violation_error_message=_("Another version of this policy comes in force at that instant."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_policy_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return _("%(policy)s, version %(number)d") % {"policy": self.policy, "number": self.number}

    def clean(self) -> None:
        """Refuse a policy that the engine refuses: a severity without its targets, an unknown unit."""
        try:
            PolicyTerms.from_document(self.as_document())
        except PolicyError as error:
            raise ValidationError(str(error)) from error

    def as_document(self) -> dict[str, object]:
        """Return the policy in the engine's exchange format."""
        return {
            **self.targets,
            "closing_days": self.closing_days,
            "reminder_days": self.reminder_days,
            "escalation_percents": self.escalation_percents,
        }


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, by the day on which they hold."""

    def in_force(self, day: date) -> Self:
        """Keep the contracts that hold on `day`, a local date."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            starts_on__lte=day,
            client__is_active=True,
            solution__is_active=True,
        )


class Contract(models.Model):
    """The vendor supports one solution for one client, under a policy and a calendar, from a day to a day."""

    reference = models.CharField(_("reference"), max_length=60, unique=True)
    client = models.ForeignKey(Client, models.PROTECT, related_name="contracts", verbose_name=_("client"))
    solution = models.ForeignKey(
        Solution, models.PROTECT, related_name="contracts", verbose_name=_("solution")
    )
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="contracts", verbose_name=_("policy"))
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="contracts", verbose_name=_("calendar")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("to"), null=True, blank=True, help_text=_("Last day, included; none: open-ended.")
    )
    retention_months = models.PositiveSmallIntegerField(
        _("retention (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "So long after a ticket is closed, its texts and files are purged; empty: they are kept."
        ),
    )

    objects = ContractQuerySet.as_manager()
    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["client", "solution", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["client", "id"], name="contract_of_client"),
            models.CheckConstraint(
                name="contract_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A contract cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="one_contract_at_a_time",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    ("solution", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            models.Value("[]"),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "Another contract covers this client and solution on some of these days."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.client} · {self.solution}"

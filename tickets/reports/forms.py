"""What a report's address may ask for."""

from datetime import date
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Role, Solution, User
from sla.models import Contract
from sla.policy import RANKS, Severity
from tickets.lists.choices import PartyField, PlainSelect
from tickets.lists.filters import mistakes_of
from tickets.reports.counting import AGES, Figure
from tickets.reports.days import Days, RecentPeriod
from tickets.reports.months import FIRST_YEAR, LAST_YEAR, Month
from tickets.tallies.measures import Scope
from tickets.words import SEVERITY_CHOICES

NOBODY = "nobody"


class MonthField(forms.Field):
    """A month written “2026-05”."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a month: write the year and the month, as in 2026-05.")
    }

    def to_python(self, value: object) -> Month | None:
        """Read the month; nothing for nothing."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return Month.from_text(text)
        except ValueError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": text[:20]}
            ) from error


def _day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class PeriodForm(forms.Form):
    """Which days, client, solution and severity; a person of a client chooses among what is their own.

    A list that leaves by mail says its days as a `period`, which moves on with each sending.
    """

    period = forms.ChoiceField(
        label=_("Period"),
        choices=[("", ""), *RecentPeriod.choices],
        required=False,
        widget=forms.HiddenInput,
    )
    month = MonthField(
        label=_("Month"),
        required=False,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-05"}),
    )
    client = PartyField(Client.objects.all(), label=_("Client"), empty_label=_("All clients"))
    solution = PartyField(Solution.objects.all(), label=_("Solution"), empty_label=_("All solutions"))
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[("", _("All severities")), *SEVERITY_CHOICES],
        required=False,
        widget=PlainSelect,
    )

    def __init__(self, *args: Any, person: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.today = person, today
        self.fields["from"], self.fields["to"] = _day_field(_("From")), _day_field(_("To"))
        self.order_fields(["from", "to", "client", "solution", "severity"])
        if not person.is_vendor:
            # Not even the existence of another client, or of a product it never bought, shows.
            contracts = Contract.objects.filter(client=person.client_id)
            solution, client = (
                cast("forms.ModelChoiceField", self.fields[name]) for name in ("solution", "client")
            )
            solution.queryset = Solution.objects.filter(pk__in=contracts.values("solution"))
            client.queryset = Client.objects.filter(people=person)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that is inverted, half said, out of all bounds, or that has not begun."""
        wanted = super().clean() or self.cleaned_data
        if {"from", "to", "month", "period"} & set(self.errors):
            return wanted
        first, last, month = wanted.get("from"), wanted.get("to"), wanted.get("month")
        if period := wanted.get("period"):
            if first or last or month:
                raise ValidationError(_("A period is said in words or by its days, not by both."))
            return {**wanted, "days": RecentPeriod(period).before(self.today)}
        if (first is None) != (last is None):
            raise ValidationError(_("A period has a first and a last day: one of them is missing."))
        if first is None and month is not None:
            first, last = Days.of_month(month).first, Days.of_month(month).last
        if first is None or last is None:
            return wanted
        if last < first:
            raise ValidationError(_("The period ends before it begins."))
        if first.year < FIRST_YEAR or last.year > LAST_YEAR:
            raise ValidationError(_("The period is out of all bounds."))
        if first > self.today:
            raise ValidationError(_("The period has not begun: nothing can be counted in it."))
        return {**wanted, "days": Days(first, last)}

    @property
    def mistakes(self) -> list[str]:
        """Say what of the address was not understood."""
        return mistakes_of(self)

    @property
    def days(self) -> Days:
        """The days asked for; those of the present month without any, or for some that were not understood."""
        return self.cleaned_data.get("days") or Days.of_month(Month(self.today.year, self.today.month))

    @property
    def shown(self) -> Self:
        """The same form, unbound, filled with the period that is shown whatever the address said of it."""
        initial = {**self.cleaned_data, "from": self.days.first, "to": self.days.last}
        return type(self)(initial=initial, person=self.person, today=self.today)

    @property
    def scope(self) -> Scope:
        """What narrows the figures: a person of a client never sees beyond it."""
        wanted = self.cleaned_data
        client, solution, severity = (wanted.get(name) for name in ("client", "solution", "severity"))
        own = None if self.person.is_vendor else self.person.client_id
        return Scope(
            client=own or (client and client.pk),
            solution=solution and solution.pk,
            rank=RANKS[Severity(severity)] if severity else None,
        )

    @property
    def link(self) -> dict[str, object]:
        """What the address of a list takes over of this one."""
        wanted = self.cleaned_data
        return {
            "client": wanted["client"].pk if wanted.get("client") else None,
            "solution": wanted["solution"].pk if wanted.get("solution") else None,
            "severity": wanted.get("severity"),
        }


class FigureForm(PeriodForm):
    """Which tickets: those behind a figure of a period, as the line that shows it narrows them."""

    figure = forms.ChoiceField(label=_("Figure"), choices=Figure.choices)
    owner = forms.CharField(label=_("Owned by"), required=False, max_length=20)
    age = forms.TypedChoiceField(
        label=_("Age"), choices=[("", ""), *[(str(index), "") for index in range(len(AGES))]], required=False
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=[("", ""), *[(str(day), "") for day in range(1, 8)]], required=False
    )
    hour = forms.TypedChoiceField(
        label=_("Hour"), choices=[("", ""), *[(str(hour), "") for hour in range(24)]], required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a period: a figure without one is none."""
        wanted = super().clean()
        if "days" not in wanted and not self.errors:
            raise ValidationError(_("This address says no period."))
        return wanted

    def clean_owner(self) -> str:
        """Refuse an agent's figures to who is not a manager of the support, and what is no agent."""
        owner: str = self.cleaned_data["owner"]
        if not owner or owner == NOBODY:
            known = self.person.role == Role.MANAGER or not owner
        else:
            known = self.person.role == Role.MANAGER and owner.isascii() and owner.isdigit()
            known = known and len(owner) < 10 and User.objects.filter(pk=int(owner)).exists()
        if not known:
            raise ValidationError(_("This is no agent."))
        return owner

    @property
    def narrowing(self) -> dict[str, Any]:
        """Return the conditions on outcomes beyond the period's scope."""
        wanted = self.cleaned_data
        owner, weekday, hour = wanted.get("owner"), wanted.get("weekday"), wanted.get("hour")
        return {
            **({"owner": None if owner == NOBODY else int(owner)} if owner else {}),
            **({"received_on__iso_week_day": int(weekday)} if weekday else {}),
            **({"received_hour": int(hour)} if hour else {}),
        }

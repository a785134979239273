"""The questions that the lists answer; a filter or a value that is not one is named in the refusal (400)."""

from typing import Any, cast

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Client, Solution, User
from sla.models import Contract
from tickets.api.problems import Errors, not_understood
from tickets.api.requests import ApiRequest
from tickets.desk.queue import QUEUE_TABS
from tickets.lists.tabs import Tab
from tickets.models import Ticket, TicketQuerySet
from tickets.portal.listing import LISTING_TABS
from tickets.search.finding import Search
from tickets.search.language import LONGEST, QueryError
from tickets.search.owners import ME, NOBODY, owned_by
from tickets.simulator.forms import ExactInstantField
from tickets.words import SEVERITY_CHOICES, State, Turn

YES_NO = [("true", "true"), ("false", "false")]
EVERY_TAB = list({tab.name: tab.label for tab in (*QUEUE_TABS, *LISTING_TABS)}.items())  # one's own are fewer


def solutions_known_to(request: ApiRequest) -> QuerySet[Solution]:
    """Return the solutions that a filter may name: for a client, those that it ever had a contract for."""
    if request.user.is_vendor:
        return Solution.objects.all()
    own = Contract.objects.filter(client=request.user.client_id)
    return Solution.objects.filter(pk__in=own.values("solution"))


def clients_known_to(request: ApiRequest) -> QuerySet[Client]:
    """Return the clients that a filter may name: not even the existence of another one shows."""
    return Client.objects.all() if request.user.is_vendor else Client.objects.filter(people=request.user)


def contracts_known_to(request: ApiRequest) -> QuerySet[Contract]:
    """Return the contracts that a filter may name."""
    every = Contract.objects.all()
    return every if request.user.is_vendor else every.filter(client=request.user.client_id)


class InstantFilter(django_filters.Filter):
    """An instant with its offset from UTC."""

    field_class = ExactInstantField


class NumberOf(django_filters.Filter):
    """A ticket's number."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, **options)


class TicketFilters(django_filters.FilterSet):
    """The filters of the list of tickets; those given several times keep what answers any of their values."""

    view = django_filters.ChoiceFilter(
        label=gettext_lazy("A tab of the page's list"), method="keep_view", choices=EVERY_TAB
    )
    q = django_filters.CharFilter(
        label=gettext_lazy("A search, as the page's box understands it"),
        method="keep_words",
        max_length=LONGEST,
    )
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=State.choices)
    severity = django_filters.MultipleChoiceFilter(label=gettext_lazy("Severity"), choices=SEVERITY_CHOICES)
    turn = django_filters.ChoiceFilter(
        label=gettext_lazy("Who is expected to act"), choices=Turn.choices, empty_label=None
    )
    solution = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Solution"), queryset=solutions_known_to, empty_label=None
    )
    client = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Client"), queryset=clients_known_to, empty_label=None
    )
    contract = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Contract"), queryset=contracts_known_to, empty_label=None
    )
    owner = django_filters.CharFilter(
        label=gettext_lazy("“me”, “nobody”, or somebody's number"), method="keep_owner"
    )
    contested = django_filters.ChoiceFilter(
        label=gettext_lazy("Contested"), method="keep_contested", choices=YES_NO, empty_label=None
    )
    received_from = InstantFilter(
        label=gettext_lazy("Received at that instant or later"), field_name="received_at", lookup_expr="gte"
    )
    received_before = InstantFilter(
        label=gettext_lazy("Received before that instant"), field_name="received_at", lookup_expr="lt"
    )
    changed_since = InstantFilter(
        label=gettext_lazy("With an entry of the ledger since that instant"),
        field_name="last_entry_at",
        lookup_expr="gte",
    )
    follow_up_of = NumberOf(label=gettext_lazy("Following up the ticket of this number"))
    duplicate_of = NumberOf(label=gettext_lazy("Closed as a duplicate of the ticket of this number"))

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(tab.name, tab.label) for tab in self.tabs]
        self.filters["view"].extra["choices"] = choices

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The tabs of the list that the reader's page has."""
        return QUEUE_TABS if self.request.user.is_vendor else LISTING_TABS

    def keep_view(self, tickets: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        """Keep what a tab keeps."""
        tab = next(each for each in self.tabs if each.name == value)
        return tickets.filter(tab.condition(self.request.user, timezone.now()))

    def keep_words(self, tickets: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        """Keep what the page's search finds; refuse what it does not understand (400)."""
        try:
            return Search.of(value, self.request.user).narrow(tickets)
        except QueryError as error:
            raise not_understood([{"field": "q", "reason": str(error)}]) from error

    def keep_owner(self, tickets: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        """Keep somebody's tickets; who works on tickets is no secret, anybody else is unknown."""
        is_number = value.isascii() and value.isdigit()
        known = value in {ME, NOBODY} or (is_number and User.objects.workers().filter(pk=int(value)).exists())
        if not known:
            reason = _("“me”, “nobody”, or the number of somebody who works on tickets")
            raise not_understood([{"field": "owner", "reason": reason}])
        return tickets.filter(owned_by(value, self.request.user))

    def keep_contested(self, tickets: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        """Keep what is contested, or not."""
        return tickets.filter(is_contested=value == "true")


def narrowed(request: ApiRequest, tickets: TicketQuerySet) -> TicketQuerySet:
    """Keep the tickets that answer every filter of the address, or refuse naming those not understood (400)."""
    filters = TicketFilters(request.query_params, tickets, request=request)
    errors = ill_given(request.query_params, filters.form)
    if not filters.is_valid() or errors:
        raise not_understood(errors or mistakes(filters.form))
    return cast("TicketQuerySet", filters.qs)


def ill_given(asked: QueryDict, form: forms.Form) -> Errors:
    """Name each field of a question that is given empty, or twice where it takes one value."""
    errors = []
    for name, field in form.fields.items():
        values = asked.getlist(name)
        if "" in values and type(field) is not forms.CharField:
            errors.append({"field": name, "reason": _("given without a value")})
        elif len(values) > 1 and not isinstance(field, forms.MultipleChoiceField):
            errors.append({"field": name, "reason": _("given more than once")})
    return errors


def mistakes(form: forms.Form) -> Errors:
    """Name each field of a question that was not understood, and why."""
    return [
        {"field": name, "reason": str(reason)} for name, reasons in form.errors.items() for reason in reasons
    ]

"""A client's own list: its tabs, its filters, and who may file when the reader may not."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.deputies import deputising_on
from accounts.models import Role, Solution, Training, User
from sla.models import Contract
from tickets.lists.choices import PlainSelect
from tickets.lists.filters import PageNumber, TicketFilter
from tickets.lists.tabs import Tab
from tickets.models import TicketQuerySet
from tickets.permissions import support_day, trainings_of
from tickets.words import State, Turn

IS_OPEN = ~Q(state=State.CLOSED)


def _is_readers_turn(user: User, at: datetime) -> Q:
    return Q(turn=Turn.CLIENT, solution__in=trainings_of(user, at).values("solution"))


def _is_organisations_turn(user: User, at: datetime) -> Q:
    """Keep what a colleague is expected to do: the reader is not trained for it (C-WHO-1)."""
    return Q(turn=Turn.CLIENT) & ~Q(solution__in=trainings_of(user, at).values("solution"))


MY_TURN = Tab("my_turn", _("Your turn"), "user-exclamation", _is_readers_turn)
LISTING_TABS = (
    Tab("open", _("Open tickets"), "inbox", IS_OPEN),
    MY_TURN,
    Tab("organisation_turn", _("Your organisation's turn"), "users", _is_organisations_turn),
    Tab("vendor_turn", _("Waiting for the vendor"), "hourglass-high", Q(turn=Turn.VENDOR)),
    Tab("under_test", _("Under test"), "test-pipe", Q(state=State.UNDER_TEST)),
    Tab("closed", _("Closed tickets"), "lock", Q(state=State.CLOSED)),
    Tab("all", _("All tickets"), "list", Q()),
)


def tabs_of(user: User) -> tuple[Tab, ...]:
    """Return the tabs that concern `user`: only an administrator is ever expected to act (C-WHO-1)."""
    may_have_a_turn = user.role == Role.ADMINISTRATOR
    return tuple(tab for tab in LISTING_TABS if may_have_a_turn or tab is not MY_TURN)


class ListingFilter(TicketFilter):
    """The filters of a client's own list; solutions are those it ever had a contract for."""

    view = forms.ChoiceField(
        label=_("Tab"),
        choices=[(tab.name, tab.label) for tab in LISTING_TABS],
        required=False,
        widget=forms.HiddenInput,
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All states")), *State.choices], required=False, widget=PlainSelect
    )
    page = PageNumber()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contracts = Contract.objects.filter(client=self.person.client_id)
        solution = cast("forms.ModelChoiceField", self.fields["solution"])
        solution.queryset = Solution.objects.filter(pk__in=contracts.values("solution"))

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Add the state; the tabs say open or closed."""
        state = self.cleaned_data.get("state")
        return super().narrow(tickets.filter(state=state) if state else tickets)


def may_file_by_solution(client: int | None, at: datetime) -> dict[Solution, list[User]]:
    """Return, for each solution under contract with a client, its people who may file (C-WHO-2)."""
    day = support_day(at)
    contracts = Contract.objects.in_force(day).filter(client=client).select_related("solution")
    trained = (
        Training.objects.valid_on(day)
        .filter(client=client, person__role=Role.ADMINISTRATOR)
        .select_related("person")
        .prefetch_related(deputising_on(day, "person__"))
    )
    people: dict[int, list[User]] = {}
    for training in trained:
        known = people.setdefault(training.solution_id, [])
        if training.person not in known:
            known.append(training.person)
    return {contract.solution: people.get(contract.solution_id, []) for contract in contracts}

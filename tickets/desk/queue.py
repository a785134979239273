"""The vendor's queue: which tickets, in which order, under which filters."""

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from tickets.desk.cursor import CursorField
from tickets.desk.parties import Parties, workers
from tickets.lists.choices import Pairs, PartyField, PlainSelect
from tickets.lists.filters import TicketFilter
from tickets.lists.tabs import Tab
from tickets.models import SavedView, TicketQuerySet
from tickets.search.owners import ME, NOBODY, owned_by
from tickets.words import State

# Elapsed time: what a silence over the week-end closes on Monday shows on Friday evening.
CLOSED_SOON = timedelta(days=3)
MOST_COUNTED = 1_000


def is_breached(at: datetime) -> Q:
    """Keep tickets with a deadline missed and still owed: before `at`, not at it (K-14)."""
    return Q(next_due_at__lt=at)


WHOSE = (("", _("Anybody")), (ME, _("Me")), (NOBODY, _("Nobody")))


def _owners() -> list[tuple[str, Any]]:
    return [*WHOSE, *workers()]


QUEUE_TABS = (
    Tab("all", _("All tickets"), "inbox", Q()),
    Tab(
        "to_acknowledge", _("To acknowledge"), "bell",
        Q(acknowledged_at__isnull=True) & ~Q(state=State.CLOSED),
    ),
    Tab("mine", _("Mine"), "user", lambda user, _at: Q(owner=user), owned=True),
    Tab("unowned", _("Unowned"), "user-question", Q(owner__isnull=True)),
    Tab("breached", _("Deadline missed"), "alert-triangle", lambda _user, at: is_breached(at)),
    Tab("waiting", _("Waiting for the client"), "message-question", Q(state=State.WAITING_CLIENT)),
    Tab("under_test", _("Under test"), "test-pipe", Q(state=State.UNDER_TEST)),
    Tab(
        "closed_soon", _("To be closed"), "hourglass-low",
        lambda _user, at: Q(closes_at__lte=at + CLOSED_SOON),
    ),
    Tab("out_of_scope", _("Out of scope"), "ban", Q(state=State.OUT_OF_SCOPE)),
    Tab("contested", _("Contested"), "gavel", Q(is_contested=True)),
)  # fmt: skip


class QueueFilter(TicketFilter):
    """The queue's filters; without any, the open tickets."""

    view = forms.ChoiceField(
        label=_("Tab"),
        choices=[(tab.name, tab.label) for tab in QUEUE_TABS],
        required=False,
        widget=forms.HiddenInput,
    )
    client = PartyField(Client.objects.all(), label=_("Client"), empty_label=_("All clients"))
    owner = forms.ChoiceField(label=_("Owned by"), required=False, choices=_owners, widget=PlainSelect)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("Open tickets")),
            ("all", _("Open and closed")),
            *[(state.value, state.label) for state in State],
        ],
        required=False,
        widget=PlainSelect,
    )
    page = CursorField(label=_("Page"), required=False)
    saved = forms.ModelChoiceField(
        SavedView.objects.none(),
        label=_("Saved view"),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("it was deleted, or is not shared any more.")},
    )
    field_order = ("view", "saved", "q", "client", "solution", "severity", "state", "owner", "size", "page")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = cast("forms.ModelChoiceField", self.fields["saved"])
        saved.queryset = SavedView.objects.usable_by(self.person)

    def offer(self, parties: Parties) -> None:
        """Offer these to choose from, rather than read them once more; what is chosen is checked in the database."""
        offered: dict[str, Pairs] = {
            "client": (("", str(_("All clients"))), *parties.clients),
            "solution": (("", str(_("All solutions"))), *parties.solutions),
            "owner": (*((whose, str(label)) for whose, label in WHOSE), *parties.workers),
        }
        for name, pairs in offered.items():
            self.fields[name].widget.offered = pairs

    def clean(self) -> dict[str, Any]:
        """Say of a saved view that its client is no more, rather than that a number is unknown."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        view = cleaned.get("saved")
        if view and view.client_name and "client" in self.errors:
            self.errors["client"] = self.error_class([
                _("the view “%(view)s” is about %(client)s, a client that is no longer here.")
                % {"view": view, "client": view.client_name}
            ])  # fmt: skip
        return cleaned

    @property
    def brings_closed_in(self) -> bool:
        """Tell whether closed tickets may be among those kept, where nothing else narrows them to a few."""
        state = self.cleaned_data.get("state", "")
        chosen = state in {"all", State.CLOSED} or self.search.chooses_state
        return chosen and not self.search.wanted and not self.cleaned_data.get("client")

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Add the queue's own filters; only the state may bring closed tickets in."""
        state = self.cleaned_data.get("state", "")
        if not state and not self.search.chooses_state:
            kept = self._narrow(tickets.open())
            if not self.search.finds_few:
                return kept
            # Of thousands that have the words, a handful are open: every question of the page is asked of these.
            return tickets.filter(pk__any_of=list(kept.order_by().values_list("pk", flat=True)))
        if state and state != "all":
            tickets = tickets.filter(state=state)
        return self._narrow(tickets)

    def count_closed(self, tickets: TicketQuerySet) -> int:
        """Count the closed tickets that answer a search among the open ones, up to `MOST_COUNTED`.

        0, unasked, without such a search.
        """
        if not self.search.terms or self.search.chooses_state or self.cleaned_data.get("state"):
            return 0
        return self._narrow(tickets.filter(state=State.CLOSED)).order_by()[:MOST_COUNTED].count()

    def _narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        client = self.cleaned_data.get("client")
        if client:
            tickets = tickets.filter(client=client)
        return super().narrow(self._owned(tickets))

    def _owned(self, tickets: TicketQuerySet) -> TicketQuerySet:
        owner = self.cleaned_data.get("owner", "")
        return tickets.filter(owned_by(owner, self.person)) if owner else tickets

"""The vendor's queue: which tickets, in which order, under which filters."""

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Role, User
from tickets.lists.filters import TicketFilter
from tickets.lists.tabs import Tab
from tickets.models import TicketQuerySet
from tickets.words import State

# Elapsed time: what a silence over the week-end closes on Monday shows on Friday evening.
CLOSED_SOON = timedelta(days=3)

# 1. A deadline known (one missed and still owed, or running): the nearest first, so the longest missed
#    comes first of all. Under one calendar that is the order of the business time left.
# 2. Paused: no deadline is known, the least business time left first (K-8).
# 3. No commitment, accepted, out of scope: the first received first.
# 4. Closed, when they are asked for: the last closed first.
QUEUE_ORDER = (
    F("next_due_at").asc(nulls_last=True),
    F("resolve_left").asc(nulls_last=True),
    F("closed_at").desc(nulls_first=True),
    "received_at",
    "id",
)


def is_breached(at: datetime) -> Q:
    """Keep tickets with a deadline missed and still owed: before `at`, not at it (K-14)."""
    return Q(next_due_at__lt=at)


QUEUE_TABS = (
    Tab("all", _("All tickets"), "inbox", Q()),
    Tab(
        "to_acknowledge", _("To acknowledge"), "bell",
        Q(acknowledged_at__isnull=True) & ~Q(state=State.CLOSED),
    ),
    Tab("mine", _("Mine"), "user", lambda user, _at: Q(owner=user)),
    Tab("unowned", _("Unowned"), "user-question", Q(owner__isnull=True)),
    Tab("breached", _("Deadline missed"), "alert-triangle", lambda _user, at: is_breached(at)),
    Tab("waiting", _("Waiting for the client"), "message-question", Q(state=State.WAITING_CLIENT)),
    Tab("under_test", _("Under test"), "test-pipe", Q(state=State.UNDER_TEST)),
    Tab(
        "closed_soon", _("Closed soon"), "hourglass-low",
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
    client = forms.ModelChoiceField(
        Client.objects.all(), label=_("Client"), required=False, empty_label=_("All clients")
    )
    owner = forms.ChoiceField(label=_("Owned by"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("Open tickets")),
            ("all", _("Open and closed")),
            *[(state.value, state.label) for state in State],
        ],
        required=False,
    )
    field_order = ("view", "q", "client", "solution", "severity", "state", "owner", "size")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workers = User.objects.filter(role__in=[Role.AGENT, Role.MANAGER])
        cast("forms.ChoiceField", self.fields["owner"]).choices = [
            ("", _("Anybody")),
            ("me", _("Me")),
            ("nobody", _("Nobody")),
            *[(str(worker.pk), worker.get_full_name()) for worker in workers],
        ]

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Add the queue's own filters; only the state may bring closed tickets in."""
        state = self.cleaned_data.get("state", "")
        if not state:
            tickets = tickets.open()
        elif state != "all":
            tickets = tickets.filter(state=state)
        return self._narrow(tickets)

    def count_closed(self, tickets: TicketQuerySet) -> int:
        """Count the closed tickets that answer a search among the open ones; 0, unasked, without such a search."""
        if not self.cleaned_data.get("q") or self.cleaned_data.get("state"):
            return 0
        return self._narrow(tickets.filter(state=State.CLOSED)).count()

    def _narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        client = self.cleaned_data.get("client")
        if client:
            tickets = tickets.filter(client=client)
        return super().narrow(self._owned(tickets))

    def _owned(self, tickets: TicketQuerySet) -> TicketQuerySet:
        owner = self.cleaned_data.get("owner", "")
        if not owner:
            return tickets
        return tickets.filter(owner={"me": self.person.pk, "nobody": None}.get(owner, owner))

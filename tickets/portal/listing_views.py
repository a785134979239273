"""The page of a client's own list."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.permissions import reads_whole_organisation
from tickets.lists.tabs import Tab
from tickets.lists.views import TicketListView
from tickets.models import TicketQuerySet
from tickets.permissions import contracts_for_filing, may_read_own_list, support_day, trainings_of
from tickets.portal.listing import LISTING_TABS, ListingFilter, may_file_by_solution, tabs_of


class ListingView(TicketListView):
    """The tickets that a person of a client may read, the last filed first."""

    template_name = "portal/listing.html"
    tabs = LISTING_TABS
    filter_class = ListingFilter
    order = ("-id",)

    def test_func(self) -> bool:
        """Refuse the vendor's side (403): its list is the queue."""
        return may_read_own_list(self.request.user)

    def tabs_of_reader(self) -> Sequence[Tab]:
        """Return the tabs that concern the person: “Your turn” is for who may act."""
        return tabs_of(self.request.user)

    def tickets(self, at: datetime) -> TicketQuerySet:
        """Say of each ticket whether the person is trained to act on it, in the query of the list itself."""
        own = trainings_of(self.request.user, at).filter(solution=OuterRef("solution"))
        return super().tickets(at).annotate(reader_is_trained=Exists(own))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Offer to file, or say who may and how to be trained (C-WHO-2)."""
        user, at = self.request.user, timezone.now()
        may_file = contracts_for_filing(user, at).exists()
        context = super().get_context_data(
            may_file=may_file,
            may_file_by_solution={} if may_file else may_file_by_solution(user.client_id, at),
            # Who may file is trained, and who is trained reads all of it: not asked again.
            reads_own_only=not may_file and not reads_whole_organisation(user, support_day(at)),
            **kwargs,
        )
        return {**context, "has_any": any(tab.count for tab in context["tabs"])}

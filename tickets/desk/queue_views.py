"""The page of the vendor's queue."""

from django.utils import timezone

from tickets.desk.queue import QUEUE_ORDER, QUEUE_TABS, QueueFilter
from tickets.lists.views import TicketListView
from tickets.models import Ticket
from tickets.permissions import may_read_queue, may_register


class QueueView(TicketListView):
    """The tickets of every client, the nearest deadline first; agents, managers, platform administrators."""

    template_name = "desk/queue.html"
    tabs = QUEUE_TABS
    filter_class = QueueFilter
    order = QUEUE_ORDER

    def test_func(self) -> bool:
        """Refuse the client's side (403)."""
        return may_read_queue(self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say whether the person may register a call (C-WHO-3), and how many closed tickets a search would find."""
        context = super().get_context_data(may_register=may_register(self.request.user), **kwargs)
        seen = Ticket.objects.visible_to(self.request.user, at=timezone.now())
        return {**context, "closed_found": context["form"].count_closed(seen)}

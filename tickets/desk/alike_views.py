"""What resembles a ticket, shown to who triages it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.requests import PersonRequest
from tickets.desk.queue_views import DeskView
from tickets.models import Ticket
from tickets.similar import similar_for_triage


class AlikeView(DeskView):
    """The tickets that resemble one: a page, or the list alone for htmx."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show them."""
        at = timezone.now()
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user, at=at), pk=pk)
        context = {"ticket": ticket, "alike": similar_for_triage(request.user, ticket, at=at)}
        part = "#alike" if request.htmx and not request.htmx.history_restore_request else ""
        return render(request, f"desk/alike.html{part}", context)

"""The manager's page, and the tickets behind each of its figures."""

from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.requests import PersonRequest
from tickets.lists.filters import PAGE_SIZES
from tickets.lists.rows import page_of, rows_of, with_names
from tickets.models import Ticket, TicketQuerySet
from tickets.permissions import may_read_figures
from tickets.reports.figures import board_of, tickets_behind
from tickets.reports.forms import FigureForm, MonthForm
from tickets.reports.months import Month
from tickets.reports.records import Figure
from tickets.search.finding import Search


class FiguresView(LoginRequiredMixin, UserPassesTestMixin, TemplateView):
    """A page of figures: a support manager's over every client, a client manager's over their own."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse everybody else (403)."""
        return may_read_figures(self.request.user)

    def tickets(self, at: datetime) -> TicketQuerySet:
        """Return the tickets that the figures count: what the person may see."""
        return Ticket.objects.visible_to(self.request.user, at=at)


class BoardView(FiguresView):
    """How the promises of a month were kept, judged live."""

    template_name = "reports/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Work out the month asked for; a wrong one is said, and the present month shown."""
        at = timezone.now()
        present = Month.of(at)
        form = MonthForm(self.request.GET, present=present)
        form.is_valid()
        month = form.cleaned_data.get("month") or present
        return super().get_context_data(
            form=form, board=board_of(self.tickets(at), month, at), present=present, **kwargs
        )


class BoardTicketsView(FiguresView):
    """The tickets that one figure counts."""

    template_name = "reports/tickets.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the tickets of the figure; an address that names none is said to be wrong (400)."""
        form, at = FigureForm(request.GET, person=self.request.user), timezone.now()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        month, figure = form.cleaned_data["month"], Figure(form.cleaned_data["figure"])
        tickets = tickets_behind(self.tickets(at), month, at, figure, **form.narrowing)
        ordered = with_names(tickets).order_by("-id")
        page = page_of(ordered, ordered.count(), PAGE_SIZES[0], request.GET.get("page"))
        rows = rows_of(list(page), Search(), at)
        return self.render_to_response(
            self.get_context_data(form=form, month=month, figure=figure, page=page, rows=rows, at=at)
        )

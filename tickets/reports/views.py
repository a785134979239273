"""The compliance dashboard, and the tickets behind each of its figures."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.requests import PersonRequest
from tickets.lists.filters import PAGE_SIZES
from tickets.lists.rows import one_after_the_other, page_of, rows_of, with_lines
from tickets.permissions import may_read_figures, support_day
from tickets.reports.behind import tickets_behind
from tickets.reports.counting import Figure
from tickets.reports.dashboard import Dashboard
from tickets.reports.forms import FigureForm, PeriodForm
from tickets.reports.page import dashboard_context, parties_shown
from tickets.search.finding import Search


class FiguresView(LoginRequiredMixin, UserPassesTestMixin, TemplateView):
    """A page of figures: a support manager's over every client, a client manager's over their own."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse everybody else (403)."""
        return may_read_figures(self.request.user)


class BoardView(FiguresView):
    """How the promises of a period were kept, judged live."""

    template_name = "reports/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Work out the period asked for; a wrong one is said, and the present month shown."""
        at, person = timezone.now(), self.request.user
        form = PeriodForm(self.request.GET, person=person, today=support_day(at))
        form.is_valid()
        parties = parties_shown(form.scope, person)
        board = Dashboard(form.days, form.scope, at, form.link, parties)
        return super().get_context_data(form=form, **dashboard_context(board, person), **kwargs)


class BoardTicketsView(FiguresView):
    """The tickets that one figure counts."""

    template_name = "reports/tickets.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the tickets of the figure; an address that names none is said to be wrong (400)."""
        at, person = timezone.now(), self.request.user
        form = FigureForm(request.GET, person=person, today=support_day(at))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        figure = Figure(form.cleaned_data["figure"])
        ordered = with_lines(tickets_behind(form, person, at), person=person).order_by("-id")
        page = page_of(ordered, ordered.count(), PAGE_SIZES[0], request.GET.get("page"))
        rows = rows_of(list(page), Search(), at, person=person)
        drawn = one_after_the_other(row.drawn for row in rows)
        return self.render_to_response(
            self.get_context_data(form=form, figure=figure, page=page, rows=rows, drawn=drawn, at=at)
        )

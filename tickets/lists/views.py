"""The page that every list of tickets is: filters, tabs, a page of lines; whole, or its list alone for htmx."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.generic import TemplateView
from django_htmx.http import HttpResponseClientRefresh

from accounts.requests import PersonRequest
from tickets.lists.filters import PAGE_SIZES, TicketFilter
from tickets.lists.rows import one_after_the_other, page_of, rows_of, with_lines
from tickets.lists.tabs import Tab, count_tabs
from tickets.models import Ticket, TicketQuerySet


class TicketListView(LoginRequiredMixin, UserPassesTestMixin, TemplateView):
    """A list of the tickets that the person may see; a subclass says who comes in, which tabs, which order."""

    request: PersonRequest
    tabs: Sequence[Tab]
    filter_class: type[TicketFilter]
    order: Sequence[Any]

    def tabs_of_reader(self) -> Sequence[Tab]:
        """Return the tabs that concern the person; all of them, unless a list says otherwise."""
        return self.tabs

    def tickets(self, at: datetime) -> TicketQuerySet:
        """Return what the person may see, in the list's order: the one door (C-WHO-2)."""
        person = self.request.user
        return with_lines(Ticket.objects.visible_to(person, at=at), person=person).order_by(*self.order)

    def get_template_names(self) -> list[str]:
        """Answer htmx with the list alone, but for a page that the browser's history restores."""
        htmx = self.request.htmx
        part = "#tickets" if htmx and not htmx.history_restore_request else ""
        return [f"{self.template_name}{part}"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Filter, count the tabs, cut the page; “now” is one instant for all of it."""
        at = timezone.now()
        form = self.filter_class(self.request.GET, person=self.request.user)
        form.is_valid()
        offered = self.tabs_of_reader()
        current = next((tab for tab in offered if tab.name == form.cleaned_data.get("view")), offered[0])
        tickets = form.narrow(self.tickets(at))
        tabs = count_tabs(offered, current, tickets, self.request.user, at)
        kept = tickets.filter(current.condition(self.request.user, at))
        count = next(tab.count or 0 for tab in tabs if tab.is_current)
        page = page_of(kept, count, form.page_size, self.request.GET.get("page"))
        rows = rows_of(list(page), form.search, at, person=self.request.user)
        drawn = one_after_the_other(row.drawn for row in rows)
        shown = {"page": page, "found": count, "rows": rows, "drawn": drawn, "sizes": PAGE_SIZES}
        return super().get_context_data(form=form, tabs=tabs, current=current, **shown, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Show what was understood; an address of which a part was not is a bad request all the same (400)."""
        return super().render_to_response(context, status=400 if context["form"].mistakes else 200, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell caches of the two answers; a list left open whose session ended makes its page ask to sign in."""
        if self.request.htmx and not request.user.is_authenticated:
            return HttpResponseClientRefresh()
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

"""The pages of the vendor's queue: find, ask, answer; and keep what a person wants of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import View
from django_htmx.http import HttpResponseClientRefresh

from accounts.preferences import back
from accounts.requests import PersonRequest
from tickets.actions.desk import delete_view, keep_display, save_view
from tickets.actions.vendor import assign
from tickets.actions.work import IllegalMove
from tickets.desk.pulse import digest, pulse
from tickets.desk.queue_page import QueuePage
from tickets.desk.saving import DisplayForm, SavedViewForm
from tickets.desk.workload import workload
from tickets.models import Column, Density, SavedView, Ticket
from tickets.permissions import may_read_queue, may_register

UNCHANGED = 204
MOST_DIGITS = 19
STAMP = "List-Stamp"


class DeskView(LoginRequiredMixin, UserPassesTestMixin, View):
    """A page of the vendor's side."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse the client's side (403)."""
        return may_read_queue(self.request.user)


class QueueView(DeskView):
    """The tickets of every client, the least business time left first; whole, or its list alone for htmx."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the queue as it stands now; a list that shows it already gets no content (204)."""
        at, shown = timezone.now(), request.headers.get(STAMP, "")
        beat = pulse(request.user, at)
        if shown and shown.split(".")[0] == beat.stamp:
            return HttpResponse(status=UNCHANGED)
        page = QueuePage.of(request.user, request.GET, at, beat)
        context = page.listing() | {"near": page.near}
        content = render_to_string("desk/list.html", context, request)
        stamp = f"{beat.stamp}.{digest(content + context['near'])}"
        if shown and shown.split(".")[1:] == stamp.split(".")[1:]:
            return HttpResponse(status=UNCHANGED, headers={STAMP: stamp})
        context |= {"list": content, "stamp": stamp}
        return self.answer(page, context)

    def answer(self, page: QueuePage, context: dict[str, Any]) -> HttpResponse:
        """Answer htmx with the list alone, but for a page that the browser's history restores."""
        status = 400 if page.form.mistakes else 200
        if self.request.htmx and not self.request.htmx.history_restore_request:
            context["is_refresh"] = True
            return render(self.request, "desk/queue.html#tickets", context, status=status)
        context |= page.surroundings(context["display"], self.request.GET.urlencode())
        return render(self.request, "desk/queue.html", context, status=status)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell caches of the two answers; a list left open whose session ended makes its page ask to sign in."""
        if self.request.htmx and not request.user.is_authenticated:
            return HttpResponseClientRefresh()
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response


class WorkloadView(DeskView):
    """Who carries what: a page, or the strip alone for htmx."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the load of each agent now."""
        context = {"load": workload(request.user, timezone.now())}
        part = "#strip" if request.htmx and not request.htmx.history_restore_request else ""
        return render(request, f"desk/workload.html{part}", context)


class SaveView(DeskView):
    """Keeping the filters on the screen under a name."""

    def post(self, request: PersonRequest) -> HttpResponse:
        """Keep the view and show it, or say beside the field what prevents it."""
        form = SavedViewForm(request.POST, person=request.user, auto_id="view_%s")
        if form.is_valid():
            try:
                view = save_view(
                    by=request.user,
                    name=form.cleaned_data["name"],
                    query=form.cleaned_data["query"],
                    is_shared=form.cleaned_data.get("is_shared", False),
                    client_name=form.cleaned_data["client_name"],
                )
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("The view “%(view)s” is kept.") % {"view": view})
                return HttpResponseRedirect(f"{reverse('queue')}?{view.query}&saved={view.pk}")
        return render(request, "desk/save_view.html", {"form": form}, status=422)


class DeleteView(DeskView):
    """Forgetting a saved view."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Forget it; one that the person does not see does not exist."""
        view = get_object_or_404(SavedView.objects.usable_by(request.user), pk=pk)
        delete_view(view, by=request.user)
        messages.success(request, _("The view “%(view)s” is deleted.") % {"view": view.name})
        return HttpResponseRedirect(reverse("queue"))


class DisplayView(DeskView):
    """Keeping how the queue is shown."""

    def post(self, request: PersonRequest) -> HttpResponse:
        """Keep the columns and the density, and go back; what is no choice is refused (400)."""
        form = DisplayForm(request.POST)
        if not form.is_valid():
            return render(request, "400.html", status=400)
        hidden = [column.value for column in Column if column.value not in form.cleaned_data["columns"]]
        keep_display(by=request.user, hidden=hidden, density=Density(form.cleaned_data["density"]))
        return back(request)


class TakeView(DeskView):
    """Taking a ticket from its line: assigned to oneself, which acknowledges nothing (C-SLA-2)."""

    def test_func(self) -> bool:
        """Refuse who works on no ticket (403)."""
        return may_register(self.request.user)

    def post(self, request: PersonRequest) -> HttpResponse:
        """Take it and go back to its line; say what prevents it (409)."""
        at, (number, _colon, seen) = timezone.now(), request.POST.get("ticket", "").partition(":")
        if not (number.isdecimal() and seen.isdecimal() and len(number) < MOST_DIGITS > len(seen)):
            return render(request, "400.html", status=400)
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user, at=at), pk=int(number))
        try:
            assign(ticket, by=request.user, at=at, owner=request.user, seen=int(seen))
        except IllegalMove as refused:
            context = {"text": str(refused), "address": ticket.get_absolute_url()}
            return render(request, "409.html", context, status=409)
        messages.success(request, _("Ticket #%(number)d is yours.") % {"number": ticket.pk})
        return HttpResponseRedirect(f"{back(request).url}#ticket-{ticket.pk}")

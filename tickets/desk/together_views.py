"""The page of an act on many tickets: which ones, its form, then what became of each."""

from collections.abc import Sequence
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.preferences import back, come_from
from accounts.requests import PersonRequest
from tickets.actions.many import Outcome
from tickets.acts import Action
from tickets.desk.together import TOGETHER, chosen, found, perform_together, with_seen
from tickets.models import Ticket, TicketQuerySet
from tickets.permissions import may_register
from tickets.seen import Seen


class TogetherView(LoginRequiredMixin, View):
    """One act on the tickets chosen in the queue, for those who work on tickets."""

    request: PersonRequest

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the tickets chosen and the form of the act."""
        action = self.action(request.GET.get("action", ""))
        try:
            tickets = self.chosen(request.GET.getlist("ticket"))
        except ValidationError as refused:
            return self.refuse(refused)
        return self.show(action, tickets, TOGETHER[action]())

    def post(self, request: PersonRequest) -> HttpResponse:
        """Act on each ticket, or say what is wrong; each ticket is served or refused on its own."""
        action, numbers = self.action(request.POST.get("action", "")), request.POST.getlist("ticket")
        form = TOGETHER[action](request.POST)
        try:
            tickets = self.chosen(numbers)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.show(action, found(self.visible(), numbers), form, HTTPStatus.BAD_REQUEST)
        if not form.is_valid():
            return self.show(action, tickets, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        seen = {ticket.pk: self.seen(ticket) for ticket in tickets}
        outcomes = perform_together(
            action, tickets, form.cleaned_data, seen, by=request.user, at=timezone.now()
        )
        return self.answer(action, form, outcomes)

    def action(self, name: str) -> Action:
        """Return the act asked for: 404 for one that is not done on many tickets, 403 for who may not act."""
        if not may_register(self.request.user):
            raise PermissionDenied
        if name not in TOGETHER:
            raise Http404
        return Action(name)

    def visible(self) -> TicketQuerySet:
        """Return the tickets that the person may see: the one door."""
        return Ticket.objects.visible_to(self.request.user, at=timezone.now())

    def chosen(self, numbers: list[str]) -> list[Ticket]:
        """Return the tickets chosen, all of them visible."""
        return chosen(self.visible(), numbers)

    def seen(self, ticket: Ticket) -> Seen:
        """Return what there was to see of the ticket as the form was shown; none is stale."""
        try:
            return Seen.parse(self.request.POST.get(f"seen-{ticket.pk}", ""))
        except ValueError:
            return Seen(0)

    def refuse(self, refused: ValidationError) -> HttpResponse:
        """Say why nothing was done, with the way back."""
        context = {"text": " ".join(refused.messages), "back": come_from(self.request, "queue")}
        return render(self.request, "desk/together_refused.html", context, status=HTTPStatus.BAD_REQUEST)

    def show(
        self,
        action: Action,
        tickets: list[Ticket],
        form: forms.Form,
        status: int = HTTPStatus.OK,
        refused: Sequence[Outcome] = (),
    ) -> HttpResponse:
        """Show the form, with the tickets it is about and why those `refused` it the last time."""
        context = {
            "action": action,
            "tickets": with_seen(tickets),
            "form": form,
            "refused": refused,
            "back": come_from(self.request, "queue"),
        }
        return render(self.request, "desk/together.html", context, status=status)

    def answer(self, action: Action, form: forms.Form, outcomes: list[Outcome]) -> HttpResponse:
        """Go back to the queue when all were served; otherwise say which refused, and the form for those again."""
        refused = [outcome for outcome in outcomes if not outcome.is_done]
        done = len(outcomes) - len(refused)
        if done:
            said = ngettext("Done on %(count)d ticket.", "Done on %(count)d tickets.", done)
            messages.success(self.request, said % {"count": done})
        if not refused:
            return back(self.request, "queue")
        # Read again: sent once more, the form is sent by somebody who was told of what happened.
        left = found(self.visible(), [str(outcome.ticket.pk) for outcome in refused])
        return self.show(action, left, form, HTTPStatus.CONFLICT, refused)

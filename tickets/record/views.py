"""The ticket's page and its actions: find, ask, act, answer."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from django_htmx.http import HttpResponseClientRedirect

from accounts.requests import PersonRequest
from tickets.actions.desk import mark_read
from tickets.actions.watching import unwatch, watch
from tickets.actions.work import IllegalMove, StaleForm
from tickets.acts import Action
from tickets.drafts import REPLY, discard, draft_on, replies_begun, reply_to, writing
from tickets.models import Draft, Ticket
from tickets.portal.drafting import SEEN, answer_typing
from tickets.record.attempt import Attempt
from tickets.record.forms import FORMS, ActionForm
from tickets.record.offers import HELD, REPLIES, offers_to
from tickets.record.page import find_ticket, read_record, seen_now, standing_of
from tickets.record.presentation import clocks_context, record_context, say_around
from tickets.record.replies import AUTO_ID


class PersonView(LoginRequiredMixin, View):
    """A page for somebody who is signed in."""

    request: PersonRequest


class TicketView(PersonView):
    """The one page of a ticket, the same for both sides."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show the ticket as it stands now."""
        at = timezone.now()
        record = read_record(request.user, pk, at)
        offers = offers_to(request.user, record.ticket, record.standing.life, at)
        seq, message = record.standing.life.last_seq, record.last_message
        is_theirs = getattr(request, "consultation", None) is None  # a manager's eyes are not the person's
        if is_theirs and not record.beside.is_read(seq, message):
            mark_read(record.ticket, by=request.user, at=at, seq=seq, message=message)
        return render(
            request,
            "record/ticket.html",
            record_context(request.user, record, offers, request.GET.get("canned", "")),
        )


class ClocksView(PersonView):
    """Both clocks, asked for again every minute by the page that shows them, and more often while one writes."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show the clocks now, and whether somebody has acted or writes; nothing (204) where that is `shown`."""
        at, seen = timezone.now(), request.GET.get("seen")
        ticket = find_ticket(request.user, pk, at)
        begun, now = replies_begun(request.user, pk), seen_now(request.user, ticket)
        if request.GET.get("shown") == say_around(now, writing(begun, request.user, at)):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        context = clocks_context(standing_of(ticket, at), request.user, begun, now, seen)
        return render(request, "record/clocks_live.html", context)


class Acting(PersonView):
    """An attempt at an action: the act, or the answer that says why not and keeps what was typed."""

    auto_id: ClassVar[str] = ""
    kind: str | None = None

    def show_form(self, attempt: Attempt) -> HttpResponse:
        """Show the form, or why the action is not for this person or not possible now."""
        draft = attempt.draft
        form = attempt.form_to_fill(draft)
        return self.obstacle(attempt, form) or self.show(attempt, form, draft=draft)

    def receive(self, attempt: Attempt) -> HttpResponse:
        """Act on what was sent, or say what prevents it."""
        sent = self.request.POST
        form = attempt.form(sent, self.request.FILES, self.auto_id)
        obstacle = self.obstacle(attempt, form)
        if obstacle:
            return obstacle
        if "preview" in sent:
            return self.show(attempt, attempt.form_so_far(sent))
        if not form.is_valid():
            return self.show(attempt, form, status=422)
        return self.act(attempt, form)

    def act(self, attempt: Attempt, form: ActionForm) -> HttpResponse:
        """Perform, and go back to the ticket saying what it did."""
        try:
            outcome = attempt.perform(form)
        except (IllegalMove, PermissionDenied) as refused:
            return self.overtaken(attempt.again(), form, refused)
        except ValidationError as refused:
            form.refuse(refused)
            return self.show(attempt, form, status=422)
        discard(attempt.user, draft_on(attempt.ticket.pk, REPLY if self.kind else attempt.action))
        messages.success(self.request, attempt.consequence(outcome))
        address = (outcome if isinstance(outcome, Ticket) else attempt.ticket).get_absolute_url()
        return HttpResponseClientRedirect(address) if self.request.htmx else HttpResponseRedirect(address)

    def overtaken(self, now: Attempt, form: ActionForm, refused: Exception) -> HttpResponse:
        """Answer an act that was refused as it was performed: mostly, somebody acted meanwhile."""
        obstacle = self.obstacle(now, form)
        if obstacle:
            return obstacle
        again = now.form_again(self.request.POST, self.request.FILES, self.auto_id)
        if not isinstance(refused, StaleForm):
            again.add_error(None, str(refused))
        return self.show(now, again, status=409, is_stale=isinstance(refused, StaleForm))

    def obstacle(self, attempt: Attempt, form: ActionForm) -> HttpResponse | None:
        """Answer 403 or 409 where the action cannot even be tried, with the words that were typed."""
        if not attempt.is_permitted:
            return self.panel("forbidden", attempt, 403, form=form, refusal=attempt.forbidden)
        if attempt.illegal:
            return self.panel(
                "illegal", attempt, 409, form=form, since=attempt.since(self.request.POST.get("seen"))
            )
        return None

    def show(
        self,
        attempt: Attempt,
        form: ActionForm,
        status: int = 200,
        *,
        is_stale: bool = False,
        draft: Draft | None = None,
    ) -> HttpResponse:
        """Show the form, with what its confirmation would do, what had been begun and what happened since."""
        since = attempt.since(self.request.POST.get("seen")) if is_stale else ()
        outlooks = attempt.outlooks(form)
        stamp = draft.stamp if draft else self.request.POST.get(SEEN, "")
        return self.panel(
            "form", attempt, status, form=form, outlooks=outlooks, since=since, draft=draft, stamp=stamp
        )

    def panel(self, name: str, attempt: Attempt, status: int, **context: Any) -> HttpResponse:
        """Answer with a panel alone to htmx, with a whole page to any browser."""
        page = "record/panel.html" if self.request.htmx else "record/action.html"
        shown = {
            "panel": f"record/panel_{name}.html",
            "attempt": attempt,
            "ticket": attempt.ticket,
            "address": self.request.path,
            "kind": self.kind,
            "is_held": attempt.action in HELD,
            "hold_seconds": settings.REPLY_HOLD_SECONDS,
            "draft_address": reverse(
                "ticket_draft",
                args=[attempt.ticket.pk],
                query=None if self.kind else {"action": attempt.action},
            ),
        }
        return render(self.request, page, {**shown, **context}, status=status)


class ActionView(Acting):
    """Any action of the workflow: its form, then the act."""

    def get(self, request: PersonRequest, pk: int, action: str) -> HttpResponse:
        """Show the form of the action."""
        return self.show_form(Attempt.of(request.user, pk, action, timezone.now()))

    def post(self, request: PersonRequest, pk: int, action: str) -> HttpResponse:
        """Act."""
        return self.receive(Attempt.of(request.user, pk, action, timezone.now()))


class WrittenToOnly(PersonView):
    """An address that a form of the ticket's page writes to."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Go to the page where the form is."""
        return HttpResponseRedirect(find_ticket(request.user, pk, timezone.now()).get_absolute_url())


class ReplyView(WrittenToOnly, Acting):
    """The reply box of the page: one of the kinds of words, chosen in the form itself."""

    auto_id = AUTO_ID

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Write the reply as its kind is written."""
        self.kind = request.POST.get("kind", "")
        if self.kind not in REPLIES:
            raise Http404
        return self.receive(Attempt.of(request.user, pk, self.kind, timezone.now()))


class WatchView(WrittenToOnly):
    """Following a ticket, or following it no more."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Do what the button says."""
        at = timezone.now()
        ticket = find_ticket(request.user, pk, at)
        if request.POST.get("follow"):
            watch(ticket, by=request.user, at=at)
            messages.success(request, _("You follow this ticket: you are told of what happens on it."))
        else:
            unwatch(ticket, by=request.user)
            messages.success(request, _("You follow this ticket no more."))
        return HttpResponseRedirect(ticket.get_absolute_url())


class DraftView(WrittenToOnly):
    """What is being typed in the reply box, or in the form of an action, kept until it is sent."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Keep it, or forget it on demand; the same words answer a page and a script."""
        ticket, action = find_ticket(request.user, pk, timezone.now()), request.GET.get("action", "")
        if not action:
            return answer_typing(request, reply_to(pk), ticket.get_absolute_url())
        if action not in FORMS:
            raise Http404
        form, page = FORMS[Action(action)], reverse("ticket_action", args=[pk, action])
        return answer_typing(
            request, draft_on(pk, action), page, kept=form.kept_in_a_draft(), written=form.written()
        )

"""The pages of canned answers, and the words of one for a ticket."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.requests import PersonRequest
from tickets.actions.canned import canned_as_read, discard_canned, keep_canned
from tickets.actions.work import IllegalMove
from tickets.canned.forms import CannedForm
from tickets.canned.placeholders import PLACEHOLDERS, filled
from tickets.models import CannedAnswer
from tickets.permissions import canned_for, may_change_canned, may_use_canned
from tickets.record.page import find_ticket
from tickets.rereading import said_otherwise


class CannedView(LoginRequiredMixin, View):
    """A page for those who answer clients."""

    request: PersonRequest

    def answers(self) -> QuerySet[CannedAnswer]:
        """Return the answers that the person may use (403 for who may use none)."""
        if not may_use_canned(self.request.user):
            raise PermissionDenied
        return canned_for(self.request.user)

    def mine(self, pk: int) -> CannedAnswer:
        """Return one that the person may change: 404 for one they do not see, 403 for one they only use."""
        answer = get_object_or_404(self.answers(), pk=pk)
        if not may_change_canned(self.request.user, answer):
            raise PermissionDenied(_("This canned answer is somebody else's."))
        return answer

    def show(self, form: CannedForm, answer: CannedAnswer | None = None, status: int = 200) -> HttpResponse:
        """Show the form of an answer, with its errors if any, and what was changed since it was opened (409)."""
        names = [(f"{{{{{name}}}}}", meaning) for name, (meaning, _fill) in PLACEHOLDERS.items()]
        context: dict[str, Any] = {"form": form, "answer": answer, "placeholders": names}
        if answer is not None:
            is_overtaken, read = status == HTTPStatus.CONFLICT, canned_as_read(answer)
            context["read"] = read if is_overtaken else self.request.POST.get("read", read)
            context["otherwise"] = said_otherwise(answer, form) if is_overtaken else None
        return render(self.request, "canned/form.html", context, status=status)


class CannedListView(CannedView):
    """The answers one may use: one's own and the team's."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """List them."""
        answers = list(self.answers().select_related("solution", "author"))
        changeable = {answer.pk for answer in answers if may_change_canned(request.user, answer)}
        return render(request, "canned/list.html", {"answers": answers, "changeable": changeable})


class NewCannedView(CannedView):
    """A new answer."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the form."""
        self.answers()
        return self.show(CannedForm(request.user, initial={"language": request.user.language}))

    def post(self, request: PersonRequest) -> HttpResponse:
        """Keep it, or say what is wrong."""
        self.answers()
        form = CannedForm(request.user, request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        keep_canned(None, by=request.user, **form.cleaned_data)
        messages.success(request, _("The canned answer is kept."))
        return redirect("canned_answers")


class ChangeCannedView(CannedView):
    """Changing an answer, or discarding it."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show the form."""
        answer = self.mine(pk)
        return self.show(CannedForm(request.user, instance=answer), answer)

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Keep the change or discard the answer, or say what is wrong."""
        answer = self.mine(pk)
        if "discard" in request.POST:
            discard_canned(answer, by=request.user)
            messages.success(request, _("The canned answer is discarded."))
            return redirect("canned_answers")
        form = CannedForm(request.user, request.POST)
        if not form.is_valid():
            return self.show(form, answer, status=422)
        try:
            keep_canned(answer, by=request.user, read=request.POST.get("read"), **form.cleaned_data)
        except IllegalMove:
            return self.show(form, self.mine(pk), status=409)
        messages.success(request, _("The canned answer is kept."))
        return redirect("canned_answers")


class FilledCannedView(CannedView):
    """An answer's words for one ticket, as plain text: what a script puts where the cursor is."""

    def get(self, request: PersonRequest, pk: int, answer: int) -> HttpResponse:
        """Fill its placeholders."""
        at = timezone.now()
        ticket = find_ticket(request.user, pk, at)
        words = filled(get_object_or_404(self.answers(), pk=answer), ticket, request.user, at)
        return HttpResponse(words, content_type="text/plain; charset=utf-8")

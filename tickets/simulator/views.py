"""The simulator's page, and the same as JSON: open to everyone signed in, it writes nothing."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.requests import PersonRequest
from sla.policy import Severity
from tickets.simulator.answer import Refusal, answer_document, answer_page, ask_by_address
from tickets.simulator.forms import LOCAL, PageForm, default_terms
from tickets.simulator.rows import Rows


class SimulatorView(LoginRequiredMixin, View):
    """The page: what is asked is in its address, which may be kept or sent."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the form and, when nothing is wrong, both deadlines."""
        now = timezone.now()
        defaults = {
            "at": timezone.localtime(now).strftime(LOCAL),
            "severity": Severity.MAJEURE.value,
            **default_terms(request.user, now),
        }
        form, rows = PageForm(request.user, now, request.GET, defaults), Rows(request.GET, now)
        page = answer_page(form, rows)
        if form.names_the_unknown:
            raise Http404
        return render(request, "simulator/simulator.html", {**page, "form": form, "rows": rows})


class SimulatorJsonView(LoginRequiredMixin, View):
    """The same for a program, by address."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Answer both deadlines and their explanation, or every refusal with its field and reason."""
        now = timezone.now()
        try:
            answer = answer_document(ask_by_address(request.user, request.GET, now))
        except Refusal as refusal:
            return JsonResponse({"errors": refusal.errors}, status=refusal.status)
        except Http404:
            missing = [{"field": "calendar, policy", "reason": _("There is no such published version.")}]
            return JsonResponse({"errors": missing}, status=404)
        return JsonResponse(answer)

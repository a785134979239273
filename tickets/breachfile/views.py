"""The pages of the breach file: the missed deadlines of a period, and one of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.requests import PersonRequest
from tickets.actions.breaches import find_breach, is_missed
from tickets.actions.work import IllegalMove
from tickets.breachfile.forms import BreachPeriodForm, FindingForm, last_revision
from tickets.breachfile.missed import breach_of, breaches_of, missed
from tickets.ledger import facts_of
from tickets.lists.filters import PAGE_SIZES
from tickets.models import BreachFinding, Ticket
from tickets.permissions import may_keep_breach_file, support_day
from tickets.words import Promise


class BreachFileView(LoginRequiredMixin, UserPassesTestMixin, TemplateView):
    """A page of the breach file: the support managers' alone until a report is issued."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse everybody else (403)."""
        return may_keep_breach_file(self.request.user)


class BreachesView(BreachFileView):
    """The missed deadlines of a period."""

    template_name = "breachfile/breaches.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List them, those of a page; a period not understood is said, and the present month shown."""
        at, person = timezone.now(), self.request.user
        form = BreachPeriodForm(self.request.GET, person=person, today=support_day(at))
        form.is_valid()
        found = missed(form.days, form.scope, at, without_finding=bool(form.cleaned_data.get("missing")))
        page = Paginator(found, PAGE_SIZES[0]).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=form, days=form.days, page=page, breaches=breaches_of(page.object_list, at), **kwargs
        )


class BreachView(BreachFileView):
    """One missed deadline: what the statement says, what was found before, and the form of the next finding."""

    template_name = "breachfile/breach.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find nothing yet: who asks is checked first."""
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()

    def found(self) -> tuple[Ticket, Promise, list[BreachFinding]]:
        """Return the ticket, the promise and its findings, the last first; 404 for a deadline that is not missed."""
        if self.kwargs["promise"] not in Promise.values:
            raise Http404
        promise = Promise(self.kwargs["promise"])
        seen = Ticket.objects.visible_to(self.request.user, at=self.at).select_related("client", "solution")
        ticket = seen.filter(pk=self.kwargs["pk"]).first()
        if ticket is None or not is_missed(ticket, promise, self.at):
            raise Http404
        return ticket, promise, self.findings_of(ticket, promise)

    def findings_of(self, ticket: Ticket, promise: Promise) -> list[BreachFinding]:
        """Return what was found of a deadline, the last first."""
        return list(ticket.breach_findings.filter(promise=promise).select_related("author"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, the form filled with what was found last."""
        ticket, promise, findings = self.found()
        return self.render_to_response(self.page(ticket, promise, findings, self.blank(findings)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write the finding and go back to the list of its month; what is refused is said beside it."""
        ticket, promise, findings = self.found()
        form = FindingForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.page(ticket, promise, findings, form), status=422)
        try:
            find_breach(ticket, promise, by=self.request.user, at=self.at, **form.cleaned_data)
        except IllegalMove as refused:
            findings = self.findings_of(ticket, promise)
            form = FindingForm(FindingForm.renewed(request.POST, findings))
            form.add_error(None, str(refused))
            return self.render_to_response(self.page(ticket, promise, findings, form), status=409)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.render_to_response(self.page(ticket, promise, findings, form), status=422)
        messages.success(request, _("The finding is written; the deadline stays missed (K-11)."))
        return redirect("breach", pk=ticket.pk, promise=promise)

    def blank(self, findings: list[BreachFinding]) -> FindingForm:
        """Return the form to write what follows."""
        names = ("cause", "attribution", "clause", "comment", "corrective_action", "corrected_on")
        former = {name: getattr(findings[0], name) for name in names} if findings else {}
        return FindingForm(initial={**former, "seen": last_revision(findings)})

    def page(
        self, ticket: Ticket, promise: Promise, findings: list[BreachFinding], form: FindingForm
    ) -> dict[str, Any]:
        """Return what the template shows."""
        breach = breach_of(ticket, facts_of(ticket), promise, findings[0] if findings else None, self.at)
        return self.get_context_data(breach=breach, ticket=ticket, findings=findings, form=form)

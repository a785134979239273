"""The pages of the monthly reports: their list, one of them with its files, and what a manager does with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import View

from tickets.actions.work import IllegalMove
from tickets.lists.filters import PAGE_SIZES
from tickets.models import MonthlyReport, MonthlyReportQuerySet
from tickets.monthly.document import document_of
from tickets.monthly.files import WRITERS, printed
from tickets.monthly.forms import BuildForm, ErratumForm, ReviewForm
from tickets.monthly.issuing import (
    build_report,
    correct_report,
    discard_report,
    issue_report,
    refresh_report,
    review_report,
)
from tickets.permissions import may_keep_breach_file
from tickets.reports.months import Month
from tickets.reports.views import FiguresView


class ReportsView(FiguresView):
    """A page of monthly reports: every one for the support managers, its own issued ones for a client manager."""

    def reports(self) -> MonthlyReportQuerySet:
        """Return what the person may read, with its parties."""
        return MonthlyReport.objects.visible_to(self.request.user).select_related(
            "client", "contract__solution", "corrects", "issued_by"
        )

    def report(self) -> MonthlyReport:
        """Return the one that the address names; another client's, or a draft, is a 404 for a client."""
        return get_object_or_404(self.reports(), pk=self.kwargs["pk"])


class ReportListView(ReportsView):
    """The reports, the last month first; a manager asks for another here."""

    template_name = "monthly/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Cut the list in pages."""
        # The figures stay where they are: a list says none.
        reports = self.reports().defer("body", "document")
        page = Paginator(reports, PAGE_SIZES[0]).get_page(self.request.GET.get("page"))
        at = timezone.now()
        form = kwargs.pop("form", None) or BuildForm(initial={"month": str(Month.of(at).previous)}, at=at)
        may_build = may_keep_breach_file(self.request.user)
        return super().get_context_data(page=page, form=form, may_build=may_build, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Build a month's draft and open it, for the support managers (403); what is refused is said on the list."""
        if not may_keep_breach_file(self.request.user):
            raise PermissionDenied
        at = timezone.now()
        form = BuildForm(request.POST, at=at)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            report = build_report(
                form.cleaned_data["contract"], form.cleaned_data["month"], by=self.request.user, at=at
            )
        except IllegalMove as refused:
            form.add_error(None, str(refused))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return redirect("report", pk=report.pk)


class ReportView(ReportsView):
    """One report: what it says, its files; for a manager, what can be done with it."""

    template_name = "monthly/report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show an issued report as it was issued, a draft as it stands."""
        report = kwargs.pop("report", None) or self.report()
        document = report.document or document_of(report)
        initial = {name: getattr(report, name) for name in ("correction", "synthesis", "action_plan")}
        review = kwargs.pop("review", None) or ReviewForm(initial=initial, report=report)
        with translation.override(document["language"]), timezone.override(settings.SUPPORT_ZONE):
            said = printed(document)
        return super().get_context_data(
            report=report,
            said=said,
            missing=[breach for breach in document["breaches"] if breach["finding"] is None],
            may_keep=may_keep_breach_file(self.request.user),
            review=review,
            erratum=kwargs.pop("erratum", None) or ErratumForm(),
            errata=list(self.reports().filter(corrects=report).defer("body", "document")),
            formats=list(WRITERS),
            **kwargs,
        )


class ReportActionView(ReportsView):
    """What a manager does with a report, by POST: refresh, review, issue, correct, discard."""

    http_method_names = ["post"]
    template_name = "monthly/report.html"

    def test_func(self) -> bool:
        """Refuse everybody but the support managers (403)."""
        return may_keep_breach_file(self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; what is refused is said on the report's page (409), what is wrong in a form beside it (422)."""
        report, acts = self.report(), {name: getattr(self, name) for name in ACTS}
        try:
            return acts[self.kwargs["act"]](report) if self.kwargs["act"] in acts else self.unknown()
        except IllegalMove as refused:
            return self.said(report, str(refused), status=409)
        except ValidationError as refused:
            return self.said(report, " ".join(refused.messages), status=422)

    def unknown(self) -> HttpResponse:
        """Answer an act that is none."""
        raise Http404

    def said(self, report: MonthlyReport, refusal: str, *, status: int, **forms: Any) -> HttpResponse:
        """Show the report's page with why the act was refused."""
        page = ReportView(request=self.request, args=self.args, kwargs=self.kwargs)
        return page.render_to_response(
            page.get_context_data(report=report, refusal=refusal, **forms), status=status
        )

    def refresh(self, report: MonthlyReport) -> HttpResponse:
        """Work the figures out again."""
        refresh_report(report, by=self.request.user, at=timezone.now())
        return redirect("report", pk=report.pk)

    def review(self, report: MonthlyReport) -> HttpResponse:
        """Keep the texts."""
        form = ReviewForm(self.request.POST, report=report)
        if not form.is_valid():
            return self.said(report, _("The texts were not kept."), status=422, review=form)
        review_report(report, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("The texts are kept."))
        return redirect("report", pk=report.pk)

    def issue(self, report: MonthlyReport) -> HttpResponse:
        """Issue it for good."""
        issued = issue_report(report, by=self.request.user, at=timezone.now())
        messages.success(
            self.request,
            _("Report no. %(number)d is issued and sent to the client's managers.")
            % {"number": issued.number},
        )
        return redirect("report", pk=report.pk)

    def correct(self, report: MonthlyReport) -> HttpResponse:
        """Begin an erratum."""
        form = ErratumForm(self.request.POST)
        if not form.is_valid():
            return self.said(report, _("An erratum says what it corrects."), status=422, erratum=form)
        erratum = correct_report(report, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("report", pk=erratum.pk)

    def discard(self, report: MonthlyReport) -> HttpResponse:
        """Throw the draft of an erratum away."""
        discard_report(report, by=self.request.user)
        messages.success(self.request, _("The draft of the erratum is thrown away."))
        return redirect("report_list")


ACTS = ("refresh", "review", "issue", "correct", "discard")


class ReportFileView(ReportsView, View):
    """A file of a report."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make it of the document: the one issued, or the draft's as it stands."""
        return file_of(self.report(), self.kwargs["suffix"])


def file_of(report: MonthlyReport, suffix: str) -> HttpResponse:
    """Answer a report as one of its files, under its reference, its month and its number."""
    write, content_type = WRITERS[suffix]
    answer = HttpResponse(write(report.document or document_of(report)), content_type=content_type)
    name = f"rapport-{report.contract.reference}-{report.month:%Y-%m}"
    name += f"-{report.number}" if report.number else "-projet"
    safe = "".join(each if (each.isalnum() and each.isascii()) or each in "-_" else "-" for each in name)
    answer["Content-Disposition"] = f'attachment; filename="{safe}.{suffix}"'
    return answer

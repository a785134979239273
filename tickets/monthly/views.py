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
from tickets.monthly.document import document_of, is_explained
from tickets.monthly.files import WRITERS, printed
from tickets.monthly.forms import BuildForm, ErratumForm, ReviewForm
from tickets.monthly.issuing import (
    Texts,
    build_report,
    correct_report,
    discard_report,
    issue_report,
    refresh_report,
    review_report,
)
from tickets.monthly.reading import StaleReading, as_read
from tickets.monthly.since import moved_since
from tickets.notifications.audience import client_managers
from tickets.permissions import may_keep_breach_file
from tickets.reports.months import Month
from tickets.reports.views import FiguresView


class ReportsView(FiguresView):
    """A page of monthly reports: every one for the support managers, its own issued ones for a client manager."""

    def reports(self) -> MonthlyReportQuerySet:
        """Return what the person may read, with its parties."""
        return MonthlyReport.objects.visible_to(self.request.user).select_related(
            "client", "contract__solution", "corrects", "issued_by", "reviewed_by"
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
        report = self.report()
        document = report.document or document_of(report)
        initial = {name: getattr(report, name) for name in ("correction", "synthesis", "action_plan")}
        may_keep = may_keep_breach_file(self.request.user)
        errata = list(self.reports().filter(corrects=report).defer("body", "document"))
        typed = kwargs.setdefault("typed", None)
        return super().get_context_data(
            report=report,
            said=_in_its_language(document),
            missing=[breach for breach in document["breaches"] if not is_explained(breach)],
            may_keep=may_keep,
            review=typed or ReviewForm(initial=initial, report=report),
            read=kwargs.pop("read", None) or as_read(document),
            erratum=kwargs.pop("erratum", None) or ErratumForm(),
            errata=errata,
            moved=moved_since(report, timezone.now()) if may_keep and report.is_issued and not errata else [],
            formats=list(WRITERS),
            **kwargs,
        )


def _in_its_language(document: dict[str, Any]) -> dict[str, Any]:
    with translation.override(document["language"]), timezone.override(settings.SUPPORT_ZONE):
        return printed(document)


class ReportActionView(ReportsView):
    """What a manager does with a report, by POST: refresh, review, issue, correct, discard."""

    http_method_names = ["post"]
    template_name = "monthly/report.html"

    def test_func(self) -> bool:
        """Refuse everybody but the support managers (403)."""
        return may_keep_breach_file(self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; what is refused is said on the report's page (409), what is wrong in a form beside it (422)."""
        acts = {name: getattr(self, name) for name in ACTS}
        if self.kwargs["act"] not in acts:
            raise Http404
        report = self.report()
        typed = ReviewForm(request.POST, report=report) if self.kwargs["act"] in WRITING else None
        try:
            return acts[self.kwargs["act"]](report, typed)
        except StaleReading as refused:
            # What stands now is read with the refusal.
            return self.said(str(refused), status=409, typed=typed)
        except IllegalMove as refused:
            return self.said(str(refused), status=409, typed=typed, read=self.read)
        except ValidationError as refused:
            if typed is None or not hasattr(refused, "error_dict"):
                return self.said(" ".join(refused.messages), status=422, typed=typed, read=self.read)
            typed.add_error(None, refused)
            return self.said(_("Nothing was done."), status=422, typed=typed, read=self.read)

    def said(self, refusal: str, *, status: int, **forms: Any) -> HttpResponse:
        """Show the report's page as it stands with why the act was refused, and what was typed."""
        page = ReportView(request=self.request, args=self.args, kwargs=self.kwargs)
        return page.render_to_response(page.get_context_data(refusal=refusal, **forms), status=status)

    def texts(self, typed: ReviewForm) -> Texts:
        """Return the texts that were typed; `ValidationError` for what is wrong in one."""
        if not typed.is_valid():
            raise ValidationError(_("The texts were not kept."))
        return Texts(**typed.cleaned_data)

    @property
    def read(self) -> str:
        """What the person had read of the draft."""
        return self.request.POST.get("read", "")

    def refresh(self, report: MonthlyReport, typed: ReviewForm) -> HttpResponse:
        """Work the figures out again, and keep the texts."""
        refresh_report(
            report, by=self.request.user, at=timezone.now(), texts=self.texts(typed), read=self.read
        )
        messages.success(self.request, _("The figures are worked out again; the texts are kept."))
        return redirect("report", pk=report.pk)

    def review(self, report: MonthlyReport, typed: ReviewForm) -> HttpResponse:
        """Keep the texts."""
        texts = self.texts(typed)._asdict()
        review_report(report, by=self.request.user, at=timezone.now(), read=self.read, **texts)
        messages.success(self.request, _("The texts are kept."))
        return redirect("report", pk=report.pk)

    def issue(self, report: MonthlyReport, typed: ReviewForm) -> HttpResponse:
        """Issue it for good, with the texts as they are typed."""
        issued = issue_report(
            report, by=self.request.user, at=timezone.now(), texts=self.texts(typed), read=self.read
        )
        values = {"number": issued.number}
        if client_managers(issued.client_id).exists():
            said = _("Report no. %(number)d is issued and sent to the client's managers.") % values
            messages.success(self.request, said)
        else:
            said = _("Report no. %(number)d is issued; it was sent to nobody: the client has no manager.")
            messages.warning(self.request, said % values)
        return redirect("report", pk=report.pk)

    def correct(self, report: MonthlyReport, _typed: None) -> HttpResponse:
        """Begin an erratum."""
        form = ErratumForm(self.request.POST)
        if not form.is_valid():
            return self.said(_("An erratum says what it corrects."), status=422, erratum=form)
        erratum = correct_report(report, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("report", pk=erratum.pk)

    def discard(self, report: MonthlyReport, _typed: None) -> HttpResponse:
        """Throw the draft of an erratum away."""
        discard_report(report, by=self.request.user)
        messages.success(self.request, _("The draft of the erratum is thrown away."))
        return redirect("report_list")


WRITING = ("refresh", "review", "issue")  # what sends the form of a draft
ACTS = (*WRITING, "correct", "discard")


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

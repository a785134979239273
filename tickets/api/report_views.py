"""Monthly reports by the API: those that one may read, each as its document, and its files."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from tickets.api.base import ApiView
from tickets.api.keyset import PAGING, Column, Order, page_of
from tickets.api.openapi import Tag, listing, operation, page_out
from tickets.api.outputs import Instant, Named
from tickets.api.reading import page_answer
from tickets.api.requests import ApiRequest
from tickets.models import MonthlyReport, MonthlyReportQuerySet
from tickets.models.monthly import ReportState
from tickets.monthly.files import WRITERS
from tickets.monthly.views import file_of
from tickets.permissions import may_read_figures

BY_MONTH: dict[str, Order] = {
    "-month": (Column("month", descending=True), Column("id", descending=True)),
    "month": (Column("month"), Column("id")),
}


class MonthlyReportOut(serializers.Serializer[object]):
    """A monthly report of a contract, its figures apart."""

    id = serializers.IntegerField(source="pk")
    client = Named()
    contract = serializers.IntegerField(source="contract_id")
    month = serializers.DateField(help_text="Its first day.")
    state = serializers.ChoiceField(choices=ReportState.choices)
    number = serializers.IntegerField(allow_null=True, help_text="Null: a draft.")
    corrects = serializers.IntegerField(
        source="corrects_id", allow_null=True, help_text="The report it corrects."
    )
    issued_at = Instant(allow_null=True)
    digest = serializers.CharField(allow_blank=True, help_text="SHA-256 of the document issued.")


def reports_for(request: ApiRequest) -> MonthlyReportQuerySet:
    """Return the reports that the person may read; who reads no figures is refused (403), as on the pages."""
    if not may_read_figures(request.user):
        raise PermissionDenied
    return MonthlyReport.objects.visible_to(request.user).select_related("client", "contract")


class MonthlyReportsView(ApiView):
    """Monthly reports."""

    takes = PAGING

    @operation(
        "monthly_reports_list", _("List the monthly reports"), Tag.FIGURES, page_out("MonthlyReport", MonthlyReportOut),
        query=listing(*BY_MONTH), refuses=[403],
        description=_("Every one for the support managers; for a client manager, those issued to the organisation."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        reports = reports_for(request).defer("body", "document")
        return page_answer(page_of(request, reports, BY_MONTH, "-month"), MonthlyReportOut)


class MonthlyReportView(ApiView):
    """One monthly report, in one of its forms; each has a view of its own, made below."""

    suffix: str

    def get(self, request: ApiRequest, number: int) -> HttpResponse:
        """Answer the file that the page gives: of the document issued, or of the draft as it stands."""
        return file_of(get_object_or_404(reports_for(request), pk=number), self.suffix)


def view_of(suffix: str) -> type[MonthlyReportView]:
    """Return the view of a report in one form."""
    media = WRITERS[suffix][1].partition(";")[0]
    view = type(f"MonthlyReport{suffix.capitalize()}View", (MonthlyReportView,), {"suffix": suffix})
    described = operation(
        f"monthly_reports_{suffix}", SUMMARIES[suffix], Tag.FIGURES,
        OpenApiTypes.OBJECT if suffix == "json" else OpenApiTypes.BINARY, media=media, refuses=[403, 404],
        description=_("What `report_verify` checks from itself alone is the JSON."),
    )  # fmt: skip
    return cast("type[MonthlyReportView]", extend_schema_view(get=described)(view))


SUMMARIES = {
    "json": _("Read a monthly report"),
    "pdf": _("Print a monthly report"),
    "xlsx": _("Download a monthly report as a workbook"),
    "csv": _("Download a monthly report as a plain table"),
}
REPORT_VIEWS = {suffix: view_of(suffix) for suffix in WRITERS}

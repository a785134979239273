"""What mail about reports and exports says: a report issued, a file ready."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tickets.models import ExportFormat, ExportSource, ListExport, ListExportState, MonthlyReport
from tickets.notifications.letter import Case, Letter, Moot
from tickets.phrases import say_instant


def report_issued(case: Case) -> Letter:
    """Tell a client's manager that a month's report is issued, or an erratum to one."""
    report = (
        MonthlyReport.objects.visible_to(case.reader)
        .select_related("client", "contract__solution", "corrects", "issued_by")
        .filter(pk=case.mail.context["report"])
        .first()
    )
    if report is None or report.issued_at is None:
        raise Moot
    month = date_format(report.month, "F Y")
    title = (
        _("Erratum to the service-level report of %(month)s")
        if report.corrects
        else _("Service-level report of %(month)s")
    )
    letter = Letter(title % {"month": month}, action=_("Open the report"))
    letter.url = settings.SITE_URL + reverse("report", args=[report.pk])
    letter.facts += [
        (_("Client"), report.client.name),
        (_("Contract"), report.contract.reference),
        (_("Solution"), report.contract.solution.name),
        (pgettext("of a document", "Number"), str(report.number)),
        (_("Signed off by"), f"{report.issued_by}, {say_instant(report.issued_at)}"),
    ]
    if report.corrects:
        letter.facts.append((_("Corrects"), _("Report no. %(number)d") % {"number": report.corrects.number}))
        letter.quote(_("What it corrects"), report.correction)
    letter.notes.append(
        _(
            "An issued report never changes. The digest is that of its JSON document; the PDF, the workbook and the "
            "CSV are drawn from it."
        )
    )
    letter.notes.append(f"SHA-256 {report.digest}")
    return letter


def list_ready(case: Case) -> Letter:
    """Tell a person that the file they asked for, or that a schedule sends them, is ready; or that it failed."""
    export = ListExport.objects.of(case.reader).filter(pk=case.mail.context["export"]).first()
    if export is None or export.state not in {ListExportState.DONE, ListExportState.FAILED}:
        raise Moot
    name = export.schedule.name if export.schedule else str(ExportSource(export.source).label)
    if export.state == ListExportState.FAILED:
        letter = Letter(
            _("The file could not be made: %(name)s") % {"name": name}, action=_("Open the exported lists")
        )
        letter.url = settings.SITE_URL + reverse("list_exports")
        letter.facts.append((_("Why"), export.error))
        return letter
    letter = Letter(_("The file is ready: %(name)s") % {"name": name}, action=_("Download the file"))
    letter.url = settings.SITE_URL + reverse("list_export_file", args=[export.pk])
    letter.facts += [
        (_("List"), str(ExportSource(export.source).label)),
        (_("Rows"), str(export.written)),
        (_("Format"), str(ExportFormat(export.suffix).label)),
    ]
    letter.notes.append(_("It is kept for seven days, for you alone."))
    return letter


REPORT_NEWS: dict[str, Callable[[Case], Letter]] = {
    "report_issued": report_issued,
    "list_ready": list_ready,
}

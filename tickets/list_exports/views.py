"""The addresses of exports: a file at once, one made in the background, lists that leave by mail."""

import tempfile
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.requests import PersonRequest
from tickets.list_exports.forms import ExportForm, ScheduleForm
from tickets.list_exports.jobs import ask_export, next_due
from tickets.list_exports.listing import Listing, NoSuchList
from tickets.list_exports.ringing import ring_for_exports
from tickets.list_exports.sources import list_of, may_export
from tickets.list_exports.writing import CONTENT_TYPES, csv_lines, json_lines, write_workbook
from tickets.models import (
    Every,
    ExportFormat,
    ExportSchedule,
    ExportSource,
    ListExport,
    ListExportState,
)

RECENT = 30


class ListFileView(LoginRequiredMixin, View):
    """A list as a file, at once; a page that offers to make it in the background when it is long."""

    def get(self, request: PersonRequest, source: str, suffix: str) -> HttpResponseBase:
        """Send it row by row."""
        person, at = request.user, timezone.now()
        if source not in ExportSource.values:
            raise Http404
        wanted = ExportSource(source)
        if not may_export(wanted, person):
            raise PermissionDenied(_("This list is not yours to export."))
        query = request.GET.urlencode()
        try:
            listing = list_of(wanted, query, person, at)
        except NoSuchList as error:
            return render(request, "list_exports/refused.html", {"mistake": str(error)}, status=400)
        number = listing.count()
        if number > settings.EXPORT_DIRECT_ROWS:
            form = ExportForm(initial={"source": source, "query": query, "suffix": suffix})
            return render(request, "list_exports/long.html", {"form": form, "number": number})
        return answer_of(listing, ExportFormat(suffix), ZoneInfo(person.time_zone), wanted.file_name)


def answer_of(listing: Listing[Any], suffix: ExportFormat, zone: ZoneInfo, name: str) -> HttpResponseBase:
    """Return the answer that streams a list in one of the formats, its instants in a zone."""
    columns, rows = listing.columns, listing.rows()
    answer: HttpResponseBase
    if suffix == ExportFormat.XLSX:
        # A workbook is a zip: it is whole before its first byte leaves, on disk and not in memory.
        file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the answer, once sent)
        write_workbook(file, columns, rows, zone)
        file.seek(0)
        answer = FileResponse(file, content_type=CONTENT_TYPES[suffix])
    else:
        lines = csv_lines(columns, rows, zone) if suffix == ExportFormat.CSV else json_lines(columns, rows)
        answer = StreamingHttpResponse(lines, content_type=CONTENT_TYPES[suffix])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return answer


class ListExportsView(LoginRequiredMixin, TemplateView):
    """A person's own files and schedules; asking for a file by POST."""

    request: PersonRequest
    template_name = "list_exports/exports.html"

    def get_template_names(self) -> list[str]:
        """Answer htmx with the files alone, while one is being made."""
        return [f"{self.template_name}#files" if self.request.htmx else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List the latest files, and the schedules that the person made."""
        exports = list(ListExport.objects.of(self.request.user)[:RECENT])
        return super().get_context_data(
            exports=exports,
            is_pending=any(export.is_pending for export in exports),
            schedules=self.request.user.export_schedules.prefetch_related("recipients"),
            **kwargs,
        )

    def post(self, request: PersonRequest) -> HttpResponse:
        """Ask for a file in the background."""
        form = ExportForm(request.POST)
        if not form.is_valid():
            return render(
                request, "list_exports/refused.html", {"mistake": _("This names no list.")}, status=400
            )
        wanted = form.cleaned_data
        source, suffix = ExportSource(wanted["source"]), ExportFormat(wanted["suffix"])
        try:
            with transaction.atomic():
                ask_export(request.user, source, wanted["query"], suffix, at=timezone.now())
                ring_for_exports()
        except NoSuchList as error:
            return render(request, "list_exports/refused.html", {"mistake": str(error)}, status=422)
        return redirect("list_exports")


class ExportFileView(LoginRequiredMixin, View):
    """A file that is ready: its person's alone."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponseBase:
        """Send it; anybody else's, and one that is not there, is a 404."""
        export = get_object_or_404(ListExport.objects.of(request.user), pk=pk, state=ListExportState.DONE)
        if not may_export(ExportSource(export.source), request.user):
            raise PermissionDenied(_("This list is not yours to export."))
        return FileResponse(
            export.file.open("rb"),
            as_attachment=True,
            filename=f"{ExportSource(export.source).file_name}.{export.suffix}",
            content_type=CONTENT_TYPES[ExportFormat(export.suffix)],
        )


class ScheduleView(LoginRequiredMixin, TemplateView):
    """Asking that a list leave by mail every week or month."""

    request: PersonRequest
    template_name = "list_exports/schedule.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the form for the list that the address names."""
        if "form" not in kwargs:
            query = self.request.GET.copy()
            source = query.pop("source", [""])[0]
            initial = {"source": source, "query": query.urlencode(), "suffix": ExportFormat.XLSX}
            kwargs["form"] = ScheduleForm(
                initial={**initial, "recipients": [self.request.user.pk]},
                person=self.request.user,
                at=timezone.now(),
            )
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the schedule."""
        person, at = self.request.user, timezone.now()
        form = ScheduleForm(request.POST, person=person, at=at)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        wanted = form.cleaned_data
        if not may_export(ExportSource(wanted["source"]), person):
            raise PermissionDenied(_("This list is not yours to export."))
        recipients = wanted.pop("recipients")
        with transaction.atomic():
            schedule = ExportSchedule.objects.create(
                client_id=person.client_id, owner=person, created_at=at,
                next_due_at=next_due(Every(wanted["every"]), at), **wanted,
            )  # fmt: skip
            schedule.recipients.set(recipients, through_defaults={"client_id": person.client_id})
        messages.success(
            request, _("The list leaves by mail from %(name)s on.") % {"name": schedule.get_every_display()}
        )
        return redirect("list_exports")


class ScheduleRemovalView(LoginRequiredMixin, View):
    """Ending a schedule."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Remove one of the person's own."""
        get_object_or_404(ExportSchedule, pk=pk, owner=request.user).delete()
        messages.success(request, _("The list no longer leaves by mail."))
        return redirect("list_exports")

"""The exports' pages: asking for one, following it, downloading it while it lasts."""

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.generic import View

from accounts.models import Client
from accounts.requests import PersonRequest
from tickets.actions.exporting import request_export
from tickets.actions.retention import canonical
from tickets.actions.work import IllegalMove
from tickets.exports.doorbell import ask_for_preparation
from tickets.file_door import as_file
from tickets.models import ClientExport, ExportState, Purge
from tickets.permissions import clients_to_export, may_follow_exports

SHOWN = 50  # exports, and certificates of purges


class RequestForm(forms.Form):
    """Whose data: a client's manager has no choice to make."""

    client = forms.ModelChoiceField(Client.objects.none(), label=gettext_lazy("Client"))


class ExportsView(LoginRequiredMixin, UserPassesTestMixin, View):
    """The exports asked for, and the form to ask for one."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse who may not export (403)."""
        return may_follow_exports(self.request.user)

    def form(self, data: object = None) -> RequestForm:
        """Return the form, with the clients that the person may choose."""
        clients = clients_to_export(self.request.user)
        form = RequestForm(data, initial={"client": self.request.user.client_id})  # type: ignore[arg-type]
        form.fields["client"].queryset = clients  # type: ignore[attr-defined]
        return form

    def show(self, form: RequestForm, status: int = 200) -> HttpResponse:
        """Show the page."""
        user = self.request.user
        exports = ClientExport.objects.visible_to(user).select_related("client", "requested_by")[:SHOWN]
        purges = Purge.objects.visible_to(user).select_related("client", "contract")[:SHOWN]
        context = {"form": form, "exports": exports, "purges": purges}
        return render(self.request, "exports/exports.html", context, status=status)

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show what was asked for."""
        return self.show(self.form())

    def post(self, request: PersonRequest) -> HttpResponse:
        """Ask for an export, then lead to the page that follows it."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            export = request_export(form.cleaned_data["client"], by=request.user, at=timezone.now())
        except IllegalMove as refused:
            return render(request, "409.html", {"text": str(refused), "address": request.path}, status=409)
        ask_for_preparation()
        return redirect("export", export.pk)


class ExportView(LoginRequiredMixin, View):
    """How far an export is; its page asks again by itself while it is under way."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show it, whole or, for htmx, its progress alone."""
        export = get_object_or_404(
            ClientExport.objects.visible_to(request.user).select_related("client", "requested_by"), pk=pk
        )
        template = "exports/progress.html" if request.headers.get("HX-Request") else "exports/export.html"
        return render(request, template, {"export": export})


class DownloadView(LoginRequiredMixin, View):
    """The export itself, until its last day."""

    @method_decorator(cache_control(private=True, no_store=True))
    def get(self, request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
        """Send it; past its day, say so (410)."""
        export = get_object_or_404(
            ClientExport.objects.visible_to(request.user).select_related("client"), pk=pk
        )
        is_over = export.expires_at is not None and export.expires_at <= timezone.now()
        if export.state == ExportState.EXPIRED or (export.state == ExportState.READY and is_over):
            text = _("This export is no longer kept: ask for another.")
            return render(request, "409.html", {"text": text, "address": "/exports/"}, status=410)
        if export.state != ExportState.READY:
            raise Http404
        return as_file(export.file, export.name, "application/zip", export.size)


class PurgeView(LoginRequiredMixin, View):
    """The certificate of a purge, as a document to keep."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Send it as JSON; its digest is in its headers and on the page."""
        purge = get_object_or_404(Purge.objects.visible_to(request.user), pk=pk)
        return certificate_of(purge)


def certificate_of(purge: Purge) -> HttpResponse:
    """Answer with the very bytes of which the digest was taken."""
    answer = HttpResponse(canonical(purge.document), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="purge-{purge.pk}.json"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-SHA256"] = purge.digest
    return answer

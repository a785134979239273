"""The register's pages: the vendor reads it; support managers and the platform administrator keep it (C-WHO-1)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.models import Training
from accounts.requests import PersonRequest
from accounts.trainings import standing
from tickets.actions.trainings import correct_training, end_training, join_certificate, record_training
from tickets.actions.work import IllegalMove
from tickets.permissions import may_keep_trainings, may_read_trainings, support_day
from tickets.trainings.forms import CertificateForm, CorrectionForm, EndForm, RecordForm
from tickets.trainings.register import PAGE, RegisterFilter, as_table, registered


class ReaderView(LoginRequiredMixin, UserPassesTestMixin, View):
    """A page that the vendor's people read."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse a client's people (403)."""
        return may_read_trainings(self.request.user)


class KeeperView(ReaderView):
    """A page of those who keep the register."""

    def test_func(self) -> bool:
        """Refuse everybody else (403)."""
        return may_keep_trainings(self.request.user)


class RegisterView(ReaderView):
    """The register, by filters in its address."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show a page of it."""
        day = support_day(timezone.now())
        form = RegisterFilter(request.GET)
        form.is_valid()
        page = Paginator(form.narrow(registered(), day), PAGE).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "page": page,
            "rows": [standing(training, day) for training in page],
            "may_keep": may_keep_trainings(request.user),
        }
        return render(request, "trainings/register.html", context)


class RegisterTableView(ReaderView):
    """The register as CSV, under the same filters."""

    def get(self, request: PersonRequest) -> StreamingHttpResponse:
        """Hand the lines on as they are read."""
        day = support_day(timezone.now())
        form = RegisterFilter(request.GET)
        form.is_valid()
        lines = as_table(form.narrow(registered(), day), day)
        name = f"formations-{day.isoformat()}.csv"
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )


class RecordView(KeeperView):
    """Writing one training in the register."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show an empty form."""
        return render(request, "trainings/record.html", {"form": RecordForm()})

    def post(self, request: PersonRequest) -> HttpResponse:
        """Record what a valid form says."""
        form = RecordForm(request.POST)
        if form.is_valid():
            try:
                training = record_training(by=request.user, **form.cleaned_data)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(
                    request, _("The training of %(person)s is recorded.") % {"person": training.person}
                )
                return redirect("training", training.pk)
        return render(request, "trainings/record.html", {"form": form}, status=422)


def show(request: PersonRequest, training: Training, status: int = 200, **forms: Form) -> HttpResponse:
    """Show one training, with the forms of those who keep the register; one refused is shown with its errors."""
    context: dict[str, Any] = {
        "training": training,
        "standing": standing(training, support_day(timezone.now())),
        "certificates": training.certificates.select_related("uploaded_by"),
        "history": training.history.select_related("history_user").order_by("-history_date", "-history_id"),
    }
    if may_keep_trainings(request.user):
        context |= {"certificate": forms.get("certificate", CertificateForm())}
        if training.ended_on is None:
            correction = forms.get("correction", CorrectionForm.of(training))
            context |= {"correction": correction, "end": forms.get("end", EndForm())}
    return render(request, "trainings/training.html", context, status=status)


def found(pk: int) -> Training:
    """Return a training with its parties, or a 404."""
    return get_object_or_404(
        Training.objects.select_related("client", "person", "solution", "ended_by"), pk=pk
    )


class TrainingView(ReaderView):
    """One training: its certificates, its history, what may be done to it."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show it."""
        return show(request, found(pk))


class ActView(KeeperView):
    """One act on one training, sent by a form of its page; a subclass says which."""

    name: str
    form_class: type[Form]

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Act on what a valid form says; a refusal is shown beside its field, an illegal act is a 409."""
        training = found(pk)
        form = self.form_class(request.POST, request.FILES)
        if form.is_valid():
            try:
                self.act(training, form.cleaned_data)
            except IllegalMove as refused:
                address = request.path.rsplit("/", 2)[0] + "/"
                return render(request, "409.html", {"text": str(refused), "address": address}, status=409)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, self.said())
                return redirect("training", pk)
        return show(request, training, status=422, **{self.name: form})

    def act(self, training: Training, said: dict[str, Any]) -> None:
        """Do it."""
        raise NotImplementedError

    def said(self) -> str:
        """Say that it is done."""
        raise NotImplementedError


class CorrectView(ActView):
    """Correcting who trained and until when."""

    name, form_class = "correction", CorrectionForm

    def act(self, training: Training, said: dict[str, Any]) -> None:
        """Correct the training."""
        correct_training(training, by=self.request.user, **said)

    def said(self) -> str:
        """Say it."""
        return _("The training is corrected.")


class EndView(ActView):
    """Ending a training before its expiry."""

    name, form_class = "end", EndForm

    def act(self, training: Training, said: dict[str, Any]) -> None:
        """End the training."""
        end_training(training, motive=said["motive"], by=self.request.user, at=timezone.now())

    def said(self) -> str:
        """Say it."""
        return _("The training is ended: it lets nobody file any more.")


class CertificateView(ActView):
    """Joining certificates."""

    name, form_class = "certificate", CertificateForm

    def act(self, training: Training, said: dict[str, Any]) -> None:
        """Store each file."""
        for received in said["certificates"]:
            join_certificate(training, received, by=self.request.user, at=timezone.now())

    def said(self) -> str:
        """Say it."""
        return _("The certificate is joined.")

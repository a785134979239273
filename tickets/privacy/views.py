"""The pages about personal data: one's own export for anybody, everybody's export and erasure for the administrator."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import View

from accounts.erased import is_erased
from accounts.models import User
from accounts.requests import PersonRequest
from tickets.actions.erasing import erase_person, preview_erasure, say_places
from tickets.actions.work import IllegalMove
from tickets.models import Attachment, Certificate, DiscardedFile, Erasure
from tickets.permissions import may_erase
from tickets.privacy.portrait import portrait_of
from tickets.scanning import is_configured
from tickets.words import ScanState

SHOWN = 50  # people found, erasures, files


class ErasureForm(forms.Form):
    """Why, and a box that nobody ticks by mistake."""

    motive = forms.CharField(
        label=gettext_lazy("Motive"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Kept with the erasure; do not name the person here."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I know that nothing brings this person back."))


class AdministratorView(LoginRequiredMixin, UserPassesTestMixin, View):
    """A page of the platform administrator."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse everybody else (403)."""
        return may_erase(self.request.user)


def as_document(person: User) -> HttpResponse:
    """Answer with all that is held of a person."""
    document = portrait_of(person, timezone.now())
    content = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="personal-data-{person.pk}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_safe
def own_data_view(request: PersonRequest) -> HttpResponse:
    """Give a person all that is held of them."""
    return as_document(request.user)


class PrivacyView(AdministratorView):
    """Finding a person; the erasures done; how stored files stand."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the page, with the people who answer a search."""
        words = request.GET.get("q", "")[:120].split()
        people = User.objects.select_related("client")
        for word in words:
            people = people.filter(
                Q(first_name__unaccent__icontains=word)
                | Q(last_name__unaccent__icontains=word)
                | Q(email__icontains=word)
            )
        context = {
            "q": " ".join(words),
            "people": people[:SHOWN] if words else [],
            "erasures": Erasure.objects.select_related("person", "by", "client")[:SHOWN],
            **files_context(),
        }
        return render(request, "privacy/privacy.html", context)


def files_context() -> dict[str, Any]:
    """Say whether files are scanned, and which are kept back."""
    kept_back = (ScanState.HELD, ScanState.INFECTED)
    return {
        "is_scanned": is_configured(),
        "attachments": Attachment.objects.filter(scan__in=kept_back).select_related("client")[:SHOWN],
        "certificates": Certificate.objects.filter(scan__in=kept_back).select_related("client")[:SHOWN],
        "to_delete": DiscardedFile.objects.count(),
    }


class PersonView(AdministratorView):
    """One person: what an erasure would clean, and the erasure."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show what would be done; nothing is."""
        return self.show(get_object_or_404(User.objects.select_related("client"), pk=pk), ErasureForm())

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Erase, for good."""
        person = get_object_or_404(User.objects.select_related("client"), pk=pk)
        form = ErasureForm(request.POST)
        if not form.is_valid():
            return self.show(person, form, status=422)
        try:
            motive = form.cleaned_data["motive"]
            erase_person(person, motive=motive, by=request.user, at=timezone.now())
        except IllegalMove as refused:
            return render(request, "409.html", {"text": str(refused), "address": request.path}, status=409)
        messages.success(request, _("This person is erased."))
        return redirect("privacy")

    def show(self, person: User, form: ErasureForm, status: int = 200) -> HttpResponse:
        """Show the person, with the preview unless they cannot be erased."""
        context: dict[str, Any] = {"person": person, "form": form}
        if is_erased(person):
            context["erasure"] = Erasure.objects.select_related("by").filter(person=person).first()
        elif person.pk != self.request.user.pk:
            counts = preview_erasure(person, by=self.request.user, at=timezone.now())
            context["preview"] = say_places(counts)
        return render(self.request, "privacy/person.html", context, status=status)


class PersonDataView(AdministratorView):
    """All that is held of anybody."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Give the document."""
        return as_document(get_object_or_404(User.objects.select_related("client"), pk=pk))

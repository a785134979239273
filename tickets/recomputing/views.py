"""Choosing what to recompute, seeing what it would do, doing it; and what a draft of a calendar would touch."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.requests import PersonRequest
from sla.calendar import CalendarError
from sla.models import CalendarVersion
from sla.pages.finding import find_draft
from tickets.permissions import may_recompute
from tickets.phrases import say_business_time
from tickets.recomputing.application import apply_all
from tickets.recomputing.forms import ChoiceForm, MotiveForm
from tickets.recomputing.preview import (
    MOST,
    Line,
    candidates,
    only_moved,
    preview,
    summary_of,
    touched_by,
    under_versions,
)
from tickets.recomputing.seal import BrokenSeal, Previewed

PAGE = 25


class ManagerView(LoginRequiredMixin, UserPassesTestMixin, View):
    """A page for support managers."""

    request: PersonRequest

    def test_func(self) -> bool:
        """Refuse everybody else (403)."""
        return may_recompute(self.request.user)

    def show(self, at: datetime, motive: MotiveForm | None = None, status: int = 200) -> HttpResponse:
        """Show the choice that the address makes, with its preview."""
        form = ChoiceForm(self.request.GET or None, at=at)
        context: dict[str, Any] = {"form": form, "query": self.request.GET.urlencode()}
        if form.is_valid():
            context |= self.foreseen(form, at, motive)
        return render(self.request, "recomputing/choose.html", context, status=status)

    def foreseen(self, form: ChoiceForm, at: datetime, motive: MotiveForm | None) -> dict[str, Any]:
        """Preview the tickets chosen, unless they are too many for one act."""
        tickets = candidates(self.request.user, at, form.versions, **form.narrowing)
        count = tickets.count()
        if count > MOST:
            return {"too_many": count, "most": MOST}
        lines = preview(tickets, under_versions(form.versions), at)
        if form.cleaned_data["moved_only"]:
            lines = only_moved(lines)
        seal = Previewed.of(form.versions, lines).sealed_for(self.request.user)
        words = {"motive": motive.data.get("motive", "")} if motive else {}
        asked = MotiveForm({**words, "seal": seal}) if motive else MotiveForm(initial={"seal": seal})
        return {**lines_context(lines, self.request), "motive": asked, "count": count}


def lines_context(lines: list[Line], request: HttpRequest) -> dict[str, Any]:
    """Give a page its lines, cut in pages, and what they amount to."""
    summary = summary_of(lines)
    return {
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "summary": summary,
        "latest": say_business_time(summary.latest) if summary.latest > 0 else "",
        "earliest": say_business_time(summary.earliest) if summary.earliest < 0 else "",
        "applicable": summary.tickets - summary.refused,
    }


class RecomputeView(ManagerView):
    """The choice and its preview."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what would change; nothing is written."""
        return self.show(timezone.now())


class ApplyView(ManagerView):
    """Applying what was previewed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Recompute as previewed, ticket by ticket, and say what became of each."""
        form, at = MotiveForm(request.POST), timezone.now()
        if not form.is_valid():
            return self.show(at, form, status=422)
        try:
            previewed = Previewed.unsealed(form.cleaned_data["seal"], self.request.user)
        except BrokenSeal:
            text = _("This preview is too old, or is not yours: look at a new one before you apply it.")
            address = f"{reverse('recompute')}?{request.GET.urlencode()}"
            return render(request, "409.html", {"text": text, "address": address}, status=409)
        results = apply_all(previewed, by=self.request.user, at=at, motive=form.cleaned_data["motive"])
        applied = [each for each in results if not each.refusal]
        left = [each for each in results if each.refusal]
        return render(request, "recomputing/applied.html", {"applied": applied, "left": left})


class TrialView(LoginRequiredMixin, View):
    """What a version of a calendar that is not applied to them would do to open tickets; nothing is written."""

    request: PersonRequest

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Show the tickets of which a promise would move."""
        version = find_draft(self.request.user, CalendarVersion, key)
        context: dict[str, Any] = {"version": version}
        try:
            lines = touched_by(version, self.request.user, timezone.now())
        except CalendarError as error:
            return render(request, "recomputing/trial.html", {**context, "refusal": str(error)}, status=422)
        return render(request, "recomputing/trial.html", {**context, **lines_context(lines, request)})

"""Editing calendars: a draft from a version, its form, its publication, its end."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sla.models import CalendarVersion
from sla.pages.calendar_views import PersonView
from sla.pages.differences import calendar_changes
from sla.pages.drafts import AlreadyPublished, Overtaken, publish_as_seen, save_calendar_draft, seen_by
from sla.pages.finding import find_draft
from sla.pages.forms import MOST_CLOSURES, CalendarDraftForm, ClosureRows, PublishForm, closure_rows
from sla.publication import discard, last_published, next_draft


def address_of(version: CalendarVersion) -> str:
    """Return where a version is read."""
    return f"{reverse('calendar', args=[version.calendar_id])}?version={version.pk}"


def say_published(request: HttpRequest, version: CalendarVersion) -> HttpResponse:
    """Answer an act on a draft that is published (409)."""
    text = _(
        "This version is published: it never changes any more. Start a draft from it to change something."
    )
    context = {"text": text, "address": address_of(version)}
    return render(request, "409.html", context, status=409)


def one_more_row(data: QueryDict) -> QueryDict:
    """Return what was typed with an empty row more."""
    count = data.get("closures-TOTAL_FORMS", "")
    if count.isascii() and count.isdigit():
        data["closures-TOTAL_FORMS"] = str(min(int(count) + 1, MOST_CLOSURES))
    return data


class CalendarDraftView(PersonView):
    """The form of a draft."""

    version: CalendarVersion

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the draft; one published meanwhile is said so."""
        if request.user.is_authenticated:
            self.version = find_draft(self.request.user, CalendarVersion, kwargs["key"])
            if self.version.published_at is not None:
                return say_published(request, self.version)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Show the form."""
        return self.show(*self.forms())

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Keep the draft; what cannot be is said on its field, and nothing typed is lost."""
        data = request.POST.copy()
        if "add" in data:
            return self.show(*self.forms(one_more_row(data)))
        form, rows = self.forms(data)
        if not (form.is_valid() & rows.is_valid()):
            return self.show(form, rows, status=422)
        try:
            save_calendar_draft(form, rows, data.get("seen", ""))
        except AlreadyPublished:
            return say_published(request, self.version)
        except Overtaken:
            return self.show(form, rows, status=409)
        messages.success(request, _("The draft is kept. Nothing changes for anybody until it is published."))
        return HttpResponseRedirect(request.path)

    def forms(self, data: Any = None) -> tuple[CalendarDraftForm, ClosureRows]:
        """Return the draft's fields and its rows of closures."""
        today = timezone.localdate()
        form = CalendarDraftForm(data, instance=self.version, today=today)
        return form, closure_rows(self.version, data, today)

    def show(self, form: CalendarDraftForm, rows: ClosureRows, status: int = 200) -> HttpResponse:
        """Show the form as it stands."""
        saved = CalendarVersion.objects.select_related("calendar").get(pk=self.version.pk)
        context = {
            "version": saved,
            "seen": seen_by(form, saved, status),
            "is_overtaken": status == HTTPStatus.CONFLICT,
            "form": form,
            "rows": rows,
            "former": rows.former,
            "changes": calendar_changes(rows.former, saved) if rows.former else None,
        }
        return render(self.request, "sla/calendar_draft.html", context, status=status)


class NextCalendarDraftView(PersonView):
    """A draft that begins by saying what a version says."""

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Start it and open it."""
        draft = next_draft(find_draft(self.request.user, CalendarVersion, key), by=self.request.user)
        return HttpResponseRedirect(reverse("calendar_draft", args=[draft.pk]))


class PublishCalendarView(CalendarDraftView):
    """Publishing a draft: what it changes, why, from when."""

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Show what would be published."""
        return self.ask(PublishForm(initial={"motive": self.version.motive}))

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Publish, or say on its field why not."""
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self.ask(form, status=422)
        by, at = self.request.user, timezone.now()
        try:
            version = publish_as_seen(self.version, form, request.POST.get("seen", ""), by=by, at=at)
        except AlreadyPublished:
            return say_published(request, self.version)
        except Overtaken:
            return self.ask(form, status=409)
        except ValidationError as refused:
            form.refuse(refused)
            return self.ask(form, status=422)
        messages.success(request, _("Version %(number)d is published.") % {"number": version.number})
        return HttpResponseRedirect(address_of(version))

    def ask(self, form: PublishForm, status: int = 200) -> HttpResponse:
        """Show the form under what it would put in force, as the draft is kept now."""
        kept = CalendarVersion.objects.select_related("calendar").get(pk=self.version.pk)
        former = last_published(kept)
        context = {
            "version": kept,
            "seen": seen_by(form, kept, status),
            "is_overtaken": status == HTTPStatus.CONFLICT,
            "parent": kept.calendar,
            "form": form,
            "former": former,
            "changes": calendar_changes(former, kept) if former else None,
            "draft_address": reverse("calendar_draft", args=[kept.pk]),
            "year_address": address_of(kept),
        }
        return render(self.request, "sla/publish.html", context, status=status)


class DiscardCalendarDraftView(PersonView):
    """The end of a draft that will not be published."""

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Throw it away."""
        version = find_draft(self.request.user, CalendarVersion, key)
        try:
            discard(version)
        except ValidationError:
            return say_published(request, version)
        messages.success(request, _("The draft is thrown away."))
        return HttpResponseRedirect(reverse("calendar", args=[version.calendar_id]))

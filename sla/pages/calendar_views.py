"""Reading calendars: the list, the year at a glance, what a version changed, the feed."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.requests import PersonRequest
from accounts.scope import enter_scope
from sla.models import Calendar, CalendarFeed, CalendarVersion, new_token
from sla.pages.differences import calendar_changes
from sla.pages.feeds import feed_for, feed_response
from sla.pages.finding import find_calendar, pick, versions_shown
from sla.pages.presentation import feed_context, year_context
from sla.permissions import calendars_visible_to, may_edit_terms


class PersonView(LoginRequiredMixin, View):
    """A page for a person signed in."""

    request: PersonRequest


class CalendarsView(PersonView):
    """The calendars that concern the person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, each with its version in force."""
        at = timezone.now()
        calendars = calendars_visible_to(self.request.user).prefetch_related("versions")
        editor = may_edit_terms(self.request.user)
        rows = [(calendar, *_standing(calendar, at, editor=editor)) for calendar in calendars]
        return render(request, "sla/calendars.html", {"rows": rows, "may_edit": editor})


def _standing(
    calendar: Calendar, at: datetime, *, editor: bool
) -> tuple[CalendarVersion | None, list[CalendarVersion]]:
    """Return the version in force, and the drafts for those who edit."""
    versions = sorted(calendar.versions.all(), key=lambda version: -version.number)
    published = [version for version in versions if version.published_at]
    drafts = [version for version in versions if not version.published_at] if editor else []
    return pick(published, None, at), drafts


class CalendarView(PersonView):
    """The year at a glance."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a year of a version, the present ones unless asked."""
        at = timezone.now()
        calendar = find_calendar(self.request.user, pk)
        versions = list(versions_shown(self.request.user, calendar))
        version = pick(versions, request.GET.get("version"), at)
        context = {"calendar": calendar, "versions": versions, "version": version, "at": at,
                   "in_force": pick([each for each in versions if each.published_at], None, at),
                   "may_edit": may_edit_terms(self.request.user)}  # fmt: skip
        if version is not None:
            feed = CalendarFeed.objects.filter(person=self.request.user, calendar=calendar).first()
            context |= year_context(version, request.GET.get("year"), at) | feed_context(feed)
        return render(request, "sla/calendar.html", context)


class CalendarChangesView(PersonView):
    """What one version changed in another, in words."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Compare two versions; by default the last published with the one before it."""
        calendar = find_calendar(self.request.user, pk)
        versions = list(versions_shown(self.request.user, calendar).prefetch_related("closures"))
        latter = pick(versions, request.GET.get("to"), timezone.now())
        if latter is None:
            raise Http404
        former = (
            pick(versions, request.GET.get("from"), timezone.now())
            if request.GET.get("from")
            else next((each for each in versions if each.number < latter.number and each.published_at), None)
        )
        changes = calendar_changes(former, latter) if former else []
        return render(request, "sla/changes.html", {
            "parent": calendar, "address": reverse("calendar", args=[calendar.pk]), "versions": versions,
            "former": former, "latter": latter, "changes": changes,
        })  # fmt: skip


class CalendarFeedView(PersonView):
    """The feed of a calendar, in the session; renewing one's own secret address of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the feed."""
        return feed_response(feed_for(find_calendar(self.request.user, pk), timezone.now()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new secret address; the former one, if there was one, works no more."""
        calendar = find_calendar(self.request.user, pk)
        CalendarFeed.objects.update_or_create(
            person=self.request.user,
            calendar=calendar,
            defaults={
                "client": self.request.user.client,
                "token": new_token(),
                "created_at": timezone.now(),
            },
        )
        messages.success(request, _("Your subscription address is new; a former one works no more."))
        return HttpResponseRedirect(reverse("calendar", args=[calendar.pk]) + "#subscribe")


class SecretFeedView(View):
    """The feed of a calendar by its secret address, for a program that cannot sign in."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Give the feed in its person's language, while the calendar concerns that person."""
        feed = CalendarFeed.objects.select_related("person", "calendar").filter(token=token).first()
        if feed is None:
            raise Http404
        enter_scope(feed.person)
        if not calendars_visible_to(feed.person).filter(pk=feed.calendar_id).exists():
            raise Http404
        with translation.override(feed.person.language):
            return feed_response(feed_for(feed.calendar, timezone.now()))

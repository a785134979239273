"""Back-office screens about commitments: contracts, calendars, policies; what is published is only read."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.history_admin import HistoryAdmin, KeptAdmin
from accounts.requests import PersonRequest
from sla.admin_forms import CalendarVersionForm, ClosureForm, ClosureFormSet, ContractForm, PolicyVersionForm
from sla.models import Calendar, CalendarVersion, Closure, Contract, Policy, PolicyVersion
from sla.organisation import levels_of
from sla.publication import next_draft, next_number, publish


@admin.register(Contract)
class ContractAdmin(KeptAdmin):
    """What is supported for whom, under which promise, from when to when."""

    form = ContractForm
    kept_because = gettext_lazy(
        "A contract is never deleted, because its tickets refer to it: give it a last day."
    )
    list_display = ["reference", "client", "solution", "policy", "calendar", "starts_on", "ends_on"]
    list_filter = ["solution", "policy", "client"]
    list_select_related = ["client", "solution", "policy", "calendar"]
    search_fields = ["reference", "client__name", "solution__name"]
    date_hierarchy = "starts_on"


class VersionInline(admin.TabularInline):
    """The versions of a calendar or a policy, each a link to its own screen."""

    fields = ["number", "motive", "author", "published_at"]
    readonly_fields = ["number", "motive", "author", "published_at"]
    ordering = ["-number"]
    extra = max_num = 0
    can_delete = False
    show_change_link = True


class CalendarVersionInline(VersionInline):
    """The versions of a calendar."""

    model = CalendarVersion


class PolicyVersionInline(VersionInline):
    """The versions of a policy."""

    model = PolicyVersion


@admin.register(Calendar)
class CalendarAdmin(HistoryAdmin):
    """The calendars by name; what they say is in their versions."""

    inlines = [CalendarVersionInline]
    search_fields = ["name"]


@admin.register(Policy)
class PolicyAdmin(HistoryAdmin):
    """The policies by name; what they promise is in their versions."""

    inlines = [PolicyVersionInline]
    search_fields = ["name"]


def published(version: object) -> bool:
    """Tell whether a version is in force or was, and therefore never changes (C-CAL-3)."""
    return isinstance(version, CalendarVersion | PolicyVersion) and version.published_at is not None


class VersionAdmin(HistoryAdmin):
    """A draft is written here, then published with its motive; a published version is only read."""

    change_form_template = "admin/version_change_form.html"
    readonly_fields = ["number", "author", "published_at"]
    list_filter = [("published_at", admin.EmptyFieldListFilter)]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse for a published version: the database would too."""
        return super().has_change_permission(request, obj) and not published(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let a draft be thrown away, one at a time."""
        return obj is not None and super().has_delete_permission(request, obj) and not published(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Number a new draft after those that exist, under the name of who writes it."""
        if not change:
            obj.number, obj.author = next_number(obj), request.user
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        """Add the two acts of a version."""
        name = self.opts.model_name
        return [
            path("<uuid:key>/publish/", self.act(self.publish), name=f"sla_{name}_publish"),
            path("<uuid:key>/next/", self.act(self.start_next), name=f"sla_{name}_next"),
            *super().get_urls(),
        ]

    def act(self, view: Any) -> Any:
        """Keep an act to the platform administrator, and to a form sent on purpose."""
        return require_POST(self.admin_site.admin_view(view))

    def publish(self, request: HttpRequest, key: str) -> HttpResponse:
        """Put the draft in force as it was last saved."""
        draft = get_object_or_404(self.model, pk=key)
        if not self.has_view_permission(request, draft):
            raise PermissionDenied
        try:
            publish(draft, by=cast("PersonRequest", request).user, at=timezone.now())
        except ValidationError as error:
            for text in error.messages:
                self.message_user(request, text, messages.ERROR)
        else:
            self.message_user(
                request, _("The version is published: it never changes any more."), messages.SUCCESS
            )
        return redirect(self.address(draft))

    def start_next(self, request: HttpRequest, key: str) -> HttpResponse:
        """Start the draft that follows."""
        draft = next_draft(get_object_or_404(self.model, pk=key), by=cast("PersonRequest", request).user)
        self.message_user(
            request, _("A draft of the next version says the same: change it, then publish it.")
        )
        return redirect(self.address(draft))

    def address(self, version: Model) -> str:
        """Return where a version is shown."""
        return reverse(f"admin:sla_{self.opts.model_name}_change", args=[version.pk])

    @admin.display(description=gettext_lazy("standing"))
    def how_it_stands(self, version: Any) -> str:
        """Say draft or published."""
        return _("published") if version.published_at else _("draft")


class ClosureInline(admin.TabularInline):
    """The closures of a calendar version (C-CAL-2)."""

    model = Closure
    form = ClosureForm
    formset = ClosureFormSet
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Say the openings of a published version in words, where a draft has a field."""
        names = ["first_day", "last_day", "windows", "motive", "published_on"]
        return ["openings" if name == "windows" and published(obj) else name for name in names]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Add the openings of a published version."""
        return ["published_on", *(["openings"] if published(obj) else [])]

    @admin.display(description=gettext_lazy("Openings kept"))
    def openings(self, closure: Closure) -> str:
        """Say the windows as the week says them."""
        return ", ".join(f"{start}–{end}" for start, end in closure.windows) or _("closed")

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        """Offer no empty row where nothing can be added."""
        return 0 if published(obj) else self.extra

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse on a published version."""
        return super().has_add_permission(request, obj) and not published(obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse on a published version."""
        return super().has_change_permission(request, obj) and not published(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse on a published version."""
        return super().has_delete_permission(request, obj) and not published(obj)


WEEK = [
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
]


@admin.register(CalendarVersion)
class CalendarVersionAdmin(VersionAdmin):
    """When support is open, version by version."""

    form = CalendarVersionForm
    inlines = [ClosureInline]
    list_display = ["__str__", "how_it_stands", "published_at", "author", "motive"]
    list_select_related = ["calendar", "author"]

    def get_fieldsets(self, request: HttpRequest, obj: CalendarVersion | None = None) -> Any:
        """Show seven fields for the week of a draft, seven lines for that of a published version."""
        week = ["week"] if published(obj) else [f"day_{day}" for day in range(1, 8)]
        hours = _("Local time, such as 9:00–12:30, 14:00–18:00; empty for a closed day.")
        return [
            (None, {"fields": ["calendar", "number", "motive", "author", "published_at"]}),
            (_("Weekly opening"), {"fields": week, "description": "" if published(obj) else hours}),
            (
                _("Place"),
                {"fields": ["timezone", "holiday_country", "holiday_subdivision", "holidays_worked"]},
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: CalendarVersion | None = None) -> list[str]:
        """Add the lines of a published week."""
        return [*super().get_readonly_fields(request, obj), *(["week"] if published(obj) else [])]

    @admin.display(description=gettext_lazy("Weekly opening"))
    def week(self, version: CalendarVersion) -> SafeString:
        """Say the week in seven lines."""
        lines = (
            (
                name,
                ", ".join(f"{start}–{end}" for start, end in version.weekly.get(str(day), [])) or _("closed"),
            )
            for day, name in enumerate(WEEK, start=1)
        )
        return format_html_join("", "<div>{} : {}</div>", lines)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(VersionAdmin):
    """What is promised for each severity, version by version."""

    form = PolicyVersionForm
    list_display = ["__str__", "how_it_stands", "published_at", "author", "motive"]
    list_select_related = ["policy", "author"]

    def get_fieldsets(self, request: HttpRequest, obj: PolicyVersion | None = None) -> Any:
        """Show six delays to write in a draft, three lines to read in a published version."""
        targets = [f"{severity}_{kind}" for severity in ("bloquante", "majeure", "mineure")
                   for kind in ("acknowledge", "resolve")]  # fmt: skip
        return [
            (None, {"fields": ["policy", "number", "motive", "author", "published_at"]}),
            (_("Delays"), {"fields": ["levels"] if published(obj) else targets}),
            (_("Conventions"), {"fields": ["closing_days", "reminder_days", "escalation_percents"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: PolicyVersion | None = None) -> list[str]:
        """Add the lines of published delays."""
        return [*super().get_readonly_fields(request, obj), *(["levels"] if published(obj) else [])]

    @admin.display(description=gettext_lazy("Delays"))
    def levels(self, version: PolicyVersion) -> SafeString:
        """Say the delays, a line a severity."""
        names = {"bloquante": _("Blocking"), "majeure": _("Major"), "mineure": _("Minor")}
        lines = (
            (names[severity], acknowledge, resolve) for severity, acknowledge, resolve in levels_of(version)
        )
        return format_html_join("", "<div>{} : {} · {}</div>", lines)

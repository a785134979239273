"""Back-office screens about people and organisations."""

from functools import partial
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import close_account, end_access
from accounts.access_admin import AccessRecordAdmin  # noqa: F401  (a screen of its own module)
from accounts.admin_forms import PersonForm, SolutionForm, TrainingForm
from accounts.erased import is_erased
from accounts.factors.requirement import remove_factors
from accounts.history_admin import HistoryAdmin, KeptAdmin
from accounts.invitations import MAIL_FAILURES, may_be_invited, send_invitation
from accounts.models import Client, Solution, Training, User
from accounts.organisation_sign_in.admin import IdentityProviderAdmin
from accounts.requests import PersonRequest
from accounts.trainings import standing

__all__ = ["ClientAdmin", "IdentityProviderAdmin", "PersonAdmin", "SolutionAdmin", "TrainingAdmin"]


@admin.register(Client)
class ClientAdmin(KeptAdmin):
    """The organisations under contract."""

    list_display = ["name", "code", "is_active", "readers_allowed"]
    list_filter = ["is_active", "readers_allowed"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}
    readonly_fields = ["created_at"]


@admin.register(Solution)
class SolutionAdmin(KeptAdmin):
    """The products supported."""

    form = SolutionForm
    list_display = ["name", "code", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}


@admin.register(User)
class PersonAdmin(KeptAdmin):
    """The people: created here, invited by mail, deactivated and never deleted."""

    form = PersonForm
    list_display = ["__str__", "email", "role", "client", "is_active", "access"]
    list_filter = ["role", "is_active", "client"]
    list_select_related = ["client"]
    search_fields = ["first_name", "last_name", "email"]
    readonly_fields = ["access", "last_login", "joined_at"]
    kept_because = _("A person is never deleted, because what they did stays theirs: deactivate the account.")
    actions = ["invite", "remove_factors", "deactivate"]
    fieldsets = [
        (None, {"fields": [("first_name", "last_name"), "email", "telephone"]}),
        (_("What they are to the contract"), {"fields": ["role", "client"]}),
        (_("Language and time"), {"fields": ["language", "time_zone"]}),
        (_("Access"), {"fields": ["is_active", "access", "last_login", "joined_at"]}),
    ]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse to bring an erased person back: that is for good."""
        return super().has_change_permission(request, obj) and not (obj is not None and is_erased(obj))

    @admin.display(description=_("access"))
    def access(self, person: User) -> str:
        """Say whether the person has answered the invitation."""
        if not person.pk or not person.is_active:
            return str(_("none")) if person.pk else "—"
        return str(_("password chosen")) if person.has_usable_password() else str(_("invited, awaited"))

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Keep the person; a new one is invited once everything is written."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            # The sign-in keeps a list of its own: the former address would still open the account.
            EmailAddress.objects.filter(user=obj).delete()
        if change and "is_active" in form.changed_data and not obj.is_active:
            end_access(obj)
        if not change:
            transaction.on_commit(partial(self.send, request, obj))

    def send(self, request: HttpRequest, person: User) -> bool:
        """Send an invitation and say so; a mail server out of order loses nothing."""
        try:
            send_invitation(person)
        except MAIL_FAILURES as failure:
            text = _("The invitation of %(person)s could not leave (%(failure)s). Invite again later.")
            self.message_user(request, text % {"person": person, "failure": failure}, messages.WARNING)
            return False
        text = _("An invitation is on its way to %(email)s.")
        self.message_user(request, text % {"email": person.email}, messages.SUCCESS)
        return True

    @admin.action(description=_("Invite (again) by e-mail"))
    def invite(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Send a new link to those who have no password yet; it makes the former ones void."""
        for person in people:
            if may_be_invited(person):
                self.send(request, person)
            else:
                text = _(
                    "%(person)s is not invited: the account is closed, or its password is chosen already."
                )
                self.message_user(request, text % {"person": person}, messages.WARNING)

    @admin.action(description=_("Remove the second factors, close the sessions"))
    def remove_factors(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Let people who lost their factors in by their password alone; they are told by mail."""
        removed = 0
        for person in people:
            if remove_factors(person):
                self.log_change(request, person, "Second factors removed.")
                get_adapter(request).send_notification_mail("account/email/factors_removed", person)
                removed += 1
        text = ngettext(
            "%(count)d person has no second factor any more.",
            "%(count)d people have no second factor any more.",
            removed,
        )
        self.message_user(request, text % {"count": removed}, messages.SUCCESS)

    @admin.action(description=_("Deactivate"))
    def deactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Close accounts; one's own stays open, so that somebody is left inside."""
        closed = 0
        for person in people.exclude(pk=cast("PersonRequest", request).user.pk).filter(is_active=True):
            close_account(person)
            closed += 1
        text = ngettext("%(count)d account is closed.", "%(count)d accounts are closed.", closed)
        self.message_user(request, text % {"count": closed}, messages.SUCCESS)


@admin.register(Training)
class TrainingAdmin(HistoryAdmin):
    """Who was trained for what, and until when."""

    form = TrainingForm
    list_display = ["person", "client", "solution", "trained_on", "expires_on", "how_it_stands"]
    list_filter = ["solution", "client"]
    list_select_related = ["person", "client", "solution"]
    search_fields = ["person__first_name", "person__last_name", "person__email", "trainer"]
    date_hierarchy = "trained_on"

    @admin.display(description=_("standing"))
    def how_it_stands(self, training: Training) -> str:
        """Say whether the training is valid today."""
        return standing(training, timezone.localdate()).label

    def formfield_for_foreignkey(self, db_field: object, request: HttpRequest, **kwargs: object) -> object:
        """Offer the clients' people only."""
        if getattr(db_field, "name", "") == "person":
            kwargs["queryset"] = User.objects.exclude(client=None).select_related("client")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

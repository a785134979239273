"""Back-office screens about the work: facts, effects and mails, to be read; a mail that failed is tried again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.history_admin import ReadOnlyAdmin
from tickets.models import Effect, LedgerEntry, Mail
from tickets.notifications.doorbell import ring_after_commit


def shown(name: str, label: Any) -> Any:
    """Return what shows a field under a label in the reader's language; the model names it for developers."""

    @admin.display(description=label, ordering=name)
    def value(row: Model) -> object:
        found = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
        return "—" if found is None else found

    value.__name__ = name
    return value


def titled(base: Any, label: Any) -> Any:
    """Return a filter whose title is in the reader's language."""

    class Titled(base):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            self.title = label

    return Titled


TICKET = shown("ticket_id", _("ticket"))
SEQ = shown("seq", _("order"))
KIND = shown("kind", _("kind"))
OCCURRED_AT = shown("occurred_at", _("occurred on"))
RECORDED_AT = shown("recorded_at", _("recorded on"))
BY = shown("by", _("by whom"))
CLIENT = shown("client", _("client"))
THROUGH = shown("through", _("through"))
THROUGH_NAME = shown("through_name", _("way"))
ADDRESS = shown("address", _("internet address"))
AGENT = shown("agent", _("program"))
CHAIN_SEQ = shown("chain_seq", _("number in the chain"))
HASH = shown("hash", _("hash"))
PREVIOUS_HASH = shown("previous_hash", _("hash before"))
DATA = shown("data", _("details"))
DUE_AT = shown("due_at", _("due on"))
TRAINING = shown("training", _("training"))
DONE_AT = shown("done_at", _("done on"))
CREATED_AT = shown("created_at", _("created on"))
TEMPLATE = shown("template", _("subject of the mail"))
RECIPIENT = shown("recipient", _("recipient"))
SENT_AT = shown("sent_at", _("sent on"))
DROPPED_AT = shown("dropped_at", _("dropped on"))
ATTEMPTS = shown("attempts", _("attempts"))
LAST_ERROR = shown("last_error", _("last error"))
NEXT_TRY_AT = shown("next_try_at", _("next try on"))
NEEDS_OPENING = shown("needs_opening", _("held until support is open"))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """The ledger: every fact of every ticket, never changed."""

    list_display = [TICKET, SEQ, KIND, OCCURRED_AT, RECORDED_AT, BY, CLIENT, THROUGH, ADDRESS]
    list_display_links = [SEQ]
    list_filter = [
        ("kind", titled(admin.ChoicesFieldListFilter, _("kind"))),
        ("client", titled(admin.RelatedFieldListFilter, _("client"))),
        ("occurred_at", titled(admin.DateFieldListFilter, _("occurred on"))),
        ("through", titled(admin.ChoicesFieldListFilter, _("through"))),
    ]
    list_select_related = ["by", "client"]
    search_fields = ["=ticket__id", "=address", "by__email", "by__last_name"]
    ordering = ["-id"]
    show_full_result_count = False
    readonly_fields = [
        TICKET, CLIENT, SEQ, KIND, OCCURRED_AT, RECORDED_AT, BY, DATA, THROUGH, THROUGH_NAME, ADDRESS, AGENT,
        CHAIN_SEQ, HASH, PREVIOUS_HASH,
    ]  # fmt: skip
    fields = tuple(readonly_fields)


@admin.register(Effect)
class EffectAdmin(ReadOnlyAdmin):
    """The timetable: what happens when, once."""

    list_display = [DUE_AT, KIND, TICKET, TRAINING, DONE_AT]
    readonly_fields = [TICKET, TRAINING, CLIENT, KIND, DUE_AT, NEEDS_OPENING, DATA, DONE_AT]
    fields = tuple(readonly_fields)
    list_filter = [
        ("kind", titled(admin.ChoicesFieldListFilter, _("kind"))),
        ("done_at", titled(admin.EmptyFieldListFilter, _("done on"))),
        ("due_at", titled(admin.DateFieldListFilter, _("due on"))),
    ]
    list_select_related = ["training__person", "training__solution"]
    search_fields = ["=ticket__id"]
    ordering = ["-due_at"]
    show_full_result_count = False


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """The outbox: what left, what waits, what failed and why."""

    list_display = [CREATED_AT, TEMPLATE, RECIPIENT, TICKET, SENT_AT, DROPPED_AT, ATTEMPTS, "failure"]
    readonly_fields = [
        TICKET, CLIENT, RECIPIENT, TEMPLATE, CREATED_AT, NEXT_TRY_AT, ATTEMPTS, LAST_ERROR, SENT_AT, DROPPED_AT,
    ]  # fmt: skip
    fields = tuple(readonly_fields)
    list_filter = [
        ("sent_at", titled(admin.EmptyFieldListFilter, _("sent on"))),
        ("last_error", titled(admin.EmptyFieldListFilter, _("last error"))),
        ("template", titled(admin.AllValuesFieldListFilter, _("subject of the mail"))),
        ("created_at", titled(admin.DateFieldListFilter, _("created on"))),
    ]
    list_select_related = ["recipient"]
    search_fields = ["=ticket__id", "recipient__email"]
    ordering = ["-id"]
    show_full_result_count = False
    actions = ["try_again"]

    @admin.display(description=_("last error"))
    def failure(self, mail: Mail) -> str:
        """Give the beginning of what the mail server answered."""
        return mail.last_error[:80]

    @admin.action(description=_("Try again now"))
    def try_again(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        """Put the mails that failed at the head of the queue, their attempts forgotten."""
        failed = mails.filter(sent_at__isnull=True, dropped_at__isnull=True).exclude(last_error="")
        count = failed.update(next_try_at=timezone.now(), attempts=0)
        if count:
            ring_after_commit()
        text = ngettext("%(count)d mail is tried again.", "%(count)d mails are tried again.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)

"""Making a person anonymous, for good: what is theirs goes, what they did stays without their name (RGPD)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from accounts.erased import address_of, is_erased, label_of
from accounts.models import Deputation, Solution, User
from tickets.actions.work import IllegalMove, require
from tickets.chains import let_words_go
from tickets.discarding import discard
from tickets.models import (
    Attachment,
    Certificate,
    DayFigures,
    Erasure,
    ListExport,
    Mail,
    Message,
    MonthlyReport,
    ReportState,
    Ticket,
)
from tickets.permissions import may_erase
from tickets.search.documents import index_words

OURS = ("accounts", "sla", "tickets")
SHORTEST_TELEPHONE = 8  # characters: fewer would be found inside other numbers

HISTORY = "history"

Row = TypeVar("Row", bound=models.Model)
Counts = dict[str, int]  # by model, and for all the histories together


def say_places(counts: Counts) -> list[tuple[str, int]]:
    """Say what was, or would be, cleaned: each place by the name that its screen gives it, and how many rows."""
    # The library of devices names them in English alone.
    ours = {HISTORY: _("Histories"), "usersessions.usersession": _("Devices that were signed in")}
    named = {
        place: ours.get(place) or str(apps.get_model(place)._meta.verbose_name_plural)  # noqa: SLF001
        for place in counts
    }
    return sorted((name[:1].upper() + name[1:], counts[place]) for place, name in named.items())


def preview_erasure(person: User, *, by: User, at: datetime) -> Counts:
    """Return what an erasure would clean, place by place: it is done, counted, and undone."""
    with transaction.atomic():
        counts = _erase(person, motive=_("preview"), by=by, at=at).counts
        transaction.set_rollback(True)
    return counts


@transaction.atomic
def erase_person(person: User, *, motive: str, by: User, at: datetime) -> Erasure:
    """Make `person` anonymous: irreversible. The ledger, figures and statements hold numbers, and stay as they are.

    Raises `PermissionDenied` (403), `IllegalMove` for oneself or a person erased before (409), `ValidationError`.
    """
    require(motive, "motive")
    return _erase(person, motive=motive, by=by, at=at)


def _erase(person: User, *, motive: str, by: User, at: datetime) -> Erasure:
    if not may_erase(by):
        raise PermissionDenied(_("Only the platform administrator erases a person."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.pk == by.pk:
        raise IllegalMove(_("Nobody erases their own account: another platform administrator does it."))
    if is_erased(person):
        raise IllegalMove(_("This person was erased already."))
    let_words_go(_naming(person, Message, "body"), at)
    counts = _clean_words_and_search(person)
    counts[Session._meta.label_lower] = _end_sessions(person)  # noqa: SLF001
    counts[Mail._meta.label_lower] = _clean_mails(person, at)  # noqa: SLF001
    counts[Certificate._meta.label_lower] = _discard_certificates(person, at)  # noqa: SLF001
    counts[ListExport._meta.label_lower] = _discard_lists(person, at)  # noqa: SLF001
    counts |= _remove_what_goes_with_the_account(person)
    Deputation.objects.filter(Q(person=person) | Q(deputy=person), ended_at__isnull=True).update(
        ended_by=by, ended_at=at
    )
    Solution.objects.filter(training_lead=person).update(training_lead=None)
    counts[HISTORY] = counts.get(HISTORY, 0) + _rename(person)
    counts = {name: count for name, count in counts.items() if count}
    return Erasure.objects.create(
        client_id=person.client_id, person=person, by=by, at=at, motive=motive.strip(), counts=counts
    )


def _rename(person: User) -> int:
    """Replace name, address and telephone on the account and in its history; close it for ever."""
    first_name, last_name = label_of(person)
    named = {"first_name": first_name, "last_name": last_name, "email": address_of(person), "telephone": ""}
    User.objects.filter(pk=person.pk).update(
        **named, is_active=False, password=make_password(None), last_login=None
    )
    return User.history.model.objects.filter(id=person.pk).update(**named)


# --- Words that name the person ---------------------------------------------------------


def _clean_words(person: User) -> Counts:
    """Replace the full name, the address and the telephone wherever somebody wrote them in a text we may edit."""
    counts: Counts = {}
    for model, names in _texts():
        rows = model._base_manager.all()  # noqa: SLF001
        if person.client_id is not None and model is not LogEntry:
            # Another client's person may bear the same name.
            rows = rows.filter(client=person.client_id)
        if model is MonthlyReport:
            # What was issued and signed never changes; a draft is a text like another.
            rows = rows.filter(state=ReportState.DRAFT)
        changed = sum(_replace(rows, name, person) for name in names)
        if changed:
            place = HISTORY if issubclass(model, HistoricalChanges) else model._meta.label_lower  # noqa: SLF001
            counts[place] = counts.get(place, 0) + changed
    return counts


def _clean_words_and_search(person: User) -> Counts:
    """Clean the words, then what search keeps of the tickets that said them."""
    tickets = {
        *_naming(person, Ticket, "title", "description", "steps").values_list("pk", flat=True),
        *_naming(person, Message, "body").values_list("ticket", flat=True),
        *_naming(person, Attachment, "name").values_list("ticket", flat=True),
    }
    counts = _clean_words(person)
    for number in sorted(tickets):
        index_words(number)
    return counts


def _naming(person: User, model: type[Row], *fields: str) -> models.QuerySet[Row]:
    """Return the rows in which `_clean_words` replaces something in one of the fields."""
    named = Q()
    for words, _instead in _replacements(person):
        for field in fields:
            named |= Q(**{f"{field}__contains": words})
    found = model._default_manager.filter(named)  # noqa: SLF001
    return found if person.client_id is None else found.filter(client=person.client_id)


def _texts() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Yield the models that belong to a client, with their free texts; append-only and published rows stay apart."""
    yield LogEntry, ["object_repr"]
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            fields = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001
            is_fixed = bool(getattr(model._meta, "triggers", ())) and model is not MonthlyReport  # noqa: SLF001
            if "client" in fields and not is_fixed and model is not User:
                names = [name for name, field in fields.items() if _is_free_text(field)]
                if names and not issubclass(model, User.history.model):
                    yield model, names


def _is_free_text(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField)
    return is_text and not isinstance(field, models.FileField) and not (field.choices or field.unique)


def _replace(rows: models.QuerySet[Any], name: str, person: User) -> int:
    changed = 0
    for words, instead in _replacements(person):
        found = rows.filter(**{f"{name}__contains": words})
        changed += found.update(**{name: Replace(F(name), Value(words), Value(instead))})
    return changed


def _replacements(person: User) -> list[tuple[str, str]]:
    label = " ".join(label_of(person))
    found = [
        (person.email, address_of(person)),
        (f"{person.first_name} {person.last_name}", label),
        (f"{person.last_name} {person.first_name}", label),
        (f"{person.last_name.upper()} {person.first_name}", label),
        (f"{person.first_name} {person.last_name.upper()}", label),
    ]
    if len(person.telephone) >= SHORTEST_TELEPHONE:
        found.append((person.telephone, "…"))
    return [(words, instead) for words, instead in dict(found).items() if words.strip()]


# --- What is the person's alone ---------------------------------------------------------


def _end_sessions(person: User) -> int:
    ended = 0
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
            ended += 1
    return ended


def _clean_mails(person: User, at: datetime) -> int:
    """Drop the mails that wait; of those that left, forget what the server said, which may quote the address."""
    mails = Mail.objects.filter(recipient=person)
    mails.filter(sent_at__isnull=True, dropped_at__isnull=True).update(dropped_at=at)
    return mails.update(last_error="")


def _discard_certificates(person: User, at: datetime) -> int:
    certificates = Certificate.objects.filter(training__person=person)
    discard(certificates.values_list("file", flat=True), client=person.client_id, at=at)
    return certificates.delete()[0]


def _discard_lists(person: User, at: datetime) -> int:
    lists = ListExport.objects.filter(person=person)
    discard(lists.values_list("file", flat=True), client=person.client_id, at=at)
    return lists.delete()[0]


def going_with_the_account() -> Iterator[tuple[type[models.Model], str]]:
    """Yield the models whose rows are a person's, and the field that says whose; sums by owner and mails are not."""
    for relation in User._meta.get_fields(include_hidden=True):  # noqa: SLF001
        if getattr(relation, "on_delete", None) is models.CASCADE and isinstance(
            relation, models.ManyToOneRel
        ):
            model = relation.related_model
            if model not in {DayFigures, Mail}:
                yield model, relation.field.name


def _remove_what_goes_with_the_account(person: User) -> Counts:
    """Delete the rows that mean nothing without their person: addresses, tokens, factors, drafts, feeds."""
    counts: Counts = {}
    for model, name in going_with_the_account():
        if model is not LogEntry:
            removed = model._base_manager.filter(**{name: person}).delete()[0]  # noqa: SLF001
            if removed:
                counts[model._meta.label_lower] = removed  # noqa: SLF001
    return counts

"""What a person is typing, kept on the server until it is filed; never the files."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter

from accounts.models import User
from tickets.acts import Action
from tickets.models import Draft

_SAID = ("title", "description", "steps", "affected_version", "environment")
_WRITTEN = (*_SAID, "message")
_CHOSEN = ("contract", "severity")

FIELDS: dict[str, tuple[str, ...]] = {
    "file": (*_SAID, *_CHOSEN),
    "register": (*_SAID, *_CHOSEN, "client", "reporter", "means", "received_at"),
}
"""The forms that have a draft, and which of their fields it keeps."""

REPLY = "reply"
REPLY_FIELDS = ("kind", "message")

PRESENT = timedelta(minutes=2)  # since the last key: longer, a colleague has gone elsewhere
LONGEST = 60_000  # characters, all fields together: above what the forms accept


class TooLong(ValueError):
    """More was typed than a draft keeps, and more than the form accepts."""


class Newer(Exception):
    """Another tab kept `draft` since this one last did: neither takes the place of the other unseen."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


def draft_on(ticket: int, what: str) -> str:
    """Name the draft of an action (or `REPLY`) on the ticket of this number."""
    return f"ticket:{ticket}:{what}"


def reply_to(ticket: int) -> str:
    """Name the draft of a reply to the ticket of this number."""
    return draft_on(ticket, REPLY)


def drafts_on(ticket: int) -> list[str]:
    """Name every draft that a ticket of this number may have."""
    return [draft_on(ticket, what) for what in (REPLY, *Action)]


def keep(
    person: User,
    form: str,
    values: Mapping[str, str],
    *,
    kept: Collection[str] | None = None,
    written: Collection[str] = _WRITTEN,
    seen: str | None = None,
) -> Draft | None:
    """Keep what was typed, written only if it changed; None when there is nothing worth keeping.

    Kept are the fields `kept`, those of the form if not said, provided that one of `written` says something. `seen` is
    the stamp of the draft that the tab knows (empty: none; None: it does not say). In a transaction. Raises `KeyError`
    for a form without drafts, `TooLong` beyond the bound, `Newer` when another tab kept something else meanwhile.
    """
    if kept is None:
        kept = REPLY_FIELDS if form.startswith("ticket:") else FIELDS[form]
    fields = {name: values[name].replace("\0", "") for name in kept if values.get(name)}
    if sum(map(len, fields.values())) > LONGEST:
        raise TooLong
    found = Draft.objects.select_for_update().filter(person=person, form=form).first()
    if found and found.fields == fields:
        return found
    if found and seen is not None and seen != found.stamp:
        raise Newer(found)
    if not any(fields.get(name, "").strip() for name in written):
        discard(person, form)
        return None
    return Draft.objects.update_or_create(
        person=person, form=form, defaults={"client_id": person.client_id, "fields": fields}
    )[0]


def draft_of(person: User, form: str) -> Draft | None:
    """Return what `person` had begun in `form`, if anything."""
    return Draft.objects.filter(person=person, form=form).first()


def replies_begun(person: User, ticket: int) -> list[Draft]:
    """Return what people of the same side as `person` have begun to write on a ticket, the last touched last."""
    begun = Draft.objects.filter(form__in=drafts_on(ticket), person__client=person.client_id)
    return sorted(begun.order_by().select_related("person"), key=attrgetter("updated_at"))


def writing(begun: Iterable[Draft], person: User, at: datetime) -> list[User]:
    """Return the colleagues of `person` who are writing one of these: touched within `PRESENT` before `at`."""
    others = (each for each in begun if each.person_id != person.pk and each.updated_at > at - PRESENT)
    return list({each.person_id: each.person for each in others}.values())


def discard(person: User, form: str) -> None:
    """Forget what was typed: it was filed, or its author gave it up."""
    Draft.objects.filter(person=person, form=form).delete()

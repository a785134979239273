"""What a person is typing, kept on the server until it is filed; never the files."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter

from accounts.models import User
from tickets.models import Draft

_SAID = ("title", "description", "steps", "affected_version", "environment")
_WRITTEN = (*_SAID, "message")
_CHOSEN = ("contract", "severity")

FIELDS: dict[str, tuple[str, ...]] = {
    "file": (*_SAID, *_CHOSEN),
    "register": (*_SAID, *_CHOSEN, "client", "reporter", "means", "received_at"),
}
"""The forms that have a draft, and which of their fields it keeps."""

REPLY_FIELDS = ("kind", "message")

PRESENT = timedelta(minutes=2)  # since the last key: longer, a colleague has gone elsewhere
LONGEST = 60_000  # characters, all fields together: above what the forms accept


class TooLong(ValueError):
    """More was typed than a draft keeps, and more than the form accepts."""


def reply_to(ticket: int) -> str:
    """Name the draft of a reply to the ticket of this number."""
    return f"ticket:{ticket}:reply"


def keep(person: User, form: str, values: Mapping[str, str]) -> Draft | None:
    """Keep what was typed, written only if it changed; None when there is nothing worth keeping.

    Raises `KeyError` for a form without drafts, `TooLong` beyond the bound.
    """
    kept = REPLY_FIELDS if form.startswith("ticket:") else FIELDS[form]
    fields = {name: values[name].replace("\0", "") for name in kept if values.get(name)}
    if sum(map(len, fields.values())) > LONGEST:
        raise TooLong
    if not any(fields.get(name, "").strip() for name in _WRITTEN):
        discard(person, form)
        return None
    found = draft_of(person, form)
    if found and found.fields == fields:
        return found
    return Draft.objects.update_or_create(
        person=person, form=form, defaults={"client_id": person.client_id, "fields": fields}
    )[0]


def draft_of(person: User, form: str) -> Draft | None:
    """Return what `person` had begun in `form`, if anything."""
    return Draft.objects.filter(person=person, form=form).first()


def replies_begun(person: User, ticket: int) -> list[Draft]:
    """Return the replies to a ticket that people of the same side as `person` have begun, the last touched last."""
    begun = Draft.objects.filter(form=reply_to(ticket), person__client=person.client_id)
    return sorted(begun.order_by().select_related("person"), key=attrgetter("updated_at"))


def writing(begun: Iterable[Draft], person: User, at: datetime) -> list[User]:
    """Return the colleagues of `person` who are writing one of these: touched within `PRESENT` before `at`."""
    return [each.person for each in begun if each.person_id != person.pk and each.updated_at > at - PRESENT]


def discard(person: User, form: str) -> None:
    """Forget what was typed: it was filed, or its author gave it up."""
    Draft.objects.filter(person=person, form=form).delete()

"""Keeping the register of trained people: recording, correcting and ending a training, joining its certificate."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Client, Solution, Training, User
from tickets.actions.work import IllegalMove, require
from tickets.attachments import ReceivedFile, stored_as
from tickets.models import Certificate
from tickets.notifications.audience import told_of_training
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put
from tickets.permissions import may_keep_trainings, support_day

ENDED = "training_ended"


def check_training(
    person: User, solution: Solution, trained_on: date, expires_on: date | None, trainer: str
) -> Client:
    """Return whose training it is; refuse, by field, one that cannot have been (C-WHO-1)."""
    require(trainer, "trainer")
    if person.client is None:
        raise ValidationError({"person": _("Only a client's person is trained to file.")})
    if expires_on and expires_on < trained_on:
        raise ValidationError({"expires_on": _("A training cannot expire before it was held.")})
    if Training.objects.filter(person=person, solution=solution, trained_on=trained_on).exists():
        raise ValidationError({
            "trained_on": _("This training is in the register already: same person, solution and day.")
        })  # fmt: skip
    return person.client


@transaction.atomic
def record_training(
    *, person: User, solution: Solution, trained_on: date, trainer: str, expires_on: date | None, by: User
) -> Training:
    """Write one training in the register; `PermissionDenied`, or `ValidationError` by field."""
    _check_keeper(by)
    # Two forms sent at once must not meet the database's own refusal.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    client = check_training(person, solution, trained_on, expires_on, trainer)
    return Training.objects.create(
        client=client,
        person=person,
        solution=solution,
        trained_on=trained_on,
        trainer=trainer.strip(),
        expires_on=expires_on,
    )


@transaction.atomic
def correct_training(training: Training, *, trainer: str, expires_on: date | None, by: User) -> Training:
    """Correct who trained and until when; the history keeps what was there. One ended early stays as it is (409)."""
    _check_keeper(by)
    locked = _locked(training)
    if locked.ended_on is not None:
        raise IllegalMove(_("This training was ended early: it stays as it is."))
    require(trainer, "trainer")
    if expires_on and expires_on < locked.trained_on:
        raise ValidationError({"expires_on": _("A training cannot expire before it was held.")})
    if (locked.trainer, locked.expires_on) != (trainer.strip(), expires_on):
        locked.trainer, locked.expires_on = trainer.strip(), expires_on
        locked.save(update_fields=["trainer", "expires_on"])
    return locked


@transaction.atomic
def end_training(training: Training, *, motive: str, by: User, at: datetime) -> Training:
    """End a training at once, whatever its expiry: from this day on it lets nobody file (C-WHO-1).

    The person, their manager and the vendor's training contact are told. Ended twice: `IllegalMove` (409).
    """
    _check_keeper(by)
    locked = _locked(training)
    if locked.ended_on is not None:
        raise IllegalMove(_("This training was ended already."))
    require(motive, "motive")
    locked.ended_on, locked.ended_by, locked.end_motive = support_day(at), by, motive.strip()
    locked.save(update_fields=["ended_on", "ended_by", "end_motive"])
    put(
        [person for person in told_of_training(locked) if person.pk != by.pk],
        template=ENDED,
        key=f"training:{locked.pk}:ended",
        at=at,
        client=locked.client_id,
        context={"training": locked.pk},
    )
    ring_after_commit()
    return locked


@transaction.atomic
def join_certificate(training: Training, received: ReceivedFile, *, by: User, at: datetime) -> Certificate:
    """Store a checked file as a certificate of a training."""
    _check_keeper(by)
    return Certificate.objects.create(
        training=training, **stored_as(received, training.client_id, by=by, at=at)
    )


def _check_keeper(by: User) -> None:
    if not may_keep_trainings(by):
        raise PermissionDenied(_("Support managers and the platform administrator keep the register."))


def _locked(training: Training) -> Training:
    locked = Training.objects.select_for_update(no_key=True, of=["self"])
    return locked.select_related("person__client", "solution__training_lead").get(pk=training.pk)

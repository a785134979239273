"""Runs what is due: each effect in its own transaction, once, however often, late or concurrently asked.

An effect's ticket is locked before the effect is read again, in the order in which the actions lock,
so the two never wait for each other; a ticket that somebody holds is left to the next minute.
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.models import Training
from tickets.actions.quotes import expire_quote
from tickets.actions.silence import close_tacitly
from tickets.effects.due import candidates, due, is_open, mark_done
from tickets.effects.trainings import plan_warnings, warn_of_expiry
from tickets.indexing import replayed, write_index
from tickets.ledger import facts_of
from tickets.models import Effect, Ticket
from tickets.notifications.audience import client_managers, client_side, told_of_escalation, with_deputies
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put
from tickets.words import EffectKind

logger = logging.getLogger(__name__)

FAILED = "failed"

Progress = Callable[[Counter[str]], None]


def run_due(at: datetime, progress: Progress = lambda _done: None) -> Counter[str]:
    """Do what is due at `at`, an aware instant; return how many of each kind were done, and how many failed.

    One that raises is logged and left for the next run; what was done stays done if the run is cut short.
    """
    done: Counter[str] = Counter()
    plan_warnings(at)
    for effect in candidates(at):
        try:
            kind = _run(effect, at)
        except Exception:  # whatever breaks one effect must not keep the others from their time
            logger.exception("The effect %s (%s) failed; it is tried again in a minute.", effect.pk, effect)
            kind = FAILED
        if kind:
            done[kind] += 1
            progress(done)
    return done


def _run(candidate: Effect, at: datetime) -> str | None:
    """Perform one effect; return its kind, None when it was not to be done (any more, or yet)."""
    if candidate.ticket_id is not None:
        return _run_of_ticket(candidate.pk, candidate.ticket_id, at)
    if candidate.training_id is not None:
        return _run_of_training(candidate.pk, candidate.training_id, at)
    return None


def _run_of_ticket(number: int, ticket_number: int, at: datetime) -> str | None:
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(skip_locked=True).filter(pk=ticket_number).first()
        if ticket is None:
            return None
        effect = due(at).filter(pk=number, ticket=ticket).first()
        if effect is None or (ticket.last_entry_at and ticket.last_entry_at > at):
            return None
        if effect.needs_opening and not is_open(ticket.calendar_version_id, at):
            return None
        return PERFORM[EffectKind(effect.kind)](ticket, effect, at)


def _run_of_training(number: int, training_number: int, at: datetime) -> str | None:
    with transaction.atomic():
        training = (
            Training.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(pk=training_number)
            .first()
        )
        if training is None or not due(at).filter(pk=number).exists():
            return None
        warn_of_expiry(training, at)
        return EffectKind.TRAINING_EXPIRY


def _escalate(ticket: Ticket, effect: Effect, at: datetime) -> str:
    """Tell the owner, then the managers; of several parts due at once, the highest alone is told."""
    reached = list(
        due(at).filter(ticket=ticket, kind=EffectKind.ESCALATION, data__clock=effect.data["clock"])
    )
    highest = max(reached, key=lambda each: each.data["percent"])
    mark_done(reached, at)
    put(
        told_of_escalation(ticket, highest.data["percent"]),
        template=EffectKind.ESCALATION,
        key=f"effect:{highest.pk}",
        at=at,
        client=ticket.client_id,
        ticket=ticket,
        context=highest.data,
    )
    ring_after_commit()
    return EffectKind.ESCALATION


def _remind(ticket: Ticket, effect: Effect, at: datetime) -> str | None:
    """Remind the client of its verdict (K-5, K-17), once for all that an outage made late.

    None is sent when silence closes the ticket at this very run.
    """
    late = due(at).filter(ticket=ticket)
    latest = effect
    while reminders := list(late.filter(kind=EffectKind.REMINDER)):
        latest = reminders[-1]
        mark_done(reminders, at)
        # Those of a workaround go on: the next one is known once the former is done.
        write_index(ticket, replayed(ticket, facts_of(ticket)))
    if late.filter(kind=EffectKind.CLOSING).exists():
        return None
    put(
        with_deputies(client_side(ticket), ticket, at),
        template=EffectKind.REMINDER,
        key=f"effect:{latest.pk}",
        at=at,
        client=ticket.client_id,
        ticket=ticket,
        context=latest.data,
    )
    ring_after_commit()
    return EffectKind.REMINDER


def _close(ticket: Ticket, effect: Effect, at: datetime) -> str:
    """Close by silence (K-5, K-18); done before the closing, which takes every other pending effect away."""
    mark_done([effect], at)
    close_tacitly(ticket, at=at)
    return EffectKind.CLOSING


def _remind_of_quote(ticket: Ticket, effect: Effect, at: datetime) -> str:
    """Remind those who may accept a quote that its validity ends soon (C-OUT-4)."""
    mark_done([effect], at)
    put(
        with_deputies([*client_side(ticket), *client_managers(ticket.client_id)], ticket, at),
        template=EffectKind.QUOTE_REMINDER,
        key=f"effect:{effect.pk}",
        at=at,
        client=ticket.client_id,
        ticket=ticket,
        context=effect.data,
    )
    ring_after_commit()
    return EffectKind.QUOTE_REMINDER


def _expire_quote(ticket: Ticket, effect: Effect, at: datetime) -> str:
    """End a quote whose validity is over (C-OUT-4)."""
    mark_done([effect], at)
    expire_quote(ticket, at=at)
    return EffectKind.QUOTE_EXPIRY


PERFORM: dict[EffectKind, Callable[[Ticket, Effect, datetime], str | None]] = {
    EffectKind.ESCALATION: _escalate,
    EffectKind.REMINDER: _remind,
    EffectKind.CLOSING: _close,
    EffectKind.QUOTE_REMINDER: _remind_of_quote,
    EffectKind.QUOTE_EXPIRY: _expire_quote,
}

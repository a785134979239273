"""Tickets that live at random: through the workflow, then the same facts again at other moments."""

import random
from datetime import datetime, timedelta
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db.models import Max

from tests.playing import offered, play
from tests.world import World, paris
from tickets.actions.silence import close_tacitly
from tickets.actions.work import IllegalMove
from tickets.acts import Action
from tickets.clocks import closes_at, rules_of
from tickets.indexing import counted, index_of, replayed
from tickets.ledger import fact_of, facts_of
from tickets.life import replay
from tickets.models import LedgerEntry, Outcome, Ticket
from tickets.words import State

SEVERITY_WORDS = ["bloquante", "majeure", "mineure"]


def live_at_random(world: World, lives: int, seed: int) -> datetime:
    """Live tickets at random from the end of April; return an instant after all that happened."""
    chance = random.Random(seed)
    last = paris("2026-05-01 00:00")
    for _life in range(lives):
        at = paris("2026-04-24 08:00") + timedelta(minutes=chance.randrange(40_000))
        ticket = world.file(f"{at:%Y-%m-%d %H:%M}", chance.choice(SEVERITY_WORDS))
        for _step in range(chance.randrange(12)):
            life = replay(facts_of(ticket))
            if life.state == State.CLOSED:
                break
            at += timedelta(minutes=chance.choice([7, 45, 200, 1500, 4000]))
            silence = closes_at(life, rules_of(ticket))
            if silence and silence <= at:
                ticket = close_tacitly(ticket, at=at)
                continue
            acts = [each for each in offered(ticket, world, life, at) if each[1] != Action.RECOMPUTE]
            by, action = chance.choice(acts)
            try:
                play(ticket, action, world, life, chance, by=by, at=at)
            except (IllegalMove, ValidationError):
                continue
            ticket = Ticket.objects.get(pk=ticket.pk)
        last = max(last, at)
    return last


def copied(row, **changed):
    """Return a row to insert, like one that is there but for its key and what is changed."""
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**own, row._meta.pk.attname: None, **changed})


def tell_again(times: int, seed: int) -> datetime:
    """Copy every ledger so many times, its instants moved together: other days, hours, durations and verdicts.

    Outcomes are written of the copies as the index writes them; return an instant after all that happened.
    """
    chance, last = random.Random(seed), paris("2026-05-01 00:00")
    place = LedgerEntry.objects.aggregate(last=Max("chain_seq"))["last"]
    entries = LedgerEntry.objects.select_related("ticket").order_by("ticket_id", "seq")
    tickets, states, ledgers = [], [], []
    for _number, group in groupby(entries, key=lambda entry: entry.ticket_id):
        ledger = list(group)
        for _time in range(times):
            moved = timedelta(minutes=chance.randrange(-40_000, 40_000))
            told = []
            for entry in ledger:
                place += 1
                told.append(
                    copied(
                        entry,
                        occurred_at=entry.occurred_at + moved,
                        recorded_at=entry.recorded_at + moved,
                        chain_seq=place,
                    )
                )
            state = replayed(ledger[0].ticket, [fact_of(entry) for entry in told])
            registered_at = ledger[0].ticket.registered_at + moved
            tickets.append(copied(ledger[0].ticket, registered_at=registered_at, **index_of(state)))
            states.append(state)
            ledgers.append(told)
            last = max(last, told[-1].occurred_at)
    Ticket.objects.bulk_create(tickets)
    for ticket, told in zip(tickets, ledgers, strict=True):
        for entry in told:
            entry.ticket_id = ticket.pk
    LedgerEntry.objects.bulk_create([entry for told in ledgers for entry in told])
    Outcome.objects.bulk_create(
        Outcome(ticket_id=ticket.pk, **counted(ticket, state))
        for ticket, state in zip(tickets, states, strict=True)
    )
    return last

"""The chain of a client's ledger: whatever a superuser alters is found, at the exact row."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client, vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.chains import erase_texts, read_again
from tickets.models import LedgerEntry, LedgerHead, Message, Ticket
from tickets.sealing import GENESIS, Stated, fault_in, hash_of, sealed


@pytest.fixture
def ledger(world: World) -> World:
    """Six rows of one client, one of the other."""
    ticket = world.file("2026-04-28 10:30")
    ticket = vendor.ask(ticket, by=world.agnes, at=paris("2026-04-28 11:00"), message="Quelle version ?")
    client.answer(ticket, by=world.claire, at=paris("2026-04-28 11:30"), message="La douze, dit Léa Morel.")
    world.file("2026-04-28 12:00")
    filing = Filing(title="Un titre", description="Un texte", severity=Severity.MAJEURE)
    file_ticket(world.other_contract, filing, by=world.olivia, at=paris("2026-04-28 12:30"))
    return world


def as_superuser(sql: str, *parameters: object) -> None:
    """Alter the ledger as nobody can but who owns the server."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE tickets_ledgerentry DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute("ALTER TABLE tickets_ledgerentry ENABLE TRIGGER USER")


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("ledger_verify", *arguments, stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


def row(world: World, number: int) -> LedgerEntry:
    return LedgerEntry.objects.get(client=world.client, chain_seq=number)


@pytest.fixture
def kept(ledger: World, tmp_path: Path) -> Path:
    """The heads, printed and kept elsewhere."""
    out = StringIO()
    call_command("ledger_head", stdout=out)
    path = tmp_path / "heads.json"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def test_a_whole_chain_is_verified_client_by_client(ledger: World) -> None:
    code, said = verify()
    assert code == 0
    total = LedgerEntry.objects.filter(client=ledger.client).count()
    assert f"brasserie: {total} rows, " in said
    assert "clinique: 1 rows, " in said
    assert said.endswith("Chains broken: 0\n")
    assert list(
        LedgerEntry.objects.filter(client=ledger.client).order_by("pk").values_list("chain_seq", flat=True)
    ) == list(range(1, total + 1))
    assert row(ledger, 1).previous_hash == GENESIS
    assert row(ledger, 2).previous_hash == row(ledger, 1).hash


def exchanged(world: World) -> None:
    second, third = row(world, 2).pk, row(world, 3).pk
    for pk, number in ((second, 1000), (third, 2), (second, 3)):
        as_superuser("UPDATE tickets_ledgerentry SET chain_seq = %s WHERE id = %s", number, pk)


ALTERATIONS: dict[str, tuple[Callable[[World], None], int, str]] = {
    "an instant": (
        lambda w: as_superuser(
            "UPDATE tickets_ledgerentry SET occurred_at = occurred_at - interval '1 minute' WHERE id = %s", row(w, 3).pk
        ), 3, "what it states was changed",
    ),
    "a fact's data": (
        lambda w: as_superuser(
            """UPDATE tickets_ledgerentry SET data = data || '{"severity": "mineure"}' WHERE id = %s""", row(w, 1).pk
        ), 1, "what it states was changed",
    ),
    "a person's name": (
        lambda w: as_superuser(
            """UPDATE tickets_ledgerentry SET data = data || '{"name": "Bruno Lefevre"}' WHERE id = %s""", row(w, 3).pk
        ), 3, "what it holds was added or taken away",
    ),
    "the author": (
        lambda w: as_superuser("UPDATE tickets_ledgerentry SET by_id = %s WHERE id = %s", w.bruno.pk, row(w, 2).pk),
        2, "what it states was changed",
    ),
    "the words": (
        lambda w: as_superuser("UPDATE tickets_message SET body = 'Autre chose' WHERE entry_id = %s", row(w, 5).pk),
        5, "message was changed",
    ),
    "words blanked without an erasure": (
        lambda w: as_superuser("UPDATE tickets_message SET body = '' WHERE entry_id = %s", row(w, 5).pk),
        5, "message was changed",
    ),
    "data added": (
        lambda w: as_superuser(
            """UPDATE tickets_ledgerentry SET data = data || '{"motive": "x"}' WHERE id = %s""", row(w, 2).pk
        ), 2, "added or taken away: ['data.motive']",
    ),
    "a hash": (
        lambda w: as_superuser("UPDATE tickets_ledgerentry SET hash = %s WHERE id = %s", "f" * 64, row(w, 4).pk),
        4, "what it states was changed",
    ),
    "a row deleted in the middle": (
        lambda w: as_superuser("DELETE FROM tickets_ledgerentry WHERE id = %s", row(w, 3).pk), 4, "number 3 is missing",
    ),
    "two rows exchanged": (
        exchanged, 2, "it does not follow the row before it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(ALTERATIONS))
def test_an_alteration_is_found_at_the_exact_row(ledger: World, what: str) -> None:
    alter, number, reason = ALTERATIONS[what]
    alter(ledger)
    entry = row(ledger, number)
    code, said = verify()
    assert code == 1
    assert f"brasserie: BROKEN at row {number} (entry {entry.pk}, ticket #{entry.ticket_id}, " in said
    assert reason in said
    assert "clinique: 1 rows" in said, "another client's chain is its own"


def test_a_row_inserted_in_the_middle_is_found(ledger: World) -> None:
    last = LedgerEntry.objects.filter(client=ledger.client).count()
    for number in range(last, 2, -1):
        as_superuser(
            "UPDATE tickets_ledgerentry SET chain_seq = chain_seq + 1 WHERE id = %s", row(ledger, number).pk
        )
    forged = row(ledger, 2)
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                client=ledger.client, ticket_id=forged.ticket_id, seq=99, kind="answer", occurred_at=forged.occurred_at,
                recorded_at=forged.recorded_at, chain_seq=3, previous_hash=forged.hash, hash="0" * 64, salt="",
                digests={},
            )
        ]
    )  # fmt: skip
    code, said = verify()
    assert (code, "BROKEN at row 3 " in said) == (1, True)


def test_the_last_row_deleted_is_found_by_the_head(ledger: World, kept: Path) -> None:
    last = LedgerEntry.objects.filter(client=ledger.client).latest("chain_seq")
    Message.objects.filter(entry=last).delete()
    as_superuser("DELETE FROM tickets_mail WHERE entry_id = %s", last.pk)
    as_superuser("DELETE FROM tickets_ledgerentry WHERE id = %s", last.pk)
    assert f"at its end: it ends at row {last.chain_seq - 1}, its head counts {last.chain_seq}" in verify()[1]
    # Who also sets the head back is found by the head that was kept elsewhere.
    before = row(ledger, last.chain_seq - 1)
    LedgerHead.objects.filter(client=ledger.client).update(entries=before.chain_seq, hash=before.hash)
    assert verify()[0] == 0
    code, said = verify("--head", str(kept))
    assert code == 1
    assert f"rows {last.chain_seq} to {last.chain_seq}, kept elsewhere, are missing at the end" in said


def test_a_chain_written_anew_is_found_by_the_head_kept_elsewhere(ledger: World, kept: Path) -> None:
    last = LedgerEntry.objects.filter(client=ledger.client).latest("chain_seq")
    as_superuser(
        "UPDATE tickets_ledgerentry SET occurred_at = occurred_at - interval '1 hour' WHERE id = %s", last.pk
    )
    last.refresh_from_db()
    stated = Stated(
        last.client_id, last.ticket_id, last.seq, last.kind, last.occurred_at, last.recorded_at, last.by_id,
        f"{last.through}:{last.through_name}", last.data, {},
    )  # fmt: skip
    forged = hash_of(stated, last.chain_seq, last.previous_hash, last.digests)
    as_superuser("UPDATE tickets_ledgerentry SET hash = %s WHERE id = %s", forged, last.pk)
    LedgerHead.objects.filter(client=ledger.client).update(hash=forged)
    assert verify()[0] == 0
    code, said = verify("--head", str(kept))
    assert (code, f"BROKEN at row {last.chain_seq} " in said, "written anew" in said) == (1, True, True)


def test_the_chain_goes_on_after_a_head_was_kept(ledger: World, kept: Path) -> None:
    ledger.file("2026-04-28 14:00")
    assert verify("--head", str(kept))[0] == 0
    [head] = [each for each in json.loads(kept.read_text())["heads"] if each["client"] == "clinique"]
    assert (head["entries"], len(head["hash"])) == (1, 64)


def test_the_command_refuses_what_is_no_head_and_nobodys_code(ledger: World, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    for text in ("{", "[]", '{"heads": [{"client": "brasserie"}]}'):
        broken.write_text(text)
        with pytest.raises(CommandError, match="is not a file of ledger_head"):
            verify("--head", str(broken))
    with pytest.raises(CommandError, match="No client has the code nobody"):
        verify("--client", "nobody")
    assert verify("--client", "clinique")[1].count("rows") == 1


def test_a_person_anonymised_leaves_the_chain_whole(ledger: World) -> None:
    User.objects.filter(pk=ledger.claire.pk).update(
        first_name="Personne", last_name="effacée", email="x@erased.example"
    )
    assert verify()[0] == 0


def test_texts_erased_leave_the_chain_whole_and_are_counted(ledger: World) -> None:
    answer = LedgerEntry.objects.get(kind="answer")
    assert erase_texts(LedgerEntry.objects.filter(client=ledger.client), timezone.now()) == 6
    answer.refresh_from_db()
    assert (answer.salt, answer.message.body, answer.address) == ("", "", None)
    code, said = verify()
    assert (code, "6 rows, 6 with their personal texts erased" in said) == (0, True)
    as_superuser("UPDATE tickets_message SET body = 'Réécrit' WHERE entry_id = %s", answer.pk)
    assert "message was changed" in verify()[1]


def test_an_act_undone_leaves_no_hole(ledger: World) -> None:
    ticket = Ticket.objects.filter(client=ledger.client).first()
    with pytest.raises(ZeroDivisionError):
        act_then_fail(ticket, ledger)
    ledger.file("2026-04-28 15:00")
    assert read_again(ledger.client).fault is None


def act_then_fail(ticket: Ticket, world: World) -> None:
    with transaction.atomic():
        vendor.ask(ticket, by=world.agnes, at=paris("2026-04-28 14:00"), message="Et ?")
        _ = 1 / 0


def test_the_seal_is_a_pure_function_of_what_is_stated() -> None:
    at = paris("2026-04-28 10:30")
    stated = Stated(
        1, 2, 3, "answer", at, at, 4, "page:ticket", {"days": 8, "reason": "Congés"}, {"message": "Oui"}
    )
    seal = sealed(stated, 1, GENESIS)
    assert set(seal.digests) == {"data.reason", "message"}
    assert hash_of(stated, 1, GENESIS, seal.digests) == seal.hash
    assert fault_in(stated, seal, expected=1, previous=GENESIS, erased=False) == ""
    assert sealed(stated, 1, GENESIS).hash != seal.hash, "each row has its salt"

"""Acting twice, or on what has changed: entity tags, conditions, idempotency keys, quotas."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.utils import timezone

from tests.tickets.api.asking import Asker, problem
from tests.tickets.record.lives import Lives
from tests.world import World, build_world
from tickets.actions import vendor
from tickets.models import KeptAnswer, LedgerEntry, Scope, Ticket
from tickets.tasks import forget_kept_answers


def filing(world: World, **more: object) -> dict[str, object]:
    return {
        "contract": world.contract.pk,
        "title": "Export",
        "description": "Vide.",
        "severity": "majeure",
        **more,
    }


def test_a_ticket_that_has_not_changed_is_not_sent_again(world: World, django_assert_num_queries) -> None:
    ticket, claire = Lives(world).in_progress(), Asker(world.claire)
    etag = claire.get(f"tickets/{ticket.pk}")["ETag"]
    with django_assert_num_queries(
        8
    ):  # transaction (2), token, client, ticket, beside it, twice the training
        answer = claire.get(f"tickets/{ticket.pk}", If_None_Match=etag)
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer["ETag"] == etag
    assert claire.get(f"tickets/{ticket.pk}", If_None_Match=f'"x", W/{etag}').status_code == 304
    vendor.ask(ticket, by=world.agnes, at=timezone.now(), message="Quelle version ?")
    assert claire.get(f"tickets/{ticket.pk}", If_None_Match=etag).status_code == 200


def test_the_tag_changes_with_a_text_a_right_and_a_deadline(world: World) -> None:
    ticket, claire = world.file("2026-04-28 10:30"), Asker(world.claire)
    tags = set()
    with time_machine.travel("2026-04-28T08:45:00Z", tick=False):
        fresh = Asker(world.claire, name="alors")
        tags.add(fresh.get(f"tickets/{ticket.pk}")["ETag"])
        assert fresh.get(f"tickets/{ticket.pk}")["ETag"] in tags
    tags.add(claire.get(f"tickets/{ticket.pk}")["ETag"])  # missed since
    Ticket.objects.filter(pk=ticket.pk).update(description="Autre chose")
    tags.add(claire.get(f"tickets/{ticket.pk}")["ETag"])
    tags.add(Asker(world.agnes).get(f"tickets/{ticket.pk}")["ETag"])
    assert len(tags) == 4


def test_an_internal_note_changes_the_tag_of_whom_reads_it_and_refuses_their_act(world: World) -> None:
    ticket, agnes, claire = world.file(), Asker(world.agnes), Asker(world.claire)
    path = f"tickets/{ticket.pk}"
    theirs, ours = claire.get(path)["ETag"], agnes.get(path)["ETag"]
    vendor.note(ticket, by=world.bruno, at=timezone.now(), message="Ne rien répondre.")
    assert claire.get(path)["ETag"] == theirs
    assert agnes.get(path)["ETag"] != ours
    refused = agnes.post(f"{path}/actions/inform", {"message": "Bonjour."}, If_Match=ours)
    problem(refused, 412, "changed")
    assert not ticket.messages.filter(is_internal=False).exists()


def test_an_act_on_a_ticket_that_has_changed_is_refused_when_it_asks_to_be(world: World) -> None:
    ticket, agnes = Lives(world).in_progress(), Asker(world.agnes)
    etag = agnes.get(f"tickets/{ticket.pk}")["ETag"]
    path = f"tickets/{ticket.pk}/actions/inform"
    first = agnes.post(path, {"message": "Un."}, If_Match=etag)
    assert first.status_code == 200
    facts = LedgerEntry.objects.count()
    said = problem(agnes.post(path, {"message": "Deux."}, If_Match=etag), 412, "changed")
    assert said["rule"] == "workflow:inform"
    problem(agnes.post(path, {"message": "Deux."}, If_Match="nonsense"), 412, "changed")
    assert LedgerEntry.objects.count() == facts
    assert agnes.post(path, {"message": "Trois."}, If_Match=first["ETag"]).status_code == 200
    assert agnes.post(path, {"message": "Quatre."}, If_Match="*").status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "br"])
def test_a_tag_that_a_proxy_marked_while_encoding_is_the_tickets_still(world: World, encoding: str) -> None:
    ticket, agnes = Lives(world).in_progress(), Asker(world.agnes)
    etag = agnes.get(f"tickets/{ticket.pk}")["ETag"]
    marked = f'{etag[:-1]}-{encoding}"'
    assert agnes.get(f"tickets/{ticket.pk}", If_None_Match=marked).status_code == 304
    path = f"tickets/{ticket.pk}/actions/inform"
    assert agnes.post(path, {"message": "Un."}, If_Match=marked).status_code == 200
    problem(agnes.post(path, {"message": "Deux."}, If_Match=marked), 412, "changed")


def test_the_same_write_under_the_same_key_is_done_once(world: World) -> None:
    claire = Asker(world.claire)
    first = claire.post("tickets", filing(world), Idempotency_Key="k-1")
    again = claire.post("tickets", filing(world), Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["ETag"] == first["ETag"]
    assert again["Idempotency-Replayed"] == "true"
    assert not first.has_header("Idempotency-Replayed")
    assert Ticket.objects.count() == 1
    problem(claire.post("tickets", filing(world, title="Autre"), Idempotency_Key="k-1"), 422, "key-reused")
    path = f"tickets/{Ticket.objects.get().pk}/actions/withdraw"
    problem(claire.post(path, filing(world), Idempotency_Key="k-1"), 422, "key-reused")
    assert (
        claire.post("tickets", filing(world), Idempotency_Key="k-2").json()["number"]
        != first.json()["number"]
    )


def test_an_act_repeated_under_its_key_answers_even_though_it_is_no_longer_possible(world: World) -> None:
    ticket, claire = Lives(world).under_test(), Asker(world.claire)
    etag = claire.get(f"tickets/{ticket.pk}")["ETag"]
    sent = {"Idempotency_Key": "verdict", "If_Match": etag}
    first = claire.post(f"tickets/{ticket.pk}/actions/accept", {}, **sent)
    assert first.status_code == 200
    assert claire.post(f"tickets/{ticket.pk}/actions/accept", {}, **sent).content == first.content
    assert LedgerEntry.objects.filter(ticket=ticket, kind="accepted").count() == 1


def test_what_was_refused_is_judged_anew_under_the_same_key(world: World) -> None:
    claire = Asker(world.claire)
    problem(claire.post("tickets", filing(world, title=" "), Idempotency_Key="k"), 422, "not-accepted")
    assert not KeptAnswer.objects.exists()
    assert claire.post("tickets", filing(world), Idempotency_Key="k").status_code == 201


def test_a_key_is_its_persons_own_and_their_rights_are_checked_again(world: World) -> None:
    world.client.readers_allowed = True
    world.client.save()
    ticket, claire = Lives(world).waiting_client(), Asker(world.claire)
    path = f"tickets/{ticket.pk}/actions/answer"
    assert claire.post(path, {"message": "La 4.2.1."}, Idempotency_Key="k").status_code == 200
    problem(
        Asker(world.lucas).post(path, {"message": "La 4.2.1."}, Idempotency_Key="k"), 403, "not-permitted"
    )
    world.claire.trainings.all().delete()
    problem(claire.post(path, {"message": "La 4.2.1."}, Idempotency_Key="k"), 403, "not-permitted")
    reader = Asker(world.claire, Scope.READ, name="lecture")
    problem(reader.post(path, {"message": "La 4.2.1."}, Idempotency_Key="k"), 403, "read-only-token")


def test_files_are_part_of_what_a_key_stands_for(world: World) -> None:
    ticket, claire = Lives(world).waiting_client(), Asker(world.claire)
    path = f"tickets/{ticket.pk}/actions/answer"

    def send(content: bytes):
        parts = {"message": "Voici.", "attachments": SimpleUploadedFile("j.txt", content, "text/plain")}
        return claire.send(path, parts, Idempotency_Key="k")

    first = send(b"journal")
    assert first.status_code == 200, first.content.decode()
    assert send(b"journal").content == first.content
    problem(send(b"autre"), 422, "key-reused")
    assert ticket.attachments.count() == 1


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    said = problem(
        Asker(world.claire).post("tickets", filing(world), Idempotency_Key=key), 400, "not-understood"
    )
    assert said["errors"][0]["field"] == "Idempotency-Key"
    assert not Ticket.objects.exists()


def test_answers_are_forgotten_after_a_day(world: World) -> None:
    claire, at = Asker(world.claire), timezone.now()
    claire.post("tickets", filing(world), Idempotency_Key="old")
    claire.post("tickets", filing(world), Idempotency_Key="new")
    KeptAnswer.objects.filter(key="old").update(created_at=at - timedelta(hours=24))
    assert claire.post("tickets", filing(world, title="Autre"), Idempotency_Key="old").status_code == 201
    KeptAnswer.objects.filter(key="old").update(created_at=at - timedelta(hours=24))
    forget_kept_answers()
    assert [kept.key for kept in KeptAnswer.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_the_same_key_asked_at_the_same_time_is_told_to_wait() -> None:
    world = build_world()
    ticket, claire = Lives(world).waiting_client(), Asker(world.claire)
    path, body = f"tickets/{ticket.pk}/actions/answer", {"message": "La 4.2.1."}

    def ask() -> int:
        try:
            return claire.post(path, body, Idempotency_Key="k").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor() as pool, transaction.atomic():
        Ticket.objects.select_for_update().get(
            pk=ticket.pk
        )  # holds the first request in the middle of its act
        first = pool.submit(ask)
        with connection.cursor() as cursor:
            held = 0
            while not held and not first.done():
                # The server is shared by the suite's workers: only this database's locks count.
                cursor.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                    " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
                )
                held = cursor.fetchone()[0]
        second = Asker(world.claire, name="autre").post(path, body, Idempotency_Key="k")
        said = problem(second, 409, "in-progress")
        assert second["Retry-After"] == "1"
        assert said["status"] == 409
        # The refusal undid its own part alone.
    assert first.result() == 200
    assert LedgerEntry.objects.filter(ticket=ticket, kind="answer").count() == 1


def test_every_answer_says_what_is_left_and_beyond_it_one_waits(world: World, settings) -> None:
    settings.API_READS_PER_MINUTE, settings.API_WRITES_PER_MINUTE = 2, 1
    with time_machine.travel("2026-04-28T08:45:10Z", tick=False) as clock:
        claire, other = Asker(world.claire), Asker(world.claire, name="autre")
        left = [claire.get("me")["RateLimit-Remaining"] for _ in range(2)]
        assert left == ["1", "0"]
        refused = claire.get("me")
        problem(refused, 429, "too-many")
        assert (refused["Retry-After"], refused["RateLimit-Limit"], refused["RateLimit-Reset"]) == (
            "50",
            "2",
            "50",
        )
        assert other.get("me").status_code == 200
        assert claire.post("tickets", filing(world)).status_code == 201
        problem(claire.post("tickets", filing(world)), 429, "too-many")
        clock.shift(50)
        assert claire.get("me").status_code == 200


def test_whoever_is_not_known_is_counted_by_address(world: World, settings) -> None:
    settings.API_READS_PER_MINUTE = 2
    with time_machine.travel("2026-04-28T08:45:10Z", tick=False):
        claire, guess = Asker(world.claire), {"Authorization": "Bearer hd_guess"}
        answers = [claire.browser.get("/api/v1/me", headers=guess) for _ in range(2)]
        answers.append(claire.browser.get("/api/v1/me"))
        for answer, left in zip(answers[:2], "10", strict=True):
            problem(answer, 401, "not-signed-in")
            assert answer["RateLimit-Remaining"] == left
        problem(answers[2], 429, "too-many")
        elsewhere = claire.browser.get("/api/v1/me", headers=guess, REMOTE_ADDR="198.51.100.7")
        problem(elsewhere, 401, "not-signed-in")
        assert claire.get("me")["RateLimit-Remaining"] == "1"


def test_a_refusal_for_want_of_a_right_counts_and_says_what_is_left(world: World, settings) -> None:
    settings.API_WRITES_PER_MINUTE = 1
    with time_machine.travel("2026-04-28T08:45:10Z", tick=False):
        reader = Asker(world.claire, Scope.READ)
        refused = reader.post("tickets", filing(world))
        problem(refused, 403, "read-only-token")
        assert refused["RateLimit-Remaining"] == "0"
        problem(reader.post("tickets", filing(world)), 429, "too-many")


def test_a_cache_that_is_down_refuses_nobody(world: World, settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    answer = Asker(world.claire).get("me")
    assert answer.status_code == 200
    assert not answer.has_header("RateLimit-Limit")

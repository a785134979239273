"""Acting by the API: the workflow's actions, with the pages' own forms, permissions and refusals."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone

from tests.playing import known_anomaly
from tests.tickets.api.asking import Asker, problem
from tests.tickets.record.lives import Lives
from tests.world import World
from tickets.actions import vendor
from tickets.acts import Action
from tickets.api.action_views import ACTION_VIEWS
from tickets.models import AnomalyLink, LedgerEntry, Message, Ticket, TicketRelation
from tickets.record.forms import FORMS

SOON = f"{timezone.localdate() + timedelta(days=9)}"
FROM = {  # a life in which each action is possible, who does it, and with what
    Action.ACKNOWLEDGE: ("new", "agnes", {"owner": "agnes", "message": "Je m'en occupe."}),
    Action.ASSIGN: ("in_progress", "agnes", {"owner": "bruno"}),
    Action.INFORM: ("in_progress", "agnes", {"message": "Nous avançons."}),
    Action.ASK: ("new", "agnes", {"message": "Quelle version ?"}),
    Action.REQUALIFY: ("in_progress", "agnes", {"severity": "mineure", "motive": "Contournable."}),
    Action.DELIVER: ("in_progress", "agnes", {"what": "fix", "content": "Corrigé.", "how_to_test": "Relancer."}),
    Action.ASK_VERDICT: ("answered_under_test", "agnes", {"message": "Est-ce bon ?"}),
    Action.CLASS_OUT_OF_SCOPE: ("in_progress", "agnes", {"ground": "misuse", "explanation": "Hors notice."}),
    Action.PUT_IN_SCOPE: ("out_of_scope", "agnes", {"message": "Nous reprenons."}),
    Action.WARN: ("waiting_client", "agnes", {"message": "Sans réponse, nous fermerons."}),
    Action.CLOSE: ("in_progress", "agnes", {"ground": "not_reproducible", "message": "Rien de tel ici."}),
    Action.CORRECT: ("in_progress", "agnes", {"title": "Un autre titre", "solution": "solution"}),
    Action.NOTE: ("in_progress", "agnes", {"message": "Entre nous."}),
    Action.RELATE: ("in_progress", "agnes", {"other": "another"}),
    Action.SPLIT: (
        "answered_under_test", "agnes", {"source": "message", "title": "Autre chose", "severity": "mineure"},
    ),
    Action.LINK_ANOMALY: ("in_progress", "agnes", {"anomaly": "anomaly"}),
    Action.STUDY: ("work_requested", "agnes", {"feasible": True, "message": "Deux jours."}),
    Action.ISSUE_QUOTE: (
        "studied", "maud",
        {"lines": {"JOUR": "2.5"}, "valid_until": SOON, "execution": "En mars."},
    ),
    Action.FINISH_WORK: ("quote_accepted", "agnes", {"message": "C'est fait."}),
    Action.SETTLE: ("severity_contested", "maud", {"subject": "severity", "upheld": True, "motive": "Soit."}),
    Action.AGREE_TIME: ("time_requested", "maud", {"days": 12, "message": "Entendu."}),
    Action.REFUSE_TIME: ("time_requested", "maud", {"message": "Non."}),
    Action.ANSWER: ("waiting_client", "claire", {"message": "La 4.2.1."}),
    Action.ACCEPT: ("under_test", "claire", {}),
    Action.JUDGE_DEFINITIVE: ("workaround", "claire", {}),
    Action.JUDGE_PROVISIONAL: ("workaround", "claire", {"message": "Trop lent."}),
    Action.REFUSE: ("under_test", "claire", {"motive": "Toujours vide."}),
    Action.DECLARE_PRODUCTION: ("accepted", "claire", {}),
    Action.REQUEST_TIME: ("under_test", "marc", {"days": 12, "reason": "Clôture annuelle."}),
    Action.CONTEST_SEVERITY: ("requalified", "claire", {"reason": "La paie est bloquée."}),
    Action.CONTEST_SCOPE: ("out_of_scope", "claire", {"reason": "La notice le permet."}),
    Action.CONTEST_DEADLINE: ("in_progress", "claire", {"reason": "Le 8 mai est ouvré."}),
    Action.REQUEST_WORK: ("out_of_scope", "marc", {"message": "Un devis."}),
    Action.ACCEPT_QUOTE: ("quoted", "marc", {"quote": "quote", "agreed": True}),
    Action.REFUSE_QUOTE: ("quoted", "marc", {"quote": "quote"}),
    Action.WITHDRAW_QUOTE: ("quoted", "maud", {"quote": "quote", "message": "Une ligne manque."}),
    Action.CANCEL_WORK: ("studied", "claire", {}),
    Action.WITHDRAW: ("new", "claire", {}),
    Action.FOLLOW_UP: ("closed", "claire", {"message": "Cela revient."}),
}  # fmt: skip


NUMBERED = {
    "owner": lambda world, _ticket, name: getattr(world, name).pk,
    "solution": lambda world, _ticket, _name: world.solution.pk,
    "other": lambda world, _ticket, _name: world.file().pk,
    "source": lambda world, ticket, _name: Message.objects.get(ticket=ticket, author=world.claire).pk,
    "quote": lambda _world, ticket, _name: ticket.quotes.get().pk,
    "anomaly": lambda world, _ticket, _name: known_anomaly(world).pk,
}


def body_of(world: World, ticket: Ticket, fields: dict[str, object]) -> dict[str, object]:
    """Put numbers for the names of what an action takes."""
    return {
        name: NUMBERED[name](world, ticket, value) if name in NUMBERED else value
        for name, value in fields.items()
    }  # fmt: skip


def test_every_action_that_a_person_may_do_has_its_address() -> None:
    assert set(ACTION_VIEWS) == set(FORMS)
    assert set(FROM) | {Action.RECOMPUTE} == set(FORMS)


@pytest.mark.parametrize("action", FROM)
def test_each_action_is_done_and_says_what_it_did(world: World, action: Action) -> None:
    life, who, fields = FROM[action]
    ticket = getattr(Lives(world), life)()
    body = body_of(world, ticket, fields)
    facts, words = LedgerEntry.objects.count(), Message.objects.count()
    answer = Asker(getattr(world, who)).post(f"tickets/{ticket.pk}/actions/{action}", body)
    assert answer.status_code == (201 if action in {Action.FOLLOW_UP, Action.SPLIT} else 200), (
        answer.content.decode()
    )
    said = answer.json()
    assert said["said"]
    if action == Action.NOTE:
        assert Message.objects.count() == words + 1
    elif action == Action.RELATE:
        assert TicketRelation.objects.filter(Q(first=ticket) | Q(second=ticket)).exists()
    elif action == Action.LINK_ANOMALY:
        assert AnomalyLink.objects.filter(ticket=ticket).exists()
    else:
        assert LedgerEntry.objects.count() > facts
    if action in {Action.FOLLOW_UP, Action.SPLIT}:
        assert said["ticket"]["follow_up_of"] == (ticket.pk if action == Action.FOLLOW_UP else None)
        assert said["ticket"]["number"] != ticket.pk
        assert answer["Location"] == f"/api/v1/tickets/{said['ticket']['number']}"
    else:
        assert said["ticket"]["number"] == ticket.pk
    ticket.refresh_from_db()
    assert answer["ETag"]


@pytest.mark.parametrize("action", FROM)
def test_a_field_that_an_action_does_not_take_is_refused_and_nothing_is_written(
    world: World, action: Action
) -> None:
    life, who, fields = FROM[action]
    ticket = getattr(Lives(world), life)()
    body, asker = body_of(world, ticket, fields), Asker(getattr(world, who))
    facts = LedgerEntry.objects.count()
    for name in ("state", "client", "acknowledged_at", "is_staff"):
        answer = asker.post(f"tickets/{ticket.pk}/actions/{action}", {**body, name: "1"})
        said = problem(answer, 400, "not-understood")
        assert [error["field"] for error in said["errors"]] == [name]
    assert LedgerEntry.objects.count() == facts


def test_delays_are_recomputed_under_versions_offered_by_key(world: World) -> None:
    ticket = Lives(world).in_progress()
    asker = Asker(world.maud)
    offers = {each["action"]: each for each in asker.get(f"tickets/{ticket.pk}/actions").json()["actions"]}
    chosen = {
        field["name"]: field["choices"][0]["value"]
        for field in offers["recompute"]["takes"]
        if field["choices"]
    }
    refused = asker.post(f"tickets/{ticket.pk}/actions/recompute", {**chosen, "motive": "Une erreur."})
    said = problem(refused, 409, "not-possible-now")
    assert "déjà" in said["detail"]
    assert said["rule"] == "workflow:recompute"


def test_who_may_not_is_told_why_and_who_may(world: World) -> None:
    ticket = Lives(world).under_test()
    world.client.readers_allowed = True
    world.client.save()
    said = problem(Asker(world.lucas).post(f"tickets/{ticket.pk}/actions/accept"), 403, "not-permitted")
    assert said["rule"] == "C-WHO-1"
    assert said["colleagues"] == ["Claire Fontaine"]
    assert said["training_contact"] == world.solution.training_contact
    said = problem(Asker(world.claire).post(f"tickets/{ticket.pk}/actions/deliver"), 403, "not-permitted")
    assert said["rule"] == "workflow:deliver"
    said = problem(Asker(world.agnes).post(f"tickets/{ticket.pk}/actions/settle"), 403, "not-permitted")
    assert said["rule"] == "workflow:settle"
    problem(Asker(world.paul).post(f"tickets/{ticket.pk}/actions/ask"), 403, "not-permitted")


def test_what_the_workflow_does_not_allow_now_names_the_rule(world: World) -> None:
    claire, agnes = Asker(world.claire), Asker(world.agnes)
    ticket = Lives(world).under_test()
    said = problem(claire.post(f"tickets/{ticket.pk}/actions/judge_definitive"), 409, "not-possible-now")
    assert said["rule"] == "C-WKA-1"
    assert said["state"] == "under_test"
    said = problem(agnes.post(f"tickets/{ticket.pk}/actions/acknowledge", {"x": 1}), 400, "not-understood")
    body = {"owner": world.agnes.pk, "message": "Bonjour"}
    said = problem(agnes.post(f"tickets/{ticket.pk}/actions/acknowledge", body), 409, "not-possible-now")
    assert said["rule"] == "workflow:acknowledge"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("life", "who", "action", "body", "rule"),
    [
        ("in_progress", "maud", "settle", {"subject": "scope", "upheld": True, "motive": "Soit."}, "C-SEV-2"),
        ("under_test", "maud", "agree_time", {"days": 12, "message": "Entendu."}, "C-CLI-2"),
        ("under_test", "agnes", "close", {"ground": "not_reproducible", "message": "Rien."}, "C-CLI-1"),
        ("scope_contested", "claire", "contest_scope", {"reason": "La notice le permet."}, "C-OUT-3"),
        ("quote_accepted", "claire", "withdraw", {}, "C-OUT-4"),
    ],
)  # fmt: skip
def test_a_refusal_names_its_rule_whatever_its_words(
    world: World, language: str, life: str, who: str, action: str, body: dict, rule: str
) -> None:
    ticket, person = getattr(Lives(world), life)(), getattr(world, who)
    person.language = language
    person.save()
    answer = Asker(person).post(f"tickets/{ticket.pk}/actions/{action}", body_of(world, ticket, body))
    assert problem(answer, 409, "not-possible-now")["rule"] == rule


def test_the_timetables_own_action_and_an_unknown_one_have_no_address(world: World) -> None:
    ticket = world.file()
    for action in ("close_tacitly", "nothing"):
        problem(
            Asker(world.maud, name=action).post(f"tickets/{ticket.pk}/actions/{action}"), 404, "not-found"
        )


def test_what_the_form_refuses_is_said_by_field(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes = Asker(world.agnes)
    said = problem(
        agnes.post(f"tickets/{ticket.pk}/actions/requalify", {"severity": "bloquante"}), 422, "not-accepted"
    )
    assert [error["field"] for error in said["errors"]] == ["motive"]
    said = problem(agnes.post(f"tickets/{ticket.pk}/actions/ask", {"message": "   "}), 422, "not-accepted")
    assert [error["field"] for error in said["errors"]] == ["message"]
    assert LedgerEntry.objects.filter(ticket=ticket).count() == ticket.last_seq


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"message": "x", "is_internal": True}, ["is_internal"]),
        ({"message": "x", "by": 1, "at": "2020-01-01", "client": 2}, ["by", "at", "client"]),
        ({"message": 12}, ["message"]),
        ({"message": ["x"]}, ["message"]),
        ({"message": {"x": "y"}}, ["message"]),
        ({"message": None}, ["message"]),
        ({}, ["message"]),
        ({"message": "x", "seen": "2"}, ["seen"]),
        ({"message": "x", "seen": -1}, ["seen"]),
        ({"message": "x", "seen": True}, ["seen"]),
        ({"message": "nul\x00"}, ["message"]),
        ({"message": "\ud800"}, ["message"]),
        ({"message": "x" * 50_001}, ["message"]),
        ({"message": "x", "attachments": ["y"]}, ["attachments"]),
        ([], [""]),
        ("x", [""]),
    ],
)  # fmt: skip
def test_a_body_that_is_not_understood_names_each_field_and_writes_nothing(
    world: World, body, fields
) -> None:
    ticket = Lives(world).in_progress()
    said = problem(Asker(world.agnes).post(f"tickets/{ticket.pk}/actions/ask", body), 400, "not-understood")
    assert [error["field"] for error in said["errors"]] == fields
    assert LedgerEntry.objects.filter(ticket=ticket).count() == ticket.last_seq


@pytest.mark.parametrize(
    ("content", "kind", "status", "said"),
    [
        (b"{", "application/json", 400, "not-understood"),
        (b"\xff\xfe", "application/json", 400, "not-understood"),
        (b'{"message": NaN}', "application/json", 400, "not-understood"),
        (b'{"message": "a", "message": "b"}', "application/json", 400, "not-understood"),
        (b"[" * 100_000, "application/json", 400, "not-understood"),
        (b'{"seen": ' + b"9" * 5_000 + b"}", "application/json", 400, "not-understood"),
        (b"message=x", "application/x-www-form-urlencoded", 415, "content-type"),
        (b"<message/>", "text/xml", 415, "content-type"),
        (b"x", "multipart/form-data", 400, "not-understood"),
        (b'{"message": "' + b"x" * (2 * 1024 * 1024) + b'"}', "application/json", 413, "too-large"),
    ],
)
def test_hostile_bodies_get_a_clear_refusal(world: World, content, kind, status, said) -> None:
    ticket, agnes = Lives(world).in_progress(), Asker(world.agnes)
    answer = agnes.browser.generic(
        "POST", f"/api/v1/tickets/{ticket.pk}/actions/ask", content, kind, headers=agnes.headers
    )
    problem(answer, status, said)
    assert LedgerEntry.objects.filter(ticket=ticket).count() == ticket.last_seq


def test_files_go_with_the_act_as_parts_of_a_form(world: World) -> None:
    ticket, claire = Lives(world).waiting_client(), Asker(world.claire)
    path = f"tickets/{ticket.pk}/actions/answer"
    bad = {"message": "Voici.", "attachments": SimpleUploadedFile("outil.exe", b"MZ\x90\x00", "text/plain")}
    said = problem(claire.send(path, bad), 422, "not-accepted")
    assert said["errors"][0]["field"] == "attachments"
    assert not ticket.attachments.exists()
    files = [SimpleUploadedFile(f"{name}.txt", b"journal", "text/plain") for name in ("un", "deux")]
    answer = claire.send(path, {"message": "Voici.", "seen": ticket.last_seq, "attachments": files})
    assert answer.status_code == 200, answer.content.decode()
    assert [each.name for each in ticket.attachments.order_by("pk")] == ["un.txt", "deux.txt"]
    wrong = claire.send(path, {"message": SimpleUploadedFile("m.txt", b"x"), "attachments": "words"})
    fields = {error["field"] for error in problem(wrong, 400, "not-understood")["errors"]}
    assert fields == {"message", "attachments"}


def test_an_act_on_what_one_has_not_seen_is_refused_with_what_happened(world: World) -> None:
    ticket = Lives(world).in_progress()
    seen = ticket.last_seq
    vendor.ask(ticket, by=world.bruno, at=timezone.now(), message="Quelle version ?")
    agnes = Asker(world.agnes)
    answer = agnes.post(f"tickets/{ticket.pk}/actions/inform", {"message": "Nous avançons.", "seen": seen})
    said = problem(answer, 409, "overtaken")
    assert said["rule"] == "workflow:inform"
    assert [entry["kind"] for entry in said["since"]] == ["question"]
    assert said["since"][0]["author"] == "Bruno Lefevre"
    assert said["since"][0]["body"] == "Quelle version ?"


def test_filing_answers_the_ticket_with_its_promises(world: World) -> None:
    body = {
        "contract": world.contract.pk, "title": "Export vide", "description": "Rien ne sort.", "severity": "bloquante",
    }  # fmt: skip
    answer = Asker(world.claire).post("tickets", body)
    assert answer.status_code == 201, answer.content.decode()
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/api/v1/tickets/{ticket.pk}"
    assert ticket.reporter == world.claire
    said = answer.json()
    assert said["clocks"]["acknowledge"]["state"] == "running"
    assert said["clocks"]["acknowledge"]["due_at"]


def test_filing_is_for_trained_people_under_their_own_contracts(world: World) -> None:
    body = {"contract": world.other_contract.pk, "title": "x", "description": "y", "severity": "majeure"}
    said = problem(Asker(world.lucas).post("tickets", body), 403, "not-permitted")
    assert said["rule"] == "C-WHO-1"
    assert said["colleagues"] == ["Claire Fontaine"]
    said = problem(Asker(world.agnes).post("tickets", body), 403, "not-permitted")
    foreign = Asker(world.claire).post("tickets", body)
    said = problem(foreign, 422, "not-accepted")
    assert said["errors"][0]["field"] == "contract"
    missing = Asker(world.claire, name="b").post("tickets", {**body, "contract": 999_999})
    assert missing.content == foreign.content
    privileged = {**body, "reporter": world.olivia.pk, "state": "closed", "owner": world.agnes.pk}
    said = problem(Asker(world.claire, name="c").post("tickets", privileged), 400, "not-understood")
    assert {error["field"] for error in said["errors"]} == {"reporter", "state", "owner"}
    assert not Ticket.objects.exists()


def test_a_call_is_registered_from_its_reception(world: World) -> None:
    body = {
        "client": world.client.pk, "contract": world.contract.pk, "reporter": world.claire.pk, "means": "telephone",
        "received_at": "2026-04-28T10:30:00+02:00", "title": "Vide", "description": "Rien.", "severity": "majeure",
    }  # fmt: skip
    agnes = Asker(world.agnes)
    answer = agnes.post("registrations", body)
    assert answer.status_code == 201, answer.content.decode()
    assert answer.json()["received_at"] == "2026-04-28T08:30:00Z"
    assert answer.json()["means"] == "telephone"
    problem(Asker(world.claire).post("registrations", body), 403, "not-permitted")
    for change, field in (
        ({"received_at": "2026-04-28T10:30:00"}, "received_at"),
        ({"received_at": "hier"}, "received_at"),
        ({"reporter": world.lucas.pk}, "reporter"),
        ({"reporter": world.olivia.pk}, "reporter"),
        ({"contract": world.other_contract.pk}, "contract"),
        ({"client": 999_999}, "client"),
    ):
        said = problem(agnes.post("registrations", {**body, **change}), 422, "not-accepted")
        assert field in {error["field"] for error in said["errors"]}
    assert Ticket.objects.count() == 1


def test_what_a_program_does_says_which_one_in_the_ledger(world: World) -> None:
    ticket = world.file()
    answer = Asker(world.agnes, name="robot de nuit").post(
        f"tickets/{ticket.pk}/actions/ask", {"message": "Quand ?"}
    )
    assert answer.status_code == 200, answer.content
    entry = LedgerEntry.objects.filter(ticket=ticket).latest("seq")
    assert (entry.through, entry.through_name) == ("api", "robot de nuit")

"""The access policy as one table: every address × every role, on one's own client's objects and on another's.

An address without a row fails. What a stranger gets for another client's object is, byte for byte, what
anybody gets for an object that does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Role, User
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion
from sla.policy import Severity
from sla.publication import next_draft
from tests.world import World, person
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.attachments import ReceivedFile
from tickets.models import Attachment, LedgerEntry, Mail, Message, MonthlyReport, Ticket
from tickets.monthly.issuing import build_report
from tickets.reports.months import Month
from tickets.workflow import Action

CANARY = "CANARI"

PEOPLE = ["anonymous", "rachel", "lucas", "claire", "marc", "agnes", "maud", "paul", "gone"]
# 200 a page, 302 elsewhere (signing in, for who is nobody), 400 a vague question, 403 not for this role,
# 404 nothing there, 405 not by GET, 410 over.
OK, AWAY, VAGUE, NO, NIL, POST, OVER = 200, 302, 400, 403, 404, 405, 410

GET: dict[str, list[int]] = {
    # reading                anonymous rachel lucas claire marc agnes maud paul gone
    "home": [AWAY] * 9,
    "portal": [AWAY, OK, OK, OK, OK, NO, NO, NO, AWAY],
    "organisation": [AWAY, NO, OK, OK, OK, NO, NO, NO, AWAY],
    "file": [AWAY, NO, NO, OK, NO, NO, NO, NO, AWAY],  # each refusal says where to go instead
    "promise": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],  # empty where one may not file
    "similar": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],  # among the tickets one may see
    "simulator": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],  # under one's own contracts' terms
    "simulator_json": [AWAY, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, AWAY],  # which severity?
    "queue": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "register": [AWAY, NO, NO, NO, NO, OK, OK, NO, AWAY],
    "board": [AWAY, NO, NO, NO, OK, NO, OK, NO, AWAY],
    "board_tickets": [AWAY, NO, NO, NO, VAGUE, NO, VAGUE, NO, AWAY],  # which figure?
    "breaches": [AWAY, NO, NO, NO, NO, NO, OK, NO, AWAY],
    "breach": [AWAY, NO, NO, NO, NO, NO, NIL, NO, AWAY],  # this deadline is not missed
    "report_list": [AWAY, NO, NO, NO, OK, NO, OK, NO, AWAY],
    "report": [AWAY, NO, NO, NO, NIL, NO, OK, NO, AWAY],  # a draft does not exist for a client
    "report_file": [AWAY, NO, NO, NO, NIL, NO, OK, NO, AWAY],
    "report_act": [AWAY, NO, NO, NO, NO, NO, POST, NO, AWAY],
    "list_file": [AWAY, OK, OK, OK, OK, NO, NO, NO, AWAY],  # the organisation's tickets
    "exports": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "export_file": [AWAY, NIL, NIL, NIL, NIL, NIL, NIL, NIL, AWAY],  # somebody else's, or none
    "export_schedule": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "export_schedule_remove": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "ticket": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "ticket_clocks": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "statement": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "statement_pdf": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "statement_json": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "ticket_reply": [AWAY, NIL, NIL, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY],
    "ticket_action": [AWAY, NIL, NIL, NO, NO, OK, OK, NO, AWAY],  # asking a question
    "attachment": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    # calendars and policies: a draft does not exist for a client
    "calendars": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar_changes": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar_feed": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar_feed_secret": [NIL] * 9,  # a token that nobody was given
    "calendar_draft": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "calendar_publish": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "calendar_next": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "calendar_discard": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "policies": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "policy": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "policy_changes": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "policy_draft": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "policy_publish": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "policy_next": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "policy_discard": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "recompute": [AWAY, NO, NO, NO, NO, NO, OK, NO, AWAY],
    "recompute_apply": [AWAY, NO, NO, NO, NO, NO, POST, NO, AWAY],
    "recompute_trial": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    # people
    "profile": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "account_change_password": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "account_login": [OK, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, OK],
    "account_logout": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "account_signup": [OK, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, OK],  # a page that says: by invitation
    "account_inactive": [OK] * 9,
    "account_reset_password": [OK] * 9,
    "account_reset_password_done": [OK] * 9,
    "account_reset_password_from_key": [OK] * 9,  # a page that says: this link does not work
    "account_reset_password_from_key_done": [OK] * 9,
    "invitation": [OVER] * 9,
    "theme": [OK] * 9,
    # written to only
    "preview": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "draft": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "ticket_draft": [AWAY, NIL, NIL, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY],
    "open_to_readers": [POST] * 9,
    "choose_theme": [POST] * 9,
    "choose_language": [POST] * 9,
    # for the proxy
    "live": [OK] * 9,
    "ready": [OK] * 9,
}
STATEMENTS = ["statement", "statement_pdf", "statement_json"]
OF_A_CALENDAR = ["calendar", "calendar_changes", "calendar_feed"]
OF_A_POLICY = ["policy", "policy_changes"]
OF_A_CALENDAR_DRAFT = [
    "calendar_draft", "calendar_publish", "calendar_next", "calendar_discard", "recompute_trial",
]  # fmt: skip
OF_A_POLICY_DRAFT = ["policy_draft", "policy_publish", "policy_next", "policy_discard"]
OF_A_TICKET = [
    "ticket", "ticket_clocks", "ticket_reply", "ticket_action", "ticket_draft", "attachment", *STATEMENTS,
]  # fmt: skip


def routes(resolver: URLResolver | None = None) -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern} has no name"
            yield pattern.name


@dataclass
class Scene:
    """The world, one ticket of each client with a file and an internal note, and a browser for each person."""

    world: World
    ticket: Ticket
    theirs: Ticket
    browsers: dict[str, Client]


def text_file(name: str) -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile(name, b"journal"), name, "text/plain")


@pytest.fixture
def scene(world: World) -> Scene:
    at = timezone.now()
    mine, theirs = (
        file_ticket(
            contract,
            Filing(
                title=f"{word} titre",
                description=f"{word} description",
                steps=f"{word} étapes",
                environment=f"{word} poste",
                affected_version=f"{word} version",
                severity=Severity.MAJEURE,
                attachments=[text_file(f"{word}.txt")],
            ),
            by=by,
            at=at,
        )
        for contract, by, word in (
            (world.contract, world.claire, "nôtre"),
            (world.other_contract, world.olivia, CANARY),
        )
    )
    for ticket in (mine, theirs):
        vendor.note(
            ticket, by=world.agnes, at=at, message=f"{CANARY} interne", attachments=[text_file("interne.txt")]
        )
    for version in (CalendarVersion.objects.get(), PolicyVersion.objects.get()):
        next_draft(version, by=world.maud)
    build_report(world.contract, Month.of(at), by=world.maud, at=at)
    gone = person("Gaston Parti", Role.ADMINISTRATOR, world.client)
    browsers = {name: Client() for name in [*PEOPLE, "olivia"]}
    for name, browser in browsers.items():
        if name != "anonymous":
            browser.force_login(gone if name == "gone" else getattr(world, name))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return Scene(world, mine, theirs, browsers)


def address(name: str, ticket: Ticket) -> str:
    arguments = {
        "attachment": lambda: [ticket.attachments.get(message=None).pk],
        "ticket_action": lambda: [ticket.pk, Action.ASK],
        "breach": lambda: [ticket.pk, "resolve"],
        "report": lambda: [report_of(ticket).pk],
        "report_file": lambda: [report_of(ticket).pk, "json"],
        "report_act": lambda: [report_of(ticket).pk, "issue"],
        "list_file": lambda: ["portal", "json"],
        "export_file": lambda: [999_999],
        "export_schedule_remove": lambda: [999_999],
        "draft": lambda: ["file"],
        "invitation": lambda: ["MQ-forged-token"],
        "account_reset_password_from_key": lambda: ["1", "forged-token"],
        "calendar_feed_secret": lambda: ["forged-token"],
        **{name: lambda: [ticket.contract.calendar_id] for name in OF_A_CALENDAR},
        **{name: lambda: [ticket.contract.policy_id] for name in OF_A_POLICY},
        **{name: lambda: [draft_of(ticket.contract.calendar).pk] for name in OF_A_CALENDAR_DRAFT},
        **{name: lambda: [draft_of(ticket.contract.policy).pk] for name in OF_A_POLICY_DRAFT},
    }
    if name in {"ticket", "ticket_clocks", "ticket_reply", "ticket_draft", *STATEMENTS}:
        return reverse(name, args=[ticket.pk])
    return reverse(name, args=arguments[name]() if name in arguments else [])


def report_of(ticket: Ticket) -> MonthlyReport:
    return MonthlyReport.objects.get(contract=ticket.contract)


def draft_of(parent: Calendar | Policy) -> CalendarVersion | PolicyVersion:
    return parent.versions.get(published_at=None)


def everything() -> list[object]:
    """Return what no refused request may change."""
    return [
        list(LedgerEntry.objects.order_by("pk").values()),
        list(Message.objects.order_by("pk").values()),
        list(Attachment.objects.order_by("pk").values()),
        list(Ticket.objects.order_by("pk").values()),
        Mail.objects.count(),
    ]


def test_every_address_has_its_row() -> None:
    assert set(routes()) == set(GET)


@pytest.mark.parametrize("name", sorted(GET))
def test_each_role_gets_what_the_table_says(scene: Scene, name: str) -> None:
    got = {}
    for who in PEOPLE:
        response = scene.browsers[who].get(address(name, scene.ticket))
        got[who] = response.status_code
        if response.streaming:
            content = b"".join(response.streaming_content)
            assert (content == b"journal") == (name == "attachment")
            assert CANARY.encode() not in content
        if who in {"rachel", "lucas", "claire", "marc"} and not response.streaming:
            assert CANARY.encode() not in response.content, f"{who} sees another client or an internal note"
            assert CANARY not in str(response.headers)
    assert got == dict(zip(PEOPLE, GET[name], strict=True))


@pytest.mark.parametrize("name", OF_A_TICKET)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_clients_object_answers_as_one_that_does_not_exist(
    scene: Scene, name: str, method: str
) -> None:
    before = everything()
    foreign = address(name, scene.theirs)
    nowhere = (
        reverse("attachment", args=[999_999])
        if name == "attachment"
        else foreign.replace(f"/{scene.theirs.pk}/", "/999999/")
    )
    for who in ("rachel", "lucas", "claire", "marc"):
        browser = scene.browsers[who]
        data = {"message": "Bonjour", "kind": "answer"} if method == "post" else {}
        answers = [getattr(browser, method)(url, data) for url in (foreign, nowhere)]
        by_get_only = method == "post" and name in {"ticket", "ticket_clocks", "attachment", *STATEMENTS}
        assert [answer.status_code for answer in answers] == ([405, 405] if by_get_only else [404, 404]), who
        assert answers[0].content == answers[1].content
    assert everything() == before


@pytest.mark.parametrize("action", [action for action in Action if action != Action.CLOSE_TACITLY])
def test_no_action_reaches_another_clients_ticket(scene: Scene, action: Action) -> None:
    before = everything()
    url = reverse("ticket_action", args=[scene.theirs.pk, action])
    fields = {"message": "x", "reason": "x", "motive": "x", "days": "9", "seen": str(scene.theirs.last_seq)}
    for who in ("rachel", "lucas", "claire", "marc"):
        assert scene.browsers[who].get(url).status_code == 404
        assert scene.browsers[who].post(url, fields).status_code == 404
    assert scene.browsers["anonymous"].post(url, fields).status_code == 302
    assert scene.browsers["gone"].post(url, fields).status_code == 302
    assert everything() == before


def test_the_timetables_own_action_has_no_address(scene: Scene) -> None:
    url = reverse("ticket_action", args=[scene.ticket.pk, Action.CLOSE_TACITLY])
    assert scene.browsers["maud"].post(url).status_code == 404
    assert (
        scene.browsers["maud"].post(reverse("ticket_action", args=[scene.ticket.pk, "nothing"])).status_code
        == 404
    )


def test_the_file_of_an_internal_note_is_the_vendors_alone(scene: Scene) -> None:
    url = reverse("attachment", args=[scene.ticket.attachments.get(message__is_internal=True).pk])
    response = scene.browsers["agnes"].get(url)
    assert b"".join(response.streaming_content) == b"journal"
    for who in ("claire", "marc", "olivia"):
        assert scene.browsers[who].get(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("portal", "?q={canary}"),
        ("portal", "?state=all&client={client}"),
        ("similar", "?title={canary}+titre&contract={contract}"),
        ("similar", "?title={canary}+titre&client={client}"),
        ("promise", "?contract={contract}&severity=majeure"),
        ("board", "?client={client}"),
        ("board_tickets", "?client={client}"),
        ("file", "?contract={contract}"),
    ],
)
def test_no_question_makes_a_list_tell_of_another_client(scene: Scene, name: str, query: str) -> None:
    url = reverse(name) + query.format(
        canary=CANARY, client=scene.world.other_client.pk, contract=scene.world.other_contract.pk
    )
    for who in ("rachel", "lucas", "claire", "marc"):
        text = scene.browsers[who].get(url).content.decode().replace(f'value="{CANARY}"', "")
        assert f"{CANARY} " not in text
        assert scene.world.other_client.name not in text
        assert scene.world.other_contract.reference not in text


def test_the_back_office_opens_for_the_platform_administrator_alone(scene: Scene) -> None:
    for who in PEOPLE:
        status = scene.browsers[who].get(reverse("admin:index")).status_code
        assert status == (200 if who == "paul" else 302), who


def test_mail_about_a_client_goes_to_nobody_of_another(scene: Scene) -> None:
    for mail in Mail.objects.select_related("recipient", "ticket"):
        assert mail.recipient.client_id in {None, mail.ticket.client_id}

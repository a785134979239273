"""Hostile words in every text that somebody can write: every page shows them as words, and nothing runs or leaves."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import CharField, TextField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from playwright.sync_api import BrowserContext, Page, expect

from accounts.access_log import AccessKind, AccessRecord
from accounts.models import (
    Client,
    Deputation,
    IdentityDomain,
    IdentityProvider,
    Solution,
    Training,
    User,
)
from accounts.organisation_sign_in.models import Protocol
from accounts.viewing_as.acts import begin
from sla.models import Calendar, CalendarVersion, Closure, Contract, Policy
from sla.policy import Severity
from sla.publication import next_draft
from tests.test_access import prepared, text_file
from tests.world import World
from tickets.actions import client as clients
from tickets.actions import linking, vendor
from tickets.actions.anomalies import record_anomaly, record_delivery
from tickets.actions.canned import keep_canned
from tickets.actions.erasing import erase_person
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.tokens import create_token
from tickets.actions.trainings import join_certificate
from tickets.actions.watching import watch
from tickets.drafts import keep
from tickets.models import (
    Attachment,
    Certificate,
    ClientExport,
    Every,
    ExportFormat,
    ExportSchedule,
    ExportSource,
    ExportState,
    ListExport,
    MonthlyReport,
    ProductAnomaly,
    Purge,
    SavedView,
    Scope,
    Ticket,
)
from tickets.monthly.issuing import build_report
from tickets.reports.months import Month
from tickets.words import DeliveryKind

pytestmark = pytest.mark.browser

MARK = "window.__xss=1"
CORPUS = [
    f"<script>{MARK}</script>",
    f"\"><img src=x onerror='{MARK}'>",
    f"'-({MARK})-'",
    f"<svg/onload={MARK}>",
    f"<details open ontoggle={MARK}>",
    f"</title></textarea></style><script>{MARK}</script>",
    f"[lien](javascript:{MARK}) ![](https://evil.example/pixel.png)",
    f"<a href=\"java&#x09;script:{MARK}\">x</a><iframe srcdoc='<script>parent.{MARK}</script>'></iframe>",
    "<img src=https://evil.example/a><link rel=stylesheet href=//evil.example/b><base href=//evil.example>",
    f"{{{{constructor.constructor('{MARK}')()}}}}{{% load x %}}${{{MARK}}}",
    f"<div hx-get='/logout' hx-on:load='{MARK}' hx-trigger=load>x</div>",
    f"\u202e\u200b\u2066<ScRiPt >{MARK}</sCrIpT>\u0000".replace("\u0000", ""),
    f"]]><!--<script>{MARK}//--></script>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}>",
    f"jaVasCript:/*-/*`/*'/*\"/**/(/* */{MARK} )//%0D%0A</stYle/</titLe/</teXtarEa/</scRipt/--!><sVg/oNloAd={MARK}//>",
]
ALL = "\n\n".join(CORPUS)


def of_length(length: int, turn: int) -> str:
    """Return a hostile text that fits a field: another one each turn, cut where it must be."""
    return (CORPUS[turn % len(CORPUS)] + f" {turn}")[:length]


def poison(rows: list[object], spared: set[str]) -> None:
    """Write hostile words in every free text of rows, below every form."""
    for turn, row in enumerate(rows):
        free = {
            field.attname: of_length(field.max_length or 4000, turn + place)
            for place, field in enumerate(row._meta.concrete_fields)
            if type(field) in {CharField, TextField} and not field.choices and field.attname not in spared
        }
        type(row).objects.filter(pk=row.pk).update(**free)


def hostile_ticket(world: World) -> Ticket:
    """Tell a ticket's life in hostile words."""
    at = timezone.now()
    filing = Filing(
        title=CORPUS[1], severity=Severity.MAJEURE, affected_version=CORPUS[3][:40], description=ALL, steps=ALL,
        environment=CORPUS[5][:200], attachments=[text_file("a.txt"), text_file("b.txt"), text_file("c.txt")],
    )  # fmt: skip
    ticket = file_ticket(world.contract, filing, by=world.claire, at=at)
    ticket = vendor.ask(ticket, by=world.agnes, at=at, message=ALL)
    ticket = clients.answer(ticket, by=world.claire, at=at, message=ALL)
    vendor.note(ticket, by=world.agnes, at=at, message=ALL)
    return vendor.deliver(
        ticket,
        by=world.agnes,
        at=at,
        what=DeliveryKind.FIX,
        content=ALL,
        how_to_test=ALL,
        version=CORPUS[3][:40],
    )


def hostile_papers(world: World, ticket: Ticket) -> None:
    """Write in hostile words what stands beside a ticket: files, people's papers, lists, figures, traces."""
    at, client, person = timezone.now(), world.client, world.claire
    agent = CORPUS[1]
    for turn, kind in enumerate(AccessKind):
        AccessRecord.objects.create(
            at=at, kind=kind, client=client, person=person, status=404, path=of_length(300, turn),
            through="page", through_name=of_length(120, turn + 1), agent=of_length(300, turn + 2),
        )  # fmt: skip
    UserSession.objects.create(user=person, session_key="hostile", ip="127.0.0.1", user_agent=agent[:200])
    Deputation.objects.create(
        client=client, person=person, deputy=world.lucas, first_day=at.date(), last_day=at.date() + timedelta(days=9),
        named_by=person, named_at=at,
    )  # fmt: skip
    join_certificate(Training.objects.get(person=person), text_file("a.txt"), by=world.maud, at=at)
    Training.objects.create(
        client=client, person=world.lucas, solution=world.solution, trained_on=at.date() - timedelta(days=9),
        trainer=CORPUS[0], ended_on=at.date(), end_motive=ALL,
    )  # fmt: skip
    prepared(client, by=world.maud, at=at)
    ClientExport.objects.create(
        client=client,
        requested_by=world.marc,
        requested_at=at,
        next_try_at=at,
        state=ExportState.FAILED,
        error=ALL,
    )
    Purge.objects.update(document={
        "client": CORPUS[0], "contract": CORPUS[1], "months": CORPUS[2], "tickets": [{"number": CORPUS[3]}],
    })  # fmt: skip
    erase_person(world.rachel, motive=ALL, by=world.paul, at=at)
    provider = IdentityProvider.objects.create(
        client=client, name=CORPUS[0], protocol=Protocol.OPENID_CONNECT, issuer="https://idp.example",
        application=CORPUS[1],
    )  # fmt: skip
    IdentityDomain.objects.create(client=client, provider=provider, domain="brasserie.example")
    SavedView.objects.create(person=world.maud, name=CORPUS[3], query=f"q={CORPUS[0]}", is_shared=True)
    SavedView.objects.create(
        person=world.maud, name=CORPUS[0], query=f"client={CORPUS[1]}", client_name=ALL[:160]
    )
    for who in (person, world.agnes):
        watch(ticket, by=who, at=at)
    vendor.note(ticket, by=world.agnes, at=at, message=f"@{world.maud.get_full_name()} {ALL}")
    for who, source in ((person, ExportSource.PORTAL), (world.maud, ExportSource.QUEUE)):
        ExportSchedule.objects.create(
            client=who.client, owner=who, name=CORPUS[0], source=source, query=f"q={CORPUS[1]}",
            suffix=ExportFormat.CSV, every=Every.WEEK, next_due_at=at + timedelta(days=7), created_at=at,
        )  # fmt: skip
        ListExport.objects.create(
            client=who.client, person=who, key=f"made:{who.pk}", source=source, query=f"q={CORPUS[1]}",
            suffix=ExportFormat.CSV, state="failed", error=ALL, created_at=at,
        )  # fmt: skip
    begin(person, by=world.maud, at=at, motive=ALL[:300])
    report = build_report(world.contract, Month.of(at), by=world.maud, at=at)
    MonthlyReport.objects.filter(pk=report.pk).update(synthesis=ALL, action_plan=ALL)


@pytest.fixture
def hostile(world: World) -> World:
    at = timezone.now()
    ticket = hostile_ticket(world)
    anomaly = record_anomaly(
        by=world.agnes, at=at, solution=world.solution, title=CORPUS[0], summary=ALL, analysis=ALL
    )
    linking.link_anomaly(ticket, by=world.agnes, at=at, anomaly=anomaly)
    record_delivery(anomaly, by=world.agnes, at=at, what=DeliveryKind.FIX, content=ALL, how_to_test=ALL)
    keep_canned(None, by=world.maud, title=CORPUS[0], body=ALL, is_shared=True)
    with transaction.atomic():
        keep(world.claire, "file", {"title": CORPUS[1], "description": ALL, "steps": ALL})
    create_token(world.claire, name=CORPUS[0], scope=Scope.READ, days=9, at=at)
    draft = next_draft(CalendarVersion.objects.get(), by=world.maud)
    day = at.date() + timedelta(days=30)
    Closure.objects.create(version=draft, first_day=day, last_day=day, motive=CORPUS[4])
    hostile_papers(world, ticket)
    for turn, stored in enumerate([*Attachment.objects.all(), *Certificate.objects.all()]):
        type(stored).objects.filter(pk=stored.pk).update(name=of_length(120, turn + 1))
    people = list(User.objects.all())
    poison(people, {"password", "email", "language", "time_zone", "role"})
    poison(
        [*Client.objects.all(), *Solution.objects.all(), *Training.objects.all()],
        {"code", "end_motive", "issuer"},
    )
    poison([*Contract.objects.all(), *Calendar.objects.all(), *Policy.objects.all()], set())
    return world


def pages_of(world: World) -> dict[str, list[str]]:
    """Return the pages that show those words, by who reads them."""
    ticket, anomaly = Ticket.objects.get(), reverse("anomaly", args=[ProductAnomaly.objects.get().pk])
    here = ticket.get_absolute_url()
    both = [
        here, f"{here}statement/", "/calendars/", "/policies/", "/simulator/", "/account/profile/",
        reverse("list_exports"), reverse("sessions"),
    ]  # fmt: skip
    papers = [
        reverse("exports"),
        *(reverse("export", args=[each.pk]) for each in ClientExport.objects.all()),
    ]
    trainings = [reverse("training", args=[each.pk]) for each in Training.objects.filter(client=world.client)]
    report = reverse("report", args=[MonthlyReport.objects.get().pk])
    logged = reverse("admin:accounts_accessrecord_changelist")
    return {
        "claire": [
            *both, "/portal/?q=%3Cscript%3E", "/organisation/", "/file/", "/account/tokens/",
        ],
        "marc": ["/figures/", *papers, "/organisation/", reverse("list_exports"), reverse("report_list")],
        "maud": [
            *both, *papers, *trainings, report, "/queue/", "/register/", "/canned/", "/trainings/", "/figures/",
            "/recompute/", "/account/view-as/", "/anomalies/", anomaly, f"{here}ask/", f"{here}close/", f"{here}note/",
            "/queue/?q=%22%3E%3Cimg%20src=x%20onerror=1%3E", reverse("report_list"), reverse("breaches"),
            reverse("workload"),
            *(f"/queue/?view={view.pk}" for view in SavedView.objects.all()),
        ],
        "paul": [
            "/privacy/", *papers, *trainings, *(f"/privacy/people/{who.pk}/" for who in (world.claire, world.rachel)),
            logged, *(f"{logged}{row.pk}/change/" for row in AccessRecord.objects.order_by("pk")[:3]),
            *(
                reverse(f"admin:{name}_changelist")
                for name in (
                    "accounts_client", "accounts_user", "sla_contract", "accounts_identityprovider",
                    "accounts_solution", "accounts_training",
                )
            ),
            reverse("admin:accounts_identityprovider_change", args=[IdentityProvider.objects.get().pk]),
            reverse("admin:accounts_user_change", args=[world.claire.pk]),
            reverse("admin:accounts_user_history", args=[world.claire.pk]),
        ],
    }  # fmt: skip


def watched(context: BrowserContext, own: str) -> tuple[Page, list[str]]:
    """Return a page, and what it is caught at: dialogs, scripts that ran, reports, requests that leave."""
    page, caught = context.new_page(), []
    page.on("dialog", lambda dialog: (caught.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda asked: (
            caught.append(asked.url)
            if urlsplit(asked.url).scheme in {"http", "https"} and urlsplit(asked.url).netloc != own
            else None
        ),
    )
    page.on("request", lambda asked: caught.append("report") if "csp-report" in asked.url else None)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => { window.__refused = event.violatedDirective })"
    )
    return page, caught


@pytest.mark.parametrize("who", ["claire", "marc", "maud", "paul"])
def test_no_hostile_word_runs_nor_calls_home(
    hostile: World, new_context: Callable[..., BrowserContext], sign_in, live_server, who: str
) -> None:
    page, caught = watched(new_context(), urlsplit(live_server.url).netloc)
    sign_in(page, getattr(hostile, who))
    for address in pages_of(hostile)[who]:
        answer = page.goto(address)
        assert answer is not None
        # A search that cannot be understood is refused with the page (400).
        assert answer.status in {200, 400, 409}, f"{address}: {answer.status}"
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.__xss") is None, f"a script ran on {address}"
        assert page.evaluate("window.__refused") is None, f"the policy had to refuse something on {address}"
        assert caught == [], f"{address}: {caught}"


def test_the_name_of_a_clients_identity_provider_is_words_to_who_signs_in(
    hostile: World, new_context: Callable[..., BrowserContext], live_server
) -> None:
    page, caught = watched(new_context(), urlsplit(live_server.url).netloc)
    address = f"{reverse('through_organisation')}?email=claire@brasserie.example"
    assert escape(IdentityProvider.objects.get().name) in page.request.get(address).text()
    # The page goes on by itself; the provider, which is nowhere, is not asked here.
    page.route(re.compile(r"/account/(?!organisation)"), lambda route: route.abort())
    page.goto(address, wait_until="commit")
    assert page.evaluate("window.__xss") is None
    assert caught == []


def test_what_is_typed_in_each_text_of_a_form_is_shown_again_as_words(
    world: World, new_context: Callable[..., BrowserContext], sign_in, live_server
) -> None:
    page, caught = watched(new_context(), urlsplit(live_server.url).netloc)
    sign_in(page, world.claire)
    for text in CORPUS:
        page.goto("/file/")
        for field in ("title", "description", "steps", "environment"):
            page.locator(f"#id_{field}").fill(text)
        page.locator("input[value=majeure]").check()
        page.get_by_role("button", name="Déposer").click()
        expect(page).to_have_url(re.compile(r"/tickets/\d+/$"))
        assert page.evaluate("window.__xss") is None, text
        assert caught == [], text

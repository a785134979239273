"""Hostile words in every text that somebody can write: every page shows them as words, and nothing runs or leaves."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db.models import CharField, TextField
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Client, Solution, Training, User
from sla.models import Calendar, CalendarVersion, Closure, Contract, Policy
from sla.policy import Severity
from sla.publication import next_draft
from tests.world import World
from tickets.actions import client as clients
from tickets.actions import linking, vendor
from tickets.actions.anomalies import record_anomaly, record_delivery
from tickets.actions.canned import keep_canned
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.tokens import create_token
from tickets.drafts import keep
from tickets.models import ProductAnomaly, Scope, Ticket
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
        environment=CORPUS[5][:200],
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
    keep(world.claire, "file", {"title": CORPUS[1], "description": ALL, "steps": ALL})
    create_token(world.claire, name=CORPUS[0], scope=Scope.READ, days=9, at=at)
    draft = next_draft(CalendarVersion.objects.get(), by=world.maud)
    day = at.date() + timedelta(days=30)
    Closure.objects.create(version=draft, first_day=day, last_day=day, motive=CORPUS[4])
    people = list(User.objects.all())
    poison(people, {"password", "email", "language", "time_zone", "role"})
    poison([*Client.objects.all(), *Solution.objects.all(), *Training.objects.all()], {"code", "end_motive"})
    poison([*Contract.objects.all(), *Calendar.objects.all(), *Policy.objects.all()], set())
    return world


def pages_of(world: World) -> dict[str, list[str]]:
    """Return the pages that show those words, by who reads them."""
    ticket, anomaly = Ticket.objects.get(), reverse("anomaly", args=[ProductAnomaly.objects.get().pk])
    here = ticket.get_absolute_url()
    both = [here, f"{here}statement/", "/calendars/", "/policies/", "/simulator/", "/account/profile/"]
    return {
        "claire": [*both, "/portal/?q=%3Cscript%3E", "/organisation/", "/file/", "/account/tokens/"],
        "marc": ["/figures/", "/exports/", "/organisation/"],
        "maud": [
            *both, "/queue/", "/register/", "/canned/", "/trainings/", "/figures/", "/recompute/", "/account/view-as/",
            "/anomalies/", anomaly, f"{here}ask/", f"{here}close/", "/queue/?q=%22%3E%3Cimg%20src=x%20onerror=1%3E",
        ],
        "paul": [
            "/privacy/", f"/privacy/people/{world.claire.pk}/", reverse("admin:accounts_accessrecord_changelist"),
            reverse("admin:accounts_client_changelist"), reverse("admin:accounts_user_changelist"),
            reverse("admin:sla_contract_changelist"),
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

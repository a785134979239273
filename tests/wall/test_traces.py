"""Who did what, through what, from where: on the ledger, on each history row, in the log of accesses."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as installed
from django.db import Error, transaction
from django.http import HttpRequest
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.access_log import AccessKind, AccessRecord
from accounts.models import Client, User
from accounts.tracing import NO_TRACE, Through, Trace, address_of, current_trace, trace_of, tracing
from helpdesk import celery
from tests.world import PASSWORD, World
from tickets.models import LedgerEntry, Ticket

FROM = {"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Firefox"}


def signed_in(user: User) -> Browser:
    browser = Browser(**FROM)
    browser.force_login(user)
    return browser


def file_by_page(world: World) -> Ticket:
    form = {
        "contract": world.contract.pk, "severity": "majeure", "title": "Un titre assez long",
        "description": "Un texte.",
    }  # fmt: skip
    answer = signed_in(world.claire).post(reverse("file"), form)
    assert answer.status_code == 302, answer.content.decode()
    return Ticket.objects.get()


def test_a_fact_says_by_which_page_and_from_where(world: World) -> None:
    entry = file_by_page(world).entries.get()
    assert (entry.through, entry.through_name, entry.address, entry.agent) == (
        "page", "file", "192.0.2.7", "Firefox",
    )  # fmt: skip
    history = Ticket.history.get()
    assert (history.through, history.through_name, history.address, history.agent) == (
        "page", "file", "192.0.2.7", "Firefox",
    )  # fmt: skip
    assert history.history_user == world.claire
    assert current_trace() == NO_TRACE


def test_a_fact_of_a_task_and_of_a_command_says_which(world: World) -> None:
    @celery.app.task(name="tests.file")
    def file() -> None:
        world.file()

    file()
    assert LedgerEntry.objects.get().through == Through.TASK
    assert LedgerEntry.objects.get().through_name == "tests.file"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c",
         "from accounts.tracing import current_trace; print(current_trace())"],
        cwd=installed.BASE_DIR, capture_output=True, text=True, check=True, env={**os.environ},
    )  # fmt: skip
    assert "through=<Through.COMMAND: 'command'>, name='shell'" in done.stdout


def test_an_edit_in_the_back_office_says_from_where(world: World) -> None:
    paul = signed_in(world.paul)
    values = {"name": "Brasserie du Sud", "code": "brasserie", "is_active": "on"}
    address = reverse("admin:accounts_client_change", args=[world.client.pk])
    assert paul.post(address, values).status_code == 302
    record = Client.history.filter(id=world.client.pk).latest()
    assert (record.history_user, record.through, record.address) == (world.paul, "page", "192.0.2.7")
    page = paul.get(reverse("admin:accounts_client_history", args=[world.client.pk])).content.decode()
    assert "page · 192.0.2.7" in page


def request_from(forwarded: str | None, remote: str = "10.0.0.1") -> HttpRequest:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # nobody of ours wrote it
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),  # the client wrote the first one
        (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "' OR 1=1 --", None),
        (1, None, "10.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxies_say(settings, proxies: int, forwarded, found) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert address_of(request_from(forwarded)) == found


def test_a_hostile_header_is_cut_and_breaks_nothing() -> None:
    request = RequestFactory().get("/", HTTP_USER_AGENT="\0" + "x" * 10_000)
    request.resolver_match = None
    assert len(trace_of(request).agent) == 300
    assert "\0" not in trace_of(request).agent


def logged() -> list[tuple[str, User | None, int]]:
    return [(each.kind, each.person, each.status) for each in AccessRecord.objects.order_by("id")]


def test_sign_ins_are_logged_accepted_or_not(world: World, own_counters: None) -> None:
    browser, address = Browser(**FROM), reverse("account_login")
    browser.post(address, {"login": world.claire.email, "password": "faux"})
    browser.post(address, {"login": "nobody@nowhere.example", "password": "faux"})
    browser.post(address, {"login": world.claire.email, "password": PASSWORD})
    browser.post(reverse("account_logout"))
    assert logged() == [
        (AccessKind.SIGN_IN_REFUSED, world.claire, 200),
        (AccessKind.SIGN_IN_REFUSED, None, 200),
        (AccessKind.SIGNED_IN, world.claire, 302),
        (AccessKind.SIGNED_OUT, world.claire, 302),
    ]
    first = AccessRecord.objects.earliest("id")
    assert (first.client, first.address, first.agent, first.through) == (
        world.client, "192.0.2.7", "Firefox", "page",
    )  # fmt: skip
    assert "nobody@" not in str(list(AccessRecord.objects.values())), "what a stranger typed is not kept"


def test_refusals_of_an_object_and_downloads_are_logged_and_a_missing_page_is_not(world: World) -> None:
    ticket = world.file()
    olivia, claire = signed_in(world.olivia), signed_in(world.claire)
    assert olivia.get(reverse("ticket", args=[ticket.pk])).status_code == 404
    assert olivia.get(reverse("ticket", args=[999_999])).status_code == 404
    assert olivia.get("/nowhere/").status_code == 404
    assert olivia.get(reverse("queue")).status_code == 403
    assert claire.get(reverse("statement_json", args=[ticket.pk])).status_code == 200
    assert claire.get(reverse("ticket", args=[ticket.pk])).status_code == 200
    assert Browser().get("/nowhere/").status_code == 404
    assert [(kind, person) for kind, person, _status in logged()] == [
        (AccessKind.NOT_FOUND, world.olivia),
        (AccessKind.NOT_FOUND, world.olivia),
        (AccessKind.FORBIDDEN, world.olivia),
        (AccessKind.DOWNLOADED, world.claire),
    ]


def test_the_log_is_never_changed(world: World) -> None:
    signed_in(world.agnes).get(reverse("ticket", args=[999_999]))
    record = AccessRecord.objects.get()
    with pytest.raises(Error), transaction.atomic():
        AccessRecord.objects.filter(pk=record.pk).update(status=200)
    with pytest.raises(Error), transaction.atomic():
        record.delete()


def test_the_platform_administrator_reads_and_filters_the_log(world: World) -> None:
    signed_in(world.claire).get(reverse("queue"))
    signed_in(world.olivia).get(reverse("ticket", args=[999_999]))
    paul, address = signed_in(world.paul), reverse("admin:accounts_accessrecord_changelist")
    for query, count in (
        ("", 2), ("?kind__exact=forbidden", 1), (f"?client__id__exact={world.client.pk}", 1), ("?q=Mercier", 1),
        ("?q=192.0.2.7", 2), ("?q=192.0.2.8", 0), ("?through__exact=api", 0), ("?q=/queue/", 1),
        (f"?at__gte={timezone.localdate() - timedelta(days=1):%Y-%m-%d}+00:00:00%2B00:00", 2),
    ):  # fmt: skip
        assert len(paul.get(address + query).context["cl"].result_list) == count, query
    record = AccessRecord.objects.first()
    assert paul.get(reverse("admin:accounts_accessrecord_change", args=[record.pk])).status_code == 200
    assert paul.post(reverse("admin:accounts_accessrecord_delete", args=[record.pk])).status_code == 403
    assert paul.get(reverse("admin:accounts_accessrecord_add")).status_code == 403
    assert signed_in(world.maud).get(address).status_code == 302


def test_the_page_of_the_log_has_a_price(world: World, django_assert_num_queries) -> None:
    paul, address = signed_in(world.paul), reverse("admin:accounts_accessrecord_changelist")
    for _each in range(2):
        signed_in(world.claire).get(reverse("queue"))
        with django_assert_num_queries(7):
            paul.get(address)
        signed_in(world.olivia).get(reverse("queue"))


def test_what_is_written_inside_carries_the_trace_of_who_says_so(world: World) -> None:
    with tracing(Trace(Through.MAIL, "inbox", "192.0.2.1", "smtp")):
        entry = world.file().entries.get()
    assert (entry.through, entry.through_name, entry.address, entry.agent) == (
        "mail", "inbox", "192.0.2.1", "smtp",
    )  # fmt: skip

"""“View as”: a manager reads what a person reads, for a while, with a motive, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access_log import AccessRecord
from accounts.models import Consultation, ConsultationEnd, User
from accounts.viewing_as.middleware import only_reading
from tests.accounts.factors.test_required import addresses
from tests.accounts.test_signing_in import sign_in
from tests.test_access import everything
from tickets.models import Reading

BEGIN, STOP = "/account/view-as/", "/account/view-as/stop/"
MOTIVE = "Appel du 12 mai : ne voit pas son ticket"


@pytest.fixture
def maud(world) -> Client:
    browser = Client()
    browser.force_login(world.maud)
    return browser


def begin(browser: Client, person: User, motive: str = MOTIVE):
    return browser.post(BEGIN, {"person": person.pk, "motive": motive})


def test_a_manager_sees_the_pages_of_the_person_and_a_banner(maud, world):
    world.file()
    assert begin(maud, world.claire)["Location"] == "/"
    page = maud.get("/portal/").content.decode()
    assert "export comptable" in page and "Claire Fontaine" in page and STOP in page
    assert maud.get("/queue/").status_code == 403, "the person's rights, not the manager's"


def test_what_is_kept_says_who_whom_why_and_when(maud, world):
    begin(maud, world.claire)
    kept = Consultation.objects.get()
    assert (kept.by, kept.person, kept.client, kept.motive) == (
        world.maud,
        world.claire,
        world.client,
        MOTIVE,
    )
    assert kept.ends_at - kept.begun_at == timedelta(minutes=15)
    maud.post(STOP)
    assert ConsultationEnd.objects.get().consultation == kept


@pytest.mark.parametrize("motive", ["", "    ", "non", "x" * 301])
def test_a_motive_is_required(maud, world, motive):
    assert begin(maud, world.claire, motive).context["form"].errors["motive"]
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("whom", ["paul", "maud", "gone"])
def test_nobody_of_the_same_or_a_higher_right_nor_without_access(maud, world, whom):
    if whom == "gone":
        world.claire.is_active = False
        world.claire.save()
    person = world.claire if whom == "gone" else getattr(world, whom)
    assert begin(maud, person).context["form"].errors["person"]
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("who", ["claire", "marc", "agnes", "paul"])
def test_it_is_for_managers_alone(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(BEGIN).status_code == begin(client, world.rachel).status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("whom", ["claire", "agnes"])
def test_no_route_takes_anything_but_reading(maud, world, whom, method):
    world.file()
    begin(maud, getattr(world, whom))
    before = everything(), list(User.objects.order_by("pk").values())
    for name, address in addresses():
        if name != "stop_viewing_as":
            assert getattr(maud, method)(address).status_code == 403, name
    assert (everything(), list(User.objects.order_by("pk").values())) == before


def test_reading_writes_nothing_whatever_a_page_does(maud, world):
    """A page that writes when it is read is refused by its first statement."""
    ticket = world.file()
    begin(maud, world.claire)
    before = everything(), list(User.objects.order_by("pk").values())
    answers = {name: maud.get(address).status_code for name, address in addresses()}
    assert 500 not in answers.values()
    assert (everything(), list(User.objects.order_by("pk").values())) == before
    pages = ["/portal/", f"/tickets/{ticket.pk}/", "/organisation/", "/calendars/", "/account/profile/"]
    assert [maud.get(page).status_code for page in pages] == [200] * len(pages)


def test_the_pages_of_an_agent_are_read_too_and_nothing_is_noted_as_read_by_them(maud, world):
    ticket = world.file()
    begin(maud, world.agnes)
    pages = ["/queue/", "/queue/?q=export", "/queue/workload/", f"/tickets/{ticket.pk}/", "/anomalies/"]
    assert [maud.get(page).status_code for page in pages] == [200] * len(pages)
    assert not Reading.objects.exists()


def test_a_file_is_taken_and_a_refusal_met_in_the_manager_s_own_name(maud, world):
    ticket = world.file()
    begin(maud, world.claire)
    paper = f"/tickets/{ticket.pk}/statement.pdf"
    assert [maud.get(page).status_code for page in (paper, "/tickets/999/")] == [200, 404]
    logged = AccessRecord.objects.order_by("pk").values_list("person", "kind", "path")
    assert list(logged) == [
        (world.maud.pk, "downloaded", paper),
        (world.maud.pk, "not_found", "/tickets/999/"),
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "WITH gone AS (DELETE FROM tickets_draft RETURNING id) SELECT count(*) FROM gone",
        "INSERT INTO tickets_reading DEFAULT VALUES",
        " update tickets_ticket SET title = ''",
    ],
)
def test_a_statement_that_writes_is_refused_however_it_begins(sql):
    with pytest.raises(PermissionDenied):
        only_reading(lambda *_given: pytest.fail("it was executed"), sql, None, False, {})


def test_the_person_s_secrets_are_not_read(maud, world):
    begin(maud, world.claire)
    for page in (
        "/account/factors/",
        "/account/sessions/",
        "/account/factors/recovery-codes/",
        "/account/confirm/",
        reverse("api_tokens"),
        reverse("own_data"),
    ):
        assert maud.get(page).status_code == 403, page


def test_it_ends_by_itself_after_fifteen_minutes(maud, world):
    begin(maud, world.claire)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert maud.get("/queue/").status_code == 200
        assert maud.get("/portal/").status_code == 403


def test_it_ends_when_stopped_and_does_not_come_back(maud, world):
    begin(maud, world.claire)
    assert maud.post(STOP)["Location"] == "/"
    assert maud.get("/queue/").status_code == 200


@pytest.mark.parametrize(
    "change", ["person deactivated", "person promoted", "manager demoted", "manager deactivated"]
)
def test_it_ends_with_the_right_to_it(maud, world, change):
    begin(maud, world.agnes)
    people = User.objects.filter(pk=(world.agnes if "person" in change else world.maud).pk)
    changes = {
        "person deactivated": {"is_active": False}, "person promoted": {"role": "platform_administrator"},
        "manager demoted": {"role": "agent"}, "manager deactivated": {"is_active": False},
    }  # fmt: skip
    people.update(**changes[change])
    page = maud.get("/account/profile/")
    assert page.status_code == 302 or page.wsgi_request.user == world.maud


def test_a_session_s_mark_of_somebody_else_s_consultation_opens_nothing(client, world, maud):
    begin(maud, world.claire)
    client.force_login(world.bruno)
    session = client.session
    session["consultation"] = Consultation.objects.get().pk
    session.save()
    assert client.get("/queue/").wsgi_request.user == world.bruno


def test_the_person_sees_it_in_their_profile(client, maud, world):
    begin(maud, world.claire)
    client.force_login(world.claire)
    page = client.get("/account/profile/").content.decode()
    assert "Maud Bernard" in page and MOTIVE in page
    client.force_login(world.marc)
    assert MOTIVE not in client.get("/account/profile/").content.decode()


def test_the_record_is_never_changed_nor_deleted(maud, world):
    begin(maud, world.claire)
    maud.post(STOP)
    for rows in (Consultation.objects.all(), ConsultationEnd.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(client=world.other_client)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_signing_in_is_not_viewed(maud, world):
    begin(maud, world.claire)
    assert sign_in(maud, world.claire.email).status_code == 403

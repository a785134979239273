"""One's own profile: kept, and effective at once."""

from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.utils import timezone

from accounts.middleware import PersonMiddleware
from accounts.zones import city, zone_choices

PROFILE = "/account/profile/"


def fields(**changes: str) -> dict[str, str]:
    return {
        "first_name": "Claire", "last_name": "Fontaine", "telephone": "", "language": "fr",
        "time_zone": "Europe/Paris", **changes,
    }  # fmt: skip


def test_name_and_telephone_are_kept(client, world):
    client.force_login(world.claire)
    assert (
        client.post(PROFILE, fields(first_name="Clara", telephone="+33 1 23 45 67 89"))["Location"] == PROFILE
    )
    world.claire.refresh_from_db()
    assert (world.claire.first_name, world.claire.telephone) == ("Clara", "+33 1 23 45 67 89")
    assert world.claire.history.latest().history_user == world.claire


def test_the_language_is_that_of_the_page_that_follows(client, world):
    client.force_login(world.claire)
    page = client.post(PROFILE, fields(language="en"), follow=True).content.decode()
    assert '<html lang="en"' in page
    assert "Your profile is up to date." in page


def test_the_time_zone_is_that_of_the_next_request(client, world, rf):
    client.force_login(world.claire)
    client.post(PROFILE, fields(time_zone="Indian/Reunion"))
    world.claire.refresh_from_db()
    request = rf.get("/")
    request.user = world.claire

    def show(_request):
        noon = datetime(2026, 5, 4, 8, tzinfo=UTC)
        said = Template("{{ noon|date:'H:i' }}").render(Context({"noon": noon}))
        return HttpResponse(f"{said} {timezone.get_current_timezone_name()}")

    assert PersonMiddleware(show)(request).content == b"12:00 Indian/Reunion"


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Olympus"), ("language", "de"), ("first_name", "")]
)
def test_what_cannot_be_is_refused_on_its_field(client, world, field, value):
    client.force_login(world.claire)
    answer = client.post(PROFILE, fields(**{field: value}))
    assert list(answer.context["form"].errors) == [field]


def test_role_client_and_address_are_not_one_s_own_to_change(client, world):
    client.force_login(world.claire)
    forged = {"role": "platform_administrator", "client": "", "email": "x@example.org", "is_active": "on"}
    client.post(PROFILE, {**fields(), **forged})
    world.claire.refresh_from_db()
    assert (world.claire.role, world.claire.client) == ("administrator", world.client)
    assert world.claire.email == "claire.fontaine@brasserie.example"


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get(PROFILE)["Location"] == "/account/login/?next=/account/profile/"


def test_zones_are_offered_once_each_with_readable_names():
    offered = [name for _group, zones in zone_choices() for name, _city in zones]
    assert len(offered) == len(set(offered)) > 300
    assert offered[0] == "Europe/Paris"
    assert city("America/Argentina/Ushuaia") == "Ushuaia (Argentina)"
    assert city("America/New_York") == "New York"


def test_what_a_person_reads_is_kept_by_no_shared_cache(client, world):
    client.force_login(world.claire)
    assert client.get("/portal/").headers["Cache-Control"] == "private"
    # The vendor's colours are everybody's: they say so themselves.
    assert "public" in client.get("/account/theme.css").headers["Cache-Control"]

"""MFA_REQUIRED_ROLES: nothing is done before the factor is there, by any address."""

from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.factors.middleware import OPEN_BEFORE_ENROLMENT
from accounts.factors.requirement import lacks_required_factor
from accounts.models import Role
from helpdesk import settings as written
from tests.accounts.factors.conftest import VENDOR, code_of
from tests.accounts.test_signing_in import sign_in
from tests.test_production import started
from tests.tickets.api.asking import Asker, problem

UUID = "00000000-0000-0000-0000-000000000000"
ENROLMENT = "/account/factors/"


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, str]]:
    """Yield each route's name with an address that leads to it, the back office included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            within = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, within)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}", address_of(f"{space}{pattern.name}")


def address_of(name: str) -> str:
    for arguments in (
        [], [1], ["x"], [1, "x"], ["1", "x"], [1, 1], ["accounts"], [UUID], [1, "pdf"], ["queue", "csv"],
    ):  # fmt: skip
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address leads to {name}: say which arguments it takes")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("who", ["agnes", "maud", "paul"])
def test_no_route_goes_around_enrolment(client, world, required, who, method):
    reached = set()
    for name, address in addresses():
        if "_auth_user_id" not in client.session:
            client.force_login(getattr(world, who))  # at first, and after the address that signs out
        answer = getattr(client, method)(address)
        if answer.status_code == 302 and answer["Location"] == ENROLMENT:
            continue
        reached.add(name)
    assert reached <= OPEN_BEFORE_ENROLMENT
    assert client.get("/nowhere").status_code == 404


def test_the_list_of_what_stays_open_names_addresses_that_exist():
    assert {name for name, _address in addresses()} >= OPEN_BEFORE_ENROLMENT


@pytest.mark.parametrize("who", ["agnes", "maud", "paul"])
def test_with_a_factor_the_product_opens(client, world, required, with_application, who):
    secret = with_application(getattr(world, who))
    sign_in(client, getattr(world, who).email)
    client.post("/account/factors/authenticate/", {"code": code_of(secret)})
    assert client.get("/queue/").status_code == 200


def test_a_newcomer_of_the_vendor_is_led_from_the_password_to_the_product(client, world, required):
    sign_in(client, world.agnes.email)
    page = client.get("/queue/", follow=True)
    assert page.redirect_chain == [(ENROLMENT, 302)]
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert client.get("/queue/").status_code == 200


def test_the_clients_people_are_asked_for_nothing(client, world, required):
    client.force_login(world.claire)
    assert client.get("/portal/").status_code == 200


def test_the_last_factor_of_a_role_that_needs_one_stays(client, world, required, with_application):
    secret = with_application(world.agnes)
    sign_in(client, world.agnes.email)
    client.post("/account/factors/authenticate/", {"code": code_of(secret)})
    refused = client.post(reverse("mfa_deactivate_totp"))
    assert refused.status_code == 200 and refused.context["form"].errors
    assert not lacks_required_factor(world.agnes)


def test_a_token_opens_nothing_before_the_factor_is_there(world, required, with_application):
    assert lacks_required_factor(world.agnes) and not lacks_required_factor(world.claire)
    program = Asker(world.agnes)
    problem(program.get("me"), 401, "not-signed-in")
    with_application(world.agnes)
    assert not lacks_required_factor(world.agnes)
    assert program.get("me").status_code == 200


def test_a_demonstration_asks_nobody_and_production_the_vendor():
    assert configured.MFA_REQUIRED_ROLES == []
    assert started(MFA_REQUIRED_ROLES="agent,pilot").stderr.count(
        "MFA_REQUIRED_ROLES names what is no role: pilot"
    )


def test_the_roles_known_to_the_settings_are_those_that_exist():
    assert started(MFA_REQUIRED_ROLES=",".join(Role.values)).returncode == 0
    assert set(VENDOR) <= set(Role.values) and written.PRODUCTION is False

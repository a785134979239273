"""Attempts are limited, and no answer, nor the time it takes, says who has an account."""

import pytest
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.invitations import send_invitation
from tests.accounts.test_signing_in import RESET, sign_in, without_token


class CountingHasher(MD5PasswordHasher):
    """A hasher that counts how often it works: what takes a sign-in its time."""

    worked = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.worked += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("who", ["claire", "nobody", "closed", "invited"])
def test_a_refusal_hashes_once_whoever_exists(client, world, settings, who):
    settings.PASSWORD_HASHERS = ["tests.accounts.test_attempts.CountingHasher"]
    if who == "closed":
        world.claire.is_active = False
        world.claire.save()
    if who == "invited":
        send_invitation(world.claire)
    address = "nobody@nowhere.example" if who == "nobody" else world.claire.email
    CountingHasher.worked = 0
    page = sign_in(client, address, "wrong")
    assert CountingHasher.worked == 1
    reference = without_token(sign_in(Client(), "other@nowhere.example", "wrong").content)
    assert without_token(page.content).replace(address, "…") == reference.replace(
        "other@nowhere.example", "…"
    )


def test_outside_the_tests_that_hasher_is_argon2():
    source = (configured.BASE_DIR / "helpdesk/settings.py").read_text()
    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]' in source


def attempts(browser: Client, address: str, times: int, **fields: str) -> list[int]:
    return [browser.post(address, fields).status_code for _ in range(times)]


def test_sign_ins_from_one_place_are_limited_whatever_the_address(client, world):
    for number in range(10):
        sign_in(client, f"nobody{number}@nowhere.example", "wrong")
    sign_in(client, world.claire.email)
    assert "_auth_user_id" not in client.session
    elsewhere = Client(REMOTE_ADDR="192.0.2.50")
    sign_in(elsewhere, world.claire.email)
    assert "_auth_user_id" in elsewhere.session


@pytest.mark.parametrize("email", ["claire.fontaine@brasserie.example", "nobody@nowhere.example"])
def test_requests_for_another_password_are_limited_alike_for_everybody(client, world, email):
    assert attempts(client, RESET, 6, email=email) == [302] * 5 + [429]


def test_links_of_invitation_cannot_be_tried_in_numbers(client, world):
    answers = [client.get(f"/account/invitation/forged-{number}/").status_code for number in range(21)]
    assert answers == [410] * 20 + [429]
    assert (
        b"Too many attempts"
        in client.get("/account/invitation/x/", headers={"accept-language": "en"}).content
    )


def test_sign_ins_by_passkey_are_limited(client, world):
    answers = attempts(client, "/account/factors/webauthn/login/", 11, credential="{}")
    assert answers == [302] * 10 + [429]


def test_saying_again_who_one_is_is_limited(client, world):
    client.force_login(world.claire)
    answers = attempts(client, "/account/confirm/", 11, password="wrong")
    assert answers[0] == 200 and answers[-1] == 429

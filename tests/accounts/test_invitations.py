"""An invitation opens an account once, for the person who received it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.invitations import invitation_token, may_be_invited, send_invitation
from accounts.models import Role, User
from tests.world import person

PAIR = {"new_password1": "un mot de passe bien long", "new_password2": "un mot de passe bien long"}


@pytest.fixture
def nadia(db) -> User:
    user = person("Nadia Perrin", Role.AGENT)
    send_invitation(user)
    return user


def link(message=None) -> str:
    return re.search(r"https?://[^/]+(/account/invitation/\S+)", (message or mail.outbox[-1]).body).group(1)


def test_the_mail_has_one_link_in_text_and_in_html(nadia):
    message = mail.outbox[0]
    assert message.to == [nadia.email]
    assert link() in message.alternatives[0].content
    assert "<style>" in message.alternatives[0].content


def test_two_mails_have_two_names_on_the_site_s_host(nadia, settings):
    settings.SITE_URL = "https://support.vendor.example:8443"
    send_invitation(nadia)
    send_invitation(nadia)
    names = {message.extra_headers["Message-ID"] for message in mail.outbox[-2:]}
    assert len(names) == 2
    assert all(name.endswith("@support.vendor.example>") for name in names)


def test_the_mail_is_in_the_person_s_language(nadia):
    nadia.language = "en"
    send_invitation(nadia)
    assert mail.outbox[-1].subject.startswith("Your access to the support of")


def test_choosing_a_password_signs_the_person_in(client, nadia):
    assert client.get(link()).status_code == 200
    assert client.post(link(), PAIR)["Location"] == "/"
    nadia.refresh_from_db()
    assert nadia.check_password("un mot de passe bien long")
    assert client.session["_auth_user_id"] == str(nadia.pk)


def test_the_link_works_once(client, nadia):
    client.post(link(), PAIR)
    assert client.get(link()).status_code == 410
    other = {"new_password1": "encore un autre mot", "new_password2": "encore un autre mot"}
    assert client.post(link(), other).status_code == 410
    nadia.refresh_from_db()
    assert nadia.check_password("un mot de passe bien long")


def test_the_link_expires(client, nadia, settings):
    last_moment = timezone.now() + timedelta(days=settings.INVITATION_DAYS) - timedelta(minutes=1)
    with time_machine.travel(last_moment, tick=False):
        assert client.get(link()).status_code == 200
    with time_machine.travel(last_moment + timedelta(minutes=2), tick=False):
        assert client.get(link()).status_code == 410


def test_a_later_invitation_makes_the_former_void(client, nadia):
    former = link()
    send_invitation(nadia)
    assert client.get(former).status_code == 410
    assert client.get(link()).status_code == 200


def test_a_closed_account_is_not_opened_by_its_invitation(client, nadia):
    nadia.is_active = False
    nadia.save()
    assert client.get(link()).status_code == 410
    assert not may_be_invited(nadia)


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "W10:1:2", "é"])
def test_a_made_up_token_gets_the_same_page(client, nadia, token):
    assert client.get(f"/account/invitation/{token}/").status_code == 410


def test_one_person_s_token_does_not_open_another_s_account(client, nadia):
    other = person("Omar Diallo", Role.AGENT)
    payload, *signature = invitation_token(nadia).split(":")
    stolen = ":".join([invitation_token(other).split(":")[0], *signature])
    assert payload
    assert client.get(f"/account/invitation/{stolen}/").status_code == 410


def test_a_password_too_weak_keeps_the_link_good(client, nadia):
    refused = client.post(link(), {"new_password1": "short", "new_password2": "short"})
    assert refused.context["form"].errors
    assert client.get(link()).status_code == 200


def test_who_is_signed_in_as_somebody_else_becomes_the_person_invited(client, nadia, world):
    client.force_login(world.agnes)
    client.post(link(), PAIR)
    assert client.session["_auth_user_id"] == str(nadia.pk)

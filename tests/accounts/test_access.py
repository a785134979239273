"""A person deactivated is out at once: sessions, links, and what the other apps handed out."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.access import ENDINGS, close_account, end_access
from accounts.invitations import invitation_token, send_invitation
from accounts.models import Role, User
from tests.accounts.test_signing_in import RESET, link_in, sign_in
from tests.world import person


@pytest.fixture(params=["page", "action", "function"])
def deactivated(request, world, django_capture_on_commit_callbacks):
    """A function that deactivates a person in one of the ways there are."""

    def deactivate(who: User) -> None:
        office = Client()
        office.force_login(world.paul)
        with django_capture_on_commit_callbacks(execute=True):
            if request.param == "function":
                close_account(who)
            elif request.param == "action":
                form = {"action": "deactivate", "_selected_action": [who.pk]}
                office.post(reverse("admin:accounts_user_changelist"), form)
            else:
                fields = ["first_name", "last_name", "email", "role", "telephone", "language", "time_zone"]
                form = {name: getattr(who, name) for name in fields}
                form["client"] = who.client_id or ""
                answer = office.post(reverse("admin:accounts_user_change", args=[who.pk]), form)
                assert answer.status_code == 302, answer.context["adminform"].form.errors
        who.refresh_from_db()
        assert not who.is_active

    return deactivate


def reactivate(who: User) -> None:
    User.objects.filter(pk=who.pk).update(is_active=True)


def test_every_session_is_over_even_after_the_account_is_opened_again(world, deactivated):
    signed_in, unlisted = Client(), Client()
    sign_in(signed_in, world.claire.email)
    unlisted.force_login(world.claire)
    deactivated(world.claire)
    assert [each.get("/portal/").status_code for each in (signed_in, unlisted)] == [302, 302]
    reactivate(world.claire)
    assert [each.get("/portal/").status_code for each in (signed_in, unlisted)] == [302, 302]


def test_a_link_of_a_forgotten_password_is_void(client, world, deactivated):
    client.post(RESET, {"email": world.claire.email})
    link = link_in(mail.outbox[0])
    deactivated(world.claire)
    assert client.get(link, follow=True).context["token_fail"]
    reactivate(world.claire)
    assert Client().get(link, follow=True).context["token_fail"]


def test_no_link_is_sent_to_a_closed_account(client, world, deactivated):
    deactivated(world.claire)
    client.post(RESET, {"email": world.claire.email})
    assert not mail.outbox


def test_an_invitation_is_void(client, world, deactivated):
    nadia = person("Nadia Perrin", Role.READER, world.client)
    send_invitation(nadia)
    link = re.search(r"(/account/invitation/\S+)", mail.outbox[0].body).group()
    deactivated(nadia)
    assert client.get(link).status_code == 410
    reactivate(nadia)
    assert client.get(link).status_code == 410
    nadia.refresh_from_db()
    assert client.get(reverse("invitation", args=[invitation_token(nadia)])).status_code == 200


def test_what_other_apps_hand_out_ends_with_it(world, deactivated):
    ended = []
    ENDINGS.append(ended.append)
    try:
        deactivated(world.claire)
    finally:
        ENDINGS.remove(ended.append)
    assert ended == [world.claire]


def test_ending_access_leaves_the_account_open(client, world, django_capture_on_commit_callbacks):
    client.force_login(world.claire)
    with django_capture_on_commit_callbacks(execute=True):
        end_access(world.claire)
    assert client.get("/portal/").status_code == 302
    assert sign_in(client, world.claire.email)["Location"] == "/"
    assert client.get("/portal/").status_code == 200

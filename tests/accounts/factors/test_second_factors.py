"""The second step: asked for, kept sealed, and no way of signing in goes around it."""

import logging

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.urls import reverse

from accounts.invitations import invitation_token, send_invitation
from tests.accounts.factors.conftest import code_of
from tests.accounts.test_signing_in import sign_in
from tests.world import PASSWORD

SECOND_STEP = "/account/factors/authenticate/"


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_password_alone_does_not_open_an_account_with_an_application(client, world, with_application):
    secret = with_application(world.agnes)
    assert sign_in(client, world.agnes.email)["Location"] == SECOND_STEP
    assert not is_in(client)
    assert client.post(SECOND_STEP, {"code": "000000"}).status_code == 200
    assert not is_in(client)
    assert client.post(SECOND_STEP, {"code": code_of(secret)})["Location"] == "/"
    assert is_in(client)


def test_a_code_is_good_once(client, world, with_application, client_elsewhere):
    code = code_of(with_application(world.agnes))
    sign_in(client, world.agnes.email)
    client.post(SECOND_STEP, {"code": code})
    sign_in(client_elsewhere, world.agnes.email)
    client_elsewhere.post(SECOND_STEP, {"code": code})
    assert is_in(client) and not is_in(client_elsewhere)


def test_a_recovery_code_is_good_once(client, world, with_application, client_elsewhere):
    with_application(world.agnes)
    code = RecoveryCodes.activate(world.agnes).get_unused_codes()[0]
    for browser, opened in ((client, True), (client_elsewhere, False)):
        sign_in(browser, world.agnes.email)
        browser.post(SECOND_STEP, {"code": code})
        assert is_in(browser) is opened


def test_wrong_codes_are_counted_by_person_and_then_even_the_right_one_waits(client, world, with_application):
    secret = with_application(world.agnes)
    sign_in(client, world.agnes.email)
    for _ in range(5):
        client.post(SECOND_STEP, {"code": "000000"})
    client.post(SECOND_STEP, {"code": code_of(secret)})
    assert not is_in(client)


def test_the_second_step_cannot_be_reached_without_the_first(client, world, with_application):
    with_application(world.agnes)
    assert client.get(SECOND_STEP)["Location"] == "/account/login/"


def test_an_invitation_does_not_go_around_the_second_factor(client, world, with_application):
    with_application(world.agnes)
    send_invitation(world.agnes)
    chosen = {"new_password1": "un mot de passe bien long", "new_password2": "un mot de passe bien long"}
    answer = client.post(reverse("invitation", args=[invitation_token(world.agnes)]), chosen)
    assert answer["Location"] == SECOND_STEP
    assert not is_in(client)


def test_a_link_received_by_mail_does_not_go_around_it_either(client, world, with_application):
    with_application(world.claire)
    client.post("/account/password/reset/", {"email": world.claire.email})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    chosen = {"password1": "un autre mot de passe", "password2": "un autre mot de passe"}
    client.post(page.request["PATH_INFO"], chosen)
    assert not is_in(client)
    assert sign_in(client, world.claire.email, "un autre mot de passe")["Location"] == SECOND_STEP


def test_an_application_is_added_with_the_first_code_and_recovery_codes_follow(client, world):
    sign_in(client, world.claire.email)
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, "a person who signed in a moment ago is not asked again"
    refused = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert refused.context["form"].errors["code"]
    secret = refused.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert len(client.get(answer["Location"]).context["unused_codes"]) == 10
    listed = client.get(reverse("mfa_download_recovery_codes"))
    assert len(listed.content.split()) == 10
    assert "attachment" in listed["Content-Disposition"]


def test_a_change_to_the_sign_in_is_told_by_mail(client, world, django_capture_on_commit_callbacks):
    sign_in(client, world.claire.email)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    notice = mail.outbox[-1]
    assert notice.to == [world.claire.email]
    assert "Une application d’authentification" in notice.body and "127.0.0.1" in notice.body


def test_who_signed_in_long_ago_says_again_who_they_are(client, world):
    client.force_login(world.claire)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    again = client.post(answer["Location"], {"password": PASSWORD})
    assert again["Location"] == reverse("mfa_activate_totp")
    assert client.get(again["Location"]).status_code == 200


def test_what_is_kept_is_sealed(world, with_application):
    secret = with_application(world.agnes)
    kept = Authenticator.objects.get(user=world.agnes).data["secret"]
    assert secret not in kept
    assert Authenticator.objects.get(user=world.agnes).wrap().validate_code(code_of(secret))


def test_a_factor_sealed_under_a_lost_key_is_refused_and_never_read_as_empty(
    client, world, with_application, settings, caplog
):
    secret = with_application(world.agnes)
    settings.SECRET_KEY = "another key"
    sign_in(client, world.agnes.email)
    with caplog.at_level(logging.ERROR):
        page = client.post(SECOND_STEP, {"code": code_of(secret)})
    assert page.context["form"].errors["code"] and not is_in(client)
    assert "sealed under another SECRET_KEY" in caplog.text


def test_a_former_key_still_opens_what_it_sealed(world, with_application, settings):
    secret = with_application(world.agnes)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert Authenticator.objects.get(user=world.agnes).wrap().validate_code(code_of(secret))


def test_the_platform_administrator_takes_lost_factors_off_and_the_person_is_told(
    client, world, with_application, client_elsewhere
):
    with_application(world.agnes)
    client_elsewhere.force_login(world.agnes)
    client.force_login(world.paul)
    form = {"action": "remove_factors", "_selected_action": [world.agnes.pk, world.bruno.pk]}
    client.post(reverse("admin:accounts_user_changelist"), form)
    assert not Authenticator.objects.exists()
    assert [message.to for message in mail.outbox] == [[world.agnes.email]]
    assert client_elsewhere.get("/queue/").status_code == 302, "her sessions are closed"

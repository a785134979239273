"""The door: it opens for who knows the password, and says nothing to anybody else."""

import re

import pytest
from django.core import mail

from tests.world import PASSWORD

LOGIN = "/account/login/"
RESET = "/account/password/reset/"


def sign_in(client, email, password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def link_in(message) -> str:
    return re.search(r"https?://\S+?(/account/\S+)", message.body).group(1)


def without_token(page: bytes) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]+', "", page.decode())


@pytest.mark.parametrize(
    ("who", "where"), [("claire", "/"), ("agnes", "/"), ("paul", "/")], ids=["client", "agent", "platform"]
)
def test_the_right_password_opens_the_product(client, world, who, where):
    assert sign_in(client, getattr(world, who).email)["Location"] == where


def test_the_case_of_an_address_does_not_matter(client, world):
    assert sign_in(client, world.claire.email.upper()).status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, world):
    known = without_token(sign_in(client, world.claire.email, "wrong").content)
    unknown = without_token(sign_in(client, "nobody@nowhere.example", "wrong").content)
    assert known.replace(world.claire.email, "…") == unknown.replace("nobody@nowhere.example", "…")


def test_a_closed_account_does_not_open(client, world):
    world.claire.is_active = False
    world.claire.save()
    sign_in(client, world.claire.email)
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_even_the_right_one_waits(client, world):
    for _ in range(5):
        sign_in(client, world.claire.email, "wrong")
    sign_in(client, world.claire.email)
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_form(client, world):
    client.force_login(world.claire)
    client.get("/account/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/account/logout/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client, db, django_user_model):
    answer = client.post(
        "/account/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "account/signup_closed.html" in [template.name for template in answer.templates]
    assert not django_user_model.objects.exists()


def test_a_forgotten_password_is_chosen_anew_through_a_link_that_works_once(client, world, settings):
    settings.SITE_URL = "https://support.vendor.example"
    client.post(RESET, {"email": world.claire.email}, headers={"host": "localhost"})
    message = mail.outbox[0]
    assert message.to == [world.claire.email]
    assert "https://support.vendor.example/account/password/reset/key/" in message.body
    assert message.alternatives[0].mimetype == "text/html"
    page = client.get(link_in(message), follow=True)
    chosen = {"password1": "un autre mot de passe", "password2": "un autre mot de passe"}
    client.post(page.request["PATH_INFO"], chosen)
    world.claire.refresh_from_db()
    assert world.claire.check_password("un autre mot de passe")
    again = client.get(link_in(message), follow=True)
    assert again.context["token_fail"]


def test_the_page_that_follows_a_request_says_the_same_to_everybody(client, world):
    known = client.post(RESET, {"email": world.claire.email}, follow=True)
    unknown = client.post(RESET, {"email": "nobody@nowhere.example"}, follow=True)
    assert without_token(known.content) == without_token(unknown.content)
    # A stranger, whose address somebody typed, is not written to.
    assert [message.to for message in mail.outbox] == [[world.claire.email]]


def test_the_reset_mail_names_the_site_and_the_vendor_and_asks_for_no_automatic_answer(
    client, world, settings
):
    settings.SITE_URL = "https://support.vendor.example"
    client.post(RESET, {"email": world.claire.email})
    written = mail.outbox[0].message()
    assert written["Message-ID"].endswith("@support.vendor.example>")
    assert written["Auto-Submitted"] == "auto-generated"
    text, page = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    assert text.rstrip().endswith("\nhttps://support.vendor.example")
    assert f"\n--\n{settings.VENDOR_NAME} · " in text
    assert f"{settings.VENDOR_NAME} · " in page and 'href="https://support.vendor.example"' in page


def test_the_reset_mail_is_in_the_person_s_language(client, world):
    world.claire.language = "en"
    world.claire.save()
    client.post(RESET, {"email": world.claire.email}, headers={"accept-language": "fr"})
    assert mail.outbox[0].body.startswith("Hello Claire,")


def test_a_new_password_needs_the_present_one(client, world):
    client.force_login(world.claire)
    chosen = {"password1": "un autre mot de passe", "password2": "un autre mot de passe"}
    refused = client.post("/account/password/change/", {"oldpassword": "wrong", **chosen})
    assert "oldpassword" in refused.context["form"].errors
    kept = client.post("/account/password/change/", {"oldpassword": PASSWORD, **chosen})
    assert kept["Location"] == "/account/profile/"
    assert client.get("/account/profile/").status_code == 200, "the session goes on"


@pytest.mark.parametrize(
    "password", ["short", "123456789012", "password1234", "claire.fontaine@brasserie.example"]
)
def test_a_weak_password_is_refused_with_a_reason(client, world, password):
    client.force_login(world.claire)
    answer = client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert answer.context["form"].errors["password1"]

"""The back office about people: created, invited, trained; an error sits on the field to mend."""

import html
import re

import pytest
from django.core import mail
from django.test import Client as Browser

from accounts.models import Client, Solution, Training, User

OFFICE = "/back-office/"
PEOPLE = f"{OFFICE}accounts/user/"


@pytest.fixture
def office(client, world):
    client.force_login(world.paul)
    return client


def nina(**changes: object) -> dict[str, object]:
    return {
        "first_name": "Nina", "last_name": "Roche", "email": "Nina.Roche@Brasserie.example", "role": "reader",
        "client": "", "telephone": "", "language": "fr", "time_zone": "Europe/Paris", "is_active": "on", **changes,
    }  # fmt: skip


def errors_of(answer) -> dict[str, list[str]]:
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("who", ["claire", "rachel", "marc", "agnes", "maud"])
def test_the_back_office_opens_for_the_platform_administrator_alone(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(OFFICE, follow=True).status_code == 403


def test_a_stranger_is_sent_to_the_one_sign_in_page(client, db):
    assert client.get(OFFICE, follow=True).redirect_chain[-1][0] == "/account/login/?next=%2Fback-office%2F"


def test_only_screens_of_our_own_are_registered(office, world):
    page = office.get(OFFICE)
    assert {app["app_label"] for app in page.context["app_list"]} == {"accounts", "sla", "tickets"}


def test_a_person_created_is_invited_once_everything_is_written(
    office, world, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post(f"{PEOPLE}add/", nina(client=world.client.pk)).status_code == 302
    created = User.objects.get(email="nina.roche@brasserie.example")
    assert not created.has_usable_password()
    assert [message.to for message in mail.outbox] == [[created.email]]


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_out_of_order_loses_nothing(office, world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    office.post(f"{PEOPLE}add/", nina(client=world.client.pk))
    assert User.objects.filter(email="nina.roche@brasserie.example").exists()
    page = office.get(PEOPLE)
    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]


@pytest.mark.parametrize(
    ("role", "with_client"), [("reader", False), ("administrator", False), ("agent", True), ("manager", True)]
)
def test_role_and_client_that_do_not_go_together_are_refused_on_the_client(office, world, role, with_client):
    values = nina(role=role, client=world.client.pk if with_client else "")
    assert list(errors_of(office.post(f"{PEOPLE}add/", values))) == ["client"]


def test_an_address_is_one_account_whatever_its_case(office, world):
    values = nina(client=world.client.pk, email=world.claire.email.upper())
    assert list(errors_of(office.post(f"{PEOPLE}add/", values))) == ["email"]


def test_a_trained_person_does_not_change_clients(office, world):
    values = nina(
        first_name="Claire", email=world.claire.email, role="administrator", client=world.other_client.pk
    )
    assert list(errors_of(office.post(f"{PEOPLE}{world.claire.pk}/change/", values))) == ["client"]


def test_a_former_address_opens_the_account_no_more(office, world):
    browser = Browser()
    former = world.claire.email
    browser.post("/account/password/reset/", {"email": former})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]
    chosen = "quatre mots pris au hasard"
    form = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": chosen, "password2": chosen})
    values = nina(
        first_name="Claire", email="nouvelle@brasserie.example", role="administrator", client=world.client.pk
    )
    assert office.post(f"{PEOPLE}{world.claire.pk}/change/", values).status_code == 302
    mail.outbox.clear()
    Browser().post("/account/password/reset/", {"email": former})
    assert "/password/reset/key/" not in "".join(str(message.body) for message in mail.outbox)
    refused = Browser().post("/account/login/", {"login": former, "password": chosen})
    assert refused.status_code == 200
    opened = Browser().post("/account/login/", {"login": "nouvelle@brasserie.example", "password": chosen})
    assert opened.status_code == 302


def test_who_has_filed_does_not_change_clients_even_once_untrained(office, world):
    world.file()
    world.claire.trainings.all().delete()
    values = nina(
        first_name="Claire", email=world.claire.email, role="administrator", client=world.other_client.pk
    )
    assert list(errors_of(office.post(f"{PEOPLE}{world.claire.pk}/change/", values))) == ["client"]


def test_inviting_again_reaches_only_those_without_a_password(office, world):
    waiting = User.objects.create_user(
        "omar@vendor.example", first_name="Omar", last_name="Diallo", role="agent"
    )
    office.post(PEOPLE, {"action": "invite", "_selected_action": [waiting.pk, world.agnes.pk]})
    assert [message.to for message in mail.outbox] == [[waiting.email]]
    world.agnes.refresh_from_db()
    assert world.agnes.has_usable_password()


def test_accounts_are_closed_together_save_one_s_own(office, world):
    office.post(PEOPLE, {"action": "deactivate", "_selected_action": [world.agnes.pk, world.paul.pk]})
    world.agnes.refresh_from_db()
    world.paul.refresh_from_db()
    assert (world.agnes.is_active, world.paul.is_active) == (False, True)
    assert world.agnes.history.latest().history_user == world.paul


def test_nobody_is_deleted(office, world):
    assert office.post(f"{PEOPLE}{world.agnes.pk}/delete/", {"post": "yes"}).status_code == 403
    office.post(PEOPLE, {"action": "delete_selected", "_selected_action": [world.agnes.pk], "post": "yes"})
    assert User.objects.filter(pk=world.agnes.pk).exists()


@pytest.mark.parametrize("screen", ["accounts/client", "accounts/solution", "accounts/user", "sla/contract"])
def test_what_tickets_refer_to_is_not_deleted_even_in_bulk_and_the_screen_says_why(office, world, screen):
    page = office.get(f"{OFFICE}{screen}/")
    key = page.context["cl"].result_list[0].pk
    assert b"delete_selected" not in page.content
    assert office.get(f"{OFFICE}{screen}/{key}/delete/").status_code == 403
    shown = office.get(f"{OFFICE}{screen}/{key}/change/")
    model_admin = shown.context["adminform"].model_admin
    assert str(model_admin.kept_because) in html.unescape(shown.content.decode())


def test_a_past_state_is_read_and_never_written_back(office, world):
    record = world.client.history.latest()
    address = f"{OFFICE}accounts/client/{world.client.pk}/history/"
    assert office.get(address).status_code == 200
    # Any address below a row falls to Django's own redirection, which finds nothing to change there.
    office.post(f"{address}{record.pk}/", {"name": "Autre", "code": "autre"})
    assert Client.objects.get(pk=world.client.pk).name == "Brasserie du Nord"


def training(**changes: object) -> dict[str, object]:
    return {"trained_on": "2026-01-10", "trainer": "Formateur", "expires_on": "", **changes}


def test_a_training_is_filled_with_its_person_s_client(office, world):
    values = training(person=world.lucas.pk, solution=world.solution.pk)
    assert office.post(f"{OFFICE}accounts/training/add/", values).status_code == 302
    assert Training.objects.get(person=world.lucas).client == world.client


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_on": "2026-01-09"}, "expires_on"),
        ({"trainer": ""}, "trainer"),
        ({"trained_on": "2026-02-30"}, "trained_on"),
    ],
)
def test_an_impossible_training_is_refused_on_its_field(office, world, changes, field):
    values = training(person=world.lucas.pk, solution=world.solution.pk, **changes)
    assert list(errors_of(office.post(f"{OFFICE}accounts/training/add/", values))) == [field]


def test_somebody_of_the_vendor_is_not_trained_to_file(office, world):
    values = training(person=world.agnes.pk, solution=world.solution.pk)
    assert list(errors_of(office.post(f"{OFFICE}accounts/training/add/", values))) == ["person"]


def test_every_change_is_kept_with_its_author(office, world):
    address = f"{OFFICE}accounts/solution/{world.solution.pk}/change/"
    office.post(address, {"name": "Gestia 2", "code": "gestia", "is_active": "on"})
    assert Solution.objects.get(pk=world.solution.pk).name == "Gestia 2"
    assert world.solution.history.latest().history_user == world.paul

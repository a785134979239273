"""Tokens: shown once, hashed, expiring, revoked, scoped, never above their person; and the session of a browser."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tickets.api.asking import V1, Asker, problem
from tests.tickets.record.lives import Lives
from tests.world import World
from tickets.actions.tokens import create_token, revoke_token
from tickets.models import ApiToken, Scope


def test_nobody_is_told_to_bring_a_token_in_the_language_asked_for(client: Client, db) -> None:
    answer = client.get(f"{V1}/tickets", headers={"Accept-Language": "en"})
    said = problem(answer, 401, "not-signed-in")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert said["title"] == "Nobody is signed in"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer hd_unknown", "Bearer é", "Bearer \x00", "Basic eA=="]
)
def test_what_is_no_token_opens_nothing(client: Client, db, header: str) -> None:
    problem(client.get(f"{V1}/tickets", headers={"Authorization": header}), 401, "not-signed-in")


def test_only_the_digest_of_a_token_is_kept(world: World) -> None:
    asker = Asker(world.claire)
    kept = ApiToken.objects.values().get()
    assert asker.secret.startswith("hd_")
    assert asker.secret not in str(kept)
    assert asker.secret not in repr(asker.token)


def test_a_token_ends_when_it_expires_is_revoked_or_its_person_leaves(world: World) -> None:
    claire, lucas, olivia = Asker(world.claire), Asker(world.lucas), Asker(world.olivia)
    assert claire.get("me").status_code == lucas.get("me").status_code == olivia.get("me").status_code == 200
    revoke_token(claire.token, at=timezone.now())
    answers = [claire.get("me")]
    world.lucas.is_active = False
    world.lucas.save()
    answers.append(lucas.get("me"))
    ApiToken.objects.filter(pk=olivia.token.pk).update(expiry=timezone.now())
    answers.append(olivia.get("me"))
    for answer in answers:
        problem(answer, 401, "not-signed-in")
    assert len({answer.content for answer in answers}) == 1


def test_a_token_that_reads_writes_nothing(world: World) -> None:
    ticket, reader = Lives(world).waiting_client(), Asker(world.claire, Scope.READ)
    assert reader.get(f"tickets/{ticket.pk}").status_code == 200
    answer = reader.post(f"tickets/{ticket.pk}/actions/answer", {"message": "La 4.2.1."})
    assert "programme" in problem(answer, 403, "read-only-token")["detail"]
    ticket.refresh_from_db()
    assert ticket.state == "waiting_client"


def test_a_token_never_does_more_than_its_person_may_now(world: World) -> None:
    ticket, claire = Lives(world).waiting_client(), Asker(world.claire)
    world.claire.trainings.update(expires_on=timezone.localdate() - timedelta(days=1))
    world.client.readers_allowed = True
    world.client.save()
    answer = claire.post(f"tickets/{ticket.pk}/actions/answer", {"message": "La 4.2.1."})
    assert problem(answer, 403, "not-permitted")["rule"] == "C-WHO-1"


def test_the_last_use_is_kept_to_the_minute(world: World) -> None:
    asker, at = Asker(world.claire), timezone.now()
    with time_machine.travel(at, tick=False):
        asker.get("me")
    with time_machine.travel(at + timedelta(seconds=59), tick=False):
        asker.get("me")
    assert ApiToken.objects.get().last_used_at == at
    with time_machine.travel(at + timedelta(seconds=61), tick=False):
        asker.get("me")
    assert ApiToken.objects.get().last_used_at == at + timedelta(seconds=61)


def test_a_browsers_session_reads_and_writes_with_its_csrf_token(world: World) -> None:
    ticket = Lives(world).waiting_client()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.claire)
    assert browser.get(f"{V1}/me").json()["token"] is None
    path, body = f"{V1}/tickets/{ticket.pk}/actions/answer", {"message": "La 4.2.1."}
    refused = browser.post(path, body, content_type="application/json")
    assert "CSRF" in problem(refused, 403, "not-permitted")["detail"]
    browser.get(reverse("ticket", args=[ticket.pk]))
    csrf = browser.cookies["csrftoken"].value
    answer = browser.post(path, body, content_type="application/json", headers={"X-CSRFToken": csrf})
    assert answer.status_code == 200


def test_a_token_is_created_in_the_profile_and_shown_once(world: World, client: Client) -> None:
    client.force_login(world.claire)
    page = reverse("api_tokens")
    assert client.get(page).status_code == 200
    answer = client.post(page, {"name": "Sauvegarde", "scope": "read", "days": "30"})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    again = client.get(page).content.decode()
    assert secret not in again
    assert "Sauvegarde" in again
    used = Client().get(f"{V1}/me", headers={"Authorization": f"Bearer {secret}"})
    assert used.json()["token"]["scope"] == "read"
    twice = client.post(page, {"name": "Sauvegarde", "scope": "read", "days": "30"})
    assert twice.status_code == 422
    assert ApiToken.objects.count() == 1
    wrong = client.post(page, {"name": "", "scope": "all", "days": "100000"})
    assert set(wrong.context["form"].errors) == {"name", "scope", "days"}


def test_a_token_is_revoked_in_the_profile_by_its_person_alone(world: World, client: Client) -> None:
    asker = Asker(world.claire)
    url = reverse("api_token_revoke", args=[asker.token.key])
    client.force_login(world.olivia)
    assert client.post(url).status_code == 404
    assert asker.get("me").status_code == 200
    client.force_login(world.claire)
    assert client.get(url).status_code == 405
    assert client.post(url, follow=True).status_code == 200
    problem(asker.get("me"), 401, "not-signed-in")
    assert client.get(reverse("api_tokens")).context["tokens"] == []


def test_a_name_serves_again_once_its_token_is_over(world: World) -> None:
    first, at = Asker(world.claire), timezone.now()
    with pytest.raises(ValidationError, match="name"):
        create_token(world.claire, name="programme", scope=Scope.READ, days=1, at=at)
    create_token(world.claire, name="programme", scope=Scope.READ, days=1, at=at + timedelta(days=31))
    problem(first.get("me"), 401, "not-signed-in")


def test_a_token_lives_no_longer_than_the_instance_allows_and_nobody_has_too_many(
    world: World, settings
) -> None:
    settings.API_TOKEN_MAX_DAYS, settings.API_TOKENS_PER_PERSON, at = 30, 1, timezone.now()
    with pytest.raises(ValidationError, match="30"):
        create_token(world.claire, name="a", scope=Scope.READ, days=31, at=at)
    create_token(world.claire, name="a", scope=Scope.READ, days=30, at=at)
    with pytest.raises(ValidationError, match="trop de jetons"):
        create_token(world.claire, name="b", scope=Scope.READ, days=30, at=at)


def test_the_database_refuses_a_token_of_one_clients_person_under_another(world: World) -> None:
    token = Asker(world.claire).token
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(client=world.other_client)
        transaction.get_connection().check_constraints()

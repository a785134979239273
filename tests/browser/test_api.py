"""A token created, copied and revoked in a real browser; the documentation of the API as people read it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.looking import look_at
from tests.tickets.api.asking import V1
from tests.world import World


def test_a_person_creates_a_token_copies_it_and_revokes_it(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.claire)
    page.goto("/account/profile/")
    page.get_by_role("link", name="Jetons d’API").click()
    expect(page.get_by_text("Aucun jeton")).to_be_visible()
    look_at(page, "tokens-empty")
    page.get_by_label("Nom").fill("Sauvegarde de nuit")
    page.get_by_label("Lecture et écriture").check()
    page.get_by_role("button", name="Créer le jeton").click()
    secret = page.locator(".api-secret")
    expect(secret).to_have_text(re.compile("^hd_[0-9a-f]{64}$"))
    look_at(page, "token-created")
    bearer = {"Authorization": f"Bearer {secret.inner_text()}"}
    page.context.clear_cookies()
    assert page.request.get(f"{V1}/me", headers=bearer).json()["token"]["scope"] == "write"
    sign_in(page, world.claire)
    page.goto("/account/tokens/")
    expect(secret).to_have_count(0)
    expect(page.get_by_text("Dernière utilisation le")).to_be_visible()
    page.get_by_role("button", name="Révoquer").click()
    expect(page.get_by_text("n’ouvre plus rien")).to_be_visible()
    page.context.clear_cookies()
    assert page.request.get(f"{V1}/me", headers=bearer).status == 401


def test_the_documentation_opens_each_operation(page: Page, sign_in, world: World) -> None:
    sign_in(page, world.agnes)
    page.goto(f"{V1}/docs")
    expect(page.get_by_role("heading", name="Documentation de l’API")).to_be_visible()
    operation = page.locator("#tickets_deliver")
    operation.locator("summary").click()
    expect(operation.get_by_role("rowheader", name="how_to_test")).to_be_visible()
    page.locator("#tickets_list summary").click()
    look_at(page, "api-documentation")

"""Who may what, function by function and role by role; nobody may anything once deactivated, nor a closed client's."""

from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.mixins import UserPassesTestMixin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import get_resolver, reverse

from accounts.admin import PersonAdmin
from accounts.deputies import may_name_deputy_of, possible_deputies
from accounts.factors.adapter import FactorAdapter
from accounts.factors.requirement import has_factor, lacks_required_factor
from accounts.history_admin import KeptAdmin, ReadOnlyAdmin
from accounts.models import Client, Role, Training, User
from accounts.permissions import runs_organisation
from sla.admin import VersionAdmin
from sla.models import CalendarVersion
from sla.permissions import may_edit_terms
from sla.publication import next_draft
from tests.world import World, paris, person
from tickets import permissions as may
from tickets.actions.anomalies import record_anomaly, record_delivery
from tickets.actions.canned import keep_canned
from tickets.actions.erasing import erase_person

AT = paris("2026-04-28 14:00")
PEOPLE = ["rachel", "lucas", "claire", "marc", "agnes", "maud", "paul"]
VENDOR, CLIENTS = {"agnes", "maud", "paul"}, {"rachel", "lucas", "claire", "marc"}
WHO: dict[Callable[[User], bool], set[str]] = {
    may.may_register: {"agnes", "maud"},
    may.may_keep_anomalies: {"agnes", "maud"},
    may.may_use_canned: {"agnes", "maud"},
    may.may_read_queue: VENDOR,
    may.may_read_own_list: CLIENTS,
    may.may_read_figures: {"marc", "maud"},
    may.may_keep_breach_file: {"maud"},
    may.may_recompute: {"maud"},
    may.may_read_trainings: VENDOR,
    may.may_keep_trainings: {"maud", "paul"},
    may.may_erase: {"paul"},
    may.may_follow_exports: {"marc", "maud", "paul"},
    may_edit_terms: {"maud", "paul"},
}
# Rights that are rows: what is asked, and who finds any.
ROWS: dict[str, tuple[Callable[[User], bool], set[str]]] = {
    "contracts for filing": (lambda user: may.contracts_for_filing(user, AT).exists(), {"claire"}),
    "trainings": (lambda user: may.trainings_of(user, AT).exists(), {"claire"}),
    "clients to export": (lambda user: may.clients_to_export(user).exists(), {"marc", "maud", "paul"}),
}


@pytest.mark.parametrize("asked", WHO, ids=lambda asked: asked.__name__)
def test_a_right_is_of_those_roles_and_of_nobody_deactivated(
    world: World, asked: Callable[[User], bool]
) -> None:
    people = {name: getattr(world, name) for name in PEOPLE}
    assert {name for name, user in people.items() if asked(user)} == WHO[asked]
    for user in people.values():
        user.is_active = False
    assert not any(asked(user) for user in people.values())


@pytest.mark.parametrize("asked", ROWS)
def test_rows_are_found_by_those_roles_and_by_nobody_deactivated(world: World, asked: str) -> None:
    finds, expected = ROWS[asked]
    # A training is worth nothing to who is no administrator.
    for trained in (world.rachel, world.marc):
        Training.objects.create(
            client=world.client, person=trained, solution=world.solution, trained_on=AT.date(), trainer="Une"
        )
    people = {name: getattr(world, name) for name in PEOPLE}
    assert {name for name, user in people.items() if finds(user)} == expected
    for user in people.values():
        user.is_active = False
    assert not any(finds(user) for user in people.values())


@pytest.mark.parametrize(
    "asked", [may.may_read_figures, may.may_follow_exports], ids=lambda asked: asked.__name__
)
def test_the_manager_of_a_client_that_is_closed_has_the_right_no_more(
    world: World, asked: Callable[[User], bool]
) -> None:
    Client.objects.filter(pk=world.client.pk).update(is_active=False)
    assert not asked(User.objects.select_related("client").get(pk=world.marc.pk))


def test_canned_answers_are_of_who_answers_clients(world: World) -> None:
    keep_canned(None, by=world.maud, title="Accueil", body="Bonjour.", is_shared=True)
    assert {name for name in PEOPLE if may.canned_for(getattr(world, name)).exists()} == {"agnes", "maud"}


def test_a_deputy_is_named_inside_one_client_by_its_manager_or_for_oneself(world: World) -> None:
    theirs = person("Mila Autre", Role.CLIENT_MANAGER, world.other_client)
    namers = (world.claire, world.lucas, world.rachel, world.marc, theirs, world.olivia, world.maud)
    assert {by.pk for by in namers if may_name_deputy_of(by, world.claire)} == {
        world.claire.pk,
        world.marc.pk,
    }
    world.marc.is_active = False
    assert not may_name_deputy_of(world.marc, world.claire)


def test_a_deputy_has_a_training_for_a_solution_of_the_person_s_own(world: World) -> None:
    for solution in (world.other_solution, world.solution):
        assert not possible_deputies(world.claire, AT.date()).exists()
        Training.objects.create(
            client=world.client, person=world.lucas, solution=solution, trained_on=AT.date(), trainer="Une"
        )
    assert list(possible_deputies(world.claire, AT.date())) == [world.lucas]
    assert not possible_deputies(world.rachel, AT.date()).exists(), "who has no training has no deputy"


def test_an_organisation_is_run_by_its_manager_and_whom_a_training_of_their_own_allows(world: World) -> None:
    ran = {name for name in PEOPLE if runs_organisation(getattr(world, name), AT.date())}
    assert ran == {"claire", "marc"}


def test_one_s_second_factor_is_one_s_own_and_the_last_one_stays(world: World, settings) -> None:
    settings.MFA_REQUIRED_ROLES = [Role.MANAGER]
    Authenticator.objects.create(user=world.agnes, type=Authenticator.Type.TOTP, data={})
    assert lacks_required_factor(world.maud), "an agent's factor is no manager's"
    assert not has_factor(world.maud)
    codes = Authenticator.objects.create(user=world.maud, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not has_factor(world.maud), "recovery codes are no factor"
    own = Authenticator.objects.create(user=world.maud, type=Authenticator.Type.TOTP, data={})
    assert has_factor(world.maud)
    assert not FactorAdapter().can_delete_authenticator(own)
    codes.delete()
    Authenticator.objects.create(user=world.maud, type=Authenticator.Type.WEBAUTHN, data={})
    assert FactorAdapter().can_delete_authenticator(own)


def test_a_page_for_some_roles_alone_refuses_a_stranger_by_itself(db) -> None:
    """The role is asked as well as the sign-in: either refuses a stranger without the other."""
    get_resolver().url_patterns  # noqa: B018  (loads every page)
    waiting, views = [UserPassesTestMixin], []
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            views += [each] if "test_func" in vars(each) else []
    assert len(views) >= 9
    for each in views:
        view = each()
        view.request = SimpleNamespace(user=AnonymousUser())
        # A stranger has no role: what asks for one fails rather than let in.
        with suppress(AttributeError):
            assert not view.test_func(), each


def request_of(user: User) -> object:
    request = RequestFactory().get("/")
    request.user = user
    return request


def screens(kind: type) -> list[tuple[type[Model], admin.ModelAdmin]]:
    return [(model, screen) for model, screen in admin.site._registry.items() if isinstance(screen, kind)]


def test_the_back_office_s_screens_that_only_show_write_nothing(world: World) -> None:
    asked, paul = request_of(world.paul), Browser()
    paul.force_login(world.paul)
    assert len(screens(ReadOnlyAdmin)) >= 3
    for model, screen in screens(ReadOnlyAdmin):
        assert not screen.has_add_permission(asked), model
        assert not screen.has_change_permission(asked), model
        assert not screen.has_delete_permission(asked), model
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
        assert paul.post(address).status_code == 403, model


def test_what_tickets_refer_to_is_never_deleted_from_the_back_office(world: World) -> None:
    asked = request_of(world.paul)
    assert len(screens(KeptAdmin)) >= 4
    for model, screen in screens(KeptAdmin):
        assert not screen.has_delete_permission(asked, model.objects.first()), model


def test_a_published_version_is_only_read_in_the_back_office(world: World) -> None:
    asked, published = request_of(world.paul), CalendarVersion.objects.get()
    draft = next_draft(published, by=world.maud)
    for model, screen in screens(VersionAdmin):
        row, other = (published, draft) if model is CalendarVersion else (model.objects.first(), None)
        assert not screen.has_change_permission(asked, row), model
        assert not screen.has_delete_permission(asked, row), model
        assert not screen.has_delete_permission(asked, None), "one at a time"
        if other:
            assert screen.has_change_permission(asked, other)
            assert screen.has_delete_permission(asked, other)
        for inline in screen.get_inline_instances(asked, row):
            for verb in ("add", "change", "delete"):
                allows = getattr(inline, f"has_{verb}_permission")
                assert not allows(asked, row), (inline, verb)
                assert other is None or allows(asked, other), (inline, verb)


def test_an_erased_person_is_changed_no_more(world: World) -> None:
    screen = PersonAdmin(User, admin.site)
    assert screen.has_change_permission(request_of(world.paul), world.rachel)
    erase_person(world.rachel, motive="Demande.", by=world.paul, at=AT)
    world.rachel.refresh_from_db()
    assert not screen.has_change_permission(request_of(world.paul), world.rachel)


@pytest.mark.parametrize("name", ["anomaly_new", "anomaly_change", "anomaly_deliver", "anomaly_delivery"])
def test_who_keeps_no_defects_is_refused_before_what_is_typed_is_read(world: World, name: str) -> None:
    anomaly = record_anomaly(by=world.agnes, at=AT, solution=world.solution, title="Un", summary="Su.")
    delivery = record_delivery(anomaly, by=world.agnes, at=AT, what="fix", content="C", how_to_test="E")
    arguments = {"anomaly_new": [], "anomaly_delivery": [anomaly.pk, delivery.pk]}.get(name, [anomaly.pk])
    browser = Browser()
    browser.force_login(world.paul)
    assert browser.post(reverse(name, args=arguments), {}).status_code == 403


def test_a_sheet_that_is_none_is_asked_for_again(world: World) -> None:
    browser = Browser()
    browser.force_login(world.maud)
    assert browser.post(reverse("training_attendance"), {"act": "record"}).status_code == 422

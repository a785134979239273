"""Policies: a client reads those of its contracts; a draft is a table; bad delays are refused on their field."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sla.models import Policy, PolicyVersion
from sla.pages.drafts import mark_of
from sla.publication import next_draft, publish
from tests.sla.pages.reading import text_of
from tests.world import World


@pytest.fixture
def draft(world: World) -> PolicyVersion:
    return next_draft(PolicyVersion.objects.get(), by=world.maud)


def typed(**changes: object) -> dict[str, object]:
    delays = {
        "bloquante_acknowledge": (1, "hours"), "bloquante_resolve": (12, "hours"),
        "majeure_acknowledge": (2, "hours"), "majeure_resolve": (4, "days"),
        "mineure_acknowledge": (9, "hours"), "mineure_resolve": ("", "none"),
    }  # fmt: skip
    said: dict[str, object] = {
        "motive": "Délais raccourcis", "closing_days": "5", "reminder_days": "2, 4", "escalation_percents": "50, 100",
    }  # fmt: skip
    for name, (amount, unit) in delays.items():
        said |= {f"{name}_amount": amount, f"{name}_unit": unit}
    return {**said, **changes}


def address(draft: PolicyVersion, act: str = "") -> str:
    return reverse(f"policy_{act or 'draft'}", args=[draft.pk])


def test_a_client_reads_the_policies_of_its_own_contracts_only(browser, world: World) -> None:
    foreign = Policy.objects.create(name="Contrat d'un autre")
    PolicyVersion.objects.create(policy=foreign, number=1, published_at=timezone.now())
    world.other_contract.policy = foreign
    world.other_contract.save()
    for name in ("claire", "marc", "rachel", "lucas"):
        page = text_of(browser(name).get(reverse("policies")))
        assert "Standard" in page
        assert "7 business days" in page
        assert "no commitment" in page
        assert foreign.name not in page
        for route in ("policy", "policy_changes"):
            refused = browser(name).get(reverse(route, args=[foreign.pk]))
            assert (refused.status_code, refused.content) == (
                404, browser(name).get(reverse(route, args=[999_999])).content,
            )  # fmt: skip


def test_the_table_is_kept_as_typed_and_its_changes_are_said(browser, draft) -> None:
    maud = browser("maud")
    assert maud.post(address(draft), typed(seen=mark_of(draft))).status_code == 302
    stale = maud.post(address(draft), typed(seen=mark_of(draft), motive="Autre"))
    assert stale.status_code == 409
    assert "Somebody kept this draft otherwise while you were writing." in text_of(stale)
    draft.refresh_from_db()
    assert draft.targets == {
        "bloquante": {"acknowledge": {"hours": 1}, "resolve": {"hours": 12}},
        "majeure": {"acknowledge": {"hours": 2}, "resolve": {"days": 4}},
        "mineure": {"acknowledge": {"hours": 9}, "resolve": None},
    }
    page = text_of(maud.get(address(draft)))
    for said in (
        "Blocking, acknowledgement: 1 business hour instead of 2 business hours.",
        "Major, resolution: 4 business days instead of 7 business days.",
        "Escalation at (%): 50, 100 instead of 50, 75, 100.",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"majeure_resolve_amount": "0"}, "majeure_resolve", "Give a delay above 0"),
        ({"majeure_resolve_amount": "-3"}, "majeure_resolve", "Give a delay above 0"),
        ({"majeure_resolve_amount": "1.5"}, "majeure_resolve", "Business days are whole"),
        ({"majeure_resolve_amount": "999999"}, "majeure_resolve", "longer than ten years"),
        ({"bloquante_acknowledge_amount": "beaucoup"}, "bloquante_acknowledge", "Enter a number"),
        ({"bloquante_acknowledge_unit": "moons"}, "bloquante_acknowledge", "Select a valid choice"),
        ({"closing_days": "0"}, "closing_days", "at least one business day"),
        ({"reminder_days": "4, 2"}, "reminder_days", "larger than the one before it"),
        ({"reminder_days": "9"}, "reminder_days", "no later than the closing"),
        ({"escalation_percents": "50, 150"}, "escalation_percents", "100 % at most"),
        (
            {f"{severity}_{kind}_unit": "none" for severity in ("bloquante", "majeure", "mineure")
             for kind in ("acknowledge", "resolve")},
            "bloquante_acknowledge", "this policy would promise nothing",
        ),
    ],
)  # fmt: skip
def test_an_impossible_policy_is_refused_on_its_field_and_nothing_typed_is_lost(
    browser, draft, changes, field, reason
) -> None:
    answer = browser("maud").post(address(draft), typed(**{"motive": "Un mot gardé", **changes}))
    assert answer.status_code == 422
    assert reason in text_of(answer)
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert "Un mot gardé" in text_of(answer)
    draft.refresh_from_db()
    assert draft.motive == ""


def test_publishing_and_throwing_away(browser, world: World, draft) -> None:
    maud, other = browser("maud"), next_draft(PolicyVersion.objects.get(number=1), by=world.maud)
    words = {"motive": "Renégociation", "seen": mark_of(draft)}
    assert maud.post(address(draft, "publish"), {**words, "seen": "another"}).status_code == 409
    assert maud.post(address(draft, "publish"), words).status_code == 302
    draft.refresh_from_db()
    assert (draft.author, draft.motive) == (world.maud, "Renégociation")
    assert maud.post(address(draft, "discard")).status_code == 409
    assert maud.get(address(draft)).status_code == 409
    assert maud.post(address(other, "discard")).status_code == 302
    assert not PolicyVersion.objects.filter(pk=other.pk).exists()
    page = text_of(browser("claire").get(reverse("policy", args=[draft.policy_id])))
    assert "Version 2 in force" in page
    assert "Renégociation" in page


def test_who_does_not_edit_is_told_so(browser, draft) -> None:
    for name, status in (("claire", 404), ("agnes", 403), ("paul", 200)):
        assert browser(name).get(address(draft)).status_code == status
    for name, status in (("marc", 404), ("agnes", 403)):
        for route in ("policy_next", "policy_discard", "policy_publish", "policy_draft"):
            assert browser(name).post(reverse(route, args=[draft.pk])).status_code == status


def test_the_price_of_the_pages(browser, world: World, django_assert_num_queries) -> None:
    maud, policy = browser("maud"), world.contract.policy
    for turn in range(2):
        with django_assert_num_queries(4):
            maud.get(reverse("policies"))
        with django_assert_num_queries(4):
            maud.get(reverse("policy", args=[policy.pk]))
        Policy.objects.create(name=f"Autre {turn}")
        draft = next_draft(PolicyVersion.objects.order_by("number").first(), by=world.maud)
        draft.motive = "x"
        draft.save()
        publish(draft, by=world.maud, at=timezone.now())

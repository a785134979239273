"""Whose rows each question finds, asked where row-level security hides nothing.

The tests' own scope is the worker's, in which every client's rows are there: whatever is left out here, the
question itself left out.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.access import end_access
from accounts.admin import PersonAdmin, TrainingAdmin
from accounts.models import Client, IdentityDomain, IdentityProvider, Role, Training, User
from accounts.organisation_sign_in.adapter import OrganisationAdapter
from accounts.organisation_sign_in.leading import must_come_through_organisation
from accounts.organisation_sign_in.models import Protocol
from sla.models import CalendarFeed, Contract, Policy, PolicyVersion
from sla.policy import Severity
from tests.world import World, paris
from tickets.actions import client as clients
from tickets.actions import linking, vendor
from tickets.actions.desk import keep_display, save_view
from tickets.actions.erasing import erase_person
from tickets.actions.exporting import request_export
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.tokens import create_token
from tickets.actions.trainings import record_training
from tickets.actions.watching import unwatch, watch
from tickets.attachments import ReceivedFile
from tickets.desk.registering import RegisteringForm
from tickets.desk.saving import display_of
from tickets.drafts import discard as forget
from tickets.drafts import draft_of, keep, replies_begun, reply_to, writing
from tickets.list_exports.jobs import ask_export
from tickets.models import (
    ApiToken,
    Attachment,
    ClientExport,
    ExportFormat,
    ExportSource,
    ExportState,
    ListExport,
    Mail,
    Scope,
    Ticket,
    Watch,
)
from tickets.models.api import revoke_tokens
from tickets.models.desk import Density
from tickets.monthly.issuing import build_report
from tickets.monthly.timetable import without_report
from tickets.notifications.sending import send_waiting
from tickets.portal.filing import versions_given
from tickets.portal.hints import SimilarQuestion
from tickets.portal.listing import may_file_by_solution
from tickets.record.page import read_record
from tickets.reports.forms import PeriodForm
from tickets.reports.months import Month
from tickets.search.finding import Search
from tickets.similar import similar_open
from tickets.simulator.forms import default_terms
from tickets.trainings.forms import RecordForm

AT = paris("2026-04-28 14:00")


def paper(content: bytes = b"journal") -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile("a.txt", content), "a.txt", "text/plain")


def filed(world: World, contract: Contract, by: User, **said: object) -> Ticket:
    filing = Filing(
        **{"title": "Export comptable vide", "description": "Rien.", "severity": Severity.MAJEURE, **said}
    )
    return file_ticket(contract, filing, by=by, at=paris("2026-04-28 10:30"))


@pytest.fixture
def theirs(world: World) -> Ticket:
    return filed(world, world.other_contract, world.olivia, affected_version="9.9", attachments=[paper()])


@pytest.fixture
def ours(world: World, theirs: Ticket) -> Ticket:
    return filed(world, world.contract, world.claire, affected_version="1.1", attachments=[paper()])


def test_the_end_of_access_is_one_person_s(world: World, django_capture_on_commit_callbacks) -> None:
    for one in (world.claire, world.agnes):
        UserSession.objects.create(user=one, session_key=f"s{one.pk}", ip="127.0.0.1")
        create_token(one, name="Programme", scope=Scope.READ, days=9, at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        end_access(world.claire)
    assert list(UserSession.objects.values_list("user", flat=True)) == [world.agnes.pk]
    assert list(ApiToken.objects.filter(revoked_at=None).values_list("user", flat=True)) == [world.agnes.pk]
    revoke_tokens(world.claire)
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


def test_an_address_changed_forgets_the_former_of_that_person_alone(world: World) -> None:
    for one in (world.claire, world.agnes):
        EmailAddress.objects.create(user=one, email=one.email)
    form = SimpleNamespace(changed_data=["email"])
    request = SimpleNamespace(user=world.paul)
    PersonAdmin(User, admin.site).save_model(request, world.claire, form, change=True)
    assert list(EmailAddress.objects.values_list("user", flat=True)) == [world.agnes.pk]


def test_a_training_is_offered_for_the_clients_people_alone(world: World) -> None:
    screen = TrainingAdmin(Training, admin.site)
    field = screen.formfield_for_foreignkey(
        Training._meta.get_field("person"), SimpleNamespace(user=world.paul)
    )
    for offered in (field.queryset, RecordForm().fields["person"].queryset):
        assert world.claire in offered
        assert world.agnes not in offered
    assert world.agnes not in RegisteringForm(world.client, AT).fields["reporter"].queryset


def test_an_identity_and_a_domain_are_of_one_person_and_of_one_client(world: World) -> None:
    provider = IdentityProvider.objects.create(
        client=world.other_client, name="Annuaire", protocol=Protocol.OPENID_CONNECT, issuer="https://idp.example",
        application="a", is_only_way=True,
    )  # fmt: skip
    domain = world.claire.email.rpartition("@")[2]
    IdentityDomain.objects.create(client=world.other_client, provider=provider, domain=domain)
    assert not must_come_through_organisation(world.claire), "another client's provider"
    SocialAccount.objects.create(user=world.olivia, provider=provider.key.hex, uid="1")
    account = SimpleNamespace(provider=provider.key.hex, uid="2")
    known = OrganisationAdapter()._is_known_otherwise
    assert known(world.olivia, SimpleNamespace(account=account))
    assert not known(world.lucas, SimpleNamespace(account=account))


def test_what_is_in_force_is_of_clients_and_of_people_who_are_still_there(world: World) -> None:
    assert set(Contract.objects.in_force(AT.date())) == {world.contract, world.other_contract}
    assert Training.objects.valid_on(AT.date()).filter(person=world.olivia).exists()
    assert world.other_contract in without_report(Month(2026, 4))
    Client.objects.filter(pk=world.other_client.pk).update(is_active=False)
    User.objects.filter(pk=world.olivia.pk).update(is_active=False)
    assert set(Contract.objects.in_force(AT.date())) == {world.contract}
    assert not Training.objects.valid_on(AT.date()).filter(person=world.olivia).exists()
    assert world.other_contract not in without_report(Month(2026, 4))


def test_the_secret_address_of_a_feed_is_shown_to_its_person_alone(world: World) -> None:
    calendar = world.contract.calendar
    feed = CalendarFeed.objects.create(
        client=world.client, person=world.marc, calendar=calendar, created_at=timezone.now()
    )
    for one, shown in ((world.marc, True), (world.claire, False), (world.agnes, False)):
        browser = Browser()
        browser.force_login(one)
        page = browser.get(reverse("calendar", args=[calendar.pk])).content.decode()
        assert (feed.token in page) == shown


def test_what_the_desk_keeps_is_each_one_s_own(world: World) -> None:
    save_view(by=world.bruno, name="Urgent", query="", is_shared=False)
    assert save_view(by=world.agnes, name="Urgent", query="", is_shared=False).person == world.agnes
    with pytest.raises(ValidationError):
        save_view(by=world.agnes, name="urgent", query="", is_shared=False)
    keep_display(by=world.bruno, hidden=["client"], density=Density.COMPACT)
    assert display_of(world.bruno).density == Density.COMPACT
    assert display_of(world.agnes).density != Density.COMPACT


def test_tokens_are_counted_and_named_by_person(world: World, settings) -> None:
    settings.API_TOKENS_PER_PERSON = 1
    at = timezone.now()
    former = at - timedelta(days=20)
    create_token(world.agnes, name="Programme", scope=Scope.READ, days=1, at=former)
    create_token(world.bruno, name="Programme", scope=Scope.READ, days=9, at=at)
    create_token(world.claire, name="Programme", scope=Scope.READ, days=9, at=at)
    expired = ApiToken.objects.get(user=world.agnes)
    assert expired.revoked_at is None, "another's expired token keeps its name"
    User.objects.filter(pk=world.claire.pk).update(is_active=False)
    assert list(ApiToken.objects.live(at).values_list("user", flat=True)) == [world.bruno.pk]


def test_a_training_of_the_same_day_is_another_person_s(world: World) -> None:
    same = Training.objects.get(person=world.claire)
    made = record_training(
        by=world.maud, person=world.lucas, solution=world.solution, trained_on=same.trained_on, trainer="Une",
        expires_on=None,
    )  # fmt: skip
    assert made.person == world.lucas
    record_training(
        by=world.maud, person=world.lucas, solution=world.other_solution, trained_on=same.trained_on, trainer="Une",
        expires_on=None,
    )  # fmt: skip
    assert not Training.objects.allowing(world.rachel, world.solution, AT.date()).exists()


def test_who_follows_a_ticket_is_shown_to_one_s_own_side_and_leaves_alone(world: World, ours: Ticket) -> None:
    for one in (world.marc, world.claire, world.agnes):
        watch(ours, by=one, at=AT)
    assert set(read_record(world.claire, ours.pk, AT).watchers) == {world.marc, world.claire}
    assert [each.pk for each in read_record(world.maud, ours.pk, AT).watchers] == [world.agnes.pk]
    unwatch(ours, by=world.marc)
    assert set(Watch.objects.values_list("person", flat=True)) == {world.claire.pk, world.agnes.pk}


def test_a_draft_is_its_person_s_and_presence_is_said_to_one_s_own_side(world: World, ours: Ticket) -> None:
    form = reply_to(ours.pk)
    for one in (world.marc, world.agnes, world.bruno):
        keep(one, form, {"message": one.first_name})
    assert draft_of(world.claire, form) is None
    assert draft_of(world.marc, form).fields == {"message": "Marc"}
    now = timezone.now()
    assert writing(replies_begun(world.agnes, ours.pk), world.agnes, now) == [world.bruno]
    assert writing(replies_begun(world.claire, ours.pk), world.claire, now) == [world.marc]
    forget(world.marc, form)
    assert draft_of(world.agnes, form) is not None


def test_the_same_bytes_are_stored_once_for_a_client_and_never_across(
    world: World, ours: Ticket, theirs: Ticket
) -> None:
    again = filed(world, world.contract, world.claire, attachments=[paper()])
    files = {ticket.pk: ticket.attachments.get().file.name for ticket in (ours, theirs, again)}
    assert files[ours.pk] == files[again.pk]
    assert files[ours.pk] != files[theirs.pk]
    seen = Attachment.objects.all()
    twins = dict(Attachment.objects.with_twin(seen).values_list("ticket", "twin"))
    assert twins == {theirs.pk: None, ours.pk: None, again.pk: ours.pk}


def test_a_contract_of_another_client_covers_nothing(world: World, ours: Ticket) -> None:
    world.other_contract.solution = world.other_solution
    world.other_contract.save()
    with pytest.raises(ValidationError) as refused:
        vendor.correct(ours, by=world.agnes, at=AT, title="Autre", solution=world.other_solution)
    assert list(refused.value.message_dict) == ["solution"]


def test_a_split_is_under_the_client_s_own_contract(world: World, ours: Ticket) -> None:
    at = paris("2026-04-28 11:30")
    ticket = vendor.acknowledge(ours, by=world.agnes, at=at, owner=world.agnes, message="Vu.")
    former = world.contract
    # The other client's contract is the elder: first to be found, were it asked for.
    Contract.objects.filter(pk=former.pk).update(reference="C-z")
    made = linking.split(
        ticket, by=world.agnes, at=AT, source=said_by_client(world, ticket), title="Autre",
        severity=Severity.MAJEURE,
    )  # fmt: skip
    assert made.contract_id == former.pk


def said_by_client(world: World, ticket: Ticket) -> object:
    clients.answer(ticket, by=world.claire, at=paris("2026-04-28 12:00"), message="Autre chose.")
    return ticket.messages.filter(author=world.claire).latest("pk")


def test_words_of_another_client_are_not_replaced_when_a_person_is_erased(
    world: World, theirs: Ticket
) -> None:
    at = paris("2026-04-28 11:00")
    name = world.rachel.get_full_name()
    clients.answer(theirs, by=world.olivia, at=at, message=f"Dites-le à {name}.")
    ask_export(world.olivia, ExportSource.PORTAL, "", ExportFormat.CSV, at=at)
    ask_export(world.rachel, ExportSource.PORTAL, "", ExportFormat.CSV, at=at)
    erase_person(world.rachel, motive="Demande.", by=world.paul, at=AT)
    assert name in theirs.messages.latest("pk").body
    assert list(ListExport.objects.values_list("person", flat=True)) == [world.olivia.pk]


def test_the_choices_of_a_page_are_of_one_s_own_client(world: World, ours: Ticket, theirs: Ticket) -> None:
    world.other_contract.solution = world.other_solution
    world.other_contract.save()
    form = PeriodForm(person=world.marc, today=AT.date())
    assert list(form.fields["client"].queryset) == [world.client]
    assert list(form.fields["solution"].queryset) == [world.solution]
    asked = SimilarQuestion(QueryDict("title=export"), person=world.marc)
    assert list(asked.fields["client"].queryset) == [world.client]
    assert list(may_file_by_solution(world.client.pk, AT)) == [world.solution]
    assert may_file_by_solution(world.client.pk, AT)[world.solution] == [world.claire]
    assert may_file_by_solution(world.other_client.pk, AT) == {world.other_solution: []}


def test_words_and_versions_are_found_in_one_s_own_client_alone(
    world: World, ours: Ticket, theirs: Ticket
) -> None:
    assert versions_given(world.claire, world.client, AT) == ["1.1"]
    assert versions_given(world.agnes, world.client, AT) == ["1.1"]
    assert versions_given(world.claire, world.other_client, AT) == []
    assert list(similar_open(world.claire, world.client, "Export comptable", at=AT)) == [ours]
    assert list(similar_open(world.claire, world.other_client, "Export comptable", at=AT)) == []
    found = Search.of("comptable", world.claire).narrow(Ticket.objects.all())
    assert list(found) == [ours]


def test_the_simulator_begins_with_the_terms_of_one_s_own_contract(world: World) -> None:
    policy = Policy.objects.create(name="Une autre")
    version = PolicyVersion.objects.create(policy=policy, number=1, published_at=paris("2025-01-01 00:00"))
    Contract.objects.filter(pk=world.other_contract.pk).update(policy=policy, reference="A-first")
    assert default_terms(world.claire, AT)["policy"] != version.pk
    assert default_terms(world.olivia, AT)["policy"] == version.pk


def test_the_vendors_people_see_every_ticket(world: World, ours: Ticket, theirs: Ticket) -> None:
    """So that on the vendor's own pages, which are refused to anybody else, the filter leaves nothing out."""
    for one in (world.agnes, world.maud, world.paul):
        assert set(Ticket.objects.visible_to(one, at=AT)) == {ours, theirs}


def test_tickets_of_two_clients_are_not_tied_nor_a_vendor_s_words_split(
    world: World, ours: Ticket, theirs: Ticket
) -> None:
    with pytest.raises(ValidationError) as refused:
        linking.relate(ours, by=world.agnes, at=AT, other=theirs)
    assert list(refused.value.message_dict) == ["other"]
    at = paris("2026-04-28 11:30")
    ticket = vendor.acknowledge(ours, by=world.agnes, at=at, owner=world.agnes, message="Vu.")
    vendor.note(ticket, by=world.agnes, at=at, message="Entre nous.")
    for message in ticket.messages.filter(author=world.agnes):
        with pytest.raises(ValidationError) as refused:
            linking.split(
                ticket, by=world.agnes, at=AT, source=message, title="Autre", severity=Severity.MAJEURE
            )
        assert list(refused.value.message_dict) == ["source"]


def test_a_file_of_an_internal_note_is_nobody_s_twin_for_a_client(world: World, ours: Ticket) -> None:
    vendor.note(ours, by=world.agnes, at=AT, message="Entre nous.", attachments=[paper(b"secret")])
    again = filed(world, world.contract, world.claire, attachments=[paper(b"secret")])
    assert [each.twin for each in read_record(world.claire, again.pk, AT).files] == [None]
    assert [each.twin for each in read_record(world.agnes, again.pk, AT).files] == [ours.pk]


@pytest.mark.parametrize("template", ["export_ready", "report_issued"])
def test_a_mail_about_papers_does_not_leave_for_who_may_read_them_no_more(
    world: World, template: str
) -> None:
    at = timezone.now()
    export = request_export(world.client, by=world.marc, at=at)
    ready = {"state": ExportState.READY, "ready_at": at, "expires_at": at + timedelta(days=1), "size": 1}
    ClientExport.objects.filter(pk=export.pk).update(**ready)
    report = build_report(world.contract, Month.of(at), by=world.maud, at=at)
    mail = Mail.objects.create(
        client=world.client, recipient=world.marc, template=template, key="k", created_at=at, next_try_at=at,
        context={"export": export.pk, "report": report.pk},
    )  # fmt: skip
    User.objects.filter(pk=world.marc.pk).update(role=Role.READER)
    send_waiting(at)
    mail.refresh_from_db()
    assert mail.sent_at is None
    assert mail.dropped_at is not None


def test_the_motive_of_an_erasure_is_shown_with_its_own_person(world: World) -> None:
    for one, motive in ((world.lucas, "Premier motif"), (world.rachel, "Second motif")):
        erase_person(one, motive=motive, by=world.paul, at=AT)
    browser = Browser()
    browser.force_login(world.paul)
    for one, own, other in (
        (world.lucas, "Premier motif", "Second motif"),
        (world.rachel, "Second motif", "Premier motif"),
    ):
        page = browser.get(reverse("privacy_person", args=[one.pk])).content.decode()
        assert own in page
        assert other not in page

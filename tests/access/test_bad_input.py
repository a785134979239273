"""Bad input at every address: privileged and unknown fields, forged headers, names of ten thousand characters.

What forms and documents take is read from their registry, so that one added tomorrow is asked as well.
"""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F, Q
from rest_framework import serializers

import accounts
import sla
import tickets
from accounts.models import User
from tests.access import rules
from tests.access.asking import document, form, url_of
from tests.access.cells import Table
from tests.access.crowd import NUMBERS, OF_THE_CLIENT, OF_THE_VENDOR, Crowd
from tests.test_access import API_POST
from tickets.models import LedgerEntry, Message, Ticket

pytestmark = pytest.mark.django_db
APPS = (accounts, sla, tickets)
OURS = tuple(app.__name__ for app in APPS)

# What decides who one is, whose a row is, and what happened when: said by the server, never by who sends.
PRIVILEGED = {
    "id", "pk", "client", "client_id", "author", "author_id", "by", "user", "user_id", "reporter_id", "state",
    "is_internal", "role", "is_active", "is_staff", "is_superuser", "password", "access_epoch", "contract_id",
    "received_at", "recorded_at", "occurred_at", "sent_at", "created_at", "closed_at", "seq", "number", "chain_seq",
    "hash", "previous_hash", "digest", "salt", "acknowledged_at", "resolved_at", "duplicate_of", "ended_by", "named_by",
    "uploaded_by", "registered_by", "through", "agent", "address", "scan", "file", "document", "published_at",
}  # fmt: skip
# Forms that take one of these on purpose: which, and why that gives nobody more than they have.
A_QUESTION = "a list's question, or a page's: its choices are what the person may see"
ON_PURPOSE = {
    "BreachPeriodForm.client": A_QUESTION,
    "FigureForm.client": A_QUESTION,
    "FilersQuestion.client": A_QUESTION,
    "ListingFilter.state": A_QUESTION,
    "PaidWorkFilter.client": A_QUESTION,
    "PeriodForm.client": A_QUESTION,
    "PromiseQuestion.received_at": A_QUESTION,
    "QueueFilter.client": A_QUESTION,
    "QueueFilter.state": A_QUESTION,
    "RegisterFilter.client": A_QUESTION,
    "SimilarQuestion.client": A_QUESTION,
    "TicketFilter.state": A_QUESTION,
    "ChoiceForm.client": A_QUESTION,
    "ClientChoice.client": "an agent says who called: any client is theirs to register for",
    "RequestForm.client": "of which client the export is: among those that the person may export",
    "RegisteringForm.received_at": "when a call came: an agent's to say, and checked (C-WHO-3)",
    "RegistrationForm.received_at": "the same, by the API",
    "CloseForm.duplicate_of": "the original of a duplicate: among the client's own tickets (K-19)",
    "PublishForm.published_at": "from when a calendar or a policy is in force: its editors' to say",
    "SamePersonForm.password": "one's own, to say again who one is",
    "SignInForm.password": "one's own, to sign in",
}


def classes(kind: type) -> Iterator[type]:
    """Return every class of a kind that our apps define, the back office's apart: it is the administrator's."""
    for app in APPS:
        for found in walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations" not in found.name:
                import_module(found.name)
    waiting, seen = [kind], set()
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in seen:
                seen.add(each)
                waiting.append(each)
                if each.__module__.startswith(OURS) and not inspect.isabstract(each):
                    yield each


def is_of_the_back_office(each: type) -> bool:
    return "admin" in each.__module__ or each.__module__.startswith("django")


FORMS = sorted(
    (each for each in classes(forms.BaseForm) if not is_of_the_back_office(each)),
    key=lambda each: f"{each.__module__}.{each.__qualname__}",
)


def test_the_registry_is_not_empty() -> None:
    assert len(FORMS) >= 40


def test_no_form_takes_a_privileged_field_unless_its_reason_is_here() -> None:
    taken = {f"{each.__name__}.{name}" for each in FORMS for name in set(each.base_fields) & PRIVILEGED}
    assert taken - set(ON_PURPOSE) == set()
    assert set(ON_PURPOSE) <= taken, "a reason that is none any more"


def test_a_form_of_a_model_names_its_fields_one_by_one() -> None:
    loose = [
        each.__name__
        for each in FORMS
        if issubclass(each, forms.ModelForm)
        and not (isinstance(each._meta.fields, (list, tuple)) and not each._meta.exclude)
    ]
    assert loose == []


def test_no_document_of_the_api_is_written_as_it_is_read() -> None:
    """What it takes is made of the forms above (tickets/api/inputs.py), and asked below, field by field."""
    assert list(classes(serializers.ModelSerializer)) == []


@pytest.mark.parametrize("name", sorted(API_POST))
def test_the_api_refuses_each_field_that_it_does_not_know_and_writes_nothing(table: Table, name: str) -> None:
    who = min(API_POST[name])
    url, sent = url_of(table.crowd, name, "own"), document(table.crowd, name, "own")
    owner = None if name in rules.OF_MANY_CLIENTS else NUMBERS["own"]
    plain = table.ask(who, "post", url, sent, of_client=owner, json=True)
    for field in [
        *sorted(PRIVILEGED - set(sent)),
        "x" * 10_000,
        "\u202e\u200bmessage",
        "__proto__",
        "message[]",
    ]:
        answer = table.ask(who, "post", url, {**sent, field: 1}, of_client=0, json=True)
        if answer.status == plain.status and field in known_to(name):
            continue
        assert answer.status == 400, f"{field}: {answer.status} {answer.body[:200]!r}"
        assert answer.touched <= rules.LOG, field
        assert len(answer.body) < 5_000, "what is refused is not said again at length"


def known_to(name: str) -> set[str]:
    """Return the privileged words that an operation takes because its very purpose is to say them."""
    return {
        "api_registrations": {"client", "received_at"},
        "api_action_close": {"duplicate_of"},
    }.get(name, set())


def standing(crowd: Crowd) -> list[object]:
    """Return what nobody's form may change: who people are, whose rows are, what was said to whom."""
    return [
        list(User.objects.order_by("pk").values_list("pk", "client", "role", "is_active", "password", "access_epoch")),
        list(Ticket.objects.filter(pk__in=[each.pk for each in crowd.tickets.values()]).order_by("pk")
             .values_list("pk", "client", "reporter", "received_at")),
        list(LedgerEntry.objects.exclude(client=F("ticket__client")).values_list("pk")),
        list(Message.objects.filter(is_internal=True, author__client__isnull=False).values_list("pk")),
        list(Message.objects.exclude(Q(author__client=F("client")) | Q(author__client=None)).values_list("pk")),
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(rules.PAGES_POST))
def test_a_page_takes_no_privileged_field_from_who_may_write_there(table: Table, name: str) -> None:
    crowd, forged = table.crowd, forged_fields(table.crowd)
    before = standing(crowd)
    url = url_of(crowd, name, "own")
    writers = rules.writers(name) & {*OF_THE_CLIENT, *OF_THE_VENDOR}
    for who in sorted(writers):
        sent = {**forged, **form(crowd, "own")}
        owner = None if name in rules.OF_MANY_CLIENTS else NUMBERS["own"]
        seen: list[object] = []
        answer = table.ask(
            who, "post", url, sent, of_client=owner, meanwhile=lambda seen=seen: seen.append(standing(crowd))
        )
        assert answer.status < 500
        if name != "privacy_person":
            assert seen == [before], f"{who} {url}"


def forged_fields(crowd: Crowd) -> dict[str, object]:
    """Return what somebody would send to be more, or somebody else."""
    other = crowd.tickets["other"]
    said = dict.fromkeys(PRIVILEGED - {"document", "file"}, "1")
    return said | {
        "client": NUMBERS["other"], "client_id": NUMBERS["other"], "author": crowd.authors["other"].pk,
        "author_id": crowd.authors["other"].pk, "role": "manager", "is_internal": "on", "is_superuser": "on",
        "state": "closed", "received_at": "2020-01-01T00:00", "duplicate_of": other.pk,
    }  # fmt: skip


FORGED = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PORT": "8443",
    "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7",
    "HTTP_X_REAL_IP": "203.0.113.9",
    "HTTP_FORWARDED": "for=203.0.113.9;host=evil.example;proto=https",
    "HTTP_X_ORIGINAL_URL": "/privacy/",
    "HTTP_X_REWRITE_URL": "/privacy/",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_REMOTE_USER": "paul.renard@vendor.example",
    "HTTP_REMOTE_USER": "paul.renard@vendor.example",
    "HTTP_X_SSL_CLIENT_VERIFY": "SUCCESS",
}


@pytest.mark.parametrize(
    "name", ["home", "portal", "ticket", "account_login", "api_me", "api_ticket", "privacy", "queue"]
)
def test_a_header_that_a_proxy_alone_may_write_changes_nothing(table: Table, name: str) -> None:
    url = url_of(table.crowd, name, "own")
    for who in ("anonymous", "claire", "rachel", "agnes"):
        for method in ("get", "delete"):
            plain = table.ask(who, method, url, of_client=NUMBERS["own"])
            for header, value in FORGED.items():
                answer = table.ask(who, method, url, of_client=NUMBERS["own"], headers={header: value})
                assert (answer.status, answer.location) == (plain.status, plain.location), f"{who} {header}"
                assert b"evil.example" not in answer.said
                assert b"203.0.113.9" not in answer.said
                assert answer.touched <= rules.LOG | {"tickets_reading"}


@pytest.mark.parametrize("header", ["HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE"])
def test_a_post_stays_a_post_whatever_method_it_claims(table: Table, header: str) -> None:
    url = url_of(table.crowd, "api_action_answer", "own")
    for method in ("GET", "PUT", "DELETE"):
        answer = table.ask(
            "claire",
            "post",
            url,
            {"message": "Bonjour"},
            of_client=NUMBERS["own"],
            json=True,
            headers={header: method},
        )
        assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    "name", ["n" * 10_000 + ".txt", "\u202e" * 5_000 + ".txt", "é\u200b" * 3_000 + ".txt"]
)
def test_a_file_whose_name_never_ends_is_refused_or_shortened_and_nothing_is_lost(
    table: Table, name: str
) -> None:
    url = url_of(table.crowd, "ticket_reply", "own")
    upload = SimpleUploadedFile(name, b"journal", "text/plain")
    sent = {**form(table.crowd, "own"), "kind": "answer", "attachments": upload}
    answer = table.ask("claire", "post", url, sent, of_client=NUMBERS["own"])
    assert answer.status in {302, 400, 422}, answer.status
    assert name.encode() not in answer.body
    assert (answer.status == 302) == ("tickets_attachment" in answer.touched)

"""The register of paid work, a quote's page and files, its check, the mails and the API around it (C-OUT-4)."""

import io
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pypdf
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sla.document import digest_of
from tests.playing import a_quote
from tests.tickets.api.asking import Asker, problem
from tests.tickets.notifications.test_letters import sent, text_of
from tests.tickets.quotes.lives import accepted, last_quote, outside, quoted, requested, studied
from tests.world import World, paris
from tickets.actions.filing import Filing, file_ticket
from tickets.effects.runner import run_due
from tickets.models import Quote, Ticket
from tickets.money import counted
from tickets.words import WorkStage


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def browsing(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# --- The register ---------------------------------------------------------------------------


def test_the_register_says_how_far_each_has_come_and_its_filters_combine(world: World) -> None:
    asked, offered = requested(world), quoted(world)
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        maud = browsing(world.maud)
        page = text(maud.get(reverse("quotes")))
        assert f"#{asked.pk}" in page
        assert last_quote(offered).reference in page
        assert "€2,250.00" in page
        page = text(maud.get(reverse("quotes"), {"stage": "quoted", "client": world.client.pk}))
        assert f"#{offered.pk}" in page
        assert f"#{asked.pk}" not in page
        page = text(maud.get(reverse("quotes"), {"stage": "under_way", "client": world.other_client.pk}))
        assert "No paid work" in page


def test_the_register_of_a_client_holds_its_own_alone(world: World) -> None:
    mine = quoted(world)
    theirs = file_ticket(
        world.other_contract, Filing("Un titre", "Un texte", "majeure"), by=world.olivia, at=paris("2026-04-28 10:30")
    )  # fmt: skip
    Ticket.objects.filter(pk=theirs.pk).update(
        work_stage="requested", work_requested_at=paris("2026-05-04 10:00")
    )
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        page = text(browsing(world.marc).get(reverse("quotes")))
        assert f"#{mine.pk}" in page
        assert f"#{theirs.pk}" not in page
        page = text(browsing(world.olivia).get(reverse("quotes")))
        assert f"#{theirs.pk}" in page
        assert last_quote(mine).reference not in page


def test_a_filter_that_is_not_understood_is_said(world: World) -> None:
    page = text(browsing(world.maud).get(reverse("quotes"), {"stage": "nothing"}))
    assert "nothing" in page
    assert browsing(world.maud).get("/list-exports/quotes.json", {"stage": "nothing"}).status_code == 400


def test_the_register_is_exported_with_its_amounts(world: World) -> None:
    quoted(world)
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        answer = browsing(world.maud).get("/list-exports/quotes.json")
        [row] = json.loads(b"".join(answer.streaming_content))
        assert (row["net"], row["gross"], row["valid_until"]) == ("2250.00", "2700.00", "2026-06-05")
        answer = browsing(world.maud).get("/list-exports/quotes.csv")
        assert "2250,00;2700,00;05/06/2026" in b"".join(answer.streaming_content).decode()


def test_the_register_has_the_same_price_for_one_row_and_for_three(
    world: World, django_assert_num_queries
) -> None:
    browser = browsing(world.maud)
    browser.get(reverse("quotes"))
    quoted(world)
    with django_assert_num_queries(7):
        browser.get(reverse("quotes"))
    quoted(world)
    quoted(world)
    with django_assert_num_queries(7):
        browser.get(reverse("quotes"))


# --- A quote --------------------------------------------------------------------------------


def test_a_quote_is_read_by_whoever_reads_its_ticket_and_offers_its_acceptance_to_who_may(
    world: World,
) -> None:
    quote = last_quote(quoted(world))
    address = reverse("quote", args=[quote.pk])
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        for who in (world.maud, world.agnes, world.claire, world.marc):
            page = text(browsing(who).get(address))
            assert "€2,700.00" in page
            assert "Tarif 2025" in page
            assert ("accept_quote" in page) == (who == world.marc)
        assert browsing(world.olivia).get(address).status_code == 404
        page = text(browsing(world.marc).get(f"{quote.ticket.get_absolute_url()}accept_quote/"))
        assert f"I accept the quote {quote.reference}, €2,250.00 excl. VAT (€2,700.00 incl. VAT)" in page
        page = text(browsing(world.marc).get(quote.ticket.get_absolute_url()))
        assert "Paid work" in page
        assert address in page


def test_the_pdf_says_it_all_tagged_and_in_its_language(world: World) -> None:
    quote = last_quote(quoted(world, lines={"JOUR": Decimal("2.5"), "FORM": Decimal(1)}))
    with time_machine.travel(paris("2026-05-11 10:00"), tick=False):
        answer = browsing(world.marc).get(reverse("quote_file", args=[quote.pk, "pdf"]))
    pdf = pypdf.PdfReader(io.BytesIO(answer.content))
    said = " ".join(
        " ".join(page.extract_text() for page in pdf.pages)
        .replace("\u202f", " ")
        .replace("\xa0", " ")
        .split()
    )
    for part in (
        quote.reference,
        "Devis",
        "3 450,00 €",
        "3 900,00 €",
        "Livré en juin.",
        "Deux jours.",
        quote.digest,
    ):
        assert part in said, part
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "fr"


def test_words_that_look_like_formulas_or_markup_stay_words(world: World) -> None:
    ticket = world.file(title='=HYPERLINK("x") <b>gras</b>')
    quote = a_quote(world, ticket, "<script>alert(1)</script>")
    page = text(browsing(world.maud).get(reverse("quote", args=[quote.pk])))
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;gras" in page


# --- Its check ------------------------------------------------------------------------------


def written(quote: Quote, path: Path, **changes: object) -> Path:
    path.write_text(json.dumps({**quote.document, **changes}), encoding="utf-8")
    return path


def test_a_quote_is_checked_from_its_file(world: World, tmp_path: Path) -> None:
    quote = last_quote(quoted(world))
    said = StringIO()
    call_command("quote_verify", written(quote, tmp_path / "devis.json"), stdout=said)
    assert quote.reference in said.getvalue()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"gross": "1.00"}, "gross"),
        ({"valid_until": "2030-01-01"}, "digest"),
        ({"number": 99}, "No quote was issued"),
        ({"lines": []}, "net"),
    ],
)
def test_a_quote_that_was_changed_is_no_quote(
    world: World, tmp_path: Path, changes: dict, fault: str
) -> None:
    said = StringIO()
    with pytest.raises(CommandError):
        call_command(
            "quote_verify", written(last_quote(quoted(world)), tmp_path / "q.json", **changes), stdout=said
        )
    assert fault in said.getvalue()


def test_a_quote_forged_with_its_own_digest_is_not_the_one_issued(world: World, tmp_path: Path) -> None:
    document = {**last_quote(quoted(world)).document, "execution": "Livré en mars."}
    forged = {**document, "digest": digest_of(document)}
    path = tmp_path / "q.json"
    path.write_text(json.dumps(forged), encoding="utf-8")
    said = StringIO()
    with pytest.raises(CommandError, match="not the quote"):
        call_command("quote_verify", path, stdout=said)
    assert "has the digest" in said.getvalue()
    assert "The ledger of ticket" in said.getvalue()


@pytest.mark.parametrize(
    "reference", ["DV", "DV-x-001", "DV-99999999999999999999-001", None, "DV-0-001", "DV-1-\u0000"]
)
def test_a_reference_that_names_nothing_is_a_fault_and_no_crash(
    world: World, tmp_path: Path, reference: str | None
) -> None:
    quote = last_quote(quoted(world))
    with pytest.raises(CommandError, match="not the quote"):
        call_command(
            "quote_verify", written(quote, tmp_path / "q.json", reference=reference), stdout=StringIO()
        )


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"format": "quote"}', '{"format": "delay-statement"}', "\udcff"]
)
def test_a_file_that_is_no_quote_is_said_to_be_none(world: World, tmp_path: Path, content: str) -> None:
    path = tmp_path / "q.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(CommandError):
        call_command("quote_verify", path, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("quote_verify", tmp_path / "none.json", stdout=StringIO())


# --- The mails ------------------------------------------------------------------------------


def test_who_may_accept_is_sent_the_quote_and_its_reminder(world: World) -> None:
    ticket = quoted(world)
    reference = last_quote(ticket).reference
    [letter] = sent("2026-05-06 10:00", to="marc")
    assert f"Quote {reference}: €2,250.00 excl. VAT" in text_of(letter)
    assert "You may accept or refuse it" in text_of(letter)
    run_due(paris("2026-06-01 09:00"))
    letters = sent("2026-06-01 09:00")
    assert {letter["To"].split(".")[0] for letter in letters} == {"claire", "marc"}
    assert all("expires soon" in text_of(letter) for letter in letters)
    run_due(paris("2026-06-06 00:00"))
    letters = sent("2026-06-06 00:00")
    assert any("marc" in letter["To"] for letter in letters)
    assert any("maud" in letter["To"] for letter in letters)
    assert all("has expired" in text_of(letter) for letter in letters)


def test_an_acceptance_tells_the_owner_and_the_managers_with_the_purchase_order(world: World) -> None:
    accepted(world)
    letters = sent("2026-05-12 10:00")
    told = [letter for letter in letters if "is accepted" in text_of(letter)]
    assert {letter["To"].split(".")[0] for letter in told} == {
        "agnes", "claire", "maud",
    }  # Marc, who accepted, knows  # fmt: skip
    assert all("BC-118" in text_of(letter) for letter in told)


# --- The form and the API -------------------------------------------------------------------


def test_a_mistake_in_a_quantity_is_named_and_nothing_is_lost(world: World) -> None:
    ticket = studied(world)
    with time_machine.travel(paris("2026-05-06 10:00"), tick=False):
        browser = browsing(world.maud)
        typed = {
            "lines-JOUR": "deux", "lines-FORM": "1,5", "valid_until": "2026-06-05", "execution": "En juin, sur place.",
            "seen": ticket.last_seq,
        }  # fmt: skip
        answer = browser.post(f"{ticket.get_absolute_url()}issue_quote/", typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "JOUR: “deux” is no quantity" in page
        assert 'value="1,5"' in page
        assert "En juin, sur place." in page
        typed["lines-JOUR"] = "1 000,25"
        assert browser.post(f"{ticket.get_absolute_url()}issue_quote/", typed).status_code == 302
    assert last_quote(ticket).net == Decimal("902025.00")


def test_the_api_does_what_the_pages_do(world: World) -> None:
    ticket = outside(world)
    at = f"tickets/{ticket.pk}/actions"
    with time_machine.travel(paris("2026-05-06 10:00"), tick=False):
        claire, agnes, maud, marc, olivia = (
            Asker(getattr(world, who)) for who in ("claire", "agnes", "maud", "marc", "olivia")
        )
        assert claire.post(f"{at}/request_work", {"message": "Un devis."}).status_code == 200
        assert agnes.post(f"{at}/study", {"feasible": True, "message": "Oui."}).status_code == 200
        offer = {"lines": {"JOUR": "2.5"}, "valid_until": "2026-06-05", "execution": "En juin."}
        problem(agnes.post(f"{at}/issue_quote", offer), 403, "not-permitted")
        problem(maud.post(f"{at}/issue_quote", {**offer, "lines": {"RIEN": "1"}}), 422, "not-accepted")
        problem(maud.post(f"{at}/issue_quote", {**offer, "lines": "JOUR"}), 400, "not-understood")
        assert maud.post(f"{at}/issue_quote", offer).status_code == 200
        [said] = marc.get("quotes").json()["results"]
        assert (said["net"], said["document"]["digest"]) == ("2250.00", said["digest"])
        assert marc.get(f"quotes/{said['id']}").json() == said
        assert olivia.get("quotes").json()["results"] == []
        problem(olivia.get(f"quotes/{said['id']}"), 404, "not-found")
        problem(
            claire.post(f"{at}/accept_quote", {"quote": said["id"], "agreed": True}), 403, "not-permitted"
        )
        problem(marc.post(f"{at}/accept_quote", {"quote": said["id"], "agreed": False}), 422, "not-accepted")
        assert marc.post(f"{at}/accept_quote", {"quote": said["id"], "agreed": True}).status_code == 200
        problem(marc.post(f"{at}/refuse_quote", {"quote": said["id"]}), 409, "not-possible-now")
    assert Ticket.objects.get(pk=ticket.pk).work_stage == WorkStage.ACCEPTED


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        ("4", "demi-journée", "demi-journées"), ("1.5", "jour", "jour"), ("2", "jour", "jours"), ("3", "mois", "mois"),
        ("8", "h", "h"), ("2", "journée sur site", "journée sur site"), ("0.5", "heure", "heure"),
    ],
)  # fmt: skip
def test_a_unit_is_in_the_plural_from_two_on(quantity: str, unit: str, said: str) -> None:
    assert counted(unit, quantity) == said
    assert counted(unit, Decimal(quantity)) == said

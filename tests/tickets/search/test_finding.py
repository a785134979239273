"""Search: French words, phrases, beginnings, filters; and never a note nor a client that is not one's own."""

import pytest
import time_machine
from django.contrib.postgres.search import SearchQuery
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Role, User
from accounts.scope import scope_of
from sla.policy import Severity
from tests.world import World, paris, person
from tickets.actions import client as client_side
from tickets.actions import vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.attachments import ReceivedFile
from tickets.models import Audience, SearchDocument, Ticket
from tickets.search.documents import index_words
from tickets.search.finding import FRENCH

NOW = "2026-04-30 11:00"


@pytest.fixture(autouse=True)
def on_the_last_of_april():
    with time_machine.travel(paris(NOW), tick=False):
        yield


def found(browser: Browser, who: User, q: str, **query: str) -> list[int]:
    browser.force_login(who)
    answer = browser.get(reverse("queue" if who.is_vendor else "portal"), {"q": q, "view": "all", **query})
    assert answer.status_code == 200, answer.context["form"].mistakes
    return sorted(row.ticket.pk for row in answer.context["rows"])


def mistake(browser: Browser, who: User, q: str) -> str:
    browser.force_login(who)
    answer = browser.get(reverse("queue" if who.is_vendor else "portal"), {"q": q})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert f'value="{q}"'.replace('"', "&quot;") in answer.text.replace(
        '"', "&quot;"
    )  # nothing typed is lost
    (said,) = answer.context["form"].mistakes
    return said


def joined(name: str) -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile(name, b"journal"), name, "text/plain")


@pytest.fixture
def export(world: World) -> Ticket:
    return world.file(
        title="L'export comptable s'arrête",
        description="La génération des écritures échoue : **page blanche** après l'écran de clôture.",
        attachments=[joined("journal-facturation_2026.log")],
    )


@pytest.fixture
def other(world: World) -> Ticket:
    return world.file(title="Imprimante muette", description="Aucune page ne sort, l'écran reste blanc.")


@pytest.mark.parametrize(
    "q",
    [
        "export", "exports", "EXPORT", "comptables", "générations", "generation", "ecriture", "l'export",
        "export comptable", "clôturé", "journal", "facturation", "factur*", "factura*", "générat*", "generat*",
        '"page blanche"', '"export comptable"', "« page blanche »", "écran -imprimante", '"écran de clôture"',
        "comptable écritures journal",
    ],
)  # fmt: skip
def test_words_are_found_in_french(client: Browser, world: World, export, other, q: str) -> None:
    assert found(client, world.agnes, q) == [export.pk]
    assert found(client, world.claire, q) == [export.pk]


@pytest.mark.parametrize(
    "q", ['"blanche page"', "comptable muette", "zèbre", "export -journal", "imp* -muet*", "port"]
)
def test_what_is_not_there_is_not_found(client: Browser, world: World, export, other, q: str) -> None:
    assert found(client, world.agnes, q) == []


def test_a_message_is_found_as_soon_as_it_is_said(client: Browser, world: World, export) -> None:
    assert found(client, world.agnes, "sauvegarde") == []
    vendor.ask(export, by=world.agnes, at=paris(NOW), message="Avez-vous une **sauvegarde** récente ?")
    client_side.answer(
        export, by=world.claire, at=paris(NOW), message="Oui, d'hier.", attachments=[joined("dump.sql")]
    )
    for who in (world.agnes, world.claire):
        assert found(client, who, "sauvegardes hier") == [export.pk]
        assert found(client, who, "dump") == [export.pk]


def test_a_corrected_title_is_found_and_the_former_is_not(client: Browser, world: World, export) -> None:
    vendor.correct(
        export, by=world.agnes, at=paris(NOW), title="Le grand livre s'arrête", solution=world.solution
    )
    assert found(client, world.agnes, '"grand livre"') == [export.pk]
    assert found(client, world.agnes, "comptable") == []


def test_an_internal_note_is_found_by_the_vendor_alone(client: Browser, world: World, export, other) -> None:
    vendor.note(
        export, by=world.agnes, at=paris(NOW), message="Même bogue que chez Clinique : rustine.",
        attachments=[joined("trace-interne.txt")],
    )  # fmt: skip
    for q in ("rustine", "rustin*", '"même bogue"', "trace interne", "export rustine"):
        assert found(client, world.agnes, q) == [export.pk], q
        for who in (world.claire, world.marc, world.rachel):
            assert found(client, who, q) == [], q
    # Not even by exclusion: the answer does not depend on a word that the client cannot read.
    assert found(client, world.claire, "export -rustine") == [export.pk]
    assert found(client, world.agnes, "export -rustine") == []
    # Nor in what is shown of it.
    client.force_login(world.claire)
    assert "rustine" not in client.get(reverse("portal"), {"q": "export", "view": "all"}).text
    rustine = SearchQuery("rustine", config=FRENCH)
    found_in = SearchDocument.objects.filter(vector=rustine).values_list("audience", flat=True)
    assert set(found_in) == {Audience.VENDOR}


def test_what_a_client_says_after_a_note_is_found_with_the_note_s_words(
    client: Browser, world: World, export
) -> None:
    vendor.ask(export, by=world.agnes, at=paris(NOW), message="Quelle version ?")
    vendor.note(export, by=world.agnes, at=paris(NOW), message="Rustine.")
    client.force_login(world.claire)
    said = {"message": "La quatrième.", "seen": Ticket.objects.get().last_seq}
    assert client.post(reverse("ticket_action", args=[export.pk, "answer"]), said).status_code == 302
    assert found(client, world.agnes, "rustine quatrième") == [export.pk]
    with scope_of(world.claire):
        assert [row.audience for row in SearchDocument.objects.all()] == [Audience.EVERYONE]
        assert SearchDocument.objects.update(audience=Audience.VENDOR) == 0


def test_another_clients_words_are_never_found(client: Browser, world: World, export) -> None:
    theirs = file_ticket(
        world.other_contract, Filing("Export des rendez-vous", "Échec.", Severity.MAJEURE), by=world.olivia,
        at=paris(NOW),
    )  # fmt: skip
    assert found(client, world.agnes, "export") == [export.pk, theirs.pk]
    assert found(client, world.claire, "export") == [export.pk]
    assert found(client, world.olivia, "export") == [theirs.pk]
    assert found(client, world.claire, f"#{theirs.pk}") == []
    assert found(client, world.lucas, "export") == []  # untrained: only what he filed himself


def test_filters_are_written_in_the_search_in_french_and_english(
    client: Browser, world: World, export, other
) -> None:
    vendor.acknowledge(other, by=world.agnes, at=paris(NOW), owner=world.agnes, message="Je regarde.")
    vendor.ask(other, by=world.agnes, at=paris(NOW), message="Quel modèle ?")
    blocking = world.file("2026-04-29 10:00", "bloquante", title="Écran noir")
    for q, expected in {
        "gravité:bloquante": [blocking], "severity:blocking": [blocking], "gravite:bloq": [blocking],
        "severity:major écran": [export, other], "état:attente": [other], "state:waiting": [other],
        "etat:nouveau": [export, blocking], "à:moi": [other], "owner:me": [other],
        "à:personne écran": [export, blocking],
        "owner:nobody": [export, blocking], "à:martin": [other], "client:brasserie": [export, other, blocking],
        'client:"brasserie du nord" écran -noir': [export, other], "solution:gestia noir": [blocking],
        "état:ouvert": [export, other, blocking], "état:clos": [], "à:moi gravité:bloquante": [],
    }.items():  # fmt: skip
        assert found(client, world.agnes, q) == sorted(ticket.pk for ticket in expected), q
    assert found(client, world.claire, "gravité:bloquante écran") == [blocking.pk]


def test_a_state_in_the_search_reaches_the_closed_ones(client: Browser, world: World, export, other) -> None:
    client_side.withdraw(other, by=world.claire, at=paris(NOW))
    assert found(client, world.agnes, "écran") == [export.pk]
    assert found(client, world.agnes, "écran état:clos") == [other.pk]
    assert found(client, world.agnes, "écran état:tous") == [export.pk, other.pk]
    assert found(client, world.agnes, "écran", state="all") == [export.pk, other.pk]


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("gravité:grave", ["grave", "bloquante, majeure, mineure"]),
        ("état:perdu", ["perdu", "ouvert"]),
        ("client:zoo", ["zoo"]),
        ("client:i", ["Brasserie du Nord", "Clinique des Tilleuls"]),
        ("solution:sap", ["sap"]),
        ("à:dupont", ["dupont"]),
        ("priorité:1", ["priorité:", "gravité:"]),
        ('"page', ['"page']),
    ],
)
def test_a_value_that_means_nothing_is_said_precisely(client: Browser, world: World, q: str, said) -> None:
    text = mistake(client, world.agnes, q)
    for words in said:
        assert words in text


@pytest.mark.parametrize("q", ["client:clinique", "à:moi", "owner:agnes"])
def test_a_clients_list_has_no_filter_on_clients_nor_on_owners(client: Browser, world: World, q: str) -> None:
    assert "Clinique" not in mistake(client, world.claire, q)


def test_what_is_found_is_shown_marked_and_safe(client: Browser, world: World) -> None:
    ticket = world.file(
        title="<script>alert(1)</script> export", description="Avant <b>l'export</b> & après \ue000x\ue001."
    )
    for who in (world.agnes, world.claire):
        client.force_login(who)
        answer = client.get(reverse("queue" if who.is_vendor else "portal"), {"q": "exports", "view": "all"})
        (row,) = answer.context["rows"]
        assert row.ticket.pk == ticket.pk
        assert str(row.snippet.title) == "&lt;script&gt;alert(1)&lt;/script&gt; <mark>export</mark>"
        assert "<mark>export</mark>" in row.snippet.piece
        assert "<b>" not in row.snippet.piece
        assert "&amp; après" in row.snippet.piece
        assert not {"\ue000", "\ue001"} & set(row.snippet.piece)
        assert "<mark>export</mark>" in answer.text


def test_a_number_alone_is_a_ticket_or_a_word(client: Browser, world: World, export) -> None:
    saying = world.file(title="Erreur", description=f"Le code {export.pk} s'affiche.")
    assert found(client, world.agnes, f"#{export.pk}") == [export.pk]
    assert found(client, world.agnes, str(export.pk)) == sorted([export.pk, saying.pk])
    assert found(client, world.agnes, f"code {export.pk}") == [saying.pk]
    assert found(client, world.agnes, f"#{export.pk} comptable") == [export.pk]
    assert found(client, world.agnes, f"#{export.pk} erreur") == []


def test_the_documents_can_be_written_again_from_the_words(
    client: Browser, world: World, export, other
) -> None:
    vendor.note(export, by=world.agnes, at=paris(NOW), message="Rustine.")
    before = list(SearchDocument.objects.order_by("pk").values())
    assert [(row["ticket_id"], row["audience"]) for row in before] == [
        (export.pk, "everyone"), (other.pk, "everyone"), (export.pk, "vendor"),
    ]  # fmt: skip
    index_words(1, other.pk)
    assert list(SearchDocument.objects.order_by("pk").values()) == before


def test_a_very_long_text_is_found_by_its_beginning_and_breaks_nothing(client: Browser, world: World) -> None:
    ticket = world.file(description=" ".join(f"mot{number}" for number in range(60_000)))
    assert found(client, world.agnes, "mot12") == [ticket.pk]


@pytest.mark.parametrize("many", [1, 3])
def test_a_search_has_a_price(client: Browser, world: World, django_assert_num_queries, many: int) -> None:
    for number in range(many):
        world.file(title=f"Export {number}")
    assert len(found(client, world.agnes, "export")) == many
    # The queue's own; the numbers found, the snippets, the closed ones that answer.
    with django_assert_num_queries(14):
        client.get(reverse("queue"), {"q": "export"})


@pytest.mark.parametrize("most", [0, 5_000])
def test_many_found_are_walked_and_few_are_sorted_to_the_same_page(
    client: Browser, world: World, monkeypatch, most: int
) -> None:
    monkeypatch.setattr("tickets.search.finding.FEW", most)
    filed = [world.file(f"2026-04-30 10:{minute:02d}", title=f"Export {minute}").pk for minute in (3, 1, 2)]
    gone = world.file("2026-04-30 10:00", title="Export retiré")
    client_side.withdraw(gone, by=world.claire, at=paris("2026-04-30 10:30"))
    order = [filed[1], filed[2], filed[0]]
    client.force_login(world.agnes)
    for state, expected in (("", order), ("all", [*order, gone.pk])):
        page = client.get(reverse("queue"), {"q": "export", "state": state})
        assert [row.ticket.pk for row in page.context["rows"]] == expected


def test_somebody_of_no_client_finds_nothing(client: Browser, world: World, export) -> None:
    gone = person("Gaston Parti", Role.ADMINISTRATOR, world.client)
    world.client.is_active = False
    world.client.save()
    assert found(client, gone, "export") == []

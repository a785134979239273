"""The language of searches: what each writing means, and what is said of those that mean nothing."""

import re

import pytest
from django.utils import translation

from tickets.search.language import Choice, Kind, QueryError, Term, fold, read_query


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", []),
        ("  ", []),
        ("export comptable", [Term(Kind.WORD, "export"), Term(Kind.WORD, "comptable")]),
        ('"page blanche" export', [Term(Kind.PHRASE, "page blanche"), Term(Kind.WORD, "export")]),
        ("« page blanche »", [Term(Kind.PHRASE, "page blanche")]),
        ("factur*", [Term(Kind.BEGINNING, "factur")]),
        ("-imprimante", [Term(Kind.WORD, "imprimante", is_excluded=True)]),
        ('-"page blanche"', [Term(Kind.PHRASE, "page blanche", is_excluded=True)]),
        ("mi-chemin", [Term(Kind.WORD, "mi-chemin")]),
        ("#128", [Term(Kind.NUMBER, "#128")]),
        ("128", [Term(Kind.NUMBER, "128")]),
        ("9" * 30, [Term(Kind.WORD, "9" * 30)]),
        ("#12x", [Term(Kind.WORD, "#12x")]),
        ("gravité:bloquante", [Choice("severity", "bloquante")]),
        ("GRAVITE:Bloquante", [Choice("severity", "Bloquante")]),
        ("severity:blocking état:attente", [Choice("severity", "blocking"), Choice("state", "attente")]),
        ('client:"Brasserie du Nord"', [Choice("client", "Brasserie du Nord")]),
        ("à:moi owner:me", [Choice("owner", "moi"), Choice("owner", "me")]),
        ('"ORA:00942"', [Term(Kind.PHRASE, "ORA:00942")]),
        ('"gravité: "', [Term(Kind.PHRASE, "gravité:")]),
        ("( ) ' % _ & | ! \\", []),
        ('""', []),
        ("l'export", [Term(Kind.WORD, "l'export")]),
    ],
)
def test_a_search_is_read(text: str, read: list[object]) -> None:
    assert read_query(text) == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prio:haute", "“prio:” is no filter"),
        ("ORA:00942", "quotation marks"),
        ("client:", "“client:” wants a value"),
        ("gravité: bloquante", "“gravité:” wants a value"),
        ('client:""', "“client:” wants a value"),
        ('"page blanche', 'begins at "page blanche is never closed'),
        ("« page", "is never closed"),
        ("a*", "at least 2 letters"),
        ("*", "at least 2 letters"),
        ("-client:nord", "does not go with “client:”"),
        ("x" * 201, "at most 200 characters"),
        ("a " * 21, "at most 20 words"),
    ],
)
def test_what_is_not_of_the_language_is_said_precisely(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=re.escape(said)):
        read_query(text)


def test_folding_forgets_accents_case_and_spaces() -> None:
    assert fold("  Élan   VITAL\u00a0œuvre ") == "elan vital œuvre"

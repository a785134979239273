"""Tickets that resemble one typed or triaged: by the letters of the title, or by two words of it said anywhere."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from itertools import combinations
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, FloatField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Client, User
from tickets.models import Audience, SearchDocument, Ticket, TicketQuerySet
from tickets.search.finding import FRENCH, TextQuery
from tickets.search.language import fold

SHORTEST = 4  # characters: below, every title resembles
MOST = 5
SHORTEST_WORD = 3
MOST_WORDS = 6  # the longest of the title: they say most


def similar_open(user: User, client: Client | None, title: str, *, at: datetime) -> QuerySet[Ticket]:
    """Return the open tickets of `client` that `user` may read and that resemble `title`, the most alike first."""
    typed = title.strip()
    if client is None or len(typed) < SHORTEST:
        return Ticket.objects.none()
    return _alike(Ticket.objects.visible_to(user, at=at).open().filter(client=client), typed)


def similar_for_triage(user: User, ticket: Ticket, *, at: datetime) -> list[Ticket]:
    """Return what an agent compares `ticket` with: its client's tickets, closed or not, then other clients' open ones.

    Both are bounded sets, whatever the size of the register: one client's, and what is open of one solution.
    """
    others = Ticket.objects.visible_to(user, at=at).exclude(pk=ticket.pk)
    elsewhere = others.open().filter(solution=ticket.solution_id).exclude(client=ticket.client_id)
    return [
        *_alike(others.filter(client=ticket.client_id), ticket.title).select_related("client"),
        *_alike(elsewhere, ticket.title).select_related("client"),
    ]


def _alike(tickets: TicketQuerySet, title: str) -> QuerySet[Ticket]:
    """Keep those that resemble; the two operators on letters are those that the index on titles serves."""
    letters = Greatest(TrigramSimilarity("title", title), TrigramWordSimilarity(title, "title"))
    alike = Q(title__trigram_similar=title) | Q(title__trigram_word_similar=title)
    words = _two_words_of(title)
    if words is None:
        return (
            tickets.filter(alike)
            .annotate(likeness=letters)
            .order_by("-likeness", "-id")
            .select_related("solution")[:MOST]
        )
    documents = SearchDocument.objects.filter(
        ticket=OuterRef("pk"), audience=Audience.EVERYONE, vector=words
    ).annotate(rank=SearchRank(F("vector"), words))
    said = Coalesce(Subquery(documents.values("rank")[:1]), Value(0.0), output_field=FloatField())
    return (
        tickets.annotate(said=said)
        .filter(alike | Q(said__gt=0))
        .annotate(likeness=letters + F("said"))
        .order_by("-likeness", "-id")
        .select_related("solution")[:MOST]
    )


def _two_words_of(title: str) -> TextQuery | None:
    """Return a query for any two words of a title; one alone would be found everywhere."""
    words: Sequence[str] = sorted(
        {word for word in fold(title).replace("'", " ").split() if len(word) >= SHORTEST_WORD}, key=len
    )[-MOST_WORDS:]
    pairs = [_query(one) & _query(other) for one, other in combinations(words, 2)]
    return reduce(or_, pairs) if pairs else None


def _query(word: str) -> SearchQuery:
    return SearchQuery(word, config=FRENCH, search_type="plain")

"""Open tickets whose title resembles one being typed, always of a single client."""

from datetime import datetime

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from accounts.models import Client, User
from tickets.models import Ticket

SHORTEST = 4  # characters: below, every title resembles
MOST = 5


def similar_open(user: User, client: Client | None, title: str, *, at: datetime) -> QuerySet[Ticket]:
    """Return the open tickets of `client` that `user` may read and whose title resembles `title`, nearest first.

    The two operators are those that the index on titles serves; their thresholds are PostgreSQL's own.
    """
    typed = title.strip()
    if client is None or len(typed) < SHORTEST:
        return Ticket.objects.none()
    return (
        Ticket.objects.visible_to(user, at=at)
        .open()
        .filter(client=client)
        .filter(Q(title__trigram_similar=typed) | Q(title__trigram_word_similar=typed))
        .annotate(likeness=Greatest(TrigramSimilarity("title", typed), TrigramWordSimilarity(typed, "title")))
        .order_by("-likeness", "-id")
        .select_related("solution")[:MOST]
    )

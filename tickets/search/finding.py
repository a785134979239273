"""What a search finds: from the terms typed to conditions on the tickets that a person may see."""

from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_
from typing import Any, Self

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import User
from tickets.models import Audience, SearchDocument, TicketQuerySet
from tickets.search.language import Choice, Kind, Term, read_query
from tickets.search.values import condition

FRENCH, PLAIN = "helpdesk_french", "helpdesk_plain"
TextQuery = SearchQuery | CombinedSearchQuery
# Up to so many tickets found, their numbers are read once from the index of words and given to every question of
# the page; beyond, each question looks at the words of the tickets that it meets, which are found at every step.
FEW = 5_000


@models.BigAutoField.register_lookup
class AnyOf(models.Lookup):
    """`pk__any_of=[…]`: one parameter, where `in` writes and reads thousands."""

    lookup_name = "any_of"

    def get_prep_lookup(self) -> str:
        """Write the numbers as PostgreSQL does; psycopg takes ten times as long for an array of thousands."""
        return f"{{{','.join([str(int(number)) for number in self.rhs])}}}"

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """Give them as one array."""
        return "%s::bigint[]", [value]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Say it in SQL."""
        left, given = self.process_lhs(compiler, connection)
        right, numbers = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*given, *numbers)


def text_query(term: Term) -> SearchQuery:
    """Return PostgreSQL's query of one term; nothing in it is read as an operator."""
    if term.kind == Kind.PHRASE:
        return SearchQuery(term.text, config=FRENCH, search_type="phrase")
    if term.kind == Kind.BEGINNING:
        return SearchQuery(beginning(term.text), config=PLAIN, search_type="raw")
    return SearchQuery(term.text, config=FRENCH, search_type="plain")


def beginning(word: str) -> str:
    """Quote the beginning of a word for to_tsquery."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}':*"


@dataclass(frozen=True)
class Search:
    """A search understood, for one person: what is in the words, and which filters were written in it."""

    person: User | None = None
    terms: tuple[Term, ...] = ()
    choices: tuple[Q, ...] = ()
    chooses_state: bool = False
    unfound: bool = field(default=False)  # something was typed, of which nothing can be searched

    @classmethod
    def of(cls, text: str, person: User) -> Self:
        """Understand what `person` typed; raise `QueryError`."""
        read = read_query(text)
        choices = [each for each in read if isinstance(each, Choice)]
        return cls(
            person=person,
            terms=tuple(each for each in read if isinstance(each, Term)),
            choices=tuple(condition(choice, person) for choice in choices),
            chooses_state=any(choice.field == "state" for choice in choices),
            unfound=bool(text.strip()) and not read,
        )

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms to be found, and so to be shown in the results."""
        return tuple(term for term in self.terms if not term.is_excluded)

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep, of the tickets that the person may see, those that answer."""
        if self.unfound:
            return tickets.none()
        tickets = tickets.filter(*self.choices)
        for term in self.terms:
            if term.is_excluded:
                tickets = tickets.exclude(pk__in=self._tickets_with(text_query(term)))
        if not self.wanted:
            return tickets
        first, numbers = self.wanted[0], [term.number for term in self.wanted if term.is_number_alone]
        if len(self.wanted) == 1 and first.number is not None and not numbers:
            # A number alone is a ticket's, or is said in one.
            return tickets.filter(Q(pk=first.number) | self._found)
        return tickets.filter(self._found & Q(pk__in=numbers) if numbers else self._found)

    @property
    def _found(self) -> Q:
        """What keeps the tickets that have all the words: their numbers if few, else a look at the words of each."""
        if self._documents is None:
            return Q()
        return Q(pk__in=self._documents) if self._few is None else Q(pk__any_of=self._few)

    @property
    def finds_few(self) -> bool:
        """Tell whether the tickets that have the words are so few that their numbers are at hand."""
        return self._documents is not None and self._few is not None

    @cached_property
    def _documents(self) -> QuerySet[SearchDocument, Any] | None:
        words = [text_query(term) for term in self.wanted if not term.is_number_alone]
        return self._tickets_with(reduce(and_, words)) if words else None

    @cached_property
    def _few(self) -> list[int] | None:
        if self._documents is None:
            return None
        few = list(self._documents.values_list("ticket", flat=True)[: FEW + 1])
        return few if len(few) <= FEW else None

    def _tickets_with(self, query: TextQuery) -> QuerySet[SearchDocument, Any]:
        """Return the numbers of the tickets with these words, where the person may look for them."""
        documents = SearchDocument.objects.filter(vector=query)
        if self.person is None or not self.person.is_vendor:
            # Never a row with an internal note, and never another client's.
            client = self.person.client_id if self.person else None
            documents = documents.filter(audience=Audience.EVERYONE, client=client)
        return documents.order_by().values("ticket")

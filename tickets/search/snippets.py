"""Where a ticket answers a search: pieces of its words with those found marked, safe to put in a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tickets.search.finding import FRENCH, Search, beginning
from tickets.search.language import Kind, Term

# Characters for private use: taken out of the texts first, so that only PostgreSQL puts them there.
BEGINS, ENDS = "\ue000", "\ue001"
_ASKED = {Kind.PHRASE: "phraseto_tsquery", Kind.BEGINNING: "to_tsquery"}
_PIECES = (
    f'StartSel={BEGINS}, StopSel={ENDS}, MaxFragments=2, MaxWords=16, MinWords=6, FragmentDelimiter=" … "'
)
_WHOLE = f"StartSel={BEGINS}, StopSel={ENDS}, HighlightAll=true"
LONGEST = 20_000  # characters of a ticket's words looked at for its pieces

_READ = """
SELECT ticket.id,
    ts_headline('{french}', translate(ticket.title, %(marks)s, ''), asked.query, %(whole)s),
    ts_headline('{french}', translate(left(concat_ws(E'\\n', ticket.description, ticket.steps, (
        SELECT string_agg(message.body, E'\\n' ORDER BY message.sent_at, message.id)
        FROM tickets_message AS message
        WHERE message.ticket_id = ticket.id AND (%(is_vendor)s OR NOT message.is_internal)
    ), (
        SELECT string_agg(attachment.name, E'\\n')
        FROM tickets_attachment AS attachment
        LEFT JOIN tickets_message AS message ON message.id = attachment.message_id
        WHERE attachment.ticket_id = ticket.id
            AND (%(is_vendor)s OR message.id IS NULL OR NOT message.is_internal)
    )), {longest}), %(marks)s, ''), asked.query, %(pieces)s)
FROM tickets_ticket AS ticket, (SELECT {query} AS query) AS asked
WHERE ticket.id = ANY(%(numbers)s)
"""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A ticket's title and a piece of its words, the words found marked; no piece where they are not in them."""

    title: SafeString
    piece: SafeString


def snippets(search: Search, numbers: Sequence[int]) -> dict[int, Snippet]:
    """Return what shows why these tickets, which the person may see, answer the search; one query."""
    terms = [term for term in search.wanted if not term.is_number_alone]
    if not terms or not numbers or search.person is None:
        return {}
    query = " || ".join(
        f"{_ASKED.get(term.kind, 'plainto_tsquery')}('{FRENCH}', %(term{at})s)"
        for at, term in enumerate(terms)
    )
    given: dict[str, Any] = {f"term{at}": _asked(term) for at, term in enumerate(terms)}
    given |= {"numbers": list(numbers), "is_vendor": search.person.is_vendor, "marks": BEGINS + ENDS}
    given |= {"whole": _WHOLE, "pieces": _PIECES}
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(french=FRENCH, query=query, longest=LONGEST), given)
        return {number: Snippet(_marked(title), _piece(piece)) for number, title, piece in cursor.fetchall()}


def _asked(term: Term) -> str:
    return beginning(term.text) if term.kind == Kind.BEGINNING else term.text


def _piece(text: str) -> SafeString:
    return _marked(text) if BEGINS in text else SafeString("")


def _marked(text: str) -> SafeString:
    """Escape a text, then put the marks: nothing else of it can be HTML."""
    safe = str(escape(" ".join(text.split())))
    return mark_safe(safe.replace(BEGINS, "<mark>").replace(ENDS, "</mark>"))  # noqa: S308  (escaped just above)  # nosec B308 B703

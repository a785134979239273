"""What search reads of a ticket, written in the transaction of the act that changes its words."""

from django.db import connection

from accounts.scope import worker_scope
from tickets.models import Audience

# Each word counts twice: as French stems it, with its position (phrases); and as it was written, for the
# beginnings of words (“factur*” must find “facturation”, whatever the stem of either).
_VECTOR = """
    setweight(to_tsvector('helpdesk_french', title), 'A')
    || setweight(to_tsvector('helpdesk_french', body), 'B')
    || setweight(to_tsvector('helpdesk_french', files), 'C')
    || strip(to_tsvector('helpdesk_plain', title || ' ' || body || ' ' || files))
"""
# A vector holds at most one megabyte: what a ticket says beyond this many characters is not found by its words.
LONGEST = 200_000

# For everyone: no internal note, nor the files of one. For the vendor: everything, where there is a note.
_WRITE = f"""
WITH words AS MATERIALIZED (
    SELECT ticket.client_id, ticket.id AS ticket_id, audience.name AS audience, ticket.title,
        left(concat_ws(E'\\n', ticket.description, ticket.steps, (
            SELECT string_agg(message.body, E'\\n' ORDER BY message.sent_at, message.id)
            FROM tickets_message AS message
            WHERE message.ticket_id = ticket.id AND (audience.is_vendor OR NOT message.is_internal)
        )), {LONGEST}) AS body,
        coalesce((
            SELECT string_agg(regexp_replace(attachment.name, '[._/-]+', ' ', 'g'), E'\\n')
            FROM tickets_attachment AS attachment
            LEFT JOIN tickets_message AS message ON message.id = attachment.message_id
            WHERE attachment.ticket_id = ticket.id
                AND (audience.is_vendor OR message.id IS NULL OR NOT message.is_internal)
        ), '') AS files
    FROM tickets_ticket AS ticket
    CROSS JOIN (VALUES ('{Audience.EVERYONE}', false), ('{Audience.VENDOR}', true)) AS audience (name, is_vendor)
    WHERE ticket.id BETWEEN %(first)s AND %(last)s
        AND (NOT audience.is_vendor OR EXISTS (
            SELECT FROM tickets_message AS message WHERE message.ticket_id = ticket.id AND message.is_internal
        ))
)
INSERT INTO tickets_searchdocument (client_id, ticket_id, audience, vector)
SELECT client_id, ticket_id, audience, {_VECTOR} FROM words
ON CONFLICT (ticket_id, audience) DO UPDATE SET vector = excluded.vector
"""  # noqa: S608  (our own constants; the numbers are parameters)


def index_words(first: int, last: int | None = None) -> None:
    """Write what search reads of a ticket, or of those numbered from `first` to `last`: one statement.

    Whoever acts, the vendor's row holds the notes as well: the statement is the product's own, in the worker's scope.
    """
    with worker_scope(), connection.cursor() as cursor:
        cursor.execute(_WRITE, {"first": first, "last": first if last is None else last})

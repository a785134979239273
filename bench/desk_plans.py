"""How PostgreSQL answers the desk's main questions: the plans that the benchmark prints."""

from django.db import connection

PLANS = {
    "the queue's first page (one calendar)": """
        SELECT queue_place - 1, id FROM tickets_ticket
        WHERE NOT (state = 'closed') AND queue_rank = 0 AND calendar_version_id = (
            SELECT calendar_version_id FROM tickets_ticket WHERE queue_rank = 0 LIMIT 1)
        ORDER BY queue_place, id LIMIT 26""",
    "the counters of the views": """
        SELECT count(*), count(*) FILTER (WHERE owner_id IS NULL), count(*) FILTER (WHERE next_due_at < now()),
            count(*) FILTER (WHERE state = 'waiting_client'), count(*) FILTER (WHERE is_contested)
        FROM tickets_ticket WHERE NOT (state = 'closed')""",
    "a search, ordered": """
        SELECT queue_rank, queue_place, id FROM tickets_ticket
        WHERE id IN (SELECT ticket_id FROM tickets_searchdocument
            WHERE vector @@ plainto_tsquery('helpdesk_french', 'quincaillerie')) AND queue_rank > 0
        ORDER BY queue_rank, queue_place, id LIMIT 26""",
    "the stamp of a refresh": """
        SELECT (SELECT sum(id) FROM (SELECT id FROM tickets_ledgerentry ORDER BY id DESC LIMIT 64) AS entry),
            (SELECT sum(id) FROM (SELECT id FROM tickets_message ORDER BY id DESC LIMIT 64) AS message)""",
}


def plans() -> str:
    """Return how PostgreSQL answers the desk's main questions."""
    said = []
    with connection.cursor() as cursor:
        for name, statement in PLANS.items():
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}")
            said.append(f"-- {name}\n" + "\n".join(row[0] for row in cursor.fetchall()))
    return "\n\n".join(said)

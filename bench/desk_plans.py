"""How PostgreSQL answers what the desk's pages ask: the plans that the benchmark prints."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

LONG = 0.002  # seconds: below, a plan has nothing to say
WIDE = 160  # characters of a line of a plan: some name thousands of numbers


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of a page that took PostgreSQL longest, and whose page it was."""

    who: str  # an address of mail
    statement: str


def longest_question(captured: list[dict[str, str]]) -> str:
    """Return, of the statements that Django captured (to the millisecond), the longest reading; "" under two."""
    readings = [each for each in captured if each["sql"].lstrip("( ").startswith(("SELECT", "WITH"))]
    longest = max(readings, key=lambda each: float(each["time"]))
    return longest["sql"] if float(longest["time"]) >= LONG else ""


def plans(questions: Mapping[str, Asked]) -> str:
    """Return how PostgreSQL answers these questions, each in the scope of whoever asks it."""
    from accounts.scope import scope_of

    said, people = [], apps.get_model("accounts", "User").objects
    for name, asked in questions.items():
        if not asked.statement:
            said.append(f"-- {name}: no question takes {LONG * 1000:.0f} ms")
            continue
        with scope_of(people.get(email=asked.who)), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {asked.statement}")
            said.append(f"-- {name}\n" + "\n".join(row[0][:WIDE] for row in cursor.fetchall()))
    return "\n\n".join(said)

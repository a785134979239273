"""The rows of pauses on the simulator's page, and what is wrong with one of them or between them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import QueryDict

from tickets.simulator.forms import MOST_PAUSES, WaitForm, refuse_senseless
from tickets.simulator.simulation import Wait


class Rows:
    """As many rows as the address fills, one more to fill, and another on demand."""

    def __init__(self, asked: QueryDict, now: datetime) -> None:
        filled = [number for number in range(MOST_PAUSES) if asked.get(f"pause-{number}-cause")]
        shown = [number for number in range(MOST_PAUSES) if f"pause-{number}-cause" in asked]
        wanted = max([1, *(number + 1 for number in filled), *(number + 1 for number in shown)])
        self.forms = [
            WaitForm(number, asked, now) for number in range(min(wanted + ("add" in asked), MOST_PAUSES))
        ]

    @property
    def may_grow(self) -> bool:
        """Tell whether another row may be asked for."""
        return len(self.forms) < MOST_PAUSES

    def waits(self, received_at: datetime | None) -> list[Wait] | None:
        """Return the pauses; None when a row is wrong, and the row then says so. No reception: rows alone."""
        # Every row is read, whatever is wrong with another.
        wrong = [row for row in self.forms if not row.is_valid()]
        if wrong:
            return None
        filled = [(row, row.wait) for row in self.forms if row.wait]
        waits = [wait for _row, wait in filled]
        try:
            if received_at:
                refuse_senseless(waits, received_at)
        except ValidationError as error:
            filled[int(error.code or 0)][0].add_error("start", error)
            return None
        return waits

"""What one row of the workflow's table is made of: who, from where, to where, what it writes, on which conditions."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.acts import Action, Actor
from tickets.life import Life
from tickets.words import OPEN_STATES, EntryKind, State

VENDOR = frozenset({Actor.AGENT, Actor.MANAGER})
MANAGER = frozenset({Actor.MANAGER})
CLIENT = frozenset({Actor.TRAINED})
CLIENT_MANAGER = frozenset({Actor.CLIENT_MANAGER})
CLIENT_AND_MANAGER = frozenset({Actor.TRAINED, Actor.CLIENT_MANAGER})
TIMETABLE = frozenset({Actor.TIMETABLE})

ACTIVE = frozenset({State.NEW, State.IN_PROGRESS, State.WAITING_CLIENT})
ACKNOWLEDGED = OPEN_STATES - {State.NEW}
OUT_OF_SCOPE = frozenset({State.OUT_OF_SCOPE})


@dataclass(frozen=True, slots=True)
class Condition:
    """What must also hold of the ticket's life for an action to be legal."""

    holds: Callable[[Life], bool]
    otherwise: Promise  # why it is refused, said to the person
    rule: str = ""  # the rule of the contract or the convention applied; none: the row itself is the rule


@dataclass(frozen=True, slots=True, eq=False)  # a row is itself, whatever the language of its words
class Transition:
    """One row of the table."""

    action: Action
    who: frozenset[Actor]
    origins: frozenset[State]
    target: State | None  # None: the state that the remaining facts give
    writes: tuple[EntryKind, ...]
    clocks: Promise
    is_first_act: bool = False  # C-SLA-2: acknowledges, if nothing had before
    conditions: tuple[Condition, ...] = ()  # all of them must hold; the first that does not is said

    @property
    def name(self) -> str:
        """The row as a refusal names it."""
        return f"workflow:{self.action}"

    def unmet(self, life: Life) -> Condition | None:
        """Return the first condition that this life does not meet; None when it meets them all."""
        return next((each for each in self.conditions if not each.holds(life)), None)


UNCHANGED = _("The clocks are unchanged.")

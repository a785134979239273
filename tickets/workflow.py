"""The workflow as one table: who may do what, from where, to where, what it writes, what it does to the clocks.

Buttons, forms, permissions, actions, the documentation's diagram and the tests all read this table.
To add a transition: add its `Action` (tickets.acts), its row here, its function in `tickets.actions` and its form
in `tickets.record.forms`, then run `manage.py workflow_diagram`; the tests name whichever is missing.
"""

from django.utils.translation import gettext_lazy as _

from tickets import workflow_of_paid_work as paid_work
from tickets.acts import Action, Actor
from tickets.life import Life
from tickets.transitions import (
    ACKNOWLEDGED,
    ACTIVE,
    CLIENT,
    CLIENT_AND_MANAGER,
    MANAGER,
    OUT_OF_SCOPE,
    TIMETABLE,
    UNCHANGED,
    VENDOR,
    Condition,
    Transition,
)
from tickets.words import (
    OPEN_STATES,
    ContestSubject,
    DeliveryKind,
    EntryKind,
    State,
    WorkStage,
)


def _tests(life: Life, what: DeliveryKind) -> bool:
    """Tell whether a delivery of this kind is under test."""
    return life.delivery is not None and life.delivery.what == what


def _not_yet_contested(subject: ContestSubject, rule: str = "") -> Condition:
    return Condition(lambda life: subject not in life.contests, _("It is contested already."), rule)


_UNDER_OTHERS = _("Puts every clock under other versions; a missed deadline stays missed (C-CAL-3, K-11).")
_TIME_ASKED = Condition(
    lambda life: life.time_requested is not None, _("No longer delay was asked for."), "C-CLI-2"
)
_NO_TIME_ASKED = Condition(
    lambda life: life.time_requested is None, _("More time was asked for already."), "C-CLI-2"
)
_IS_WORKAROUND = Condition(
    lambda life: _tests(life, DeliveryKind.WORKAROUND),
    _("Only a workaround is judged definitive or provisional (C-WKA-1)."),
    "C-WKA-1",
)


TABLE: tuple[Transition, ...] = (
    Transition(
        Action.ACKNOWLEDGE,
        VENDOR,
        frozenset({State.NEW}),
        State.IN_PROGRESS,
        (EntryKind.ASSIGNED, EntryKind.ACKNOWLEDGED),
        _("Stops the acknowledgement clock (C-SLA-2)."),
    ),
    Transition(Action.ASSIGN, VENDOR, OPEN_STATES, None, (EntryKind.ASSIGNED,), UNCHANGED),
    Transition(Action.INFORM, VENDOR, ACKNOWLEDGED, None, (EntryKind.VENDOR_MESSAGE,), UNCHANGED),
    Transition(
        Action.ASK,
        VENDOR,
        ACTIVE | {State.UNDER_TEST},
        None,
        (EntryKind.QUESTION,),
        _("Pauses the resolution clock until the answer (K-7)."),
        is_first_act=True,
    ),
    Transition(
        Action.REQUALIFY,
        VENDOR,
        ACTIVE,
        None,
        (EntryKind.SEVERITY,),
        _("The deadline in force is the earliest of those of the severities met (K-10)."),
        is_first_act=True,
    ),
    Transition(
        Action.DELIVER,
        VENDOR,
        ACTIVE | {State.UNDER_TEST},
        State.UNDER_TEST,
        (EntryKind.DELIVERED,),
        _("Pauses the resolution clock while under test (K-7)."),
        is_first_act=True,
    ),
    Transition(
        Action.ASK_VERDICT,
        VENDOR,
        frozenset({State.UNDER_TEST}),
        None,
        (EntryKind.VERDICT_ASKED,),
        _("Starts a new countdown of five business days (K-5)."),
        conditions=(_NO_TIME_ASKED,),
    ),
    Transition(
        Action.CLASS_OUT_OF_SCOPE,
        VENDOR,
        ACTIVE,
        State.OUT_OF_SCOPE,
        (EntryKind.OUT_OF_SCOPE,),
        _("Stops the resolution clock (C-OUT-3, K-16)."),
        is_first_act=True,
    ),
    Transition(
        Action.PUT_IN_SCOPE,
        VENDOR,
        OUT_OF_SCOPE,
        None,
        (EntryKind.IN_SCOPE,),
        _("Resumes the resolution clock; the time out of scope was a pause (K-16)."),
        conditions=(
            Condition(
                lambda life: life.work is None or life.work.stage != WorkStage.ACCEPTED,
                _("An accepted quote binds both parties: a manager alone, upholding a contest, undoes it."),
                "C-OUT-4",
            ),
        ),
    ),
    Transition(
        Action.WARN,
        VENDOR,
        frozenset({State.WAITING_CLIENT, State.UNDER_TEST}),
        None,
        (EntryKind.WARNED,),
        UNCHANGED,
        conditions=(
            Condition(
                lambda life: life.question is not None or _tests(life, DeliveryKind.WORKAROUND),
                _("A warning needs an unanswered question, or a workaround not judged yet (K-17)."),
                "K-17",
            ),
        ),
    ),
    Transition(
        Action.CLOSE,
        VENDOR,
        OPEN_STATES - {State.ACCEPTED},
        State.CLOSED,
        (EntryKind.CLOSED,),
        _("Stops the clocks: the resolution is neither met nor missed (K-17)."),
        is_first_act=True,
        conditions=(
            Condition(
                lambda life: (
                    life.delivery is None
                    or (_tests(life, DeliveryKind.WORKAROUND) and life.warned_at is not None)
                ),
                _(
                    "A fix under test closes by the client's word or silence alone; "
                    "a workaround needs a warning first."
                ),
                "C-CLI-1",
            ),
            Condition(
                lambda life: not life.contests,
                _("A manager settles what is contested first (C-SEV-2)."),
                "C-SEV-2",
            ),
            Condition(
                lambda life: life.work is None or life.work.stage != WorkStage.QUOTED,
                _(
                    "A quote awaits the client's answer: let it answer, or withdraw the quote first (C-OUT-4)."
                ),
                "C-OUT-4",
            ),
        ),
    ),
    Transition(Action.CORRECT, VENDOR, OPEN_STATES, None, (EntryKind.CORRECTED,), UNCHANGED),
    Transition(Action.NOTE, VENDOR, frozenset(State), None, (), UNCHANGED),
    Transition(Action.RELATE, VENDOR, frozenset(State), None, (), UNCHANGED),
    Transition(
        Action.SPLIT,
        VENDOR,
        ACKNOWLEDGED,
        None,
        (EntryKind.SPLIT,),
        _("The new ticket has its own clocks, from the message's instant (C-WHO-3)."),
    ),
    Transition(Action.LINK_ANOMALY, VENDOR, OPEN_STATES, None, (), UNCHANGED),
    *paid_work.OF_THE_VENDOR,
    Transition(
        Action.SETTLE,
        MANAGER,
        OPEN_STATES,
        None,
        (EntryKind.IN_SCOPE, EntryKind.SEVERITY, EntryKind.SETTLED),
        _("A severity upheld moves the deadline (K-10); a scope upheld resumes the clock (K-16)."),
        is_first_act=True,
        conditions=(Condition(lambda life: bool(life.contests), _("Nothing is contested."), "C-SEV-2"),),
    ),
    Transition(Action.RECOMPUTE, MANAGER, OPEN_STATES, None, (EntryKind.RECOMPUTED,), _UNDER_OTHERS),
    Transition(
        Action.AGREE_TIME,
        MANAGER,
        frozenset({State.UNDER_TEST, State.ACCEPTED}),
        None,
        (EntryKind.TIME_AGREED,),
        _("Lengthens the countdown to the closing, never shortens it (C-CLI-2)."),
        conditions=(_TIME_ASKED,),
    ),
    Transition(
        Action.REFUSE_TIME,
        MANAGER,
        frozenset({State.UNDER_TEST, State.ACCEPTED}),
        None,
        (EntryKind.TIME_REFUSED,),
        UNCHANGED,
        conditions=(_TIME_ASKED,),
    ),
    Transition(
        Action.ANSWER,
        CLIENT,
        OPEN_STATES,
        None,
        (EntryKind.ANSWER, EntryKind.CLIENT_MESSAGE),
        _("Ends the pause of a question (K-7); cancels the countdown to the closing (K-5)."),
    ),
    Transition(
        Action.ACCEPT,
        CLIENT,
        frozenset({State.UNDER_TEST}),
        State.ACCEPTED,
        (EntryKind.ACCEPTED,),
        _("The resolution is judged at the delivery (K-9)."),
        conditions=(
            Condition(
                lambda life: _tests(life, DeliveryKind.FIX),
                _("A workaround is judged definitive or provisional (C-WKA-1)."),
                "C-WKA-1",
            ),
        ),
    ),
    Transition(
        Action.JUDGE_DEFINITIVE,
        CLIENT,
        frozenset({State.UNDER_TEST}),
        State.ACCEPTED,
        (EntryKind.ACCEPTED,),
        _("The resolution is judged at the delivery (K-9, C-WKA-2)."),
        conditions=(_IS_WORKAROUND,),
    ),
    Transition(
        Action.JUDGE_PROVISIONAL,
        CLIENT,
        frozenset({State.UNDER_TEST}),
        None,
        (EntryKind.ACCEPTED,),
        _("The resolution clock resumes where it stood (K-9)."),
        conditions=(_IS_WORKAROUND,),
    ),
    Transition(
        Action.REFUSE,
        CLIENT,
        frozenset({State.UNDER_TEST}),
        None,
        (EntryKind.REJECTED,),
        _("The resolution clock resumes where it stood (K-9)."),
    ),
    Transition(
        Action.DECLARE_PRODUCTION,
        CLIENT,
        frozenset({State.UNDER_TEST, State.ACCEPTED}),
        State.CLOSED,
        (EntryKind.ACCEPTED, EntryKind.IN_PRODUCTION, EntryKind.CLOSED),
        _("Says tested and in production both (C-CLI-1): judged at the delivery (K-9)."),
    ),
    Transition(
        Action.REQUEST_TIME,
        CLIENT_AND_MANAGER,
        frozenset({State.UNDER_TEST, State.ACCEPTED}),
        None,
        (EntryKind.TIME_REQUESTED,),
        _("Under test, is an answer: it cancels the countdown until it is settled (K-5)."),
        conditions=(
            _NO_TIME_ASKED,
            Condition(
                lambda life: not _tests(life, DeliveryKind.WORKAROUND),
                _("While a workaround is under test, nothing closes by itself (K-17)."),
                "K-17",
            ),
        ),
    ),
    Transition(
        Action.CONTEST_SEVERITY,
        CLIENT,
        ACKNOWLEDGED,
        None,
        (EntryKind.CONTESTED,),
        UNCHANGED,
        conditions=(
            Condition(
                lambda life: (
                    life.retained not in {None, life.claimed} and ContestSubject.SEVERITY not in life.contests
                ),
                _("The severity retained is the one claimed, or is contested already (C-SEV-2)."),
                "C-SEV-2",
            ),
        ),
    ),
    Transition(
        Action.CONTEST_SCOPE,
        CLIENT,
        OUT_OF_SCOPE,
        None,
        (EntryKind.CONTESTED,),
        UNCHANGED,
        conditions=(_not_yet_contested(ContestSubject.SCOPE, "C-OUT-3"),),
    ),
    Transition(
        Action.CONTEST_DEADLINE,
        CLIENT,
        OPEN_STATES,
        None,
        (EntryKind.CONTESTED,),
        UNCHANGED,
        conditions=(_not_yet_contested(ContestSubject.DEADLINE),),
    ),
    *paid_work.OF_THE_CLIENT,
    Transition(
        Action.WITHDRAW,
        CLIENT,
        OPEN_STATES,
        State.CLOSED,
        (EntryKind.CLOSED,),
        _("Stops the clocks; the ticket is left out of the rates (K-19)."),
        conditions=(
            Condition(
                lambda life: life.work is None or life.work.stage != WorkStage.ACCEPTED,
                _(
                    "The accepted quote binds both parties: the ticket is not withdrawn before its work is done."
                ),
                "C-OUT-4",
            ),
        ),
    ),
    Transition(
        Action.FOLLOW_UP,
        CLIENT,
        frozenset({State.CLOSED}),
        None,
        (EntryKind.FOLLOWED_UP,),
        _("The new ticket has its own clocks (K-15)."),
    ),
    Transition(
        Action.CLOSE_TACITLY,
        TIMETABLE,
        frozenset({State.UNDER_TEST, State.ACCEPTED}),
        State.CLOSED,
        (EntryKind.CLOSED,),
        _("A fix is accepted by silence, a workaround never (K-5, K-17, K-18)."),
        conditions=(
            Condition(
                lambda life: life.closes_by_silence,
                _("No countdown is running, or a decision or a judgement is awaited (K-17)."),
                "K-17",
            ),
        ),
    ),
    *paid_work.OF_THE_TIMETABLE,
)

BY_ACTION: dict[Action, Transition] = {row.action: row for row in TABLE}


def rule_of_refusal(action: Action, life: Life) -> str:
    """Return the rule by which `action` is illegal for this life: its condition's, else the row (“workflow:ask”)."""
    row = BY_ACTION[action]
    unmet = row.unmet(life) if life.state in row.origins else None
    return unmet.rule if unmet and unmet.rule else row.name


def refusal(action: Action, life: Life) -> str | None:
    """Return why `action` is illegal for a ticket with this life, in words; None when it is legal."""
    row = BY_ACTION[action]
    if life.state not in row.origins:
        return _("“%(action)s” is not possible while the ticket is in the state “%(state)s”.") % {
            "action": action.label,
            "state": life.state.label,
        }
    unmet = row.unmet(life)
    return str(unmet.otherwise) if unmet else None


def legal_actions(life: Life, actors: frozenset[Actor]) -> list[Action]:
    """Return what these actors may do now, in the table's order."""
    return [row.action for row in TABLE if row.who & actors and refusal(row.action, life) is None]

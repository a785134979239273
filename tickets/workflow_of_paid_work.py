"""The rows of the workflow for work that the contract does not cover (C-OUT-4): no clock moves."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.acts import Action
from tickets.transitions import (
    CLIENT_AND_MANAGER,
    CLIENT_MANAGER,
    MANAGER,
    OUT_OF_SCOPE,
    TIMETABLE,
    UNCHANGED,
    VENDOR,
    Condition,
    Transition,
)
from tickets.words import ContestSubject, EntryKind, WorkStage


def _work_at(*stages: WorkStage, otherwise: Promise) -> Condition:
    """Require that paid work has come as far as one of these stages (C-OUT-4)."""
    return Condition(lambda life: life.work is not None and life.work.stage in stages, otherwise, "C-OUT-4")


_SCOPE_IS_SETTLED = Condition(
    lambda life: ContestSubject.SCOPE not in life.contests,
    _("The classing out of scope is contested: a manager settles it before any quote is issued or accepted."),
    "C-OUT-3",
)
_VALIDITY_RUNS = Condition(
    lambda life: life.work is not None and not life.work.is_held,
    _(
        "The classing out of scope is contested: the validity of the quote is suspended until a manager settles it."
    ),
)
_A_QUOTE_AWAITS = _work_at(WorkStage.QUOTED, otherwise=_("No quote awaits the client's answer (C-OUT-4)."))

OF_THE_VENDOR = (
    Transition(
        Action.STUDY,
        VENDOR,
        OUT_OF_SCOPE,
        None,
        (EntryKind.STUDIED,),
        UNCHANGED,
        conditions=(
            _work_at(
                WorkStage.REQUESTED,
                WorkStage.FEASIBLE,
                otherwise=_(
                    "A feasibility study answers a request of the client, before any quote (C-OUT-4)."
                ),
            ),
        ),
    ),
    Transition(
        Action.ISSUE_QUOTE,
        MANAGER,
        OUT_OF_SCOPE,
        None,
        (EntryKind.QUOTED,),
        UNCHANGED,
        conditions=(
            _work_at(
                WorkStage.FEASIBLE,
                WorkStage.QUOTED,
                otherwise=_("A quote follows a study that finds the work feasible (C-OUT-4)."),
            ),
            _SCOPE_IS_SETTLED,
        ),
    ),
    Transition(
        Action.WITHDRAW_QUOTE,
        MANAGER,
        OUT_OF_SCOPE,
        None,
        (EntryKind.QUOTE_WITHDRAWN,),
        UNCHANGED,
        conditions=(_A_QUOTE_AWAITS,),
    ),
    Transition(
        Action.FINISH_WORK,
        VENDOR,
        OUT_OF_SCOPE,
        None,
        (EntryKind.WORK_DONE,),
        UNCHANGED,
        conditions=(
            _work_at(WorkStage.ACCEPTED, otherwise=_("Only an accepted quote starts work (C-OUT-4).")),
        ),
    ),
)

OF_THE_CLIENT = (
    Transition(
        Action.REQUEST_WORK,
        CLIENT_AND_MANAGER,
        OUT_OF_SCOPE,
        None,
        (EntryKind.WORK_REQUESTED,),
        UNCHANGED,
        conditions=(
            Condition(
                lambda life: not life.work_under_way,
                _("A quote was asked for already, and this is not over yet (C-OUT-4)."),
                "C-OUT-4",
            ),
        ),
    ),
    Transition(
        Action.ACCEPT_QUOTE,
        CLIENT_MANAGER,
        OUT_OF_SCOPE,
        None,
        (EntryKind.QUOTE_ACCEPTED,),
        UNCHANGED,
        conditions=(_A_QUOTE_AWAITS, _SCOPE_IS_SETTLED),
    ),
    Transition(
        Action.REFUSE_QUOTE,
        CLIENT_MANAGER,
        OUT_OF_SCOPE,
        None,
        (EntryKind.QUOTE_REFUSED,),
        UNCHANGED,
        conditions=(_A_QUOTE_AWAITS,),
    ),
    Transition(
        Action.CANCEL_WORK,
        CLIENT_AND_MANAGER,
        OUT_OF_SCOPE,
        None,
        (EntryKind.WORK_CANCELLED,),
        UNCHANGED,
        conditions=(
            _work_at(
                WorkStage.REQUESTED,
                WorkStage.FEASIBLE,
                otherwise=_(
                    "A request is cancelled before its quote is issued; a quote is accepted or refused (C-OUT-4)."
                ),
            ),
        ),
    ),
)

OF_THE_TIMETABLE = (
    Transition(
        Action.EXPIRE_QUOTE,
        TIMETABLE,
        OUT_OF_SCOPE,
        None,
        (EntryKind.QUOTE_EXPIRED,),
        UNCHANGED,
        conditions=(_A_QUOTE_AWAITS, _VALIDITY_RUNS),
    ),
)

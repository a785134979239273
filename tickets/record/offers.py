"""What a person is offered on a ticket, what comes first, and why something is refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Role, User
from tickets.acts import Action, Actor
from tickets.life import Life
from tickets.models import Ticket
from tickets.notifications.audience import client_managers
from tickets.permissions import actions_offered, colleagues_who_may_file, may_use_support
from tickets.words import ContestSubject, DeliveryKind, State, Turn, WorkStage
from tickets.workflow import BY_ACTION

ICONS = {
    Action.ACKNOWLEDGE: "hand-stop",
    Action.ASSIGN: "user-check",
    Action.INFORM: "message",
    Action.ASK: "help-circle",
    Action.REQUALIFY: "gauge",
    Action.DELIVER: "package",
    Action.ASK_VERDICT: "repeat",
    Action.CLASS_OUT_OF_SCOPE: "ban",
    Action.PUT_IN_SCOPE: "arrow-back-up",
    Action.WARN: "alert-triangle",
    Action.CLOSE: "lock",
    Action.CORRECT: "pencil",
    Action.NOTE: "note",
    Action.RELATE: "link",
    Action.SPLIT: "arrows-split-2",
    Action.LINK_ANOMALY: "bug",
    Action.STUDY: "microscope",
    Action.ISSUE_QUOTE: "file-euro",
    Action.WITHDRAW_QUOTE: "file-off",
    Action.FINISH_WORK: "checks",
    Action.SETTLE: "scale",
    Action.RECOMPUTE: "refresh",
    Action.AGREE_TIME: "hourglass",
    Action.REFUSE_TIME: "hourglass-off",
    Action.ANSWER: "corner-down-right",
    Action.ACCEPT: "circle-check",
    Action.JUDGE_DEFINITIVE: "circle-check",
    Action.JUDGE_PROVISIONAL: "progress-check",
    Action.REFUSE: "circle-x",
    Action.DECLARE_PRODUCTION: "rocket",
    Action.REQUEST_TIME: "hourglass",
    Action.CONTEST_SEVERITY: "flag",
    Action.CONTEST_SCOPE: "flag",
    Action.CONTEST_DEADLINE: "flag",
    Action.REQUEST_WORK: "file-invoice",
    Action.ACCEPT_QUOTE: "circle-check",
    Action.REFUSE_QUOTE: "circle-x",
    Action.CANCEL_WORK: "file-off",
    Action.WITHDRAW: "trash",
    Action.FOLLOW_UP: "arrow-forward-up",
}

# What moves the ticket on, by where it stands; the rest is in the menu.
FIRST = {
    State.NEW: (Action.ACKNOWLEDGE,),
    State.IN_PROGRESS: (Action.DELIVER, Action.ASK),
    State.WAITING_CLIENT: (Action.DELIVER,),
    State.UNDER_TEST: (
        Action.ACCEPT,
        Action.JUDGE_DEFINITIVE,
        Action.JUDGE_PROVISIONAL,
        Action.REFUSE,
        Action.DECLARE_PRODUCTION,
        Action.ASK_VERDICT,
    ),
    State.ACCEPTED: (Action.DECLARE_PRODUCTION,),
    State.OUT_OF_SCOPE: (Action.REQUEST_WORK, Action.CONTEST_SCOPE, Action.PUT_IN_SCOPE),
    State.CLOSED: (Action.FOLLOW_UP,),
}
# On a ticket out of scope, what moves paid work on; a stage that is not here is as if nothing had been asked for.
FIRST_OF_PAID_WORK = {
    WorkStage.REQUESTED: (Action.STUDY,),
    WorkStage.FEASIBLE: (Action.ISSUE_QUOTE,),
    WorkStage.QUOTED: (Action.ACCEPT_QUOTE, Action.REFUSE_QUOTE),
    WorkStage.ACCEPTED: (Action.FINISH_WORK,),
    WorkStage.DONE: (Action.CLOSE,),
}
ALWAYS_FIRST = (Action.SETTLE, Action.AGREE_TIME, Action.REFUSE_TIME)

# The most frequent words, written on the page itself; the first one offered is chosen.
REPLIES = (Action.ANSWER, Action.INFORM, Action.ASK, Action.NOTE)

# Acts whose words reach the other side: they wait in their author's browser, to be taken back.
HELD = frozenset({
    Action.ANSWER, Action.INFORM, Action.ASK, Action.DELIVER, Action.ASK_VERDICT, Action.WARN,
    Action.CLASS_OUT_OF_SCOPE, Action.PUT_IN_SCOPE, Action.CLOSE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """One action, ready to be a button."""

    action: Action
    icon: str
    clocks: str


@dataclass(frozen=True, slots=True)
class Offers:
    """Every action a person may do now: first those that move the ticket on, then the menu; and the replies."""

    first: tuple[Offer, ...]
    others: tuple[Offer, ...]
    replies: tuple[Offer, ...]


def offer(action: Action, life: Life) -> Offer:
    """Return an action as it is offered on a ticket with this life."""
    return Offer(action, ICONS[action], _effect(action, life))


def _effect(action: Action, life: Life) -> str:
    """Say what an action does to the clocks, leaving out what the table says of other states."""
    if action == Action.DECLARE_PRODUCTION and life.state == State.ACCEPTED:
        return _("Declaring production closes the ticket.")
    if action != Action.ANSWER:
        return str(BY_ACTION[action].clocks)
    if life.state == State.WAITING_CLIENT:
        return _("Your answer resumes the resolution clock.")
    if life.delivery and life.delivery.what == DeliveryKind.FIX and life.window:
        return _("Your message suspends the automatic closing (K-5).")
    return ""


def offers_to(user: User, ticket: Ticket, life: Life, at: datetime) -> Offers:
    """Sort what the workflow offers `user` at `at`: nothing is offered that it would refuse."""
    offered = actions_offered(user, ticket, life, at)
    first = [action for action in (*ALWAYS_FIRST, *_moving_on(life)) if action in offered]
    replies = [action for action in REPLIES if action in offered]
    others = [action for action in offered if action not in first and action not in replies]
    return Offers(
        tuple(offer(action, life) for action in first),
        tuple(offer(action, life) for action in others),
        tuple(offer(action, life) for action in replies),
    )


def _moving_on(life: Life) -> tuple[Action, ...]:
    """Return what moves a ticket on from where it stands, by anybody."""
    stage = life.work.stage if life.work and life.state == State.OUT_OF_SCOPE else None
    if stage == WorkStage.QUOTED and ContestSubject.SCOPE in life.contests:
        return ()  # its acceptance waits for the settlement: a refusal alone is not what is expected
    return FIRST_OF_PAID_WORK.get(stage, FIRST[life.state]) if stage else FIRST[life.state]


def must_answer(life: Life, offers: Offers) -> bool:
    """Tell whether an answer is expected now, of somebody who is offered `offers`."""
    return life.turn == Turn.CLIENT and life.question is not None and _may_answer(offers)


def _may_answer(offers: Offers) -> bool:
    return any(each.action == Action.ANSWER for each in offers.replies)


def say_turn(life: Life, user: User, offers: Offers) -> str:
    """Say to `user`, who is offered `offers`, who is expected to do what."""
    if life.turn == Turn.NOBODY:
        return _("Nobody is expected to act.")
    if life.state == State.OUT_OF_SCOPE and life.work and not life.contests:
        return _work_turn(life.work.stage, user, offers)
    if life.turn == Turn.CLIENT:
        if user.is_vendor:
            return _client_turn(life)
        # Whoever may answer may do all that is expected of the client (C-WHO-1).
        return _readers_turn(life) if _may_answer(offers) else _colleagues_turn(life)
    if life.contests:
        return _("The vendor's turn: a manager settles what is contested.")
    if life.time_requested:
        return _("The vendor's turn: a manager answers the request for a longer delay.")
    if life.state == State.NEW:
        return _("The vendor's turn: an agent takes the ticket.")
    if life.state == State.UNDER_TEST:
        return _("The vendor's turn: answer the client, then ask for the verdict again.")
    return _("The vendor's turn: find a solution.")


def _work_turn(stage: WorkStage, user: User, offers: Offers) -> str:
    """Say who is expected to do what about paid work (C-OUT-4)."""
    if stage == WorkStage.QUOTED:
        if any(each.action == Action.ACCEPT_QUOTE for each in offers.first):
            return _("Your turn: accept or refuse the quote.")
        if user.is_vendor:
            return _("The client's turn: one of its managers accepts or refuses the quote.")
        return _("Your organisation's turn: one of its managers accepts or refuses the quote.")
    if stage == WorkStage.REQUESTED:
        return _("The vendor's turn: study whether the work can be done.")
    if stage == WorkStage.FEASIBLE:
        return _("The vendor's turn: a manager issues a quote.")
    if stage == WorkStage.DONE:
        return _("The vendor's turn: close the ticket, the paid work is done.")
    return _("The vendor's turn: do the work of the accepted quote.")


def _client_turn(life: Life) -> str:
    if life.question:
        return _("The client's turn: answer the question.")
    if life.state == State.ACCEPTED:
        return _("The client's turn: declare in production.")
    return _("The client's turn: test the delivery and give a verdict.")


def _readers_turn(life: Life) -> str:
    if life.question:
        return _("Your turn: answer the question.")
    if life.state == State.ACCEPTED:
        return _("Your turn: declare in production.")
    return _("Your turn: test the delivery and give a verdict.")


def _colleagues_turn(life: Life) -> str:
    if life.question:
        return _("Your organisation's turn: answer the question.")
    if life.state == State.ACCEPTED:
        return _("Your organisation's turn: declare in production.")
    return _("Your organisation's turn: test the delivery and give a verdict.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a person who sees a ticket may not act on it, and who may (C-WHO-2)."""

    why: str
    who: tuple[str, ...]
    colleagues: tuple[User, ...] = ()
    training_contact: str = ""


def why_not(user: User, ticket: Ticket, at: datetime, action: Action | None = None) -> Refusal:
    """Say why `user` may not do `action` (or anything) on a ticket that they see."""
    actors = BY_ACTION[action].who if action else {Actor.TRAINED}
    who = tuple(str(actor.label) for actor in Actor if actor in actors and actor != Actor.TIMETABLE)
    if user.is_vendor or Actor.TRAINED not in actors:
        why = _("Your role, “%(role)s”, does not do this.") % {"role": user.get_role_display()}
        is_for_managers = not user.is_vendor and Actor.CLIENT_MANAGER in actors
        return Refusal(why, who, tuple(client_managers(ticket.client_id)) if is_for_managers else ())
    colleagues = tuple(colleagues_who_may_file(user, ticket.solution, at))
    if user.role == Role.ADMINISTRATOR and not may_use_support(user, ticket.solution, at):
        why = _("You have no valid training for %(solution)s, so you may read this ticket but not act on it.")
        contact = ticket.solution.training_contact
        return Refusal(why % {"solution": ticket.solution}, who, colleagues, contact)
    if user.role == Role.CLIENT_MANAGER and action is None:
        why = _(
            "Nothing is for you to do now. Your role, “%(role)s”, answers quotes and asks for more time;"
            " trained administrators do the rest."
        )
        return Refusal(why % {"role": user.get_role_display()}, who, colleagues)
    why = _("Your role, “%(role)s”, reads tickets; it does not act on them.")
    return Refusal(why % {"role": user.get_role_display()}, who, colleagues)

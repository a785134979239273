"""Who may do what: in which capacity a person stands before a ticket or a solution, at an instant."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.deputies import deputising_on
from accounts.models import Client, Role, Solution, Training, User
from sla.models import Contract
from tickets.acts import Action, Actor
from tickets.life import Life
from tickets.models import CannedAnswer, Ticket
from tickets.words import WorkStage
from tickets.workflow import BY_ACTION, legal_actions


def support_day(at: datetime) -> date:
    """Return the local date, in the contract's time zone, of an instant."""
    return at.astimezone(settings.SUPPORT_ZONE).date()


def actors_of(user: User, ticket: Ticket, at: datetime) -> frozenset[Actor]:
    """Return the capacities in which `user` may act on `ticket` at `at`; none for who may only read."""
    if not user.is_active:
        return frozenset()
    if user.role == Role.MANAGER:
        return frozenset({Actor.AGENT, Actor.MANAGER})
    if user.role == Role.AGENT:
        return frozenset({Actor.AGENT})
    if user.client_id != ticket.client_id or user.client is None or not user.client.is_active:
        return frozenset()
    if user.role == Role.CLIENT_MANAGER:
        return frozenset({Actor.CLIENT_MANAGER})
    if user.role == Role.ADMINISTRATOR and may_use_support(user, ticket.solution, at):
        return frozenset({Actor.TRAINED})
    return frozenset()


def may_use_support(user: User, solution: Solution, at: datetime) -> bool:
    """Tell whether `user` holds a valid training for `solution` (C-WHO-1)."""
    return (
        user.role == Role.ADMINISTRATOR
        and Training.objects.allowing(user, solution, support_day(at)).exists()
    )


def trainings_of(user: User, at: datetime) -> QuerySet[Training]:
    """Return the trainings by which `user` may use the support at `at`; none but an administrator's (C-WHO-1)."""
    if user.role != Role.ADMINISTRATOR or not user.is_active:
        return Training.objects.none()
    return Training.objects.valid_on(support_day(at)).filter(person=user)


# What is done with a quote that awaits an answer: not once its validity is over, even if the timetable is late.
ON_A_QUOTE = frozenset({
    Action.ACCEPT_QUOTE, Action.REFUSE_QUOTE, Action.WITHDRAW_QUOTE, Action.ISSUE_QUOTE,
})  # fmt: skip


def may_act(user: User, action: Action, ticket: Ticket, at: datetime) -> bool:
    """Tell whether `user` has a capacity in which `action` is done, whatever the ticket's state."""
    return bool(BY_ACTION[action].who & actors_of(user, ticket, at))


def actions_offered(user: User, ticket: Ticket, life: Life, at: datetime) -> list[Action]:
    """Return what `user` may do on `ticket` now: permitted and legal, in the table's order."""
    legal = legal_actions(life, actors_of(user, ticket, at))
    if life.work and life.work.stage == WorkStage.QUOTED and not life.work.is_open_at(at):
        return [action for action in legal if action not in ON_A_QUOTE]
    return legal


def may_register(user: User) -> bool:
    """Tell whether `user` may register a ticket received by another means (C-WHO-3)."""
    return user.works_on_tickets


def may_keep_anomalies(user: User) -> bool:
    """Tell whether `user` records, changes and delivers the defects of a solution."""
    return user.works_on_tickets


def may_use_canned(user: User) -> bool:
    """Tell whether `user` answers clients, and so has canned answers."""
    return user.works_on_tickets


def may_change_canned(user: User, answer: CannedAnswer) -> bool:
    """Tell whether `user` may change or discard an answer: one's own, and the team's for a manager."""
    if not may_use_canned(user):
        return False
    return user.role == Role.MANAGER if answer.is_shared else answer.author_id == user.pk


def canned_for(user: User) -> QuerySet[CannedAnswer]:
    """Return the answers that `user` may use: one's own and the team's; none for who answers no client."""
    if not may_use_canned(user):
        return CannedAnswer.objects.none()
    return CannedAnswer.objects.filter(Q(author=user) | Q(is_shared=True))


def may_read_queue(user: User) -> bool:
    """Tell whether `user` may read the vendor's queue of every client's tickets."""
    return user.is_active and user.is_vendor


def may_read_own_list(user: User) -> bool:
    """Tell whether `user` has a client's list; what it shows is for `visible_to` to say."""
    return user.is_active and not user.is_vendor


def may_read_paid_work(user: User) -> bool:
    """Tell whether `user` has a register of paid work; what it shows is for `visible_to` to say (C-OUT-4)."""
    return user.is_active


def may_read_figures(user: User) -> bool:
    """Tell whether `user` may read the service levels: every client's, or their own organisation's."""
    if user.role == Role.CLIENT_MANAGER:
        return user.is_active and user.client is not None and user.client.is_active
    return user.is_active and user.role == Role.MANAGER


def may_keep_breach_file(user: User) -> bool:
    """Tell whether `user` may say why deadlines were missed, and sign monthly reports: a support manager."""
    return user.is_active and user.role == Role.MANAGER


def may_keep_prices(user: User) -> bool:
    """Tell whether `user` drafts, publishes and discards the public price lists (C-OUT-4): a support manager."""
    return user.is_active and user.role == Role.MANAGER


def may_recompute(user: User) -> bool:
    """Tell whether `user` may put many tickets under other versions at once (C-CAL-3)."""
    return user.is_active and user.role == Role.MANAGER


def contracts_for_filing(user: User, at: datetime) -> QuerySet[Contract]:
    """Return the contracts under which `user` may file at `at`: in force, and trained for (C-WHO-1)."""
    if user.role != Role.ADMINISTRATOR or user.client_id is None or not user.is_active:
        return Contract.objects.none()
    day = support_day(at)
    trained = Training.objects.valid_on(day).filter(person=user)
    return (
        Contract.objects.in_force(day)
        .filter(client=user.client_id, solution__in=trained.values("solution"))
        .select_related("solution")
    )


def colleagues_who_may_file(user: User, solution: Solution, at: datetime) -> QuerySet[User]:
    """Return the people of the same client whom a refusal names, with whom they stand in for (C-WHO-2)."""
    trained = Training.objects.valid_on(support_day(at)).filter(solution=solution)
    people = User.objects.filter(
        client=user.client_id, is_active=True, role=Role.ADMINISTRATOR, pk__in=trained.values("person")
    )
    return people.exclude(pk=user.pk).prefetch_related(deputising_on(support_day(at)))


def may_read_trainings(user: User) -> bool:
    """Tell whether `user` may read the register of every client's trained people (C-WHO-1)."""
    return user.is_active and user.is_vendor


def may_keep_trainings(user: User) -> bool:
    """Tell whether `user` records, corrects and ends trainings (C-WHO-1)."""
    return user.is_active and user.role in {Role.MANAGER, Role.PLATFORM_ADMINISTRATOR}


def may_erase(user: User) -> bool:
    """Tell whether `user` exports and erases anybody's personal data, and sees how stored files stand."""
    return user.is_active and user.role == Role.PLATFORM_ADMINISTRATOR


def may_follow_exports(user: User) -> bool:
    """Tell whether `user` asks for a client's whole export: of their own organisation, or of any."""
    if user.role == Role.CLIENT_MANAGER:
        return user.is_active and user.client is not None and user.client.is_active
    return user.is_active and user.role in {Role.MANAGER, Role.PLATFORM_ADMINISTRATOR}


def clients_to_export(user: User) -> QuerySet[Client]:
    """Return the clients whose whole export `user` may ask for."""
    if not may_follow_exports(user):
        return Client.objects.none()
    return Client.objects.all() if user.is_vendor else Client.objects.filter(people=user)

"""Why a person may not file, who may in their place, and how to get trained (C-WHO-2)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Role, Solution, Training, User
from sla.models import Contract
from tickets.permissions import colleagues_who_may_file, contracts_for_filing, support_day
from tickets.phrases import say_day


@dataclass(frozen=True, slots=True)
class SolutionRefusal:
    """One solution under contract for which the person may not file: why, and who may."""

    solution: Solution
    reason: str
    colleagues: list[User]


def refusals_of(user: User, at: datetime) -> list[SolutionRefusal]:
    """Return, for each solution under contract in force that `user` may not file for, why and who may."""
    contracts = Contract.objects.in_force(support_day(at)).filter(client=user.client_id)
    able = contracts_for_filing(user, at).values("pk")
    own = {training.solution_id: training for training in user.trainings.order_by("trained_on")}
    return [
        SolutionRefusal(
            contract.solution,
            _reason(user, own.get(contract.solution_id), at),
            list(colleagues_who_may_file(user, contract.solution, at)),
        )
        for contract in contracts.exclude(pk__in=able).select_related("solution").order_by("solution__name")
    ]


def _reason(user: User, training: Training | None, at: datetime) -> str:
    if user.role == Role.READER:
        return _("Your role is to read: a reader files no tickets.")
    if user.role == Role.CLIENT_MANAGER:
        return _("Your role is to follow the service levels: a client manager files no tickets.")
    if training is None:
        return _("You have not been trained to administer this solution.")
    if training.ended_on and training.ended_on <= support_day(at):
        return _("Your training was ended on %(day)s.") % {"day": say_day(training.ended_on)}
    if training.expires_on and training.trained_on <= support_day(at):
        return _("Your training expired on %(day)s.") % {"day": say_day(training.expires_on)}
    return _("Your training is to be held on %(day)s.") % {"day": say_day(training.trained_on)}

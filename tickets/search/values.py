"""The values that the filters of a search take, under the names that people give them in French and English."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Client, Solution, User
from sla.policy import Severity
from tickets.search.language import Choice, QueryError, fold
from tickets.search.owners import ME, NOBODY, owned_by
from tickets.words import State

SEVERITY_NAMES = {
    Severity.BLOQUANTE: ("bloquante", "bloquant", "blocking"),
    Severity.MAJEURE: ("majeure", "majeur", "major"),
    Severity.MINEURE: ("mineure", "mineur", "minor"),
}
OPEN, ALL = "open", "all"
STATE_NAMES = {
    OPEN: ("ouvert", "open"),
    ALL: ("tous", "toutes", "all"),
    State.NEW: ("nouveau", "depose", "new", "filed"),
    State.IN_PROGRESS: ("en-cours", "cours", "in-progress", "progress"),
    State.WAITING_CLIENT: ("attente", "en-attente", "waiting"),
    State.UNDER_TEST: ("test", "en-test", "livre", "under-test"),
    State.ACCEPTED: ("accepte", "accepted"),
    State.OUT_OF_SCOPE: ("hors-perimetre", "out-of-scope"),
    State.CLOSED: ("clos", "ferme", "closed"),
}
NAMES_SAID = 5


def condition(choice: Choice, person: User) -> Q:
    """Return what a filter keeps, for `person`; raise `QueryError` for a value that it does not take."""
    if choice.field in {"client", "owner"} and not person.is_vendor:
        raise QueryError(
            _("This list is your organisation's: it has no filter “%(field)s:”.") % {"field": choice.field}
        )
    match choice.field:
        case "severity":
            return Q(severity=_named(choice, SEVERITY_NAMES))
        case "state":
            return _in_state(_named(choice, STATE_NAMES))
        case "owner":
            return _owned(choice, person)
        case "client":
            return Q(client=_only(choice, Client.objects.all()))
    return Q(solution=_only(choice, Solution.objects.all()))


def _in_state(state: str) -> Q:
    if state == ALL:
        return Q()
    return ~Q(state=State.CLOSED) if state == OPEN else Q(state=state)


def _named(choice: Choice, names: Mapping[Any, tuple[str, ...]]) -> str:
    """Find the value by one of its names, or by the only beginning of one."""
    typed = fold(choice.value).replace(" ", "-")
    exact = [value for value, known in names.items() if typed in known]
    begun = {value for value, known in names.items() if any(name.startswith(typed) for name in known)}
    if exact:
        return exact[0]
    if len(begun) == 1:
        return begun.pop()
    raise QueryError(
        _("“%(value)s” is not a value that can be searched. Possible values: %(names)s.")
        % {"value": choice.value, "names": ", ".join(known[0] for known in names.values())}
    )


def _owned(choice: Choice, person: User) -> Q:
    typed = fold(choice.value)
    if typed in {"moi", ME}:
        return owned_by(ME, person)
    if typed in {"personne", NOBODY}:
        return owned_by(NOBODY, person)
    found = [worker for worker in User.objects.workers() if typed in fold(worker.get_full_name())]
    return Q(owner=_single(choice, found))


def _only(choice: Choice, parties: QuerySet) -> object:
    by_code = parties.filter(code__iexact=choice.value).first()
    return by_code or _single(choice, list(parties.filter(name__unaccent__icontains=choice.value)))


def _single(choice: Choice, found: Iterable[object]) -> object:
    several = list(found)
    exact = [each for each in several if fold(str(each)) == fold(choice.value)]
    if len(exact or several) == 1:
        return (exact or several)[0]
    if not several:
        raise QueryError(_("Nothing is called “%(value)s”.") % {"value": choice.value})
    names = ", ".join(map(str, several[:NAMES_SAID])) + (", …" if len(several) > NAMES_SAID else "")
    raise QueryError(
        _("“%(value)s” may mean %(names)s: say more of the name.") % {"value": choice.value, "names": names}
    )

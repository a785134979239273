"""Work that the contract does not cover, in the demonstration: public price lists, and quotes asked for (C-OUT-4)."""

# ruff: noqa: E501  (a sentence stays on its line)

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings

from accounts.models import Role, User
from tickets.actions import quotes
from tickets.actions.prices import PriceLine, change_price_list, draft_price_list, publish_price_list
from tickets.demo.case import Case
from tickets.demo.stage import Scene, Stage
from tickets.demo.wording import typeset
from tickets.reports.months import Month

CONDITIONS = "Prix hors taxes. Facturation à la fin des travaux, paiement à trente jours. Frais de déplacement inclus en Île-de-France."
LINES = (
    ("ANALYSE", "Analyse et spécification", "jour", "980.00"),
    ("DEV", "Développement spécifique", "jour", "890.00"),
    ("PARAM", "Paramétrage par un consultant", "demi-journée", "460.00"),
    ("FORM", "Formation à distance, jusqu'à huit personnes", "demi-journée", "620.00"),
    ("SITE", "Journée sur site", "jour", "1150.00"),
    ("REPRISE", "Reprise de données", "heure", "120.00"),
)
REQUESTS = (
    "Nous avons malgré tout besoin de cette intervention. Pouvez-vous nous faire un devis ?",
    "D'accord pour le hors périmètre. Merci de nous chiffrer la prestation, nous la souhaitons avant la fin du trimestre.",
    "Compris. Combien coûterait votre intervention, et sous quel délai ?",
)
STUDIES = (
    "Faisable sans développement : un consultant reprend le paramétrage avec vous, à distance. Aucun risque pour les données existantes.",
    "Faisable. L'intervention demande une analyse de votre configuration, puis une mise en œuvre sur l'environnement de test avant la production.",
    "Faisable sous réserve d'une sauvegarde récente de votre part ; prévoir une courte interruption du service en fin de journée.",
)
EXECUTIONS = (
    "Analyse à distance, mise en œuvre sur l'environnement de test, puis en production après votre accord. Démarrage sous dix jours ouvrés après l'acceptation.",
    "Une session à distance avec votre administrateur, compte rendu écrit. À planifier sous trois semaines.",
)
REFUSALS = (
    "Le budget de l'année ne le permet pas. Nous y reviendrons en janvier.",
    "Nous le ferons nous-mêmes, merci.",
)
DONE = (
    "La prestation est terminée : le paramétrage est en place et le compte rendu vous a été remis.",
    "L'intervention a eu lieu comme prévu, les contrôles que nous avons faits ensemble sont bons.",
)
NOT_FEASIBLE = (
    "Non faisable : cette donnée n'est pas conservée par la version que vous utilisez, aucune intervention ne la retrouverait.",
)


def write_price_lists(managers: list[User], begins_at: datetime, now: datetime) -> None:
    """Publish the list in force since the story began, and the one of the next month, with dearer prices."""
    following = Month.of(now).following.first_day
    for published_at, since, title, rise in (
        (begins_at, begins_at.astimezone(settings.SUPPORT_ZONE).date(), "Tarif public", Decimal(1)),
        (now - timedelta(days=10), following, "Tarif public révisé", Decimal("1.03")),
    ):
        _publish(managers[0], published_at, since, f"{title} {since.year}", rise)


def _publish(by: User, at: datetime, since: date, title: str, rise: Decimal) -> None:
    draft = draft_price_list(by=by, at=at)
    lines = [
        PriceLine(
            code, typeset(label), unit, (Decimal(price) * rise).quantize(Decimal("0.01")), Decimal("20.00")
        )
        for code, label, unit, price in LINES
    ]
    change_price_list(
        draft, by=by, at=at, title=title, in_force_from=since, validity_days=30, conditions=typeset(CONDITIONS), lines=lines
    )  # fmt: skip
    publish_price_list(draft, by=by, at=at)


def signing_manager(stage: Stage, case: Case) -> User | None:
    """Return who may accept a quote for the case's client, if it has somebody."""
    people = stage.cast.people.values()
    own = (each for each in people if each.client_id == case.contract.client_id)
    return next((each for each in own if each.role == Role.CLIENT_MANAGER and each.is_active), None)


def quote_asked(case: Case) -> Scene:
    """Have a quote asked for and studied; where somebody may accept it, issued."""
    yield case.client_soon(1, 4)
    case.client(quotes.request_work, message=case.write(REQUESTS))
    yield case.soon(2, 5)
    if signing_manager(case.stage, case) is None:
        case.vendor(quotes.study, feasible=False, message=case.write(NOT_FEASIBLE))
        return
    case.vendor(quotes.study, feasible=True, message=case.write(STUDIES))
    yield case.soon(1, 3)
    day = case.at.astimezone(settings.SUPPORT_ZONE).date()
    lines = {
        "ANALYSE": Decimal("0.5"),
        case.rng.choice(["DEV", "PARAM", "FORM"]): Decimal(case.rng.randint(1, 4)),
    }
    case.manager(
        quotes.issue_quote,
        lines=lines,
        valid_until=day + timedelta(days=30),
        execution=case.write(EXECUTIONS),
    )


def quoted_work(case: Case) -> Scene:
    """Have a quote asked for, then accepted and the work done, or refused, or left without an answer."""
    yield from quote_asked(case)
    signing = signing_manager(case.stage, case)
    if signing is None:
        return
    if case.chance(0.2) and case.ticket.work_expires_at:
        yield case.stage.hours.next_open(case.ticket.work_expires_at)
        return
    yield case.client_soon(9, 40)
    quote = case.ticket.quotes.latest("number").pk
    if case.chance(0.3):
        case.filed = quotes.refuse_quote(
            case.ticket, by=signing, at=case.at, quote=quote, message=case.write(REFUSALS)
        )
        return
    order = f"BC-{case.at:%Y}-{case.rng.randint(100, 999)}"
    case.filed = quotes.accept_quote(
        case.ticket, by=signing, at=case.at, quote=quote, agreed=True, order_reference=order
    )
    yield case.soon(30, 80)
    case.vendor(quotes.finish_work, message=case.write(DONE))

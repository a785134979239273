"""Examples that the description of the API shows."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from tickets.acts import Action

FILED = OpenApiExample(
    "An anomaly",
    {
        "contract": 12,
        "title": "L’export comptable s’arrête à mi-chemin",
        "description": "Le fichier produit est **vide** au-delà de 1 000 lignes.",
        "steps": "1. Ouvrir l’exercice 2026\n2. Exporter",
        "severity": "majeure",
        "environment": "production",
    },
    request_only=True,
)

PRICE_LIST = OpenApiExample(
    "A list in force",
    {
        "id": 3,
        "title": "Tarif public 2026",
        "standing": "in_force",
        "in_force_from": "2026-01-01",
        "in_force_until": "2026-12-31",
        "validity_days": 30,
        "conditions": "Paiement à trente jours.",
        "published_at": "2025-12-01T09:00:00Z",
        "withdrawn_at": None,
        "items": [
            {
                "code": "DEV",
                "label": "Développement spécifique",
                "unit": "jour",
                "unit_price": "980.00",
                "vat_rate": "20.00",
            }
        ],
    },
    response_only=True,
)

# What each write takes, by what it is called: an action of the workflow, or another write.
REQUESTS: dict[str, dict[str, Any]] = {
    Action.ACKNOWLEDGE: {"owner": 7, "message": "Nous prenons votre ticket en charge.", "seen": 1},
    Action.ASSIGN: {"owner": 8, "seen": 3},
    Action.INFORM: {"message": "La cause est trouvée, le correctif suit.", "seen": 4},
    Action.ASK: {"message": "Quelle version utilisez-vous ?", "seen": 4},
    Action.REQUALIFY: {
        "severity": "mineure", "motive": "Une exportation partielle reste possible.", "seen": 4,
    },
    Action.DELIVER: {
        "what": "fix", "version": "4.2.2", "content": "L’export écrit désormais toutes les lignes.",
        "how_to_test": "Exporter l’exercice 2026 et compter.", "touches_data": False, "seen": 6,
    },
    Action.ASK_VERDICT: {"message": "Avez-vous pu essayer la 4.2.2 ?", "seen": 8},
    Action.CLASS_OUT_OF_SCOPE: {
        "ground": "misuse", "explanation": "La notice exclut cet usage.", "seen": 3,
    },
    Action.PUT_IN_SCOPE: {"message": "Nous reprenons : la notice le permet.", "seen": 5},
    Action.WARN: {"message": "Sans réponse de votre part, nous fermerons le ticket.", "seen": 6},
    Action.CLOSE: {"ground": "not_reproducible", "message": "L’export aboutit sur tous nos postes.", "seen": 6},
    Action.CORRECT: {"title": "L’export comptable s’arrête à 1 000 lignes", "solution": 2, "seen": 3},
    Action.NOTE: {"message": "Voir le journal du 28 avril.", "seen": 3},
    Action.RELATE: {"other": 1041, "seen": 3},
    Action.SPLIT: {"source": 311, "title": "L’impression échoue", "severity": "mineure", "seen": 5},
    Action.LINK_ANOMALY: {"anomaly": 12, "seen": 3},
    Action.STUDY: {"feasible": True, "message": "Deux jours de développement.", "seen": 6},
    Action.ISSUE_QUOTE: {
        "lines": {"DEV": "2.5"}, "valid_until": "2026-06-30", "execution": "Livré en juillet.", "seen": 7,
    },
    Action.WITHDRAW_QUOTE: {"quote": 5, "message": "Une ligne manque.", "seen": 8},
    Action.FINISH_WORK: {"message": "Le développement est livré.", "seen": 9},
    Action.SETTLE: {"subject": "severity", "upheld": True, "motive": "La paie est bien bloquée.", "seen": 6},
    Action.RECOMPUTE: {
        "calendar_version": "0b8e4a5e-6f1b-4e55-9d0c-2a4c1c6f7d10",
        "policy_version": "5d1a9f0e-94a3-4a59-8f7b-6f1c7a2e3b44",
        "motive": "Le pont du 15 mai avait été oublié.", "seen": 4,
    },
    Action.AGREE_TIME: {"days": 12, "message": "Entendu pour la clôture annuelle.", "seen": 9},
    Action.REFUSE_TIME: {"message": "Le correctif est attendu par d’autres.", "seen": 9},
    Action.ANSWER: {"message": "La 4.2.1, depuis lundi.", "seen": 5},
    Action.ACCEPT: {"seen": 7},
    Action.JUDGE_DEFINITIVE: {"seen": 7},
    Action.JUDGE_PROVISIONAL: {"message": "Trop lent pour la paie.", "seen": 7},
    Action.REFUSE: {"motive": "Le fichier est toujours vide.", "seen": 7},
    Action.DECLARE_PRODUCTION: {"seen": 8},
    Action.REQUEST_TIME: {"days": 12, "reason": "Clôture annuelle.", "seen": 8},
    Action.CONTEST_SEVERITY: {"reason": "La paie est bloquée.", "seen": 5},
    Action.CONTEST_SCOPE: {"reason": "La notice le permet.", "seen": 5},
    Action.CONTEST_DEADLINE: {"reason": "Le 7 mai est ouvré.", "seen": 5},
    Action.REQUEST_WORK: {"message": "Nous souhaitons un devis.", "seen": 5},
    Action.ACCEPT_QUOTE: {"quote": 5, "agreed": True, "seen": 8},
    Action.REFUSE_QUOTE: {"quote": 5, "seen": 8},
    Action.CANCEL_WORK: {"seen": 6},
    Action.WITHDRAW: {"seen": 2},
    Action.FOLLOW_UP: {"message": "Cela revient depuis hier.", "seen": 11},
    "registration": {
        "client": 3, "contract": 12, "reporter": 21, "title": "Plus aucune impression",
        "description": "Signalé par téléphone.", "severity": "bloquante", "means": "telephone",
        "received_at": "2026-04-28T10:30:00+02:00",
    },
    "anomaly": {
        "solution": 2, "title": "Export tronqué", "summary": "L’export perd des lignes au-delà de 1 000.",
        "analysis": "Tampon trop court.", "planned_version": "4.3",
    },
    "anomaly_change": {"title": "Export tronqué", "summary": "L’export perd des lignes.", "planned_version": "4.3.1"},
    "anomaly_delivery": {
        "what": "fix", "version": "4.3", "content": "L’export écrit toutes les lignes.",
        "how_to_test": "Exporter l’exercice 2026 et compter.", "touches_data": False,
    },
}  # fmt: skip


def request_of(name: str) -> OpenApiExample:
    """Return the example of what a write takes."""
    return OpenApiExample("What it takes", REQUESTS[name], request_only=True, media_type="application/json")


_LINE: dict[str, Any] = {
    "number": 1042, "page": "https://support.example/tickets/1042/", "title": "L’export comptable s’arrête à mi-chemin",
    "client": {"id": 3, "name": "Brasserie du Nord"}, "solution": {"id": 2, "name": "Gestia"},
    "state": "in_progress", "turn": "vendor", "severity": "majeure", "severity_claimed": "majeure",
    "severity_retained": None,
    "clocks": {
        "acknowledge": {
            "state": "met", "due_at": "2026-04-28T12:30:00Z", "done_at": "2026-04-28T09:05:00Z",
            "business_seconds_left": None,
        },
        "resolve": {
            "state": "running", "due_at": "2026-05-11T08:30:00Z", "done_at": None, "business_seconds_left": None,
        },
    },
    "next_due_at": "2026-05-11T08:30:00Z", "closes_at": None, "closed_at": None, "closing_ground": "",
    "is_contested": False, "reporter": {"id": 21, "name": "Claire Fontaine", "side": "client"},
    "owner": {"id": 7, "name": "Agnès Martin", "side": "vendor"}, "means": "portal",
    "received_at": "2026-04-28T08:30:00Z", "registered_at": "2026-04-28T08:30:00Z", "last_seq": 3,
    "last_entry_at": "2026-04-28T09:05:00Z",
}  # fmt: skip
_TICKET = {
    **_LINE, "contract": 12, "description": "Le fichier produit est **vide** au-delà de 1 000 lignes.",
    "steps": "1. Ouvrir l’exercice 2026\n2. Exporter", "affected_version": "4.2.1", "environment": "production",
    "external_reference": "",
    "calendar_version": {"id": "0b8e4a5e-6f1b-4e55-9d0c-2a4c1c6f7d10", "number": 4},
    "policy_version": {"id": "5d1a9f0e-94a3-4a59-8f7b-6f1c7a2e3b44", "number": 2},
    "follow_up_of": None, "duplicate_of": None, "split_from": None, "related": [1041],
    "anomaly": {"id": 12, "reference": "AP-12", "summary": "L’export perd des lignes.", "planned_version": "4.3"},
    "watchers": [], "actions": ["answer", "contest_deadline", "withdraw"],
}  # fmt: skip
_PAGE = {
    "results": [_LINE],
    "next": "https://support.example/api/v1/tickets?limit=1&cursor=eyJ0Ijo…",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "TicketOut": _TICKET,
    "OutcomeOut": {"said": "Le ticket attend votre client.", "ticket": _TICKET},
    **dict.fromkeys(("TicketPage", "FigureTicketPage", "AnomalyTicketPage"), _PAGE),
}


def answers_of(shape: object, status: int) -> list[OpenApiExample]:
    """Return the example of an answer of this shape, if it has one."""
    said = ANSWERS.get(getattr(shape, "__name__", ""))
    return [OpenApiExample("An answer", said, response_only=True, status_codes=[str(status)])] if said else []


# What a problem says more, by its kind; the rest is the same for all.
_SAID: dict[str, dict[str, Any]] = {
    "not-understood": {
        "detail": "severity: unknown field", "errors": [{"field": "severity", "reason": "unknown field"}],
    },
    "not-permitted": {
        "rule": "C-WHO-1", "who": ["trained"], "colleagues": ["Claire Fontaine"],
        "training_contact": "formation@editeur.example",
    },
    "not-possible-now": {"rule": "C-WKA-1", "state": "under_test"},
    "overtaken": {
        "rule": "workflow:inform",
        "since": [{"seq": 5, "kind": "question", "title": "Question", "author": "Bruno Lefèvre"}],
    },
    "changed": {"rule": "workflow:inform"},
    "not-accepted": {
        "detail": "This field is required.", "errors": [{"field": "motive", "reason": "This field is required."}],
    },
}  # fmt: skip


def problem_of(kind: str, status: int, title: object, media: str) -> OpenApiExample:
    """Return the example of a problem document of a kind."""
    said = {
        "type": f"https://support.example/api/v1/docs#problem-{kind}",
        "title": title, "status": status, "detail": title, "rule": None, **_SAID.get(kind, {}),
    }  # fmt: skip
    return OpenApiExample(kind, said, response_only=True, status_codes=[str(status)], media_type=media)

"""Examples that the description of the API shows."""

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

EXAMPLES: dict[str, list[OpenApiExample]] = {
    Action.ASK: [
        OpenApiExample(
            "A question", {"message": "Quelle version utilisez-vous ?", "seen": 4}, request_only=True
        )
    ],
    Action.ANSWER: [
        OpenApiExample("An answer", {"message": "La 4.2.1, depuis lundi.", "seen": 5}, request_only=True)
    ],
    Action.DELIVER: [
        OpenApiExample(
            "A fix",
            {
                "what": "fix",
                "version": "4.2.2",
                "content": "L’export écrit désormais toutes les lignes.",
                "how_to_test": "Exporter l’exercice 2026 et compter.",
                "touches_data": False,
                "seen": 6,
            },
            request_only=True,
        )
    ],
    Action.REQUALIFY: [
        OpenApiExample(
            "A lower severity",
            {"severity": "mineure", "motive": "Une exportation partielle reste possible.", "seen": 4},
            request_only=True,
        )
    ],
}

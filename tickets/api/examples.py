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

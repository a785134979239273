"""The parties of the demonstration: solutions, clients and people, all fictitious and marked as such."""

from dataclasses import dataclass

from accounts.models import Role

MARK = "(démo)"
VENDOR_DOMAIN = "atelier-logiciel.example"
DEMO_PASSWORD = "bonjour-la-demo"  # noqa: S105  (said aloud on purpose: it opens the demonstration only)  # nosec B105


@dataclass(frozen=True, slots=True)
class SolutionPart:
    """One product; `first_release` numbers the version in use when the story begins."""

    code: str
    name: str
    description: str
    first_release: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClientPart:
    """One client under contract: which solutions it uses, how much it files, what its policy is."""

    code: str
    name: str
    solutions: tuple[str, ...]
    weight: int
    readers_allowed: bool = True
    premium: bool = False


@dataclass(frozen=True, slots=True)
class PersonPart:
    """One person; `client` is a client's code, empty for the vendor; `trained` names solutions.

    `training` says how the training stands at the end of the story: valid, none, expired or expiring.
    """

    first_name: str
    last_name: str
    role: Role
    client: str = ""
    trained: tuple[str, ...] = ()
    training: str = "valid"
    language: str = "fr"
    shown_as: str = ""

    @property
    def email(self) -> str:
        """The address, of a domain that can never exist."""
        name = f"{self.first_name}.{self.last_name}".lower().translate(PLAIN_LETTERS)
        return f"{name}@{f'{self.client}.example' if self.client else VENDOR_DOMAIN}"


PLAIN_LETTERS = str.maketrans("àâäçéèêëîïôöùûü '", "aaaceeeeiioouuu--")

SOLUTIONS = (
    SolutionPart(
        "fabrilo",
        "Fabrilo",
        "Gestion commerciale, stocks, fabrication et comptabilité des petites industries.",
        (7, 2),
    ),
    SolutionPart(
        "rondelys",
        "Rondelys",
        "Plannings, temps de travail et remplacements des établissements de soins.",
        (4, 5),
    ),
    SolutionPart(
        "citeliane",
        "Citéliane",
        "Cantine, périscolaire, crèches et facturation aux familles des collectivités.",
        (11, 0),
    ),
)

CLIENTS = (
    ClientPart("brasserie-nord-lys", f"Brasserie du Nord-Lys {MARK}", ("fabrilo",), 9),
    ClientPart("menuiseries-kervella", f"Menuiseries Kervella {MARK}", ("fabrilo",), 7),
    ClientPart(
        "trois-moulins", f"Biscuiterie des Trois Moulins {MARK}", ("fabrilo",), 6, readers_allowed=False
    ),
    ClientPart("outillage-ferrand", f"Outillage Ferrand {MARK}", ("fabrilo",), 4),
    ClientPart("papeterie-valmorin", f"Papeterie Valmorin {MARK}", ("fabrilo",), 3),
    ClientPart("clinique-tilleuls", f"Clinique des Tilleuls {MARK}", ("rondelys",), 7),
    ClientPart("acacias-bleus", f"Résidence Les Acacias Bleus {MARK}", ("rondelys",), 5),
    ClientPart(
        "valbrune", f"Centre hospitalier de Valbrune {MARK}", ("rondelys", "fabrilo"), 10, premium=True
    ),
    ClientPart("soins-lysande", f"Soins à domicile Lysande {MARK}", ("rondelys",), 3, readers_allowed=False),
    ClientPart("montrebourg", f"Ville de Montrebourg {MARK}", ("citeliane",), 8),
    ClientPart("saint-aubrac", f"Commune de Saint-Aubrac {MARK}", ("citeliane",), 4),
    ClientPart("haut-verdan", f"Communauté de communes du Haut-Verdan {MARK}", ("citeliane", "rondelys"), 6),
)

ADMINISTRATOR, READER, CLIENT_MANAGER = Role.ADMINISTRATOR, Role.READER, Role.CLIENT_MANAGER

PEOPLE = (
    PersonPart("Agnès", "Martin", Role.AGENT, trained=("fabrilo", "citeliane"), shown_as="agent"),
    PersonPart("Bruno", "Lefèvre", Role.AGENT, trained=("fabrilo",)),
    PersonPart("Camille", "Joubert", Role.AGENT, trained=("rondelys",)),
    PersonPart("Driss", "Benali", Role.AGENT, trained=("rondelys", "fabrilo")),
    PersonPart("Élodie", "Vasseur", Role.AGENT, trained=("citeliane",)),
    PersonPart("Farid", "Kessler", Role.AGENT, trained=("citeliane", "rondelys"), language="en"),
    PersonPart("Maud", "Bernard", Role.MANAGER, shown_as="manager"),
    PersonPart("Hugues", "Delmas", Role.MANAGER),
    PersonPart("Paul", "Renard", Role.PLATFORM_ADMINISTRATOR, shown_as="platform"),
    PersonPart(
        "Claire", "Fontaine", ADMINISTRATOR, "brasserie-nord-lys", ("fabrilo",), shown_as="administrator"
    ),
    PersonPart("Hervé", "Maillard", ADMINISTRATOR, "brasserie-nord-lys", ("fabrilo",)),
    PersonPart("Lucas", "Petit", ADMINISTRATOR, "brasserie-nord-lys", training="none", shown_as="untrained"),
    PersonPart("Rachel", "Roux", READER, "brasserie-nord-lys", shown_as="reader"),
    PersonPart("Marc", "Girard", CLIENT_MANAGER, "brasserie-nord-lys", shown_as="client_manager"),
    PersonPart("Yann", "Kervella", ADMINISTRATOR, "menuiseries-kervella", ("fabrilo",)),
    PersonPart("Soazig", "Tanguy", ADMINISTRATOR, "menuiseries-kervella", ("fabrilo",)),
    PersonPart("Gwenn", "Morvan", CLIENT_MANAGER, "menuiseries-kervella"),
    PersonPart("Sylvie", "Charpentier", ADMINISTRATOR, "trois-moulins", ("fabrilo",)),
    PersonPart("Didier", "Rolland", ADMINISTRATOR, "trois-moulins", ("fabrilo",), "expired"),
    PersonPart("Inès", "Caron", READER, "trois-moulins"),
    PersonPart("Patrick", "Ferrand", ADMINISTRATOR, "outillage-ferrand", ("fabrilo",)),
    PersonPart("Nadia", "Lombard", ADMINISTRATOR, "outillage-ferrand", ("fabrilo",), "expiring"),
    PersonPart("Étienne", "Valmorin", ADMINISTRATOR, "papeterie-valmorin", ("fabrilo",)),
    PersonPart(
        "Olivia", "Mercier", ADMINISTRATOR, "clinique-tilleuls", ("rondelys",), shown_as="other_client"
    ),
    PersonPart("Thomas", "Guérin", ADMINISTRATOR, "clinique-tilleuls", ("rondelys",)),
    PersonPart("Brigitte", "Lacroix", CLIENT_MANAGER, "clinique-tilleuls"),
    PersonPart("Aurélie", "Picard", ADMINISTRATOR, "acacias-bleus", ("rondelys",)),
    PersonPart("Jérôme", "Noël", READER, "acacias-bleus"),
    PersonPart("Monique", "Delaunay", ADMINISTRATOR, "acacias-bleus", ("rondelys",), "expired"),
    PersonPart("Frédéric", "Aubert", ADMINISTRATOR, "valbrune", ("rondelys", "fabrilo")),
    PersonPart("Leïla", "Haddad", ADMINISTRATOR, "valbrune", ("rondelys",)),
    PersonPart("Vincent", "Schmitt", ADMINISTRATOR, "valbrune", ("fabrilo",)),
    PersonPart("Hélène", "Marchand", CLIENT_MANAGER, "valbrune"),
    PersonPart("Sandrine", "Colin", ADMINISTRATOR, "soins-lysande", ("rondelys",)),
    PersonPart("Nathalie", "Besson", ADMINISTRATOR, "montrebourg", ("citeliane",)),
    PersonPart("Karim", "Amrani", ADMINISTRATOR, "montrebourg", ("citeliane",)),
    PersonPart("Jeanne", "Poulain", READER, "montrebourg"),
    PersonPart("Denis", "Carpentier", CLIENT_MANAGER, "montrebourg"),
    PersonPart("Corinne", "Vidal", ADMINISTRATOR, "saint-aubrac", ("citeliane",)),
    PersonPart("Pauline", "Estève", ADMINISTRATOR, "haut-verdan", ("citeliane", "rondelys")),
    PersonPart("Gérard", "Blanchet", ADMINISTRATOR, "haut-verdan", ("citeliane",)),
    PersonPart("Sabine", "Weber", CLIENT_MANAGER, "haut-verdan"),
)

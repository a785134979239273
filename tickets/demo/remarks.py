"""What the managers of the demonstration write: causes of missed deadlines, plans of action, answers at hand."""

# ruff: noqa: E501  (a sentence stays on its line)

from dataclasses import dataclass

from tickets.words import Attribution, OutOfScopeGround


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a deadline was missed, to whom it is attributed (K-11), what is done about it."""

    cause: str
    action: str
    comment: str
    attribution: Attribution = Attribution.VENDOR
    clause: str = ""
    of_acknowledgement: bool = False  # it may explain that nobody took the ticket, and not only a late fix


FINDINGS = (
    Finding(
        "Le ticket est resté dans la file d'un agent absent : personne ne l'a repris avant l'échéance.",
        "Chaque matin, le responsable réaffecte les tickets des absents. En place depuis le début du mois.",
        comment="Aucune relance du client : il pensait le ticket pris en charge.",
        of_acknowledgement=True,
    ),
    Finding(
        "Le correctif touchait un calcul commun à trois écrans ; la relecture a pris deux jours de plus que prévu.",
        "Couvrir ce calcul par des essais automatiques avant la prochaine version.",
        comment="Un contournement avait été proposé, le client a préféré attendre.",
    ),
    Finding(
        "La première analyse a porté sur le mauvais module : la cause était dans l'import, pas dans l'édition.",
        "Demander d'emblée le journal de l'import ; la réponse type en tient compte.",
        comment="Le client a été tenu au courant à chaque étape.",
    ),
    Finding(
        "Deux anomalies bloquantes le même jour : l'équipe a traité l'autre d'abord.",
        "Renfort d'un second agent dès la deuxième bloquante ouverte.",
        comment="Décision du responsable de support, tracée au journal.",
        of_acknowledgement=True,
    ),
    Finding(
        "La base d'essai demandée n'a été ouverte que quatre jours plus tard.",
        "Le client désigne un suppléant pour l'ouverture des accès.",
        attribution=Attribution.CLIENT,
        comment="Relancé deux fois ; la question n'avait pas été posée dans l'outil, l'horloge a donc couru.",
    ),
    Finding(
        "Le composant d'édition d'un éditeur tiers refusait les caractères accentués ; son correctif s'est fait attendre.",
        "Version du composant figée, contrôle ajouté à la recette.",
        comment="Les échanges avec l'éditeur tiers sont à la disposition du client.",
        attribution=Attribution.THIRD_PARTY,
    ),
    Finding(
        "Coupure générale du réseau chez l'hébergeur pendant une journée.",
        "Second accès de secours souscrit auprès d'un autre opérateur.",
        attribution=Attribution.EXCLUDED,
        clause=OutOfScopeGround.FORCE_MAJEURE,
        comment="Attestation de l'hébergeur jointe au dossier du comité.",
        of_acknowledgement=True,
    ),
)

PLAN = (
    "- Revue hebdomadaire des tickets à plus de 75 % de leur délai.\n- Formation d'un second administrateur avant la fin du trimestre.",
    "- Livrer le correctif du calcul commun dans la prochaine version mineure.\n- Faire le point sur les réponses en attente au prochain comité.",
    "- Mesurer l'effet de la réaffectation du matin.\n- Présenter au comité les défauts connus et leur version prévue.",
)

CANNED = (
    (
        "Accusé de prise en charge",
        "Bonjour {{ personne }},\n\nNous prenons en charge {{ ticket }} et revenons vers vous avant l'échéance ({{ échéance }}).\n\nCordialement,\n{{ agent }}",
        "fr",
    ),
    (
        "Demander le journal et la version",
        "Bonjour {{ personne }},\n\nPour avancer sur « {{ titre }} », pouvez-vous joindre :\n\n1. le journal de la journée concernée ;\n2. la version affichée dans *À propos* ;\n3. une copie d'écran du message.\n\nMerci,\n{{ agent }}",
        "fr",
    ),
    (
        "Rendre compte des travaux",
        "Bonjour {{ personne }},\n\nL'anomalie est reproduite sur {{ solution }} {{ version }} ; le correctif est en cours de relecture. Prochain point demain.\n\n{{ agent }}",
        "fr",
    ),
    (
        "Inviter à tester",
        "Bonjour {{ personne }},\n\nLa livraison de {{ ticket }} attend votre essai. Sans réponse sous cinq jours ouvrés, le ticket se fermera de lui-même ; il pourra être suivi d'un autre.\n\n{{ agent }}",
        "fr",
    ),
    (
        "Rappeler ce que couvre le contrat",
        "Bonjour {{ personne }},\n\nLe paramétrage et la reprise de données ne relèvent pas de la correction d'anomalies. Si vous souhaitez ces travaux, nous pouvons vous les chiffrer.\n\n{{ agent }}",
        "fr",
    ),
    (
        "Ask for the log and the version",
        "Hello {{ personne }},\n\nTo go on with “{{ titre }}”, please join the day's log, the version shown in *About*, and a screenshot of the message.\n\nThank you,\n{{ agent }}",
        "en",
    ),
)

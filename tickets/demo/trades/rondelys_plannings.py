"""Rondelys, the planning side: rosters, replacements, absences, printing, mobile."""

# ruff: noqa: E501  (a sentence stays on its line)

from tickets.demo.wording import Anomaly, B, M, N

ANOMALIES = (
    Anomaly(
        subject="le planning du service",
        titles=(
            "Le planning {unit} ne s'affiche plus",
            "Planning {unit} : page blanche à l'ouverture",
            "{Unit_name} : le planning du mois prochain est inaccessible",
        ),
        symptoms=(
            "Le planning {unit} reste blanc, sans message. Les autres services s'ouvrent normalement.",
            "À l'ouverture du planning {unit}, l'écran tourne indéfiniment. {colleague} et moi avons le même résultat.",
        ),
        steps=(
            "Ouvrir *Plannings*",
            "Choisir le planning {unit}",
            "Avancer au mois suivant",
            "L'écran reste blanc",
        ),
        exchanges=(
            (
                "Un agent de ce service a-t-il changé de contrat récemment ?",
                "Oui, une infirmière est passée à 80 % {lately}.",
            ),
            ("Le mois en cours s'affiche-t-il encore ?", "Oui, seul le mois suivant est blanc."),
        ),
        fixes=(
            (
                "Un changement de quotité en cours de mois produisait une ligne sans poste, que l'affichage n'admettait pas. La ligne s'affiche désormais avec un avertissement.",
                "Ouvrir le planning {unit} sur les deux prochains mois.",
            ),
            (
                "Une trame supprimée restait rattachée à {count} agents. Le rattachement est nettoyé et la suppression l'empêche à présent.",
                "Ouvrir le planning {unit} et affecter une trame à un agent.",
            ),
        ),
        workaround=(
            "Afficher le planning par agent, puis l'imprimer : les données y sont justes.",
            "Ouvrir la vue par agent pour trois personnes du service.",
        ),
        limits=("La vue par agent ne montre pas les sous-effectifs, la cadre travaille à l'aveugle.",),
        refusals=(
            "Le planning s'ouvre, mais les remplaçants n'y figurent plus.",
            "C'est corrigé pour ce service ; un autre est maintenant blanc.",
        ),
        slots={
            "unit": (
                "de chirurgie",
                "des urgences",
                "de l'unité protégée",
                "de l'équipe de nuit",
                "de la cuisine",
                "de pédiatrie",
            ),
            "unit_name": ("équipe de jour", "équipe de nuit", "pool de remplacement"),
        },
        severities=(B, M, M),
    ),
    Anomaly(
        subject="la proposition de remplacement",
        titles=(
            "Remplacements : des agents {status} sont proposés",
            "Proposition de remplacement incohérente pour {shift}",
            "Un agent {status} sollicité pour {shift}",
        ),
        symptoms=(
            "Pour remplacer {shift}, la solution propose des agents {status}. Deux ont été appelés pour rien.",
            "La liste de remplacement de {shift} classe en premier un agent {status}.",
        ),
        steps=(
            "Déclarer une absence sur {shift}",
            "Ouvrir *Proposer un remplacement*",
            "Lire la liste : un agent {status} est en tête",
        ),
        exchanges=(
            (
                "L'absence de l'agent proposé est-elle validée ou seulement demandée ?",
                "Validée depuis plus d'une semaine.",
            ),
            ("Le repos de onze heures est-il activé dans les règles ?", "Oui, pour tout l'établissement."),
        ),
        fixes=(
            (
                "Les absences saisies en heures n'étaient pas comptées dans la disponibilité. Elles le sont, ainsi que le repos qui suit.",
                "Proposer un remplacement de {shift} et vérifier que seuls des agents disponibles sont listés.",
            ),
        ),
        workaround=(
            "Saisir ces absences à la journée en attendant : elles sont alors prises en compte.",
            "Transformer une absence et relancer la proposition.",
        ),
        limits=("Cela fausse les compteurs d'heures, à rectifier ensuite un par un.",),
        refusals=(
            "Les absents n'apparaissent plus, mais les agents en formation non plus alors qu'ils sont volontaires.",
        ),
        slots={
            "status": ("en congé", "en arrêt de travail", "déjà en poste", "en repos de sécurité"),
            "shift": ("une nuit", "une garde de week-end", "un poste du matin", "une astreinte"),
        },
        severities=(M, M, B, N),
    ),
    Anomaly(
        subject="la demande de congés",
        titles=(
            "Demande de {leave} refusée sans motif",
            "{Leave} : solde faux au moment de la demande",
            "Demande de {leave} impossible à cheval sur deux années",
        ),
        symptoms=(
            "La demande de {leave} est refusée par *« solde insuffisant »* alors que le compteur affiche {count} heures.",
            "En posant {leave} à cheval sur le 31 décembre, la demande se perd : ni acceptée, ni refusée.",
        ),
        steps=(
            "Se connecter en tant qu'agent",
            "Poser {leave} sur la semaine suivante",
            "Valider la demande",
        ),
        exchanges=(
            ("Pouvez-vous donner le matricule d'un agent concerné ?", "Matricule {number}, service de jour."),
            (
                "Le compteur est-il exprimé en jours ou en heures ?",
                "En heures depuis le passage au nouvel accord.",
            ),
        ),
        fixes=(
            (
                "Le contrôle comparait des jours à des heures après la conversion du compteur. L'unité est maintenant portée par la demande.",
                "Poser {leave} pour l'agent {number} et vérifier le solde restant.",
            ),
        ),
        workaround=(
            "La cadre peut saisir l'absence directement sur le planning : le contrôle ne s'applique pas.",
            "Saisir une journée sur le planning de l'agent {number}.",
        ),
        limits=("L'agent ne voit pas sa demande et n'est pas prévenu.",),
        refusals=(
            "Le solde est juste, mais la demande part au mauvais valideur.",
            "Les agents à temps partiel ont toujours le refus.",
        ),
        slots={"leave": ("congé annuel", "récupération", "congé pour enfant malade", "repos compensateur")},
        severities=(M, N, N),
    ),
    Anomaly(
        subject="l'impression des plannings",
        titles=(
            "Planning imprimé : les couleurs de {what} ont disparu",
            "Impression A3 coupée à droite",
            "Édition du planning : il manque {what}",
        ),
        symptoms=(
            "Sur le planning imprimé, {what} n'apparaissent plus. L'affichage à l'écran est correct.",
            "L'édition mensuelle coupe les trois derniers jours et masque {what}.",
        ),
        steps=(
            "Ouvrir le planning du mois",
            "Choisir *Imprimer*, format A3 paysage",
            "Comparer avec l'écran",
        ),
        exchanges=(
            ("L'édition en PDF présente-t-elle le même défaut ?", "Oui, ce n'est donc pas l'imprimante."),
            ("Combien d'agents compte ce planning ?", "{count} agents, sur une seule page."),
        ),
        fixes=(
            (
                "La feuille de style d'impression avait perdu la légende. Elle est rétablie et la largeur s'ajuste au nombre de jours.",
                "Imprimer un mois de 31 jours en A3 puis en A4.",
            ),
        ),
        workaround=("Imprimer par quinzaine : tout tient sur la page.", "Imprimer du 1er au 15."),
        limits=("L'affichage obligatoire est mensuel, nous collons deux feuilles.",),
        refusals=("La largeur est bonne, les couleurs manquent encore.",),
        slots={"what": ("les repos", "les jours fériés", "les formations", "les astreintes")},
        severities=(N,),
    ),
    Anomaly(
        subject="l'application mobile",
        titles=(
            "Application mobile : {action} impossible",
            "Téléphones {phone} : {action} ne répond plus",
            "Mobile : {action} sans effet depuis {since}",
        ),
        symptoms=(
            "Sur téléphone {phone}, {action} reste sans effet. Sur ordinateur tout fonctionne.",
            "{count} agents signalent que {action} provoque la fermeture de l'application.",
        ),
        steps=("Ouvrir l'application sur un téléphone {phone}", "Tenter : {action}", "Rien ne se passe"),
        exchanges=(
            (
                "Quelle version de l'application est indiquée dans *À propos* ?",
                "{version}, installée {lately}.",
            ),
            ("Le défaut se produit-il en Wi-Fi comme en 4G ?", "Dans les deux cas."),
        ),
        fixes=(
            (
                "L'application envoyait une date au format du téléphone. Elle envoie désormais un format unique.",
                "Sur un téléphone {phone} : {action}, puis vérifier sur l'ordinateur.",
            ),
        ),
        workaround=(
            "Utiliser le site depuis le navigateur du téléphone : {action} y fonctionne.",
            "Ajouter le raccourci à l'écran d'accueil et essayer.",
        ),
        limits=("Sans notification, les agents ne voient pas les changements de dernière minute.",),
        refusals=("Corrigé en français, pas sur les téléphones réglés en portugais.",),
        slots={
            "action": (
                "la consultation du planning",
                "la demande d'échange de poste",
                "la signature du relevé d'heures",
                "la réponse à une sollicitation",
            ),
            "phone": ("Android 14", "Android 12", "iOS 17", "iOS 18"),
        },
        severities=(M, N, N),
    ),
    Anomaly(
        subject="l'échange de postes entre agents",
        titles=(
            "Échange de postes : {effect}",
            "Échange validé mais {effect}",
            "Après un échange entre agents, {effect}",
        ),
        symptoms=(
            "Un échange accepté par les deux agents et validé par la cadre : {effect}.",
            "Depuis {since}, lorsqu'un échange porte sur une nuit, {effect}.",
        ),
        steps=(
            "Demander un échange entre les matricules {number} et suivant",
            "Le faire accepter puis valider",
            "Consulter le planning des deux agents",
        ),
        exchanges=(
            ("L'échange concerne-t-il deux services différents ?", "Oui, deux unités de la même direction."),
            ("Qui a validé, la cadre de départ ou celle d'arrivée ?", "Les deux, à une heure d'intervalle."),
        ),
        fixes=(
            (
                "La double validation annulait la première. Un échange validé ne change plus que par une nouvelle demande.",
                "Refaire un échange entre deux services avec deux validations.",
            ),
        ),
        workaround=(
            "Ne faire valider que par la cadre du service de départ.",
            "Tester sur un échange de la semaine prochaine.",
        ),
        limits=("La cadre d'arrivée découvre l'échange le jour même.",),
        refusals=("L'échange tient, mais les compteurs de nuit ne sont pas échangés.",),
        slots={
            "effect": (
                "le planning n'est pas modifié",
                "un seul des deux agents voit le changement",
                "les deux agents restent en poste",
                "l'alerte de sous-effectif apparaît à tort",
            )
        },
        severities=(M, N),
    ),
    Anomaly(
        subject="la connexion des agents",
        titles=(
            "Plus aucun agent ne peut se connecter",
            "Connexion impossible depuis {since} ({site})",
            "{site} : « session expirée » dès l'ouverture",
        ),
        symptoms=(
            "Depuis {since}, personne ne peut se connecter à {site} : *« session expirée »* apparaît aussitôt le mot de passe saisi.",
            "La page de connexion revient en boucle à {site}. Les cadres ne voient plus les effectifs du jour.",
        ),
        steps=(
            "Ouvrir la page de connexion",
            "Saisir un identifiant valide",
            "La page revient avec « session expirée »",
        ),
        exchanges=(
            (
                "L'heure du serveur est-elle correcte ?",
                "Elle avance de {minutes}, notre prestataire est passé {lately}.",
            ),
            ("Un compte local, hors annuaire, se connecte-t-il ?", "Oui, le compte de secours fonctionne."),
        ),
        fixes=(
            (
                "Le jeton était jugé périmé dès que l'horloge du serveur avançait. La tolérance est portée à dix minutes et un avertissement s'affiche à l'administrateur.",
                "Se connecter avec trois comptes de l'annuaire à {site}.",
            ),
        ),
        workaround=(
            "Remettre le serveur à l'heure et redémarrer le service d'authentification.",
            "Se connecter avec deux comptes différents.",
        ),
        limits=("L'horloge dérive encore, il faut recommencer chaque matin.",),
        refusals=("Les cadres se connectent, les agents de nuit toujours pas.",),
        slots={"site": ("Résidence du Parc", "Site principal", "Bâtiment B", "Hôpital de jour")},
        severities=(B, B, M),
    ),
)

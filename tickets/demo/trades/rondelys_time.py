"""Rondelys, the working time side: counters, payroll variables, badges, legal checks."""

# ruff: noqa: E501  (a sentence stays on its line)

from tickets.demo.wording import Anomaly, B, M, N

ANOMALIES = (
    Anomaly(
        subject="le compteur d'heures",
        titles=(
            "Compteur de {counter} faux pour les temps partiels",
            "{Counter} : {count} heures d'écart en fin de mois",
            "Compteur de {counter} remis à zéro",
        ),
        symptoms=(
            "Le compteur de {counter} des agents à temps partiel affiche {count} heures de trop depuis {since}.",
            "Le compteur de {counter} du matricule {number} est revenu à zéro le premier du mois.",
        ),
        steps=(
            "Ouvrir la fiche de l'agent {number}",
            "Afficher le compteur de {counter}",
            "Recalculer à la main sur le mois",
        ),
        exchanges=(
            (
                "Quel est le cycle de travail de l'agent, et depuis quand ?",
                "Cycle de douze heures sur deux semaines, depuis six mois.",
            ),
            (
                "L'écart apparaît-il aussi pour un agent à temps plein ?",
                "Non, aucun écart pour les temps pleins.",
            ),
        ),
        fixes=(
            (
                "La quotité était appliquée deux fois lorsque le cycle changeait en cours de mois. Les compteurs touchés sont recalculés à l'installation.",
                "Comparer le compteur de {counter} de l'agent {number} avec votre calcul.",
            ),
            (
                "La reprise de l'année précédente n'était pas reportée. Elle l'est, et une ligne « report » l'indique.",
                "Afficher le détail du compteur : la ligne de report doit y figurer.",
            ),
        ),
        workaround=(
            "Saisir une régularisation manuelle sur la fiche, que le recalcul supprimera de lui-même.",
            "Régulariser l'agent {number} et vérifier son solde.",
        ),
        limits=("{count} agents à régulariser un par un, tous les mois.",),
        refusals=(
            "Juste pour le mois en cours, mais les trois mois précédents restent faux.",
            "Le compteur est juste à l'écran, pas sur l'édition remise à l'agent.",
        ),
        slots={"counter": ("récupération", "nuit", "temps additionnel", "jours fériés travaillés")},
        severities=(M, M, N),
        touches_data=True,
    ),
    Anomaly(
        subject="l'export vers la paie",
        titles=(
            "Export de paie : {variable} manquantes",
            "Fichier de paie rejeté ({variable})",
            "Variables de paie : {variable} en double",
        ),
        symptoms=(
            "Le fichier de paie ne contient pas {variable} pour {count} agents. La paie part {day}.",
            "Le logiciel de paie rejette notre fichier à la ligne {number} : {variable} en double.",
        ),
        steps=("Clôturer le mois", "Lancer *Exports > Paie*", "Chercher {variable} dans le fichier"),
        exchanges=(
            (
                "Les agents manquants ont-ils un point commun, service ou statut ?",
                "Tous contractuels, embauchés dans le mois.",
            ),
            ("Pouvez-vous joindre le fichier rejeté, sans les noms ?", "Joint, anonymisé."),
        ),
        fixes=(
            (
                "Les agents sans matricule de paie définitif étaient écartés sans avertissement. Ils sont exportés avec leur matricule provisoire, et listés en fin de traitement.",
                "Relancer l'export du mois : la liste de contrôle doit être vide.",
            ),
            (
                "Une prime à cheval sur deux mois était exportée dans chacun. Elle ne sort plus qu'une fois.",
                "Comparer le total de {variable} avec l'état mensuel.",
            ),
        ),
        workaround=(
            "Compléter le matricule provisoire sur la fiche, puis relancer l'export.",
            "Relancer pour un agent et lire la ligne.",
        ),
        limits=("Les matricules n'arrivent qu'après la clôture : la saisie se fait en urgence.",),
        refusals=(
            "Les lignes sont là, mais l'ordre des colonnes a changé et la paie les rejette.",
            "Complet pour les contractuels ; les vacataires manquent toujours.",
        ),
        slots={
            "variable": (
                "les heures de nuit",
                "les primes de dimanche",
                "les heures supplémentaires",
                "les indemnités de garde",
            )
        },
        severities=(B, M, M),
    ),
    Anomaly(
        subject="le contrôle du temps de travail",
        titles=(
            "Alerte {rule} déclenchée à tort",
            "Aucune alerte {rule} alors que la limite est dépassée",
            "Contrôle {rule} : résultat différent selon l'écran",
        ),
        symptoms=(
            "L'alerte {rule} se déclenche pour des agents en règle, {count} fois ce mois-ci.",
            "L'alerte {rule} n'apparaît pas alors qu'un agent a enchaîné deux nuits et un matin.",
        ),
        steps=(
            "Ouvrir le planning de l'agent {number}",
            "Ajouter un poste de nuit",
            "Observer l'alerte {rule}",
        ),
        exchanges=(
            ("Le changement d'heure tombe-t-il dans la période ?", "Oui, la nuit du dimanche."),
            (
                "La règle est-elle celle de l'établissement ou celle livrée en standard ?",
                "Celle livrée en standard.",
            ),
        ),
        fixes=(
            (
                "La durée des nuits de changement d'heure était comptée au cadran. Elle est désormais comptée en durée réelle.",
                "Simuler une nuit de changement d'heure pour l'agent {number}.",
            ),
        ),
        workaround=(
            "Désactiver l'alerte sur la semaine du changement d'heure et contrôler à vue.",
            "Désactiver, puis réactiver le lundi.",
        ),
        limits=("Nous ne pouvons pas nous passer du contrôle plus d'une semaine.",),
        refusals=("Juste pour les nuits, mais les journées de douze heures déclenchent encore l'alerte.",),
        slots={
            "rule": (
                "du repos de onze heures",
                "des quarante-huit heures hebdomadaires",
                "du repos dominical",
                "des nuits consécutives",
            )
        },
        severities=(M, N),
    ),
    Anomaly(
        subject="la badgeuse",
        titles=(
            "Badgeuse {place} : pointages perdus",
            "Pointages {place} absents depuis {since}",
            "Badgeuse {place} : heure d'entrée décalée",
        ),
        symptoms=(
            "Les pointages de la badgeuse {place} n'arrivent plus. {count} agents sont comptés absents.",
            "La badgeuse {place} enregistre les entrées avec {minutes} d'écart.",
        ),
        steps=(
            "Badger à la badgeuse {place}",
            "Ouvrir *Temps > Pointages du jour*",
            "Chercher le matricule {number}",
        ),
        exchanges=(
            (
                "La badgeuse répond-elle au test de communication ?",
                "Oui, voyant vert, et l'historique local est complet.",
            ),
            (
                "Le réseau a-t-il été modifié ?",
                "Un pare-feu a été remplacé {lately}, le prestataire assure que le port est ouvert.",
            ),
        ),
        fixes=(
            (
                "La collecte s'arrêtait au premier pointage illisible. Elle le met de côté, continue, et le signale.",
                "Forcer une collecte et vérifier que les pointages de {lately} sont revenus.",
            ),
        ),
        workaround=(
            "Lancer la collecte à la main depuis *Temps > Badgeuses*, matin et soir.",
            "Lancer une collecte et vérifier un agent.",
        ),
        limits=("Personne ne peut le faire le week-end.",),
        refusals=("Les pointages arrivent, mais ceux de {day} sont enregistrés deux fois.",),
        slots={"place": ("de l'entrée nord", "du personnel", "de la lingerie", "du parking")},
        severities=(M, B, N),
    ),
    Anomaly(
        subject="l'état réglementaire",
        titles=(
            "Bilan {report} : total différent du détail",
            "État {report} illisible au-delà de {count} pages",
            "{report} : les agents partis en cours d'année manquent",
        ),
        symptoms=(
            "Dans l'état « {report} », le total ne correspond pas à la somme des lignes : {count} agents d'écart.",
            "L'état « {report} » ignore les agents partis en cours d'année.",
        ),
        steps=(
            "Ouvrir *États > Réglementaires*",
            "Lancer « {report} » sur l'année",
            "Comparer le total et le détail",
        ),
        exchanges=(
            ("Les agents concernés ont-ils changé d'établissement dans l'année ?", "Oui, pour la plupart."),
            ("Quelle date de référence avez-vous choisie ?", "Le 31 décembre."),
        ),
        fixes=(
            (
                "Un agent muté était compté dans chacun de ses services. Il ne l'est plus que dans le dernier.",
                "Relancer « {report} » et comparer total et détail.",
            ),
        ),
        workaround=(
            "Exporter le détail et faire la somme dans un tableur.",
            "Exporter et comparer avec l'effectif connu.",
        ),
        limits=("L'autorité demande l'édition officielle, pas un tableur.",),
        refusals=("Le total est juste, le détail par sexe ne l'est plus.",),
        slots={
            "report": ("Effectifs au 31 décembre", "Absentéisme", "Heures supplémentaires", "Temps partiels")
        },
        severities=(N, M),
    ),
    Anomaly(
        subject="la synchronisation de l'annuaire",
        titles=(
            "Synchronisation de l'annuaire : {effect}",
            "Annuaire : {count} agents désactivés à tort",
            "{Effect} après la synchronisation de la nuit",
        ),
        symptoms=(
            "La synchronisation de la nuit se termine sans erreur, mais {effect}.",
            "Depuis {since}, {effect} à chaque synchronisation.",
        ),
        steps=(
            "Lancer la synchronisation de l'annuaire",
            "Ouvrir le compte rendu",
            "Chercher le matricule {number}",
        ),
        exchanges=(
            (
                "Le filtre de l'annuaire a-t-il été modifié ?",
                "Non, il est inchangé depuis la mise en service.",
            ),
            ("Un agent touché a-t-il changé de nom ?", "Oui, après un mariage."),
        ),
        fixes=(
            (
                "Le rapprochement se faisait par le nom. Il se fait maintenant par l'identifiant de l'annuaire.",
                "Relancer la synchronisation et vérifier l'agent {number}.",
            ),
        ),
        workaround=(
            "Exclure les agents touchés de la synchronisation par la case prévue sur leur fiche.",
            "Cocher la case pour l'agent {number} et relancer.",
        ),
        limits=("Leurs droits ne suivent plus : à rétablir à la main.",),
        refusals=("Les comptes restent actifs, mais leur service est effacé.",),
        slots={
            "effect": (
                "des comptes actifs sont désactivés",
                "les services sont mélangés",
                "les nouveaux agents n'apparaissent pas",
                "les adresses sont effacées",
            )
        },
        severities=(M, N, B),
        touches_data=True,
    ),
)

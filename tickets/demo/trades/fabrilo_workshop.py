"""Fabrilo, the stock and workshop side: stock, lots, orders of manufacture, labels, deliveries."""

# ruff: noqa: E501  (a sentence stays on its line)

from tickets.demo.wording import Anomaly, B, M, N

ANOMALIES = (
    Anomaly(
        subject="la valorisation du stock",
        titles=(
            "Valorisation du stock fausse après {operation}",
            "Stock négatif sur l'article {number} après {operation}",
            "{Operation} : le stock théorique ne suit plus",
        ),
        symptoms=(
            "Après {operation}, la quantité en stock de l'article `{number}` devient négative alors que le dépôt en contient {count}.",
            "La valeur du stock chute sans raison à la suite d'une opération : {operation}. Le mouvement apparaît deux fois dans l'historique.",
        ),
        steps=(
            "Relever le stock de l'article `{number}`",
            "Effectuer {operation}",
            "Consulter *Stocks > Mouvements*",
        ),
        exchanges=(
            (
                "Le mouvement a-t-il été fait depuis le terminal portable ou depuis un poste ?",
                "Depuis le terminal, en zone mal couverte par le réseau.",
            ),
            ("L'article est-il suivi par lot ?", "Oui, avec date limite."),
        ),
        fixes=(
            (
                "Un envoi répété par le terminal était enregistré deux fois. Chaque mouvement porte désormais un numéro unique et le second est ignoré.",
                "Refaire {operation} en coupant le réseau du terminal au moment de l'envoi.",
            ),
            (
                "Le recalcul de nuit ne tenait pas compte de l'unité de conditionnement. Les {count} articles touchés ont été recalculés.",
                "Comparer l'état de stock de l'article `{number}` avec le comptage physique.",
            ),
        ),
        workaround=(
            "Saisir {operation} depuis un poste fixe plutôt que depuis le terminal, le temps de la correction.",
            "Faire un essai avec une unité de l'article `{number}`.",
        ),
        limits=("Les caristes doivent revenir au bureau après chaque palette.",),
        refusals=(
            "Plus de doublon, mais la valeur du stock n'a pas été reprise pour le mois passé.",
            "Le même défaut se produit encore avec les articles sans lot.",
        ),
        slots={
            "operation": (
                "un transfert entre dépôts",
                "une entrée de fabrication",
                "un retour de client",
                "un inventaire tournant",
                "une mise au rebut",
            )
        },
        severities=(M, M, B),
        touches_data=True,
    ),
    Anomaly(
        subject="l'impression des étiquettes",
        titles=(
            "Étiquettes {label} imprimées sans code à barres",
            "Plus d'étiquettes {label} à l'expédition",
            "Code à barres illisible sur les étiquettes {label}",
        ),
        symptoms=(
            "Les étiquettes {label} sortent sans le code à barres, ou avec un code que les lecteurs refusent.",
            "Depuis {since}, l'imprimante d'étiquettes sort des étiquettes {label} blanches une fois sur deux. L'autre imprimante fonctionne.",
        ),
        steps=(
            "Ouvrir la préparation n° {number}",
            "Choisir *Imprimer les étiquettes {label}*",
            "Lire le code avec la douchette",
        ),
        exchanges=(
            (
                "Quel modèle d'imprimante et quelle résolution ?",
                "Imprimante thermique 203 points, pilote inchangé depuis un an.",
            ),
            (
                "Le modèle d'étiquette a-t-il été modifié récemment ?",
                "Non, c'est celui livré avec la solution.",
            ),
        ),
        fixes=(
            (
                "Le code était généré à 300 points quelle que soit l'imprimante. La résolution déclarée est maintenant respectée.",
                "Imprimer {count} étiquettes {label} et les lire toutes à la douchette.",
            ),
        ),
        workaround=(
            "Choisir le modèle « compact » dans les options d'impression : le code y est lisible.",
            "Imprimer une planche d'essai et la scanner.",
        ),
        limits=("Le modèle compact ne porte pas la date limite, que nos clients exigent.",),
        refusals=(
            "Le code est lisible, mais le numéro de lot est tronqué.",
            "Corrigé sur l'imprimante du quai, pas sur celle de l'atelier.",
        ),
        slots={"label": ("de palette", "de colis", "d'article", "de lot")},
        severities=(B, M, M),
    ),
    Anomaly(
        subject="le calcul des besoins",
        titles=(
            "Calcul des besoins interrompu au bout de {minutes}",
            "Le calcul des besoins ignore {ignored}",
            "Besoins : propositions d'achat aberrantes",
        ),
        symptoms=(
            "Le calcul des besoins s'arrête après {minutes} avec *« délai dépassé »*. Aucune proposition n'est créée.",
            "Le calcul ignore {ignored} et propose d'acheter {count} fois trop de matière.",
        ),
        steps=(
            "Ouvrir *Production > Calcul des besoins*",
            "Horizon de six semaines, tous les sites",
            "Lancer le calcul",
        ),
        exchanges=(
            (
                "Combien d'articles et de nomenclatures le calcul couvre-t-il ?",
                "Environ {number} articles, quatre niveaux de nomenclature.",
            ),
            ("Le calcul aboutit-il sur un seul site ?", "Oui, en {minutes}. C'est l'ensemble qui échoue."),
        ),
        fixes=(
            (
                "Une nomenclature faisait appel à elle-même par un article de remplacement. La boucle est détectée et nommée, le calcul va au bout.",
                "Lancer le calcul sur six semaines et vérifier qu'il se termine.",
            ),
            (
                "Le calcul lisait {ignored} après coup. L'ordre est rétabli et le temps de calcul divisé par quatre.",
                "Comparer les propositions avec celles du mois dernier sur dix articles.",
            ),
        ),
        workaround=(
            "Lancer le calcul site par site, la nuit : chacun aboutit.",
            "Planifier trois calculs à une heure d'intervalle.",
        ),
        limits=(
            "Les transferts entre sites ne sont pas proposés de cette façon : il faut les prévoir à la main.",
        ),
        refusals=("Le calcul se termine, mais les dates de besoin sont toutes au lundi.",),
        slots={
            "ignored": (
                "le stock de sécurité",
                "les commandes en retard",
                "les encours de fabrication",
                "le stock en quarantaine",
            )
        },
        severities=(B, M, M),
    ),
    Anomaly(
        subject="la traçabilité des lots",
        titles=(
            "Fiche de traçabilité vide pour le lot {number}",
            "Traçabilité : {link} n'apparaît pas",
            "Lot {number} : impossible de remonter jusqu'à la matière",
        ),
        symptoms=(
            "La fiche de traçabilité du lot `{number}` ne montre pas {link}. Un audit est prévu {day}.",
            "En partant du produit fini, la généalogie s'arrête avant {link} ; en partant de la matière, elle est complète.",
        ),
        steps=("Ouvrir *Qualité > Traçabilité*", "Saisir le lot `{number}`", "Déplier tous les niveaux"),
        exchanges=(
            (
                "Le lot a-t-il été divisé ou regroupé en cours de fabrication ?",
                "Regroupé avec un autre, le même jour.",
            ),
            ("Quel est le numéro de l'ordre de fabrication ?", "OF {number}, terminé {day} dernier."),
        ),
        fixes=(
            (
                "Le regroupement de lots ne gardait que le premier parent. Tous sont désormais conservés, et l'historique a été reconstruit.",
                "Afficher la généalogie du lot `{number}` dans les deux sens.",
            ),
        ),
        workaround=(
            "Consulter la traçabilité depuis la matière première : la généalogie y est complète.",
            "Partir du lot de matière et descendre jusqu'au lot `{number}`.",
        ),
        limits=("L'auditeur demande le sens inverse, il a accepté pour cette fois seulement.",),
        refusals=("La généalogie est complète, mais la page met {minutes} à s'afficher.",),
        slots={
            "link": (
                "le lot de matière première",
                "le lot d'emballage",
                "le contrôle de réception",
                "le bon de livraison du fournisseur",
            )
        },
        severities=(M, B, N),
        touches_data=True,
    ),
    Anomaly(
        subject="le bon de livraison",
        titles=(
            "Bon de livraison : {missing} manque",
            "{Missing} absente du bon de livraison",
            "Livraison n° {number} : {missing} n'est pas imprimée",
        ),
        symptoms=(
            "Le bon de livraison n'affiche plus {missing} depuis la version {version}. Le transporteur refuse la marchandise.",
            "Sur {count} livraisons du jour, {missing} n'apparaît pas alors que la fiche la contient.",
        ),
        steps=("Préparer la livraison n° {number}", "Imprimer le bon de livraison", "Chercher {missing}"),
        exchanges=(
            ("Utilisez-vous le modèle standard ou un modèle adapté ?", "Le modèle standard, jamais modifié."),
            (
                "L'information figure-t-elle sur la fiche du client ou sur la commande ?",
                "Sur la fiche du client.",
            ),
        ),
        fixes=(
            (
                "Le modèle de la version {version} lisait la commande au lieu de la fiche. Il lit maintenant l'une puis l'autre.",
                "Réimprimer le bon n° {number}.",
            ),
        ),
        workaround=(
            "Porter l'information dans la zone « observations » de la commande : elle s'imprime.",
            "Saisir une observation sur la livraison n° {number} et imprimer.",
        ),
        limits=("Il faut la recopier à chaque commande : {count} fois par jour chez nous.",),
        refusals=(
            "Elle est revenue, mais en anglais.",
            "Correct pour la France, encore absente pour l'export.",
        ),
        slots={
            "missing": (
                "l'adresse de livraison",
                "la mention de température",
                "la référence de commande du client",
                "la consigne des palettes",
            )
        },
        severities=(M, N, N),
    ),
    Anomaly(
        subject="la saisie des temps d'atelier",
        titles=(
            "Pointage d'atelier : {what} refusé",
            "Les temps saisis à la borne disparaissent",
            "Borne d'atelier : pointage perdu à chaque changement d'équipe",
        ),
        symptoms=(
            "À la borne, {what} est refusé avec *« opération inconnue »*, alors que l'ordre est lancé.",
            "Les temps pointés entre deux équipes n'apparaissent pas dans l'ordre de fabrication n° {number}.",
        ),
        steps=("Badger à la borne", "Choisir l'ordre n° {number}", "Pointer : {what} est refusé"),
        exchanges=(
            ("La borne affiche-t-elle la bonne heure ?", "Elle retarde de {minutes} sur le serveur."),
            ("Le défaut touche-t-il toutes les bornes ?", "Seulement celle de l'atelier de finition."),
        ),
        fixes=(
            (
                "Un pointage antérieur au lancement de l'ordre, même d'une minute, était rejeté. Un écart d'horloge est désormais toléré et signalé.",
                "Pointer un début puis une fin et vérifier l'ordre n° {number}.",
            ),
        ),
        workaround=(
            "Remettre la borne à l'heure en la redémarrant avant la prise de poste.",
            "Redémarrer, puis pointer un essai.",
        ),
        limits=("Elle dérive de nouveau au bout de deux jours.",),
        refusals=("Le pointage passe, mais il est imputé à l'équipe précédente.",),
        slots={
            "what": (
                "le début d'opération",
                "l'arrêt pour changement de série",
                "le pointage de fin",
                "le pointage de nettoyage",
            )
        },
        severities=(M, N),
    ),
    Anomaly(
        subject="la recherche d'articles",
        titles=(
            "Recherche d'articles très lente ({minutes})",
            "La recherche par {searched} ne trouve plus certains articles",
            "Recherche : résultats incomplets depuis {since}",
        ),
        symptoms=(
            "La recherche d'un article par {searched} prend {minutes} au lieu de quelques secondes.",
            "En cherchant par {searched}, l'article `{number}` n'apparaît pas ; par son code exact, il s'affiche.",
        ),
        steps=("Ouvrir la liste des articles", "Chercher par {searched}", "Attendre l'affichage"),
        exchanges=(
            (
                "Combien d'articles la base compte-t-elle, archives comprises ?",
                "Près de {number}, dont la moitié d'archives.",
            ),
            ("La lenteur est-elle la même à l'ouverture des bureaux ?", "Pire entre 9 h et 10 h."),
        ),
        fixes=(
            (
                "Un index manquait après la mise à jour. Il est créé par la version {next_version} ; la recherche répond en moins d'une seconde sur une copie de votre base.",
                "Chercher par {searched} l'article `{number}`.",
            ),
        ),
        workaround=(
            "Cocher « articles actifs seulement » : la recherche redevient rapide.",
            "Chercher avec puis sans la case cochée.",
        ),
        limits=("Nous avons besoin des archives pour le service après-vente.",),
        refusals=("C'est plus rapide, mais les accents empêchent toujours de trouver.",),
        slots={"searched": ("désignation", "référence du fournisseur", "famille", "code à barres")},
        severities=(N, M, N),
    ),
)

"""Fabrilo, the sales and accounts side: invoices, exports, payments, statements."""

# ruff: noqa: E501  (a sentence stays on its line)

from tickets.demo.wording import Anomaly, B, M, N

ANOMALIES = (
    Anomaly(
        subject="l'export comptable",
        titles=(
            "L'export de {journal} s'arrête à mi-chemin",
            "Export de {journal} : fichier vide au-delà de {count} écritures",
            "{Journal} : l'export vers le cabinet reste incomplet",
        ),
        symptoms=(
            "L'export de {journal} produit un fichier **tronqué** : il manque les {count} dernières écritures, sans aucun message.",
            "Le fichier transmis au cabinet s'arrête au numéro `{number}` alors que la période en compte bien davantage.",
        ),
        steps=(
            "Ouvrir *Comptabilité > Exports*",
            "Choisir {journal} et la période du mois écoulé",
            "Lancer l'export au format {format}",
            "Ouvrir le fichier : il s'arrête avant la fin",
        ),
        exchanges=(
            (
                "Combien d'écritures la période compte-t-elle, et le fichier s'arrête-t-il toujours au même numéro ?",
                "Un peu plus de {number} lignes. Oui, toujours au même numéro, quelle que soit l'heure.",
            ),
            (
                "L'export au format {format} est-il seul touché, ou le format tabulé l'est-il aussi ?",
                "Le tabulé est complet. Seul {format} pose problème.",
            ),
        ),
        fixes=(
            (
                "L'export s'interrompait sur un libellé contenant un point-virgule. Les libellés sont désormais protégés et l'écriture `{number}` passe.",
                "1. Relancer l'export de {journal} sur le mois écoulé.\n2. Comparer le nombre de lignes avec l'état récapitulatif.",
            ),
            (
                "La lecture se faisait par paquets et le dernier paquet était oublié lorsqu'il n'était pas plein. C'est corrigé pour tous les formats.",
                "Exporter {journal} sur un mois complet et vérifier que le total débit est égal au total crédit.",
            ),
        ),
        workaround=(
            "Exporter {journal} quinzaine par quinzaine : chaque fichier reste sous le seuil et sort complet. Le cabinet peut importer les deux fichiers à la suite.",
            "Exporter du 1er au 15, puis du 16 à la fin du mois, et additionner les totaux.",
        ),
        limits=(
            "Deux fichiers par journal, cela fait {count} manipulations par mois ; le cabinet accepte à titre provisoire seulement.",
        ),
        refusals=(
            "Le fichier est complet, mais les montants négatifs sortent désormais sans signe.",
            "Corrigé pour {journal}, mais un autre journal s'arrête encore au même endroit.",
        ),
        slots={
            "journal": (
                "le journal des ventes",
                "le journal des achats",
                "le journal de banque",
                "le grand livre",
                "le journal des opérations diverses",
            ),
            "format": ("FEC", "CSV", "XML"),
        },
        severities=(M, M, B),
    ),
    Anomaly(
        subject="le calcul des totaux",
        titles=(
            "Écart de {cents} entre {document} et son aperçu",
            "Total faux de {cents} sur {document} avec remise",
            "{Document} : arrondi différent à l'écran et à l'impression",
        ),
        symptoms=(
            "Sur {document} n° {number}, le total imprimé diffère de {cents} de celui affiché à l'écran. Le client conteste.",
            "Dès qu'une remise de pied s'ajoute à une remise de ligne, {document} présente un écart de {cents}.",
        ),
        steps=(
            "Créer {document} avec trois lignes à deux décimales",
            "Saisir une remise de ligne puis une remise de pied",
            "Imprimer et comparer les deux totaux",
        ),
        exchanges=(
            (
                "La remise est-elle saisie en pourcentage ou en montant ?",
                "En pourcentage, 3,5 % sur les lignes et 2 % en pied.",
            ),
            (
                "Pouvez-vous joindre l'impression et une capture de l'écran de saisie ?",
                "C'est joint : document n° {number}.",
            ),
        ),
        fixes=(
            (
                "L'arrondi se faisait ligne à ligne à l'impression et au total à l'écran. Les deux suivent désormais la règle du total.",
                "Imprimer {document} n° {number} : le total doit être celui de l'écran, au centime.",
            ),
            (
                "La remise de pied était appliquée après la taxe sur l'impression. L'ordre est rétabli.",
                "Refaire le cas avec 3,5 % en ligne et 2 % en pied, puis comparer.",
            ),
        ),
        workaround=(
            "Saisir la remise globale sur chaque ligne plutôt qu'en pied : les deux totaux concordent.",
            "Reprendre le document n° {number} sans remise de pied.",
        ),
        limits=("Nos commerciaux doivent recalculer chaque ligne : tenable une semaine, pas davantage.",),
        refusals=(
            "C'est bon en euros, mais l'écart demeure sur les documents en francs suisses.",
            "Le total est juste, la taxe par taux ne l'est plus : {cents} d'écart.",
        ),
        slots={
            "document": (
                "la facture",
                "la commande",
                "l'offre de prix",
                "la facture d'acompte",
                "la facture récapitulative",
            )
        },
        severities=(M, N),
    ),
    Anomaly(
        subject="la validation des factures",
        titles=(
            "Impossible de valider {document} : « période fermée »",
            "Validation refusée pour {document} alors que le mois est ouvert",
            "Message « période fermée » à tort en début de mois",
        ),
        symptoms=(
            "Depuis {since}, toute validation échoue avec le message *« La période comptable est fermée »* alors que nous venons d'ouvrir le mois.",
            "Aucune validation possible : {document} reste à l'état de brouillon et {count} envois attendent.",
        ),
        steps=(
            "Ouvrir {document} à l'état de brouillon",
            "Choisir *Valider*",
            "Lire le message « période fermée »",
        ),
        exchanges=(
            (
                "Quel exercice est indiqué dans *Société > Exercices*, et à quelle date finit-il ?",
                "Exercice en cours, il finit le dernier jour du mois. Il est bien marqué ouvert.",
            ),
            (
                "Le problème touche-t-il aussi une société créée récemment ?",
                "Non, seulement notre société principale.",
            ),
        ),
        fixes=(
            (
                "Le contrôle comparait la date du jour en temps universel : entre minuit et deux heures, le mois précédent était interrogé, puis mis en cache pour la journée.",
                "Valider {document} et vérifier que l'écriture porte la bonne période.",
            ),
            (
                "L'ouverture du mois ne vidait pas le cache des périodes. Elle le fait à présent.",
                "Fermer puis rouvrir une période d'essai, puis valider un brouillon.",
            ),
        ),
        workaround=(
            "Déconnecter tous les utilisateurs pendant {minutes}, puis reprendre : le cache se renouvelle et la validation redevient possible.",
            "Valider un premier brouillon après la reconnexion.",
        ),
        limits=(
            "Il faut le refaire chaque matin, et prévenir tout le monde : nous ne pouvons pas rester ainsi.",
        ),
        refusals=(
            "La validation passe, mais la pièce est numérotée dans l'exercice précédent.",
            "Le message a disparu pour les factures ; il apparaît encore sur les avoirs.",
        ),
        slots={
            "document": (
                "la facture de vente",
                "la facture d'achat",
                "la note de débit",
                "la facture de transport",
            )
        },
        severities=(B, B, M),
    ),
    Anomaly(
        subject="le rapprochement bancaire",
        titles=(
            "Rapprochement bancaire : {count} lignes en double après import",
            "Import du relevé {bank} : lignes répétées",
            "Doublons dans le rapprochement depuis {since}",
        ),
        symptoms=(
            "L'import du relevé {bank} crée chaque ligne deux fois lorsque le fichier couvre un changement de mois. {count} doublons à supprimer à la main.",
            "Le solde du rapprochement ne correspond plus : certaines lignes du relevé {bank} sont comptées deux fois.",
        ),
        steps=(
            "Ouvrir *Trésorerie > Relevés*",
            "Importer le fichier du {bank} à cheval sur deux mois",
            "Comparer le solde final avec celui du relevé",
        ),
        exchanges=(
            (
                "Le fichier vient-il du portail de la banque ou d'un agrégateur ?",
                "Directement du portail, format habituel, rien n'a changé de leur côté.",
            ),
            (
                "Les doublons portent-ils la même date de valeur ?",
                "Même date d'opération, mais une date de valeur différente d'un jour.",
            ),
        ),
        fixes=(
            (
                "Le contrôle de doublon ignorait la date de valeur. Il compare maintenant l'identifiant de l'opération fourni par la banque.",
                "Importer deux fois le même relevé : le second import doit annoncer « 0 ligne nouvelle ».",
            ),
        ),
        workaround=(
            "Importer un fichier par mois civil, jamais à cheval : aucun doublon ne se crée.",
            "Découper le relevé au dernier jour du mois avant l'import.",
        ),
        limits=("La banque ne nous fournit qu'un fichier par quinzaine : il faut le découper à la main.",),
        refusals=(
            "Plus de doublons, mais les frais bancaires ne sont plus importés du tout.",
            "L'import est refusé lorsque deux virements identiques tombent le même jour.",
        ),
        slots={"bank": ("compte courant", "compte de la régie", "compte de dépôt", "compte en devises")},
        severities=(M, M, N),
        touches_data=True,
    ),
    Anomaly(
        subject="la relance des impayés",
        titles=(
            "Lettres de relance envoyées à des clients déjà soldés",
            "Relance niveau {level} : des factures réglées y figurent",
            "Relances : {count} clients soldés relancés à tort",
        ),
        symptoms=(
            "La relance de niveau {level} reprend des factures réglées par {payment}. {count} clients ont appelé {lately}.",
            "Des factures lettrées apparaissent dans la proposition de relance, dès lors que le règlement a été saisi par {payment}.",
        ),
        steps=(
            "Saisir un règlement par {payment}",
            "Lettrer la facture n° {number}",
            "Lancer la proposition de relance de niveau {level}",
            "Constater que la facture y figure",
        ),
        exchanges=(
            (
                "Le règlement a-t-il été saisi avant ou après la génération de la proposition ?",
                "La veille, et la facture apparaît bien comme soldée dans la fiche du client.",
            ),
            (
                "Le client relancé a-t-il plusieurs comptes ?",
                "Oui, un compte de siège et un compte par point de vente.",
            ),
        ),
        fixes=(
            (
                "La proposition lisait l'échéance d'origine sans tenir compte du lettrage partiel. Elle part désormais du reste dû.",
                "Lancer une proposition de niveau {level} et vérifier que la facture n° {number} n'y est plus.",
            ),
        ),
        workaround=(
            "Avant d'envoyer, filtrer la proposition sur « reste dû supérieur à zéro » et enregistrer ce filtre par défaut.",
            "Appliquer le filtre, puis compter les lignes restantes.",
        ),
        limits=("Le filtre n'est pas conservé d'un utilisateur à l'autre, il y aura des oublis.",),
        refusals=(
            "Les factures soldées ont disparu, mais celles réglées en partie aussi : nous ne relançons plus personne.",
        ),
        slots={
            "level": ("1", "2", "3"),
            "payment": ("prélèvement", "virement groupé", "lettre de change", "carte"),
        },
        severities=(M, N),
    ),
    Anomaly(
        subject="l'envoi des factures par courriel",
        titles=(
            "Factures envoyées sans la pièce jointe",
            "Envoi par courriel : {attachment} manque",
            "Le courriel part sans {attachment}",
        ),
        symptoms=(
            "Depuis {since}, {count} clients ont reçu un message sans {attachment}. Le journal d'envoi indique pourtant « envoyé ».",
            "L'envoi groupé se termine normalement, mais {attachment} n'est pas jointe dès que la facture dépasse deux pages.",
        ),
        steps=(
            "Sélectionner une dizaine de factures",
            "Choisir *Envoyer par courriel*",
            "Ouvrir le message reçu : {attachment} n'y est pas",
        ),
        exchanges=(
            (
                "L'envoi unitaire, lui, joint-il bien le fichier ?",
                "Oui, facture par facture tout arrive. Seul l'envoi groupé est touché.",
            ),
            ("Quelle taille font les fichiers concernés ?", "De 200 à 900 Ko, rien d'inhabituel."),
        ),
        fixes=(
            (
                "La mise en file du courriel n'attendait pas la fin de la fabrication du fichier. L'ordre est désormais garanti.",
                "Envoyer un lot de {count} factures à une adresse interne et ouvrir chaque message.",
            ),
        ),
        workaround=(
            "Générer d'abord les fichiers par *Imprimer > Archiver*, attendre {minutes}, puis lancer l'envoi groupé.",
            "Envoyer un lot d'essai à votre propre adresse.",
        ),
        limits=("L'attente n'est pas toujours suffisante : deux messages sont encore partis sans fichier.",),
        refusals=(
            "Le fichier est joint, mais il porte le nom d'un autre client.",
            "C'est bon sous {browser}, pas depuis l'application de bureau.",
        ),
        slots={"attachment": ("la facture en PDF", "l'annexe tarifaire", "la facture électronique")},
        severities=(M, M, B, N),
    ),
    Anomaly(
        subject="la fiche tarifaire",
        titles=(
            "Le tarif « {rate} » n'est plus appliqué",
            "Ancien prix repris malgré le nouveau tarif « {rate} »",
            "Tarif « {rate} » ignoré depuis {since}",
        ),
        symptoms=(
            "Le tarif « {rate} » entré en vigueur {lately} n'est pas repris à la saisie des commandes : c'est l'ancien prix qui s'affiche.",
            "Pour les clients rattachés au tarif « {rate} », la commande propose le prix catalogue, soit {cents} d'écart par unité.",
        ),
        steps=(
            "Ouvrir un client rattaché au tarif « {rate} »",
            "Saisir une commande de l'article `{number}`",
            "Comparer le prix proposé avec la fiche tarifaire",
        ),
        exchanges=(
            (
                "Quelle est la date d'effet saisie sur la fiche tarifaire ?",
                "Le premier jour du mois, et la fin est laissée vide.",
            ),
            (
                "L'article a-t-il une unité de vente différente de l'unité de stock ?",
                "Oui : vendu par carton de six, stocké à la pièce.",
            ),
        ),
        fixes=(
            (
                "La recherche du tarif s'arrêtait au premier trouvé, même périmé. Elle retient à présent celui en vigueur à la date de commande.",
                "Saisir une commande datée d'hier, puis une du jour, et comparer les prix.",
            ),
        ),
        workaround=(
            "Clore l'ancien tarif en y mettant une date de fin : le nouveau est alors le seul trouvé.",
            "Mettre la date de fin à la veille, puis saisir une commande.",
        ),
        limits=(
            "Clore l'ancien tarif bloque les commandes à livraison échelonnée, nous ne pouvons pas le faire partout.",
        ),
        refusals=("Le prix est juste à la saisie, mais une commande dupliquée reprend encore l'ancien.",),
        slots={"rate": ("Revendeurs", "Grands comptes", "Export", "Saison", "Cavistes", "Collectivités")},
        severities=(M, N, N),
    ),
    Anomaly(
        subject="le tableau de bord commercial",
        titles=(
            "Tableau de bord : le chiffre d'affaires {period} est vide",
            "Graphique {period} sans données depuis {since}",
            "Le tableau de bord n'affiche plus le cumul {period}",
        ),
        symptoms=(
            "Le graphique {period} reste vide ; le tableau en dessous affiche pourtant les bons chiffres.",
            "Le cumul {period} affiche zéro pour l'équipe de {colleague}, les autres équipes sont justes.",
        ),
        steps=("Ouvrir le tableau de bord", "Choisir la vue {period}", "Constater que le graphique est vide"),
        exchanges=(
            (
                "Le filtre d'équipe est-il enregistré dans la vue ?",
                "Oui, filtre sur l'équipe de {colleague}.",
            ),
            ("Cela se produit-il aussi en navigation privée ?", "Oui, à l'identique sous {browser}."),
        ),
        fixes=(
            (
                "Le libellé de la période était traduit deux fois et ne correspondait plus à la série. C'est corrigé pour toutes les vues.",
                "Ouvrir la vue {period} avec et sans filtre d'équipe.",
            ),
        ),
        workaround=(
            "Exporter le tableau vers le tableur : les chiffres y sont exacts et le graphique s'y fait en un clic.",
            "Exporter la vue {period} et contrôler le total.",
        ),
        limits=("Pour la réunion de direction, l'export fait l'affaire, mais pas au quotidien.",),
        refusals=("Le graphique revient, avec un mois de décalage.",),
        slots={"period": ("mensuel", "annuel", "hebdomadaire", "glissant sur douze mois")},
        severities=(N,),
    ),
)

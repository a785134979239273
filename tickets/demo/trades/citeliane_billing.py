"""Citéliane, the billing side: families' invoices, quotients, direct debits, treasury files."""

# ruff: noqa: E501  (a sentence stays on its line)

from tickets.demo.wording import Anomaly, B, M, N

ANOMALIES = (
    Anomaly(
        subject="la facturation aux familles",
        titles=(
            "Facturation de {month} : {what} compté deux fois",
            "Factures de {month} fausses pour {count} familles",
            "{Month} : {what} facturé alors qu'il est annulé",
        ),
        symptoms=(
            "À la facturation de {month}, {what} est compté deux fois pour {count} familles en garde alternée.",
            "Des familles sont facturées en {month} alors que {what} avait été annulé dans les temps.",
        ),
        steps=(
            "Lancer la simulation de {month}",
            "Ouvrir la famille n° {number}",
            "Compter les lignes : {what}",
        ),
        exchanges=(
            (
                "L'annulation a-t-elle été faite par la famille ou par le guichet ?",
                "Par la famille, sur le portail, trois jours avant.",
            ),
            ("La simulation présente-t-elle déjà l'erreur ?", "Oui, dès la simulation."),
        ),
        fixes=(
            (
                "Une annulation faite sur le portail ne touchait que le foyer connecté. Elle vaut maintenant pour les deux foyers.",
                "Relancer la simulation de {month} et contrôler la famille n° {number}.",
            ),
            (
                "Le tarif dégressif s'appliquait après le doublement des lignes. Le regroupement se fait d'abord.",
                "Comparer dix factures de {month} avec le pointage.",
            ),
        ),
        workaround=(
            "Corriger les lignes en simulation, avant l'édition : la correction est conservée.",
            "Corriger la famille n° {number} et simuler de nouveau.",
        ),
        limits=("{count} familles à corriger chaque mois avant le 5, c'est trop.",),
        refusals=(
            "Les doublons ont disparu, mais la remise fratrie n'est plus appliquée.",
            "Juste pour la cantine ; l'accueil du soir reste faux.",
        ),
        slots={
            "what": ("le repas", "l'accueil du soir", "le forfait mercredi", "l'atelier"),
            "month": (
                "septembre",
                "octobre",
                "novembre",
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
            ),
        },
        severities=(M, M, B),
        touches_data=True,
    ),
    Anomaly(
        subject="le quotient familial",
        titles=(
            "Quotient familial : l'import de la caisse échoue",
            "Import des quotients : {count} familles au tarif maximal",
            "Quotients remplacés par zéro après l'import",
        ),
        symptoms=(
            "L'import annuel des quotients s'arrête à la ligne {number}. {count} familles passent au tarif maximal.",
            "Après l'import, le quotient de certaines familles vaut zéro : elles sont facturées au plein tarif.",
        ),
        steps=(
            "Ouvrir *Tarification > Quotients*",
            "Importer le fichier de la caisse",
            "Ouvrir la famille n° {number}",
        ),
        exchanges=(
            (
                "Le fichier contient-il des numéros d'allocataire commençant par un zéro ?",
                "Oui, justement ceux-là sont touchés.",
            ),
            (
                "Le fichier a-t-il été ouvert dans un tableur avant l'import ?",
                "Ouvert et réenregistré, pour vérifier.",
            ),
        ),
        fixes=(
            (
                "Les numéros commençant par zéro étaient lus comme des nombres. Ils sont lus comme du texte, et une ligne sans correspondance ne modifie plus rien.",
                "Importer le fichier d'essai et vérifier trois familles.",
            ),
        ),
        workaround=(
            "Importer le fichier de la caisse tel quel, sans l'ouvrir dans un tableur.",
            "Télécharger de nouveau le fichier et l'importer.",
        ),
        limits=("Nous devons l'ouvrir pour retirer les familles parties.",),
        refusals=("L'import aboutit, mais la date d'effet est toujours le 1er janvier.",),
        severities=(M, M, N),
        touches_data=True,
    ),
    Anomaly(
        subject="le prélèvement automatique",
        titles=(
            "Prélèvements : fichier rejeté par la banque",
            "Fichier de prélèvement refusé ({reason})",
            "Prélèvement de {count} familles rejeté : {reason}",
        ),
        symptoms=(
            "La trésorerie rejette notre fichier de prélèvement : *{reason}*. L'échéance est {day}.",
            "Le fichier contient {count} mandats refusés pour le motif *{reason}*.",
        ),
        steps=(
            "Générer le fichier de prélèvement du mois",
            "Le déposer sur le portail de la trésorerie",
            "Lire le rejet : {reason}",
        ),
        exchanges=(
            ("Les mandats refusés ont-ils été signés cette année ?", "Oui, tous depuis la rentrée."),
            ("Le fichier du mois précédent passait-il ?", "Sans difficulté, en version {former_version}."),
        ),
        fixes=(
            (
                "La référence de mandat dépassait la longueur admise pour les familles à nom composé. Elle est raccourcie sans changer celles déjà connues de la banque.",
                "Générer le fichier et le déposer sur le portail de test de la trésorerie.",
            ),
        ),
        workaround=(
            "Retirer les mandats refusés du fichier et les passer par un second dépôt après correction de la référence.",
            "Déposer le fichier réduit.",
        ),
        limits=("Deux dépôts par mois : la trésorerie l'a toléré une fois.",),
        refusals=("Le fichier est accepté, mais la date de prélèvement est avancée d'un jour.",),
        slots={
            "reason": (
                "référence de mandat invalide",
                "séquence incorrecte",
                "débiteur inconnu",
                "date d'échéance passée",
            )
        },
        severities=(B, M, M),
    ),
    Anomaly(
        subject="l'export vers la trésorerie",
        titles=(
            "Export vers la trésorerie : {field} absent",
            "Titres de recettes rejetés : {field}",
            "Flux de titres : {field} mal renseigné",
        ),
        symptoms=(
            "Le flux des titres est rejeté : {field} est absent pour {count} titres.",
            "Dans le fichier exporté, {field} est celui de l'exercice précédent.",
        ),
        steps=(
            "Clôturer la facturation",
            "Lancer l'export vers la trésorerie",
            "Contrôler le fichier : {field}",
        ),
        exchanges=(
            ("Le nouveau plan de comptes est-il saisi pour l'exercice ?", "Oui, depuis le vote du budget."),
            ("Le rejet porte-t-il sur toutes les régies ?", "Seulement sur la régie périscolaire."),
        ),
        fixes=(
            (
                "L'export lisait l'imputation de la régie à sa création. Il lit celle de l'exercice facturé.",
                "Exporter une facturation d'essai et la contrôler sur le portail de test.",
            ),
        ),
        workaround=(
            "Ressaisir l'imputation sur la régie avant chaque export.",
            "Ressaisir, puis exporter dix titres.",
        ),
        limits=("Le régisseur doit s'en souvenir tous les mois.",),
        refusals=("L'imputation est bonne, mais le libellé est coupé à trente caractères.",),
        slots={"field": ("le code service", "le numéro d'engagement", "l'article budgétaire", "le tiers")},
        severities=(M, B, N),
    ),
    Anomaly(
        subject="le paiement en ligne",
        titles=(
            "Paiement en ligne accepté mais facture non soldée",
            "Retour du paiement en ligne perdu ({card})",
            "{count} paiements en ligne sans facture soldée",
        ),
        symptoms=(
            "Des familles paient par {card}, reçoivent la confirmation, et la facture reste due. {count} cas {lately}.",
            "Le retour du paiement par {card} échoue : la famille voit une page d'erreur après avoir payé.",
        ),
        steps=(
            "Payer une facture par {card}",
            "Attendre le retour sur le portail",
            "Ouvrir la facture n° {number}",
        ),
        exchanges=(
            ("Le paiement apparaît-il sur le compte du prestataire ?", "Oui, avec le numéro {number}."),
            ("La famille a-t-elle fermé la page avant le retour ?", "Certaines oui, depuis leur téléphone."),
        ),
        fixes=(
            (
                "Le solde de la facture dépendait du retour de la page. Il dépend désormais de la notification du prestataire, reçue même si la page est fermée ; les paiements perdus ont été rapprochés.",
                "Payer {count} factures d'essai en fermant la page avant le retour.",
            ),
        ),
        workaround=(
            "Rapprocher chaque matin la liste des paiements du prestataire et solder à la main.",
            "Rapprocher la journée d'hier.",
        ),
        limits=("Entre-temps les familles sont relancées à tort.",),
        refusals=("Les paiements se soldent, mais deux fois pour certains.",),
        slots={"card": ("carte bancaire", "carte sur téléphone", "prélèvement unique")},
        severities=(M, B),
    ),
    Anomaly(
        subject="l'attestation fiscale",
        titles=(
            "Attestation fiscale : {what} manquent",
            "Attestations : montant faux pour {count} familles",
            "Attestation fiscale : {what} comptés à tort",
        ),
        symptoms=(
            "Sur les attestations fiscales, {what} manquent. Les familles les demandent pour leur déclaration.",
            "Le montant de l'attestation inclut {what}, qui ne donnent pas droit au crédit d'impôt.",
        ),
        steps=(
            "Ouvrir *Éditions > Attestations*",
            "Choisir l'année écoulée",
            "Ouvrir la famille n° {number}",
        ),
        exchanges=(
            ("L'activité est-elle cochée « garde d'enfant » ?", "Oui, dans le paramétrage de l'année."),
            ("L'enfant a-t-il eu six ans dans l'année ?", "Oui, en cours d'année."),
        ),
        fixes=(
            (
                "L'âge était apprécié au 31 décembre. Il l'est au 1er janvier, comme le veut la règle.",
                "Rééditer l'attestation de la famille n° {number}.",
            ),
        ),
        workaround=(
            "Éditer l'attestation par période, en deux documents.",
            "Éditer du 1er janvier à l'anniversaire.",
        ),
        limits=("Deux documents par enfant, les familles s'y perdent.",),
        refusals=("Le montant est juste, l'année imprimée est fausse.",),
        slots={"what": ("les accueils du mercredi", "les repas", "les séjours", "les frais de crèche")},
        severities=(N, M),
    ),
    Anomaly(
        subject="l'affichage du portail sur téléphone",
        titles=(
            "Portail : {element} illisible sur téléphone",
            "Affichage : {element} cache le bouton de paiement",
            "Sur petit écran, {element} déborde",
        ),
        symptoms=(
            "Sur téléphone, {element} déborde et masque le bouton de paiement.",
            "En tournant le téléphone, {element} disparaît jusqu'au rechargement de la page.",
        ),
        steps=("Ouvrir le portail sur un téléphone", "Aller à la page des factures", "Observer : {element}"),
        exchanges=(
            ("Quel navigateur la famille utilise-t-elle ?", "{browser}, à jour."),
            (
                "La taille du texte est-elle agrandie dans les réglages ?",
                "Oui, pour plusieurs d'entre elles.",
            ),
        ),
        fixes=(
            (
                "La mise en page supposait une taille de texte fixe. Elle suit désormais les réglages du téléphone.",
                "Agrandir le texte à 200 % et parcourir la page des factures.",
            ),
        ),
        workaround=(
            "Réduire la taille du texte le temps du paiement, ou utiliser un ordinateur.",
            "Payer une facture d'essai depuis un téléphone.",
        ),
        limits=("Les personnes malvoyantes ne peuvent pas réduire la taille.",),
        refusals=("Bon en portrait, toujours coupé en paysage.",),
        slots={
            "element": (
                "le tableau des factures",
                "le calendrier des réservations",
                "le bandeau d'information",
                "le menu",
            )
        },
        severities=(N,),
    ),
)

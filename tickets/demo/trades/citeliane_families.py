"""Citéliane, the families' side: enrolments, canteen, nurseries, the families' portal."""

# ruff: noqa: E501  (a sentence stays on its line)

from tickets.demo.wording import Anomaly, B, M, N

ANOMALIES = (
    Anomaly(
        subject="le portail des familles",
        titles=(
            "Portail des familles inaccessible",
            "Les familles ne peuvent plus réserver {activity}",
            "Portail : erreur à la réservation ({activity})",
        ),
        symptoms=(
            "Les familles reçoivent *« Service momentanément indisponible »* en réservant {activity}. L'accueil a déjà reçu {count} appels.",
            "Depuis {since}, la réservation pour {activity} tourne sans fin sur le portail. Les inscriptions ferment {day}.",
        ),
        steps=(
            "Se connecter au portail avec un compte de famille",
            "Choisir un enfant",
            "Réserver {activity}",
            "Lire le message d'erreur",
        ),
        exchanges=(
            (
                "Une famille dont la réservation échoue peut-elle encore consulter ses factures ?",
                "Oui, seule la réservation échoue.",
            ),
            (
                "Le problème touche-t-il aussi les comptes créés cette année ?",
                "Surtout ceux qui ont deux foyers.",
            ),
        ),
        fixes=(
            (
                "Le calcul des places restantes parcourait toute l'année à chaque clic. Il est borné à la période ouverte, et la page répond en moins d'une seconde.",
                "Réserver {activity} avec un compte de famille, aux heures d'affluence.",
            ),
            (
                "Un enfant rattaché à deux foyers bloquait la réservation. Elle se fait désormais pour le foyer connecté.",
                "Réserver avec chacun des deux parents d'un même enfant.",
            ),
        ),
        workaround=(
            "Ouvrir la réservation par l'accueil, qui n'est pas touché, et l'annoncer sur la page du portail.",
            "Réserver {activity} depuis le guichet pour une famille.",
        ),
        limits=("L'accueil ne peut pas absorber toutes les demandes ; c'est tenable deux jours.",),
        refusals=(
            "La réservation passe, mais le courriel de confirmation ne part plus.",
            "Corrigé pour une partie des familles ; {count} sont encore bloquées.",
        ),
        slots={
            "activity": (
                "la cantine",
                "l'accueil du matin",
                "le centre de loisirs",
                "l'étude du soir",
                "le séjour d'été",
            )
        },
        severities=(B, B, M),
    ),
    Anomaly(
        subject="la liste des présents",
        titles=(
            "Liste des présents vide ({school})",
            "{school} : des enfants inscrits manquent sur la liste",
            "Liste d'appel incomplète ({school})",
        ),
        symptoms=(
            "La liste d'appel de {school} ne comporte que {count} enfants ; il en manque une classe entière.",
            "À {school}, la liste des présents est vide le {day} et juste les autres jours.",
        ),
        steps=(
            "Ouvrir *Pointage > Liste d'appel*",
            "Choisir {school} et la date du jour",
            "Compter les enfants",
        ),
        exchanges=(
            (
                "La classe manquante a-t-elle été renommée ?",
                "Oui, {lately}, après un changement d'enseignante.",
            ),
            ("La liste est-elle complète sur la tablette ?", "Non, même chose sur la tablette."),
        ),
        fixes=(
            (
                "Une classe renommée perdait le lien avec son groupe de cantine. Le lien suit désormais la classe, pas son nom.",
                "Afficher la liste de {school} pour la semaine en cours.",
            ),
        ),
        workaround=(
            "Afficher la liste par enfant et non par classe : elle est complète.",
            "Comparer avec les effectifs de l'école.",
        ),
        limits=("Sans les classes, l'appel prend {minutes} de plus par service.",),
        refusals=(
            "La classe est revenue, mais les allergies n'apparaissent plus sur la liste.",
            "Bon sur l'ordinateur, pas sur les tablettes.",
        ),
        slots={
            "school": (
                "École des Tilleuls",
                "École du Moulin",
                "Groupe scolaire du Lac",
                "École maternelle des Coquelicots",
            )
        },
        severities=(B, M, M),
    ),
    Anomaly(
        subject="le dossier d'inscription",
        titles=(
            "Pièces du dossier perdues : {piece}",
            "Inscription : {piece} redemandée à tort",
            "Le dossier reste « incomplet » malgré {piece}",
        ),
        symptoms=(
            "Le portail redemande {piece} à des familles qui l'ont déjà fournie. {count} dossiers sont touchés.",
            "Après validation, {piece} disparaît du dossier n° {number}.",
        ),
        steps=("Ouvrir le dossier n° {number}", "Joindre {piece}", "Valider, puis rouvrir le dossier"),
        exchanges=(
            (
                "Sous quel format la pièce est-elle envoyée ?",
                "Une photo prise au téléphone, format HEIC pour la plupart.",
            ),
            ("La pièce est-elle visible dans l'historique du dossier ?", "Oui, mais grisée."),
        ),
        fixes=(
            (
                "Les photos au format HEIC étaient reçues puis écartées par le contrôle antivirus. Elles sont converties à la réception.",
                "Joindre {piece} depuis un téléphone et rouvrir le dossier.",
            ),
            (
                "La date de validité était lue au format américain : la pièce paraissait périmée. La lecture est corrigée.",
                "Rouvrir le dossier n° {number} : il doit être complet.",
            ),
        ),
        workaround=(
            "Demander la pièce en PDF : elle est conservée.",
            "Joindre un PDF au dossier n° {number}.",
        ),
        limits=("Les familles n'ont souvent qu'un téléphone, elles viennent au guichet.",),
        refusals=("La pièce est conservée, mais l'aperçu tourne à quatre-vingt-dix degrés.",),
        slots={
            "piece": (
                "l'attestation d'assurance",
                "la fiche sanitaire",
                "l'attestation de quotient",
                "la copie du carnet de vaccination",
            )
        },
        severities=(M, N, N),
        touches_data=True,
    ),
    Anomaly(
        subject="le menu de la cantine",
        titles=(
            "Menus : les allergènes de {dish} ne s'affichent pas",
            "Commande de repas : {count} repas de trop",
            "Cantine : effectif de {dish} faux",
        ),
        symptoms=(
            "Sur les menus publiés, les allergènes de {dish} n'apparaissent plus. C'est une obligation.",
            "La commande transmise au prestataire compte {count} repas de trop pour {dish}.",
        ),
        steps=("Ouvrir *Restauration > Menus*", "Choisir la semaine prochaine", "Ouvrir la fiche : {dish}"),
        exchanges=(
            ("Les menus sont-ils saisis ou importés du prestataire ?", "Importés chaque {day}."),
            ("Les repas annulés la veille sont-ils concernés ?", "Oui, ce sont eux qui restent comptés."),
        ),
        fixes=(
            (
                "Les annulations faites après 17 h étaient décomptées du mauvais jour. Elles le sont du jour du repas.",
                "Annuler un repas à 17 h 30 pour le lendemain et relire la commande.",
            ),
            (
                "L'import ignorait la colonne des allergènes depuis le changement de modèle. Elle est reconnue par son titre.",
                "Réimporter les menus de la semaine.",
            ),
        ),
        workaround=(
            "Saisir les allergènes à la main sur la fiche du plat : ils s'affichent.",
            "Compléter {dish} et regarder le portail.",
        ),
        limits=("Cinq plats par jour et par école, l'erreur est inévitable.",),
        refusals=("Les allergènes sont affichés, mais plus le menu végétarien.",),
        slots={
            "dish": (
                "la salade composée",
                "le gratin",
                "la compote",
                "l'assiette végétarienne",
                "la tarte du jour",
            )
        },
        severities=(M, N, M),
    ),
    Anomaly(
        subject="la liste d'attente des crèches",
        titles=(
            "Crèches : la liste d'attente change d'ordre",
            "Commission d'attribution : points de {criterion} non comptés",
            "Liste d'attente : rien ne tient compte de {criterion}",
        ),
        symptoms=(
            "Les points attribués pour {criterion} ne sont pas comptés. La commission se réunit {day}.",
            "L'ordre de la liste d'attente change d'un affichage à l'autre pour {count} familles à égalité.",
        ),
        steps=(
            "Ouvrir *Petite enfance > Liste d'attente*",
            "Afficher le détail des points de la demande n° {number}",
            "Chercher la ligne : {criterion}",
        ),
        exchanges=(
            ("La grille de points a-t-elle été révisée cette année ?", "Oui, votée au dernier conseil."),
            ("La demande a-t-elle été déposée avant ou après la révision ?", "Avant."),
        ),
        fixes=(
            (
                "Les demandes antérieures gardaient l'ancienne grille. Elles sont recalculées sur la grille en vigueur à la date de la commission, et les égalités se règlent par date de demande.",
                "Afficher deux fois la liste : l'ordre ne doit plus changer.",
            ),
        ),
        workaround=(
            "Exporter la liste et trier par date de demande dans un tableur.",
            "Exporter et contrôler dix demandes.",
        ),
        limits=("La commission exige l'édition signée de la solution.",),
        refusals=("L'ordre est stable, mais les fratries ne sont plus rapprochées.",),
        slots={
            "criterion": ("l'activité des deux parents", "la fratrie", "le quotient familial", "le handicap")
        },
        severities=(M, N),
        touches_data=True,
    ),
    Anomaly(
        subject="l'envoi des messages aux familles",
        titles=(
            "SMS aux familles envoyés en double",
            "Message de fermeture : {count} familles non prévenues",
            "Envoi groupé de {channel} : rien n'est distribué",
        ),
        symptoms=(
            "L'envoi groupé indique « terminé », mais {count} familles n'ont rien reçu ({channel}).",
            "Certaines familles reçoivent deux fois le même message ({channel}).",
        ),
        steps=(
            "Ouvrir *Communication > Envoi groupé*",
            "Choisir une école et le canal",
            "Envoyer, puis lire le compte rendu",
        ),
        exchanges=(
            (
                "Les numéros non joints sont-ils à l'étranger ?",
                "Non, tous en France, certains avec l'indicatif +33.",
            ),
            ("À quelle heure l'envoi a-t-il été lancé ?", "Vers 7 h 30, avant l'ouverture des écoles."),
        ),
        fixes=(
            (
                "Les numéros saisis avec +33 étaient écartés comme invalides, ceux saisis deux fois envoyés deux fois. Ils sont ramenés à une forme unique.",
                "Envoyer un message d'essai à dix comptes de test.",
            ),
        ),
        workaround=(
            "Choisir le canal courriel en plus : tous les comptes ont une adresse.",
            "Envoyer un essai sur les deux canaux.",
        ),
        limits=("Pour une fermeture le matin même, le courriel est lu trop tard.",),
        refusals=("Plus de doublons, mais le compte rendu reste vide.",),
        slots={"channel": ("SMS", "courriels", "notifications")},
        severities=(M, N),
    ),
)

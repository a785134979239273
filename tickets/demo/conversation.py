"""What people say in any ticket of the demonstration, whatever the trade."""

# ruff: noqa: E501  (a sentence stays on its line)

from sla.policy import Severity
from tickets.words import ContestSubject, OutOfScopeGround

SLOTS = {
    "day": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
    "lately": ("ce matin", "hier après-midi", "en fin de semaine dernière", "hier", "en début de semaine"),
    "since": ("ce matin", "hier après-midi", "lundi dernier", "la dernière mise à jour", "le début de la semaine", "hier"),
    "colleague": (
        "Mme Perrin", "M. Jacquet", "Mme Oudin", "M. Leblond", "Mme Tissier", "M. Ravel", "Mme Guillot",
        "M. Barbier", "Mme Sorel", "M. Chauvet",
    ),
    "number": tuple(str(number) for number in range(10_412, 98_000, 1_373)),
    "count": tuple(str(number) for number in (3, 4, 6, 7, 9, 11, 14, 18, 23, 27, 35, 42, 58, 76, 112)),
    "cents": ("0,01 €", "0,02 €", "0,60 €", "1,20 €", "12,00 €", "48,50 €"),
    "browser": ("Firefox", "Chrome", "Edge"),
    "post": ("un seul poste", "tous les postes", "deux postes sur cinq", "les postes du rez-de-chaussée"),
    "minutes": ("deux minutes", "cinq minutes", "dix minutes", "un quart d'heure"),
}  # fmt: skip

# What makes one title unlike another.
TITLE_TAILS = (
    "depuis la version {version}", "sur {post}", "depuis {since}", "sous {browser}", "({colleague})",
    "au retour du week-end", "le {day}", "en fin de mois", "pour un seul utilisateur", "après la mise à jour",
)  # fmt: skip

GREETINGS = (
    "Bonjour,",
    "Bonjour à toute l'équipe,",
    "Bonjour, je reviens vers vous pour {subject}.",
    "Bonjour, voici ce que {colleague} m'a signalé {lately}.",
)

CONTEXT = (
    "Nous l'avons constaté {lately}, sur {post}.",
    "{colleague} a pu le reproduire avec son propre compte ; le problème ne vient donc pas des droits.",
    "Rien n'a changé chez nous : ni poste, ni réseau, ni paramétrage.",
    "En version {former_version}, cela fonctionnait.",
    "Nous avons vidé le cache de {browser} et redémarré le poste, sans effet.",
    "Le même traitement passait encore {day} dernier.",
    "Nous avons essayé avec {browser} puis avec un autre navigateur : même résultat.",
    "C'est arrivé {count} fois depuis {since}.",
    "Seul notre site principal est touché ; l'autre n'utilise pas cette fonction.",
    "J'ai relu la documentation de la version {version} : rien n'indique que ce soit voulu.",
)

STAKES = {
    Severity.BLOQUANTE: (
        "**Nous sommes à l'arrêt** sur cette fonction et n'avons pas d'autre moyen de travailler.",
        "Toute l'équipe est bloquée, merci de nous rappeler dès que possible.",
        "Plus personne ne peut avancer ; {colleague} a dû renvoyer du monde.",
        "C'est bloquant : l'échéance est {day} et rien ne peut partir d'ici là.",
        "Sans cela, notre activité s'interrompt dans la journée.",
    ),
    Severity.MAJEURE: (
        "Nous contournons à la main, mais cela nous prend plusieurs heures par jour.",
        "On peut encore travailler, avec un risque d'erreur réel.",
        "{colleague} ressaisit tout dans un tableur en attendant.",
        "La fonction est essentielle pour notre clôture de {day}.",
        "Une partie du service est touchée, l'autre continue.",
    ),
    Severity.MINEURE: (
        "Rien d'urgent, mais c'est pénible au quotidien.",
        "Ce n'est pas gênant pour l'instant, je préfère vous le signaler.",
        "Nous faisons avec, à corriger quand vous pourrez.",
        "C'est surtout un problème de présentation.",
        "Un correctif dans une prochaine version nous conviendrait très bien.",
    ),
}

ENVIRONMENTS = (
    "Windows 11, Firefox 128",
    "Windows 11, Edge",
    "Windows 10, Chrome",
    "Postes en accès distant (RDS), Windows Server 2022",
    "Hébergement chez vous, accès par Chrome",
    "Serveur sur site, PostgreSQL 15",
    "macOS, Firefox",
    "Production ; non vérifié en préproduction",
    "Préproduction et production",
)

IT_IS_BACK = (
    "Le problème est revenu {lately}, exactement comme la première fois.",
    "Nous pensions l'affaire réglée, mais cela recommence depuis {since}.",
    "Même anomalie que dans le ticket d'origine : elle réapparaît en version {version}.",
)

ACKNOWLEDGED = (
    "Bonjour, je prends votre demande en charge et commence l'analyse.",
    "Bonjour, c'est noté : je m'en occupe et vous tiens au courant.",
    "Bonjour, merci pour cette description précise. Je regarde {subject} dès maintenant.",
    "Bonjour, votre ticket est pris en compte. Je cherche d'abord à reproduire sur notre base de test.",
    "Bonjour, je suis votre interlocuteur pour cette anomalie. Premier point de ma part dans la journée.",
    "Bonjour, bien reçu. Je reprends les étapes une à une sur la version {version}.",
    "Bonjour, je prends la suite. Si un élément change de votre côté, dites-le ici.",
    "Bonjour, merci du signalement. Je compare avec la version {former_version} et reviens vers vous.",
    "Bonjour, pris en compte. J'ai ce qu'il faut pour commencer.",
    "Bonjour, je m'en charge. Inutile de rappeler : tout sera consigné dans ce ticket.",
)

PROGRESS = (
    "Point d'avancement : l'anomalie est reproduite chez nous en version {version}. La cause est cernée, la correction est en cours.",
    "Nous reproduisons le problème. Le développement a été saisi, je vous confirme la version dès qu'elle est connue.",
    "L'analyse avance : {subject} est bien en cause, et non vos données.",
    "J'ai isolé le cas dans un test automatique. Il reste à vérifier que la correction ne touche rien d'autre.",
    "La correction est écrite et passe en relecture ; elle sera dans la version {next_version}.",
    "Pas encore de solution à vous proposer, mais le périmètre est clair. Prochain point demain.",
    "Nous avons écarté la piste des droits. Nous regardons à présent ce qui a changé depuis la {former_version}.",
    "Votre description a suffi pour reproduire. Merci, cela nous fait gagner du temps.",
)

ASKED_AGAIN = (
    "Je me permets de relancer : sans ce renseignement, je ne peux pas avancer.",
    "Avez-vous pu regarder ma question ? Une simple capture suffirait.",
    "Je complète ma question : si vous l'avez, le journal du traitement m'aiderait aussi.",
)

NOTES = (
    "Reproduit sur la base de recette, branche {version}. Voir avec le développement.",
    "Ressemble à ce qu'on a eu en {former_version} ; vérifier que le test de non-régression tourne toujours.",
    "Client très réactif au téléphone, préférer l'appel en cas de doute.",
    "Ne pas promettre de date avant le retour du développement.",
    "Paramétrage vérifié en accès distant avec {colleague} : rien d'anormal.",
    "À rapprocher du lot prévu en {next_version}.",
    "Requête en cause identifiée, plan d'exécution joint au dossier interne.",
    "Deux autres clients pourraient être touchés : surveiller les nouveaux tickets.",
)

HANDED_OVER = (
    "Je passe la main : l'analyse est faite, il reste la correction à suivre.",
    "Reprise du dossier, j'ai relu tout l'échange.",
    "Je suis absent à partir de {day} ; le dossier est transmis avec mes notes.",
)

FIX_OPENINGS = (
    "Bonjour, la correction est disponible en version **{next_version}**.",
    "Bonjour, la version **{next_version}** corrige ce point ; elle est installée sur votre environnement de test.",
    "Bonjour, nous livrons ce jour la version **{next_version}**.",
    "Bonjour, le correctif est prêt (version **{next_version}**). Merci de le tester avant la mise en production.",
)

WORKAROUND_OPENINGS = (
    "Bonjour, en attendant mieux, voici une solution de contournement.",
    "Bonjour, le correctif demandera du temps. Voici comment travailler d'ici là.",
    "Bonjour, nous vous proposons le contournement suivant.",
)

ACCEPTED = (
    "Testé ce matin : c'est bon pour nous, merci.",
    "Tests concluants sur {count} cas. Nous planifions la mise en production.",
    "{colleague} a refait toute la manipulation, plus rien d'anormal.",
    "C'est corrigé, merci pour la rapidité.",
    "Nous validons. La mise en production se fera {day}.",
    "Recette faite en préproduction, aucun écart constaté.",
    "Parfait, {subject} donne maintenant le bon résultat.",
)

IN_PRODUCTION = (
    "Installé en production, tout va bien.",
    "Mis en production hier soir. Vous pouvez clore.",
    "C'est en production depuis {day}, merci à l'équipe.",
    "La version {delivered_version} tourne en production, aucun retour négatif des utilisateurs.",
    "Déployé sur tous les postes. Merci.",
)

SORRY = (
    "Merci pour ce retour : le cas que vous décrivez n'était pas couvert par nos tests. Je le reprends.",
    "Vous avez raison, la correction est incomplète. Je rouvre l'analyse.",
    "Désolé pour ce contretemps ; je reproduis votre nouveau cas et je vous réponds.",
)

LOWERED = (
    "La fonction reste utilisable en passant par l'autre écran : nous retenons une gravité moindre que celle annoncée.",
    "Après analyse, seule une partie de l'équipe est touchée et le reste fonctionne ; la gravité est ajustée en conséquence.",
    "L'anomalie est réelle, mais les fonctions principales restent accessibles ; la gravité retenue suit la définition du contrat.",
    "Le traitement aboutit, avec une reprise manuelle limitée. Nous abaissons la gravité.",
)

LOWERED_BY_WORKAROUND = (
    "Le contournement en place vous permet de travailler, avec des restrictions : la gravité est abaissée, le ticket reste ouvert.",
    "Contournement jugé provisoire : nous abaissons la gravité dans l'attente du correctif définitif.",
)

RAISED = (
    "Notre analyse montre que d'autres écrans sont atteints : nous retenons une gravité plus forte que celle déclarée.",
    "Le défaut peut fausser des données enregistrées ; nous relevons la gravité pour le traiter en priorité.",
    "Vous êtes plus gênés que vous ne le dites : la fonction principale est touchée, la gravité est relevée.",
)

SEVERITY_CONTESTED = (
    "Nous ne sommes pas d'accord : la reprise manuelle occupe deux personnes à plein temps.",
    "L'autre écran ne donne pas les mêmes totaux, ce n'est donc pas une solution. Merci de rétablir la gravité.",
    "Sur le papier la fonction reste accessible, mais personne ne s'en sert ainsi chez nous.",
    "La clôture est {day} : à cette date, pour nous, c'est bien la gravité annoncée.",
)

SCOPE_CONTESTED = (
    "Nous contestons : ce comportement n'est décrit nulle part et nous n'avons rien modifié.",
    "Le même paramétrage fonctionnait en version {former_version}. C'est bien la solution qui a changé.",
    "Nous avons suivi la documentation à la lettre, captures à l'appui.",
)

DEADLINE_CONTESTED = (
    "L'échéance affichée ne tient pas compte de notre dépôt du matin : nous la contestons.",
    "Vous comptez une pause alors que nous avions répondu par téléphone. Merci de revoir l'échéance.",
    "Nous comprenions que le délai courait dès l'appel de {colleague}.",
)

SETTLED = {
    (ContestSubject.SEVERITY, True): (
        "Après échange avec {colleague}, je retiens la gravité que vous aviez déclarée.",
        "Votre argument est fondé : la reprise manuelle n'est pas tenable. La gravité déclarée est rétablie.",
    ),
    (ContestSubject.SEVERITY, False): (
        "Au sens du contrat, les fonctions principales restent accessibles : la gravité retenue est maintenue.",
        "Je maintiens la gravité retenue ; l'équipe reste mobilisée pour vous livrer vite.",
    ),
    (ContestSubject.SCOPE, True): (
        "Le comportement vient bien de la solution : le ticket revient dans le périmètre, avec nos excuses.",
        "Vérification faite, votre paramétrage est conforme. Nous reprenons l'analyse.",
    ),
    (ContestSubject.SCOPE, False): (
        "J'ai relu le dossier : le motif est confirmé. Un devis peut vous être adressé si vous le souhaitez.",
        "Le classement est maintenu ; notre équipe reste disponible pour vous conseiller.",
    ),
    (ContestSubject.DEADLINE, True): (
        "Vous avez raison sur l'heure de réception ; le relevé de délai le mentionne désormais.",
        "Votre remarque est fondée, nous en tenons compte dans le suivi du contrat.",
    ),
    (ContestSubject.DEADLINE, False): (
        "Le relevé de délai détaille chaque pause : l'échéance est conforme au calendrier en vigueur.",
        "Le délai court sur les heures d'ouverture, pont compris ; l'échéance est maintenue.",
    ),
}

GROUNDS = {
    OutOfScopeGround.CONFIGURATION: (
        "L'analyse montre un paramétrage à compléter de votre côté ; {subject} fonctionne comme documenté. La prestation de paramétrage n'entre pas dans le support.",
        "Le comportement vient du modèle paramétré à l'installation. Notre équipe projet peut l'adapter sur devis.",
    ),
    OutOfScopeGround.TRAINING: (
        "La manipulation décrite relève de la prise en main. Une session de formation répondrait mieux à votre besoin : je joins le programme.",
        "Il s'agit d'un accompagnement des utilisateurs, que le contrat de support ne comprend pas.",
    ),
    OutOfScopeGround.DEVELOPMENT: (
        "Votre demande est une évolution propre à votre organisation, et non une anomalie : elle peut faire l'objet d'une étude de faisabilité puis d'un devis.",
        "La fonction attendue n'existe pas dans la solution. Nous la notons parmi les souhaits d'évolution.",
    ),
    OutOfScopeGround.NO_COOPERATION: (
        "Sans réponse à nos questions malgré nos relances, nous ne pouvons pas poursuivre. Nous reprendrons dès que les éléments seront fournis.",
    ),
    OutOfScopeGround.MISUSE: (
        "Les données ont été modifiées directement en base, ce que la documentation exclut. L'écart constaté en découle.",
        "La fonction est employée hors de son usage documenté (import quotidien par un outil tiers non prévu).",
    ),
    OutOfScopeGround.WILFUL_DAMAGE: (
        "Le journal montre une suppression volontaire et répétée des fiches par un compte de votre organisation. Ce cas est exclu du support.",
    ),
    OutOfScopeGround.FORCE_MAJEURE: (
        "L'indisponibilité provient de l'inondation de votre local technique : il s'agit d'un cas de force majeure. Nous restons joignables pour le redémarrage.",
    ),
    OutOfScopeGround.LOST_DATA: (
        "Les fichiers ont été effacés lors du changement de serveur par votre prestataire. Leur reconstitution n'entre pas dans le support ; nous pouvons la chiffrer.",
    ),
    OutOfScopeGround.ON_SITE: (
        "Le déplacement demandé sur votre site n'est pas compris dans le contrat de support. Un devis d'intervention peut être établi.",
    ),
}

BACK_IN_SCOPE = (
    "Nous avons reproduit sur une base neuve : il s'agit bien d'une anomalie. Le ticket revient dans le périmètre.",
    "Classement trop rapide de notre part : je reprends l'analyse.",
)

CLOSED_OUT_OF_SCOPE = (
    "Sans nouvelle demande de votre part, nous clôturons ce ticket hors périmètre.",
    "Le devis suit son cours séparément ; ce ticket est clôturé.",
    "Clôture comme convenu. Nous restons à votre disposition pour toute question.",
)

WARNED = (
    "Sans réponse de votre part sous cinq jours ouvrés, nous devrons clôturer ce ticket pour défaut de coopération.",
    "Nous vous avons interrogé sans succès. Dernière relance avant clôture : un mot de votre part suffit à la suspendre.",
)

NO_COOPERATION = (
    "Nous restons sans réponse après avertissement : le ticket est clôturé. Vous pourrez déposer une suite à tout moment.",
    "Clôture après relances infructueuses. Une suite reste possible en un clic si l'anomalie se présente de nouveau.",
)

NOT_REPRODUCIBLE = (
    "Malgré vos précisions et {count} essais, nous n'avons pas reproduit l'anomalie. Nous clôturons ; une suite pourra être déposée si elle revient.",
    "Plus aucune trace depuis la mise à jour de vos postes. Nous clôturons faute de pouvoir reproduire.",
)

AGREED = (
    "Comme convenu par téléphone avec {colleague}, nous clôturons ce ticket.",
    "D'un commun accord, le sujet sera repris dans le projet en cours ; le ticket est clôturé.",
)

DUPLICATE = (
    "Cette demande décrit la même anomalie que le ticket n° [original], reçu en premier : le suivi continue là-bas.",
    "Doublon du ticket n° [original] de votre organisation. Aucune information n'est perdue, nous poursuivons sur le premier.",
)

WITHDRAWN = (
    "Nous retirons la demande : l'erreur venait d'un de nos postes.",
    "Finalement, {colleague} avait changé un filtre sans le dire. Désolés du dérangement.",
    "Plus d'actualité, nous avons arrêté d'utiliser cet écran.",
    "Fausse alerte, tout est rentré dans l'ordre après le redémarrage.",
)

DEFINITIVE = (
    "Cette façon de faire nous convient très bien, nous l'adoptons.",
    "Pas de gêne à l'usage : le contournement est définitif pour nous.",
    "{colleague} préfère même procéder ainsi. Nous en restons là.",
)

MORE_TIME = (
    "La personne qui teste est absente jusqu'à {day} en huit. Pouvez-vous nous laisser plus de temps ?",
    "Nous ne pouvons tester qu'après la clôture du mois. Merci de prolonger le délai.",
    "Notre préproduction est indisponible cette semaine, un délai plus long est nécessaire.",
)

TIME_AGREED = (
    "Accord donné : prenez le temps de tester dans de bonnes conditions.",
    "Entendu avec {colleague}. Le délai est prolongé.",
)

TIME_REFUSED = (
    "La version suivante dépend de ce correctif : nous ne pouvons pas prolonger autant. Un test rapide suffit.",
    "Le cas se teste en {minutes} ; nous préférons garder le délai prévu.",
)

UNDER_TEST = (
    "Nous commençons les tests. Une question : faut-il fermer la session de tous les postes avant d'installer ?",
    "Premier essai correct sur {count} cas ; il nous reste à vérifier les cas particuliers.",
    "Le test est en cours chez {colleague}. Le correctif concerne-t-il aussi les anciens enregistrements ?",
)

VERDICT_ASKED = (
    "Pour répondre à votre question : oui, sans autre précaution. Nous attendons votre verdict.",
    "Voici les précisions demandées. Pouvez-vous nous dire si la livraison vous convient ?",
    "Rien de particulier à prévoir. Merci de nous confirmer le résultat de vos tests.",
)

CLEARER_TITLES = (
    "[title] (version {version})",
    "[title] : cas des anciens enregistrements",
    "[title], après mise à jour en {version}",
)

"""Words for the benchmark's tickets: common ones of the trade, and thousands of rarer ones made of syllables."""

import random
from itertools import product

# Said in exactly as many tickets as asked, whatever the size: what a search is timed on.
MARKER = "quincaillerie"
_TRADE = """
export comptable écran clôture facture impression planning période salarié contrat fichier lot écriture
relance échéancier règlement tiers journal balance stock inventaire commande livraison article tarif remise
avoir acompte paie bulletin absence congé badge atelier gamme nomenclature fabrication poste machine client
fournisseur adresse recherche filtre tri colonne bouton menu message erreur lenteur blocage connexion session
mot serveur navigateur onglet version mise jour sauvegarde restauration import modèle courrier document
signature archive droit profil utilisateur groupe dossier pièce jointe calcul total arrondi devise taux TVA
exercice budget engagement mandat titre régie famille enfant cantine inscription quotient séjour
"""
_SYLLABLES = "ba ché dro fi gou lan mé nu pra qui ron sel tou vi zan bri cor dal fer gli"
COMMON = tuple(_TRADE.split())
RARE = tuple("".join(parts) for parts in product(_SYLLABLES.split(), repeat=3))


def sentence(chance: random.Random, length: int) -> str:
    """Return so many words, one in six of them rare."""
    words = [
        chance.choice(RARE) if chance.random() < 1 / 6 else chance.choice(COMMON) for _word in range(length)
    ]
    return " ".join(words).capitalize()

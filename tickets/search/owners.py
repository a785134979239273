"""Whose tickets a question asks for."""

from django.db.models import Q

from accounts.models import User

ME, NOBODY = "me", "nobody"


def owned_by(whose: str, person: User) -> Q:
    """Keep the tickets of `person` (“me”), of nobody, or of somebody by number."""
    return Q(owner={ME: person.pk, NOBODY: None}.get(whose, whose))

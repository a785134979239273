"""What a person's role and trainings let them do within their own organisation (C-WHO-2)."""

from datetime import date

from accounts.models import Role, Training, User


def runs_organisation(person: User, day: date) -> bool:
    """Tell who runs a client's support on `day`, a local date: its manager, and an administrator trained."""
    return person.role == Role.CLIENT_MANAGER or (
        person.role == Role.ADMINISTRATOR and Training.objects.valid_on(day).filter(person=person).exists()
    )


def reads_whole_organisation(person: User, day: date) -> bool:
    """Tell whether a client's person reads all of its tickets on `day`, or only what they filed (C-WHO-2)."""
    return person.client is not None and (person.client.readers_allowed or runs_organisation(person, day))

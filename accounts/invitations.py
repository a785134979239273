"""Invitations: a link by mail, good once and for some days, through which a person chooses a first password."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.mail import compose
from accounts.models import User

SALT = "accounts.invitations"
# What a mail server may answer with: the account exists all the same, the invitation is sent again later.
MAIL_FAILURES = (SMTPException, OSError)


def state_of(person: User) -> str:
    """Return a mark of the present password and access: choosing one, inviting again or ending access changes it."""
    return salted_hmac(
        SALT, f"{person.pk}:{person.password}:{person.access_epoch}", algorithm="sha256"
    ).hexdigest()


def invitation_token(person: User) -> str:
    """Return what proves that the mail sent to `person` was received."""
    return signing.dumps([person.pk, state_of(person)], salt=SALT)


def invited_by(token: str) -> User | None:
    """Return the person whom a token invites; None once used, replaced, expired, or never ours."""
    try:
        key, state = signing.loads(token, salt=SALT, max_age=timedelta(days=settings.INVITATION_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=key, is_active=True).first()
    return person if person is not None and state_of(person) == state else None


def may_be_invited(person: User) -> bool:
    """Tell whether `person` still has a first password to choose."""
    return person.is_active and not person.has_usable_password()


def send_invitation(person: User) -> None:
    """Send an invitation and make the former ones void; raises one of MAIL_FAILURES when the mail cannot leave."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    address = settings.SITE_URL + reverse("invitation", args=[invitation_token(person)])
    context = {"user": person, "address": address, "days": settings.INVITATION_DAYS}
    compose("invitation", person.email, person.language, context).send()

"""Giving a person a token of the API, and taking it back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from accounts.models import User
from tickets.models import ApiToken, Scope


def create_token(person: User, *, name: str, scope: Scope, days: int, at: datetime) -> tuple[ApiToken, str]:
    """Give `person` a token that lives `days` days from `at`; return it with its secret, which is kept nowhere.

    Raises `ValidationError` for a name in use, a life longer than the instance allows, or too many tokens.
    """
    if not 1 <= days <= settings.API_TOKEN_MAX_DAYS:
        raise ValidationError({"days": _("At most %(days)d days.") % {"days": settings.API_TOKEN_MAX_DAYS}})
    if ApiToken.objects.live(at).filter(user=person).count() >= settings.API_TOKENS_PER_PERSON:
        raise ValidationError(_("You have too many tokens: revoke one first."))
    digest, secret = get_digest_token()
    token = ApiToken(
        digest=digest,
        token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=person,
        client_id=person.client_id,
        name=name,
        scope=scope,
        expiry=at + timedelta(days=days),
    )
    try:
        with transaction.atomic():
            ApiToken.objects.filter(user=person, name=name, revoked_at=None, expiry__lte=at).update(
                revoked_at=at
            )
            token.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"name": _("You have a token of this name already.")}) from error
    return token, secret


def revoke_token(token: ApiToken, *, at: datetime) -> None:
    """Take a token back: it opens nothing from this instant on."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)

"""The token in a link to choose another password: allauth's, made and checked in the scope of its person."""

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator

from accounts.models import User
from accounts.scope import scope_named_after, scoped


class ResetToken(EmailAwarePasswordResetTokenGenerator):
    """To make a token, allauth notes the person's address in a list of its own: it writes, the entrance does not."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        with scoped(scope_named_after(user)):
            return str(super()._make_hash_value(user, timestamp))

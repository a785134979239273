"""The form of a canned answer: it refuses placeholders that mean nothing, and never saves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.canned.placeholders import unknown_in
from tickets.models import CannedAnswer
from tickets.permissions import may_change_canned
from tickets.record.forms.base import LONGEST_TEXT


class CannedForm(forms.ModelForm):
    """The words, their language, for which solution, for whom."""

    class Meta:
        model = CannedAnswer
        fields = ["title", "body", "language", "solution", "is_shared"]
        widgets = {"body": forms.Textarea(attrs={"rows": 10, "dir": "auto", "maxlength": LONGEST_TEXT})}

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_change_canned(user, CannedAnswer(author=user, is_shared=True)):
            del self.fields["is_shared"]

    def clean_body(self) -> str:
        """Refuse a placeholder that nothing would fill, naming it."""
        body = self.cleaned_data["body"]
        if unknown := unknown_in(body):
            raise ValidationError(
                _("Nothing fills these placeholders: %(names)s.")
                % {"names": ", ".join(f"{{{{{name}}}}}" for name in unknown)}
            )
        return body

"""What every action's form is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.attachments import MultipleFileField
from tickets.record.standing import Standing
from tickets.seen import Seen

LONGEST_TEXT = 50_000  # characters: a pasted log, not a dump


@dataclass(frozen=True, slots=True)
class Notice:
    """What the author of a form reads before filling it: a sentence, perhaps words quoted, perhaps a way to more."""

    text: str
    quoted: str = ""  # Markdown
    url: str = ""
    link: str = ""


class SeenField(forms.IntegerField):
    """What the author of a form had before their eyes (`Seen`), sent back as it was given."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Seen | None:
        """Read it back."""
        if value in self.empty_values:
            return None
        try:
            return Seen.parse(str(value))
        except ValueError as unreadable:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from unreadable


class ActionForm(forms.Form):
    """A form checks and never saves; `seen` is what its author saw of the ticket."""

    seen = SeenField()

    def __init__(
        self,
        standing: Standing,
        user: User,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(data, files, auto_id, initial={"seen": standing.life.last_seq, **(initial or {})})
        self.standing, self.user = standing, user
        self.notices: list[Notice] = []
        self.prepare()

    @classmethod
    def renewed(cls, data: QueryDict, standing: Standing, seen: Seen) -> QueryDict:  # noqa: ARG003  (a form's own)
        """Return what was typed, as it is sent back to an author who is shown what happened since: all is `seen`."""
        renewed = data.copy()
        renewed["seen"] = str(seen)
        return renewed

    @classmethod
    def kept_in_a_draft(cls) -> list[str]:
        """Name the fields that a draft keeps: those that are filled in, never the files."""
        return [
            name
            for name, field in cls.base_fields.items()
            if not field.widget.is_hidden and not isinstance(field, forms.FileField)
        ]

    @classmethod
    def written(cls) -> list[str]:
        """Name the fields that hold words: without any, there is no draft worth keeping."""
        return [name for name, field in cls.base_fields.items() if isinstance(field, forms.CharField)]

    def prepare(self) -> None:
        """Fit the choices and first values to the ticket as it stands."""

    def offer_choices(self, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
        """Set what the choice field `name` offers."""
        cast("forms.ChoiceField", self.fields[name]).choices = list(choices)

    def offer_rows(self, name: str, rows: QuerySet[Any]) -> None:
        """Set what the field `name`, a choice among rows, offers."""
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def words_for_the_action(self) -> dict[str, Any]:
        """Return the checked values by the names of the action's own arguments."""
        return dict(self.cleaned_data)

    def refuse(self, refusal: ValidationError) -> None:
        """Show what the action refused, beside the field it is about."""
        found = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, errors)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The words typed, by the label of their field, to be shown when the form has become useless."""
        return [
            (str(field.label), str(field.data))
            for field in self.visible_fields()
            if isinstance(field.field, forms.CharField) and field.data
        ]


def text(label: Any, *, required: bool = True, rows: int = 6, **options: Any) -> forms.CharField:
    """Return a field for words in Markdown."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        **options,
    )


class MessageForm(ActionForm):
    """Words that have to be said."""

    message = text(_("Message"))


class OptionalMessageForm(ActionForm):
    """Words that may be added."""

    message = text(_("Message (optional)"), required=False, rows=3)


class MessageWithFilesForm(MessageForm):
    """Words that have to be said, with files."""

    attachments = MultipleFileField()


class ReasonForm(ActionForm):
    """A reason that the vendor will read."""

    reason = text(_("Reason"))

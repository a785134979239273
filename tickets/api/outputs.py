"""What the API says of tickets: their shape in the description, and in every answer."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role
from sla.clock import ClockState
from sla.policy import SEVERITIES
from tickets.acts import Action, Actor
from tickets.models import Attachment, Message, Ticket
from tickets.phrases import state_at
from tickets.record.timeline import Said, side_of
from tickets.words import ClosingGround, EntryKind, Means, State, Turn

SEVERITY_VALUES = [str(severity) for severity in SEVERITIES]
CLOCK_VALUES = [str(state) for state in ClockState]
SIDES = ["vendor", "client", "timetable"]
SECOND = 1_000_000  # microseconds


class Instant(serializers.DateTimeField):
    """An instant, in UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Named(serializers.Serializer[Any]):
    """A number and a name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


class PersonOut(serializers.Serializer[Any]):
    """Somebody, and the side they act for."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="get_full_name")
    side = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=SIDES))
    def get_side(self, person: Any) -> str:
        """Say the side."""
        return side_of(person)


class VersionOut(serializers.Serializer[Any]):
    """A version of a calendar or of a policy."""

    id = serializers.UUIDField(source="pk")
    number = serializers.IntegerField()


class ClockOut(serializers.Serializer[Any]):
    """One clock: `paused` has business time left and no deadline; `none` has no commitment (C-SLA-3)."""

    state = serializers.ChoiceField(choices=CLOCK_VALUES)
    due_at = Instant(allow_null=True)
    done_at = Instant(allow_null=True)
    business_seconds_left = serializers.IntegerField(allow_null=True, help_text="Known while paused (K-8).")


class ClocksOut(serializers.Serializer[Any]):
    """Both clocks as they stand."""

    acknowledge = ClockOut()
    resolve = ClockOut()


def clocks_of(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Return both clocks of a ticket's index as they stand at `at`."""
    return {
        "acknowledge": {
            "state": state_at(ticket.acknowledge_state, ticket.acknowledge_due_at, at),
            "due_at": ticket.acknowledge_due_at,
            "done_at": ticket.acknowledged_at,
            "business_seconds_left": None,
        },
        "resolve": {
            "state": state_at(ticket.resolve_state, ticket.resolve_due_at, at),
            "due_at": ticket.resolve_due_at,
            "done_at": ticket.resolved_at,
            "business_seconds_left": None if ticket.resolve_left is None else ticket.resolve_left // SECOND,
        },
    }


class TicketLine(serializers.Serializer[Any]):
    """A ticket as lists say it."""

    number = serializers.IntegerField(source="pk")
    page = serializers.SerializerMethodField()
    title = serializers.CharField()
    client = Named()
    solution = Named()
    state = serializers.ChoiceField(choices=State.choices)
    turn = serializers.ChoiceField(choices=Turn.choices)
    severity = serializers.ChoiceField(choices=SEVERITY_VALUES)
    severity_claimed = serializers.ChoiceField(choices=SEVERITY_VALUES)
    severity_retained = serializers.ChoiceField(choices=SEVERITY_VALUES, allow_null=True)
    clocks = serializers.SerializerMethodField()
    next_due_at = Instant(allow_null=True)
    closes_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    closing_ground = serializers.ChoiceField(choices=ClosingGround.choices, allow_blank=True)
    is_contested = serializers.BooleanField()
    reporter = PersonOut()
    owner = PersonOut(allow_null=True)
    means = serializers.ChoiceField(choices=Means.choices)
    received_at = Instant()
    registered_at = Instant()
    last_seq = serializers.IntegerField(help_text="The last entry of the ledger: what `seen` takes.")
    last_entry_at = Instant(allow_null=True)

    def get_page(self, ticket: Ticket) -> str:
        """Say where a person reads it."""
        return f"{settings.SITE_URL}{ticket.get_absolute_url()}"

    @extend_schema_field(ClocksOut)
    def get_clocks(self, ticket: Ticket) -> Any:
        """Say both clocks at the instant of the answer."""
        return ClocksOut(clocks_of(ticket, self.context["at"])).data


class KnownAnomalyOut(serializers.Serializer[Any]):
    """The defect that a ticket reports, as both sides read it."""

    id = serializers.IntegerField(source="pk")
    reference = serializers.CharField()
    summary = serializers.CharField()
    planned_version = serializers.CharField(allow_blank=True)


class TicketOut(TicketLine):
    """A ticket whole, with the actions that the reader may do on it now."""

    contract = serializers.IntegerField(source="contract_id")
    description = serializers.CharField()
    steps = serializers.CharField(allow_blank=True)
    affected_version = serializers.CharField(allow_blank=True)
    environment = serializers.CharField(allow_blank=True)
    external_reference = serializers.CharField(allow_blank=True)
    calendar_version = VersionOut()
    policy_version = VersionOut()
    follow_up_of = serializers.SerializerMethodField()
    duplicate_of = serializers.SerializerMethodField()
    split_from = serializers.SerializerMethodField()
    related = serializers.SerializerMethodField()
    anomaly = serializers.SerializerMethodField()
    watchers = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    def get_follow_up_of(self, ticket: Ticket) -> int | None:
        """Say the closed ticket that it follows up, if the reader may see it."""
        return ticket.follow_up_of_id if ticket.follow_up_of_id in self.context["links"].seen else None

    def get_duplicate_of(self, ticket: Ticket) -> int | None:
        """Say the ticket received first, if the reader may see it."""
        return ticket.duplicate_of_id if ticket.duplicate_of_id in self.context["links"].seen else None

    def get_split_from(self, ticket: Ticket) -> int | None:
        """Say the related ticket of whose message it was made, if the reader may see it."""
        number: int | None = self.context["links"].split_from
        return number

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_related(self, ticket: Ticket) -> list[int]:
        """Say the tickets that belong with it, of those that the reader may see."""
        return list(self.context["links"].related)

    @extend_schema_field(KnownAnomalyOut(allow_null=True))
    def get_anomaly(self, ticket: Ticket) -> Any:
        """Say the defect that it reports, if one is known."""
        anomaly = self.context["links"].anomaly
        return anomaly and KnownAnomalyOut(anomaly).data

    @extend_schema_field(PersonOut(many=True))
    def get_watchers(self, ticket: Ticket) -> Any:
        """Say who follows it, of the reader's own side."""
        return PersonOut(self.context["links"].watchers, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Action.choices)))
    def get_actions(self, ticket: Ticket) -> list[str]:
        """Say what the reader may do now."""
        return [str(action) for action in self.context["actions"]]


class LiveClockOut(serializers.Serializer[Any]):
    """One clock in words, at the instant of the answer."""

    state = serializers.CharField()
    said = serializers.CharField(source="text", allow_blank=True)
    due_at = Instant(source="due", allow_null=True)
    business_seconds_left = serializers.SerializerMethodField()

    def get_business_seconds_left(self, line: Any) -> int | None:
        """Say the business time left, negative once late."""
        return None if line.left is None else line.left // SECOND


class LiveClocksOut(serializers.Serializer[Any]):
    """Both clocks in words, whose turn it is, and what silence does."""

    at = Instant()
    acknowledge = LiveClockOut()
    resolve = LiveClockOut()
    turn = serializers.CharField()
    closing = serializers.CharField(allow_blank=True)
    last_seq = serializers.IntegerField()


class AttachmentOut(serializers.Serializer[Any]):
    """A file, and where its content is."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(source="digest")
    uploaded_at = Instant()
    message = serializers.IntegerField(source="message_id", allow_null=True)
    content = serializers.SerializerMethodField()

    def get_content(self, attachment: Attachment) -> str:
        """Say where it is downloaded."""
        return f"{settings.SITE_URL}{reverse('api_attachment_content', args=[attachment.pk])}"


class MessageOut(serializers.Serializer[Any]):
    """Words, in Markdown; an internal note is the vendor's alone."""

    id = serializers.IntegerField(source="pk")
    ticket = serializers.IntegerField(
        source="ticket_id", help_text="The ticket, or the duplicate it was said on."
    )
    author = PersonOut(allow_null=True)
    body = serializers.CharField()
    is_internal = serializers.BooleanField()
    sent_at = Instant()
    seq = serializers.SerializerMethodField()
    attachments = AttachmentOut(many=True)

    def get_seq(self, message: Message) -> int | None:
        """Say the entry of the ledger that they carry."""
        return message.entry.seq if message.entry else None


class DetailOut(serializers.Serializer[Any]):
    """A particular of an entry."""

    name = serializers.CharField()
    value = serializers.CharField()


class EntryOut(serializers.Serializer[Any]):
    """A fact of the ledger, in words."""

    seq = serializers.IntegerField(source="entry.seq")
    kind = serializers.ChoiceField(source="entry.kind", choices=EntryKind.choices)
    title = serializers.CharField()
    details = serializers.SerializerMethodField()
    by = PersonOut(source="entry.by", allow_null=True, help_text="Null: the timetable.")
    occurred_at = Instant(source="entry.occurred_at")
    recorded_at = Instant(source="entry.recorded_at")
    ticket = serializers.IntegerField(allow_null=True, help_text="Another ticket that it names.")
    how_to_test = serializers.CharField(allow_blank=True)
    touches_data = serializers.BooleanField()

    @extend_schema_field(DetailOut(many=True))
    def get_details(self, said: Said) -> list[dict[str, str]]:
        """Say the particulars."""
        return [{"name": str(name), "value": str(value)} for name, value in said.details]


class ChoiceOut(serializers.Serializer[Any]):
    """One of the values that a field takes now."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class FieldOut(serializers.Serializer[Any]):
    """A field of an action, as its form offers it now."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    required = serializers.BooleanField()  # type: ignore[assignment]
    initial = serializers.CharField(allow_null=True)
    choices = ChoiceOut(many=True, help_text="Empty: any value of its type.")


class OfferOut(serializers.Serializer[Any]):
    """An action of the workflow: whether the reader may do it now, else why not."""

    action = serializers.ChoiceField(choices=Action.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    clocks = serializers.CharField(allow_blank=True, help_text="What it does to the clocks.")
    permitted = serializers.BooleanField()
    possible = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)
    who = serializers.ListField(child=serializers.ChoiceField(choices=Actor.choices))
    takes = serializers.ListField(child=FieldOut(), help_text="Its fields.")


class OutcomeOut(serializers.Serializer[Any]):
    """What an act did, in a sentence, and the ticket since: for a follow-up, the new one."""

    said = serializers.CharField()
    ticket = TicketOut()


class PersonOwn(PersonOut):
    """Whoever asks."""

    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)
    client = Named(allow_null=True)
    language = serializers.CharField()
    time_zone = serializers.CharField()


class TokenOut(serializers.Serializer[Any]):
    """The token that the request bears."""

    name = serializers.CharField()
    scope = serializers.CharField()
    expires_at = Instant(source="expiry")


class MeOut(serializers.Serializer[Any]):
    """Whoever asks, by which token, and what they may do beside acting on a ticket."""

    person = PersonOwn()
    token = TokenOut(allow_null=True, help_text="Null: a browser's session.")
    may_file = serializers.ListField(child=serializers.IntegerField(), help_text="Contracts, by number.")
    may_register = serializers.BooleanField()
    may_read_figures = serializers.BooleanField()

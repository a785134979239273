"""What the API says of contracts, calendars, policies, and of who may file."""

from typing import Any

from rest_framework import serializers

from tickets.api.outputs import SEVERITY_VALUES, Instant, Named, PersonOut
from tickets.prices.reading import Standing


class ContractOut(serializers.Serializer[Any]):
    """A contract: a client, a solution, under a policy and a calendar, from a day to a day."""

    id = serializers.IntegerField(source="pk")
    reference = serializers.CharField()
    client = Named()
    solution = Named()
    policy = Named()
    calendar = Named()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="The last day; null: open-ended.")


class VersionWholeOut(serializers.Serializer[Any]):
    """A published version, and what it says, in the engine's own format."""

    id = serializers.UUIDField(source="pk")
    number = serializers.IntegerField()
    motive = serializers.CharField(allow_blank=True)
    published_at = Instant()
    document = serializers.JSONField(source="as_document")


class CalendarVersionOut(VersionWholeOut):
    """A published version of a calendar."""


class PolicyVersionOut(VersionWholeOut):
    """A published version of a policy."""


class PriceOut(serializers.Serializer[Any]):
    """A line of a price list: a price in euros without tax, a rate of VAT in percent."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2)
    vat_rate = serializers.DecimalField(max_digits=4, decimal_places=2)


class PriceListOut(serializers.Serializer[Any]):
    """A public price list: fixed once published, in force from a day until the next one's (C-OUT-4)."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    standing = serializers.ChoiceField(choices=[each.value for each in Standing])
    in_force_from = serializers.DateField()
    in_force_until = serializers.DateField(
        allow_null=True,
        help_text="The last day; null: no other list follows, or this is a draft, or withdrawn.",
    )
    validity_days = serializers.IntegerField(help_text="How long a quote is valid, unless it says otherwise.")
    conditions = serializers.CharField(allow_blank=True)
    published_at = Instant(allow_null=True, help_text="Null: a draft, which the vendor alone reads.")
    withdrawn_at = Instant(
        allow_null=True,
        help_text="Withdrawn before its first day, never in force: the vendor alone reads it.",
    )
    items = PriceOut(many=True)


class QuoteOut(serializers.Serializer[Any]):
    """A quote as it was issued; `document` is what `quote_verify` checks, amounts in euros."""

    id = serializers.IntegerField(source="pk")
    reference = serializers.CharField()
    client = Named()
    ticket = serializers.IntegerField(source="ticket_id")
    price_list = serializers.IntegerField(source="price_list_id")
    requested_on = serializers.DateField()
    issued_at = Instant()
    valid_until = serializers.DateField(help_text="As issued: included, in the contract's time zone.")
    net = serializers.DecimalField(max_digits=12, decimal_places=2)
    gross = serializers.DecimalField(max_digits=12, decimal_places=2)
    digest = serializers.CharField(help_text="SHA-256 of the document, hexadecimal.")
    document = serializers.JSONField()


class SolutionFilersOut(serializers.Serializer[Any]):
    """A solution under contract, and who may file for it."""

    solution = Named()
    people = PersonOut(many=True)


class FilingRefusalOut(serializers.Serializer[Any]):
    """A solution for which the reader files nothing, and why."""

    solution = Named()
    reason = serializers.CharField()
    colleagues = PersonOut(many=True)


class FilersOut(serializers.Serializer[Any]):
    """Who may file, for which solution."""

    solutions = SolutionFilersOut(many=True)
    refusals = FilingRefusalOut(many=True)


class SimulatedVersionOut(serializers.Serializer[Any]):
    """The version under which the answer was computed."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)


class LeftOutOut(serializers.Serializer[Any]):
    """Days that do not count."""

    kind = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    name = serializers.CharField(allow_blank=True)


class SimulatedClockOut(serializers.Serializer[Any]):
    """A deadline, and how it comes about."""

    due = serializers.DateTimeField(allow_null=True)
    promise = serializers.CharField()
    said = serializers.CharField()
    explanation = serializers.ListField(child=serializers.CharField())
    moved_by_seconds = serializers.FloatField(allow_null=True)
    left_out = LeftOutOut(many=True)


class SimulatedPauseOut(serializers.Serializer[Any]):
    """A pause supposed."""

    cause = serializers.CharField()
    to = serializers.DateTimeField(allow_null=True)
    business_seconds = serializers.FloatField()


# The word is one that the language keeps for itself.
PauseOut = type("PauseOut", (SimulatedPauseOut,), {"from": serializers.DateTimeField()})


class SimulationOut(serializers.Serializer[Any]):
    """What a ticket would be promised."""

    received_at = serializers.DateTimeField()
    effective_receipt = serializers.DateTimeField()
    severity = serializers.ChoiceField(choices=SEVERITY_VALUES)
    calendar = SimulatedVersionOut()
    policy = SimulatedVersionOut()
    receipt = serializers.ListField(child=serializers.CharField())
    acknowledge = SimulatedClockOut()
    resolve = SimulatedClockOut()
    pauses = PauseOut(many=True)

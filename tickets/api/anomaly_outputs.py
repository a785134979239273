"""What the API says of product anomalies, to the vendor alone."""

from typing import Any

from rest_framework import serializers

from tickets.api.outputs import Instant, Named, PersonOut
from tickets.words import DeliveryKind


class AnomalyOut(serializers.Serializer[Any]):
    """A defect of a solution, with how many tickets and clients it concerns."""

    id = serializers.IntegerField(source="pk")
    reference = serializers.CharField()
    solution = Named()
    title = serializers.CharField()
    summary = serializers.CharField(help_text="Shown to the clients concerned.")
    analysis = serializers.CharField(allow_blank=True, help_text="For the vendor alone.")
    planned_version = serializers.CharField(allow_blank=True)
    clients = serializers.IntegerField(help_text="How many have a ticket that reports it.")
    tickets = serializers.IntegerField(help_text="How many report it.")
    open_tickets = serializers.IntegerField()
    created_at = Instant()


class AnomalyDeliveryOut(serializers.Serializer[Any]):
    """What was delivered once for every ticket of a product anomaly."""

    id = serializers.IntegerField(source="pk")
    anomaly = serializers.IntegerField(source="anomaly_id")
    what = serializers.ChoiceField(choices=DeliveryKind.choices)
    version = serializers.CharField(allow_blank=True)
    content = serializers.CharField()
    how_to_test = serializers.CharField()
    touches_data = serializers.BooleanField()
    delivered_by = PersonOut()
    delivered_at = Instant()


class RefusedOut(serializers.Serializer[Any]):
    """A ticket that did not take a delivery, and why."""

    ticket = serializers.IntegerField(source="ticket.pk")
    reason = serializers.CharField(source="refusal")


class AnomalyServedOut(AnomalyDeliveryOut):
    """A delivery, the tickets that had it and those that await it."""

    served = serializers.ListField(child=serializers.IntegerField())
    awaiting = serializers.ListField(child=serializers.IntegerField())
    refused = RefusedOut(many=True, help_text="Of this very request: which tickets did not take it.")

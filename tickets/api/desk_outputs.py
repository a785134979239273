"""What the API says of the support desk, to the vendor alone."""

from typing import Any

from rest_framework import serializers

from tickets.api.outputs import Instant, Named, PersonOut, TicketLine


class TabOut(serializers.Serializer[Any]):
    """A tab of the queue: `view` of the list of tickets takes its name."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField(help_text="Its open tickets.")


class QueueOut(serializers.Serializer[Any]):
    """The open tickets counted by tab, and what falls due within four business hours, in words."""

    at = Instant()
    tabs = TabOut(many=True)
    near = serializers.CharField(allow_blank=True)


class LoadOut(serializers.Serializer[Any]):
    """What one agent owns, or nobody."""

    name = serializers.CharField()
    owner = serializers.CharField(help_text="As the filter “owner” of the list of tickets says it.")
    open = serializers.IntegerField()
    late = serializers.IntegerField()
    today = serializers.IntegerField(help_text="Due before midnight, in the contract's time zone.")
    before_closure = serializers.IntegerField(help_text="Due before the next closure of its own calendar.")


class WorkloadOut(serializers.Serializer[Any]):
    """Who carries what, the heaviest first."""

    at = Instant()
    closure = Instant(allow_null=True, help_text="The next closure.")
    loads = LoadOut(many=True)


class SavedViewOut(serializers.Serializer[Any]):
    """Filters of the queue under a name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    query = serializers.CharField(help_text="The filters, as the address of the queue's page says them.")
    is_shared = serializers.BooleanField()
    person = PersonOut()


class CannedAnswerOut(serializers.Serializer[Any]):
    """An answer that is often given, with its placeholders."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    body = serializers.CharField()
    language = serializers.CharField()
    solution = Named(allow_null=True, help_text="Null: for every solution.")
    is_shared = serializers.BooleanField(help_text="For the whole team.")
    author = PersonOut()


class AlikeOut(serializers.Serializer[Any]):
    """The tickets that resemble one."""

    results = TicketLine(many=True)


class FollowingOut(serializers.Serializer[Any]):
    """Whether one follows a ticket."""

    following = serializers.BooleanField()

"""Everything the page of one ticket shows, gathered once: conversation, timeline, people, links."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Max, Q
from django.shortcuts import get_object_or_404

from accounts.models import User
from tickets.ledger import fact_of
from tickets.models import Attachment, LedgerEntry, Message, ProductAnomaly, Ticket, TicketRelation
from tickets.models.conversation import AttachmentQuerySet
from tickets.record.beside import Beside, beside
from tickets.record.standing import Standing
from tickets.record.timeline import Said, author_of, owners_named, say_entries, side_of
from tickets.seen import Seen
from tickets.words import EntryKind

RECENT = 20  # items of the conversation shown at once; the earlier ones unfold

# Said by the line above or below them: in the timeline only.
NOT_IN_CONVERSATION = frozenset({EntryKind.RECEIVED, EntryKind.ASSIGNED})
PLAIN_WORDS = frozenset({EntryKind.VENDOR_MESSAGE, EntryKind.CLIENT_MESSAGE})


@dataclass(frozen=True, slots=True)
class Item:
    """One step of the conversation: words, the fact that they carry, or a fact alone."""

    at: datetime
    author: str
    side: str
    said: Said | None
    message: Message | None
    said_on: int | None = None  # the duplicate on which it was said
    files: Sequence[Attachment] = ()

    @property
    def minute(self) -> datetime:
        """The instant to the minute: the timeline says the seconds."""
        return self.at.replace(second=0, microsecond=0)

    @property
    def fact(self) -> Said | None:
        """The fact that the words carry, unless it is only that they were said."""
        return self.said if self.said and self.said.entry.kind not in PLAIN_WORDS else None

    @property
    def is_internal(self) -> bool:
        """Tell whether these are words for the vendor alone."""
        return self.message is not None and self.message.is_internal


@dataclass(frozen=True, slots=True)
class Record:
    """One ticket as one person may read it at one instant."""

    ticket: Ticket
    standing: Standing
    timeline: Sequence[Said]
    conversation: Sequence[Item]
    files: Sequence[Attachment]
    people: Sequence[User]
    linked: Sequence[Ticket]
    relations: Sequence[TicketRelation]
    anomaly: ProductAnomaly | None
    watchers: Sequence[User]
    beside: Beside

    @property
    def earlier(self) -> Sequence[Item]:
        """The steps that unfold."""
        return self.conversation[:-RECENT]

    @property
    def recent(self) -> Sequence[Item]:
        """The last steps of the conversation."""
        return self.conversation[-RECENT:]

    @property
    def last_message(self) -> int:
        """The number of the last message shown; 0 for none."""
        return max((item.message.pk for item in self.conversation if item.message), default=0)

    @property
    def seen(self) -> Seen:
        """What the page shows of the ticket itself, its duplicates apart."""
        own = [item.message.pk for item in self.conversation if item.message and item.said_on is None]
        return Seen(self.standing.life.last_seq, max(own, default=0))

    @property
    def severity_motive(self) -> str:
        """Why the severity retained is not the one claimed (C-SEV-2)."""
        motives = [
            said.entry.data.get("motive", "")
            for said in self.timeline
            if said.entry.kind == EntryKind.SEVERITY
        ]
        return motives[-1] if motives else ""

    @property
    def original(self) -> Ticket | None:
        """The ticket received first, of which this one is a duplicate, if the reader may see it."""
        return next((each for each in self.linked if each.pk == self.ticket.duplicate_of_id), None)

    @property
    def duplicates(self) -> list[Ticket]:
        """The duplicates of this ticket."""
        return [each for each in self.linked if each.duplicate_of_id == self.ticket.pk]

    @property
    def followed(self) -> Ticket | None:
        """The closed ticket that this one follows up, if the reader may see it."""
        return next((each for each in self.linked if each.pk == self.ticket.follow_up_of_id), None)

    @property
    def related(self) -> list[Ticket]:
        """The tickets that belong with this one."""
        numbers = {each.first_id for each in self.relations} | {each.second_id for each in self.relations}
        return [each for each in self.linked if each.pk in numbers]

    @property
    def follow_ups(self) -> list[Ticket]:
        """The tickets that follow this one up (K-15)."""
        return [each for each in self.linked if each.follow_up_of_id == self.ticket.pk]


def find_ticket(user: User, number: int, at: datetime, *also: str) -> Ticket:
    """Return a ticket that `user` may see at `at`, `also` fetched; a stranger's and an unknown one are a 404."""
    visible = Ticket.objects.visible_to(user, at=at).select_related("client", "solution", "contract", *also)
    return get_object_or_404(visible, pk=number)


def standing_of(ticket: Ticket, at: datetime) -> Standing:
    """Read the ledger of a ticket and assess it at `at`."""
    return Standing.of(ticket, [fact_of(entry) for entry in ticket.entries.order_by("seq")], at)


def read_record(user: User, number: int, at: datetime) -> Record:
    """Gather a ticket for its page: a fixed number of queries, whatever its length.

    What a ticket may have beside its words is read where there is some (`beside`).
    What is read whole is sorted here: asked to sort, Django compares every column of a query with every other.
    People are read once for all: joined to every row, they are most of what a query plans, sends and makes.
    """
    ticket = find_ticket(user, number, at)
    has = beside(ticket, user)
    entries = sorted(ticket.entries.order_by(), key=attrgetter("seq"))
    standing = Standing.of(ticket, [fact_of(entry) for entry in entries], at)
    relations = relations_of(ticket) if has.has_relations else ()
    is_linked = relations or has.has_successors or ticket.follow_up_of_id or ticket.duplicate_of_id
    linked = sorted(_linked(user, ticket, relations, at), key=attrgetter("pk")) if is_linked else ()
    # What was said on the ticket, and on the duplicates merged into it (K-19).
    merged = [ticket, *(each for each in linked if each.duplicate_of_id == ticket.pk)]
    said = Message.objects.visible_to(user).filter(ticket__in=merged).order_by()
    messages = sorted(said, key=attrgetter("sent_at", "pk"))
    named = _introduce(ticket, entries, messages)
    may_have_files = has.has_files or len(merged) > 1
    files = _by_message(_files(merged, Attachment.objects.visible_to(user, at=at)) if may_have_files else ())
    timeline = say_entries(entries, named)
    return Record(
        ticket=ticket,
        standing=standing,
        timeline=timeline,
        conversation=_conversation(ticket, timeline, messages, files),
        files=[file for file in files[None] if file.ticket_id == ticket.pk],
        people=_people(ticket, entries, messages),
        linked=linked,
        relations=relations,
        anomaly=anomaly_of(ticket) if has.has_anomaly else None,
        watchers=watchers_of(user, ticket) if has.has_watchers else (),
        beside=has,
    )


def seen_now(user: User, ticket: Ticket) -> Seen:
    """Return what there is to see of a ticket: its last entry and, for the vendor's people, its last message."""
    if not user.is_vendor:
        return Seen(ticket.last_seq)
    return Seen(ticket.last_seq, ticket.messages.aggregate(last=Max("pk"))["last"] or 0)


def steps_since(user: User, ticket: Ticket, seen: Seen) -> list[Item]:
    """Return what happened, and what was written, after what was `seen`, as `user` may read it."""
    entries = list(ticket.entries.filter(seq__gt=seen).order_by("seq").select_related("by"))
    written = Message.objects.visible_to(user).filter(entry__in=entries).select_related("author")
    worded = {message.entry_id: message for message in written}
    notes = ticket.messages.visible_to(user).notes_since(seen).select_related("author")
    steps = [
        Item(said.entry.recorded_at, said.author, said.side, said, worded.get(said.entry.pk))
        for said in say_entries(entries)
    ]
    steps += [_note(note) for note in notes]
    return sorted(steps, key=lambda step: step.at)


def _note(note: Message) -> Item:
    return Item(note.sent_at, author_of(note.author), side_of(note.author), None, note)


def relations_of(ticket: Ticket) -> Sequence[TicketRelation]:
    """Return what says that other tickets belong with this one."""
    return list(TicketRelation.objects.filter(Q(first=ticket) | Q(second=ticket)).order_by())


def anomaly_of(ticket: Ticket) -> ProductAnomaly | None:
    """Return the defect that a ticket reports, if one is known."""
    return next(iter(ProductAnomaly.objects.filter(links__ticket=ticket).order_by()), None)


def _introduce(
    ticket: Ticket, entries: Sequence[LedgerEntry], messages: Sequence[Message]
) -> Mapping[int, User]:
    """Give everything its people, read in one query; return them by number, those named in entries as well."""
    roles: list[tuple[Ticket | LedgerEntry | Message, str]] = [
        (ticket, "reporter"), (ticket, "registered_by"), (ticket, "owner"),
        *((entry, "by") for entry in entries), *((message, "author") for message in messages),
    ]  # fmt: skip
    people = User.objects.in_bulk(
        ({getattr(holder, f"{role}_id") for holder, role in roles} | owners_named(entries)) - {None}
    )
    for holder, role in roles:
        person = people.get(getattr(holder, f"{role}_id"))
        if person is not None:
            setattr(holder, role, person)
    return people


def _files(tickets: Sequence[Ticket], seen: AttachmentQuerySet) -> Sequence[Attachment]:
    """Read the files of tickets; where there are any, with who had the same before among those `seen`."""
    joined = Attachment.objects.filter(ticket__in=tickets).order_by()
    if not joined.exists():
        return ()
    return sorted(joined.with_twin(seen), key=attrgetter("pk"))


def _by_message(files: Iterable[Attachment]) -> Mapping[int | None, list[Attachment]]:
    """Return files by the number of the message that they came with; those of a filing are under None."""
    found: dict[int | None, list[Attachment]] = defaultdict(list)
    for file in files:
        found[file.message_id].append(file)
    return found


def _conversation(
    ticket: Ticket,
    timeline: Sequence[Said],
    messages: Sequence[Message],
    files: Mapping[int | None, list[Attachment]],
) -> list[Item]:
    """Put words and facts in the order in which they were recorded."""
    worded = {message.entry_id: message for message in messages if message.entry_id}
    items = []
    for said in timeline:
        message = worded.get(said.entry.pk)
        if message or said.entry.kind not in NOT_IN_CONVERSATION:
            joined = files[message.pk] if message else ()
            items.append(Item(said.entry.recorded_at, said.author, said.side, said, message, files=joined))
    items += [
        Item(
            message.sent_at,
            author_of(message.author),
            side_of(message.author),
            None,
            message,
            _elsewhere(ticket, message),
            files[message.pk],
        )
        for message in messages
        if not message.entry_id or message.ticket_id != ticket.pk
    ]
    return sorted(items, key=lambda item: item.at)


def _elsewhere(ticket: Ticket, message: Message) -> int | None:
    return message.ticket_id if message.ticket_id != ticket.pk else None


def _people(ticket: Ticket, entries: Sequence[LedgerEntry], messages: Sequence[Message]) -> list[User]:
    """Return everyone involved, in the order in which they came."""
    seen: dict[int, User] = {}
    came = [ticket.reporter, ticket.registered_by, *(entry.by for entry in entries), ticket.owner]
    for person in (*came, *(message.author for message in messages)):
        if person is not None:
            seen.setdefault(person.pk, person)
    return list(seen.values())


def watchers_of(user: User, ticket: Ticket) -> list[User]:
    """Return who follows the ticket, of the reader's own side: what the other side follows is its own affair."""
    return list(User.objects.filter(watches__ticket=ticket, client=user.client_id).order_by("watches__since"))


def _linked(
    user: User, ticket: Ticket, relations: Sequence[TicketRelation], at: datetime
) -> Iterable[Ticket]:
    related = Q(follow_up_of=ticket) | Q(duplicate_of=ticket)
    related |= Q(pk__in=[ticket.follow_up_of_id or 0, ticket.duplicate_of_id or 0])
    related |= Q(pk__in=[each.first_id for each in relations] + [each.second_id for each in relations])
    return Ticket.objects.visible_to(user, at=at).filter(related).exclude(pk=ticket.pk).order_by()

"""One person's attempt at one action on one ticket: may they, is it legal, its form, its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.http import Http404, QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from tickets.actions import PERFORM
from tickets.acts import Action
from tickets.drafts import draft_of, draft_on
from tickets.models import Draft, Message, Ticket
from tickets.permissions import may_act
from tickets.record.consequences import say_consequence, say_mentions
from tickets.record.foresight import Outlook, outlooks
from tickets.record.forms import FORMS, ActionForm
from tickets.record.offers import Offer, Refusal, offer, why_not
from tickets.record.page import Item, find_ticket, seen_now, standing_of, steps_since
from tickets.record.standing import Standing
from tickets.seen import Seen
from tickets.workflow import refusal


@dataclass(frozen=True, slots=True)
class Attempt:
    """An action asked for by `user` at `at`, on a ticket that they may see."""

    action: Action
    standing: Standing
    user: User
    at: datetime

    @classmethod
    def of(cls, user: User, number: int, action: str, at: datetime) -> Self:
        """Find the ticket and the action; a stranger's ticket, an unknown one or an unknown action is a 404."""
        ticket = find_ticket(user, number, at)
        if action not in FORMS:
            raise Http404
        return cls(Action(action), standing_of(ticket, at), user, at)

    @property
    def ticket(self) -> Ticket:
        """The ticket concerned."""
        return self.standing.ticket

    @property
    def offer(self) -> Offer:
        """The action as it is offered."""
        return offer(self.action, self.standing.life)

    @property
    def is_permitted(self) -> bool:
        """Tell whether the person has a capacity in which this is done."""
        return may_act(self.user, self.action, self.ticket, self.at)

    @property
    def forbidden(self) -> Refusal:
        """Why the person may not, and who may."""
        return why_not(self.user, self.ticket, self.at, self.action)

    @property
    def illegal(self) -> str:
        """Why the action is not possible now; nothing when it is."""
        return refusal(self.action, self.standing.life) or ""

    def form(
        self, data: QueryDict | None = None, files: MultiValueDict[str, Any] | None = None, auto_id: str = ""
    ) -> ActionForm:
        """Return the action's form, with what was typed; its identifiers name the action, unless told."""
        return FORMS[self.action](
            self.standing, self.user, data, files, auto_id=auto_id or f"{self.action}_%s"
        )

    def form_again(self, data: QueryDict, files: MultiValueDict[str, Any], auto_id: str = "") -> ActionForm:
        """Return the form as it was typed, to be confirmed by somebody who has seen what happened since."""
        return self.form(FORMS[self.action].renewed(data, self.standing, self.seen), files, auto_id)

    def form_to_fill(self, draft: Draft | None = None) -> ActionForm:
        """Return the form as it is opened, with what had been begun; what happens after is told to who sends it."""
        begun = draft.fields if draft else {}
        initial = {name: begun[name] for name in FORMS[self.action].kept_in_a_draft() if name in begun}
        return FORMS[self.action](
            self.standing, self.user, initial=initial | {"seen": self.seen}, auto_id=f"{self.action}_%s"
        )

    @property
    def draft(self) -> Draft | None:
        """What the person had begun to write in the action's form."""
        if not FORMS[self.action].written():
            return None
        return draft_of(self.user, draft_on(self.ticket.pk, self.action))

    @property
    def seen(self) -> Seen:
        """What there is to see of the ticket now."""
        return seen_now(self.user, self.ticket)

    def form_so_far(self, data: QueryDict) -> ActionForm:
        """Return the form as it is being filled, nothing checked yet."""
        typed = {name: data[name] for name in data if name in FORMS[self.action].base_fields}
        return FORMS[self.action](self.standing, self.user, initial=typed, auto_id=f"{self.action}_%s")

    def outlooks(self, form: ActionForm) -> list[Outlook]:
        """Foresee what the form would do, as it is filled so far."""
        return outlooks(self.action, self.standing, form.data if form.is_bound else form.initial)

    def perform(self, form: ActionForm) -> object:
        """Do it, with the checked values of the form; raise what the action raises."""
        return PERFORM[self.action](self.ticket, by=self.user, at=self.at, **form.words_for_the_action())

    def again(self) -> Self:
        """Read the ticket again: somebody acted, or this attempt did."""
        return type(self).of(self.user, self.ticket.pk, self.action, self.at)

    def consequence(self, outcome: object = None) -> str:
        """Say what this attempt has done, now that it is performed; `outcome` is what performing it returned."""
        ticket = Ticket.objects.with_parties().get(pk=self.ticket.pk)
        said = say_consequence(self.action, self.standing, standing_of(ticket, self.at))
        return " ".join([said, *say_mentions(outcome)]) if isinstance(outcome, Message) else said

    def since(self, seen: object) -> Sequence[Item]:
        """Return what happened on the ticket after what was `seen` (what a form holds, perhaps nonsense)."""
        try:
            return steps_since(self.user, self.ticket, Seen.parse(str(seen or "")))
        except ValueError:
            return []

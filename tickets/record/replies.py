"""The reply box of the ticket's page: the most frequent words, without leaving the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from tickets.acts import Action
from tickets.canned.placeholders import filled
from tickets.drafts import reply_to
from tickets.models import CannedAnswer, Draft
from tickets.record.forms import FORMS, ActionForm
from tickets.record.offers import Offer, Offers
from tickets.record.standing import Standing
from tickets.seen import Seen

AUTO_ID = "reply_%s"


@dataclass(frozen=True, slots=True)
class ReplyBox:
    """The kinds of reply offered, the one chosen, the fields they share, and what had been begun."""

    kinds: tuple[Offer, ...]
    chosen: str
    form: ActionForm
    draft: Draft | None
    canned: tuple[CannedAnswer, ...] = ()

    @property
    def is_note_only(self) -> bool:
        """Tell whether nothing written here can reach the client, as on a closed ticket."""
        return [each.action for each in self.kinds] == [Action.NOTE]


def reply_box(
    standing: Standing,
    user: User,
    offers: Offers,
    begun: Sequence[Draft],
    answers: QuerySet[CannedAnswer],
    seen: Seen,
    wanted: str = "",
) -> ReplyBox | None:
    """Return the reply box, or nothing for who may not write; `wanted` is the key of a canned answer to add.

    `begun` are the replies begun on the person's side, their own among them; `answers`, those that they may use;
    `seen`, what the page shows of the ticket.
    """
    if not offers.replies:
        return None
    own = reply_to(standing.ticket.pk)
    draft = next((each for each in begun if each.person_id == user.pk and each.form == own), None)
    fields = draft.fields if draft else {}
    kinds = [str(each.action) for each in offers.replies]
    chosen = str(fields.get("kind", ""))
    if chosen not in kinds:
        chosen = kinds[0]
    canned = tuple(answers.filter(Q(solution=None) | Q(solution=standing.ticket.solution_id)))
    words = [str(fields.get("message", ""))]
    words += [filled(each, standing.ticket, user, standing.at) for each in canned if str(each.pk) == wanted]
    initial = {"message": "\n\n".join(filter(None, words)), "seen": seen}
    form = FORMS[Action(chosen)](standing, user, initial=initial, auto_id=AUTO_ID)
    return ReplyBox(offers.replies, chosen, form, draft, canned)

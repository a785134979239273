"""The reply box of the ticket's page: the most frequent words, without leaving the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.acts import Action
from tickets.canned.placeholders import filled
from tickets.drafts import TooLong, discard, keep
from tickets.models import CannedAnswer, Draft
from tickets.phrases import say_time
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
    draft = next((each for each in begun if each.person_id == user.pk), None)
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


def say_kept(user: User, form: str, typed: QueryDict) -> str:
    """Keep a reply that is being typed, or forget it, and say so."""
    if "discard" in typed:
        discard(user, form)
        return _("The draft was discarded.")
    try:
        draft = keep(user, form, {name: str(typed[name]) for name in typed if typed[name]})
    except TooLong:
        return _("The draft is not kept any more: there is too much text.")
    if draft is None:
        return ""
    return _("Draft kept at %(time)s (without the files).") % {
        "time": say_time(draft.updated_at.replace(second=0))
    }

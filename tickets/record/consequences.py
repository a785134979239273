"""The sentence that follows an act: what was done, and what it did to the state, the clocks and the closing."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.actions.watching import mentioned_in, nobody_called
from tickets.acts import Action
from tickets.models import Message
from tickets.notifications.audience import support_team
from tickets.record.standing import Standing, changes

DONE = {
    Action.ACKNOWLEDGE: _("The ticket is acknowledged."),
    Action.ASSIGN: _("The ticket has a new owner."),
    Action.INFORM: _("Your message is sent to the client."),
    Action.ASK: _("Your question is sent to the client."),
    Action.REQUALIFY: _("The severity is retained."),
    Action.DELIVER: _("The delivery is under test."),
    Action.ASK_VERDICT: _("The client is asked for the verdict again."),
    Action.CLASS_OUT_OF_SCOPE: _("The ticket is classed out of scope."),
    Action.PUT_IN_SCOPE: _("The ticket is back in scope."),
    Action.WARN: _("The client is warned."),
    Action.CLOSE: _("The ticket is closed."),
    Action.CORRECT: _("The ticket is corrected."),
    Action.NOTE: _("The internal note is kept: the client does not see it."),
    Action.RELATE: _("The relations of the ticket are changed."),
    Action.SPLIT: _("A new ticket was made of the message: you are reading it."),
    Action.LINK_ANOMALY: _("The link to a product anomaly is changed."),
    Action.STUDY: _("The feasibility study is sent to the client."),
    Action.ISSUE_QUOTE: _("The quote is issued and sent to the client's managers."),
    Action.WITHDRAW_QUOTE: _("The quote is withdrawn: nobody can accept it any more."),
    Action.FINISH_WORK: _("The paid work is done; the client is told."),
    Action.SETTLE: _("The contest is settled."),
    Action.RECOMPUTE: _("The delays are recomputed; the client is told."),
    Action.AGREE_TIME: _("The longer delay is agreed."),
    Action.REFUSE_TIME: _("The longer delay is refused."),
    Action.ANSWER: _("Your message is sent to the vendor."),
    Action.ACCEPT: _("The delivery is accepted."),
    Action.JUDGE_DEFINITIVE: _("The workaround is judged definitive."),
    Action.JUDGE_PROVISIONAL: _("The workaround is judged provisional: the anomaly stays open."),
    Action.REFUSE: _("The delivery is refused."),
    Action.DECLARE_PRODUCTION: _("The delivery is in production."),
    Action.REQUEST_TIME: _("The longer delay is requested: a manager answers."),
    Action.CONTEST_SEVERITY: _("The severity is contested: a manager settles it."),
    Action.CONTEST_SCOPE: _("The classing is contested: a manager settles it."),
    Action.CONTEST_DEADLINE: _("The deadline is contested: a manager settles it."),
    Action.REQUEST_WORK: _("The quote is asked for: the vendor studies what can be done."),
    Action.ACCEPT_QUOTE: _("The quote is accepted: the work may start."),
    Action.REFUSE_QUOTE: _("The quote is refused: nothing is owed."),
    Action.CANCEL_WORK: _("The request for a quote is cancelled: nothing is owed."),
    Action.WITHDRAW: _("The ticket is withdrawn."),
    Action.FOLLOW_UP: _("The follow-up is filed, with its own delays: you are reading it."),
}


def say_consequence(action: Action, before: Standing, after: Standing) -> str:
    """Say what `action` did, comparing the ticket before and after it at the same instant."""
    sentences = [str(DONE[action])]
    if action not in {Action.FOLLOW_UP, Action.SPLIT, Action.NOTE}:
        sentences += changes(before, after)
    return " ".join(sentences)


def say_mentions(note: Message) -> list[str]:
    """Say to the author of a note whom it told, and which of its names nobody has."""
    if "@" not in note.body:
        return []
    team = list(support_team())
    told = [each.get_full_name() for each in mentioned_in(note.body, team) if each.pk != note.author_id]
    unknown = [f"@{name}" for name in nobody_called(note.body, team)]
    sentences = []
    if told:
        sentences.append(gettext("Told of it: %(names)s.") % {"names": ", ".join(told)})
    if unknown:
        sentences.append(
            gettext("Nobody of the team has this name, and nobody was told: %(names)s.")
            % {"names": ", ".join(unknown)}
        )
    return sentences

"""The verbs of the workflow, and the capacities in which people do them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Actor(TextChoices):
    """In what capacity a person acts on a ticket; one person may have several."""

    TRAINED = "trained", _("Authorised administrator, trained for the solution")
    CLIENT_MANAGER = "client_manager", _("Client manager")
    AGENT = "agent", _("Support agent")
    MANAGER = "manager", _("Support manager")
    TIMETABLE = "timetable", _("Timetable")


class Action(TextChoices):
    """Every verb of the workflow; labels are what the buttons say."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    ASSIGN = "assign", _("Assign")
    INFORM = "inform", _("Write to the client")
    ASK = "ask", _("Ask a question")
    REQUALIFY = "requalify", _("Retain a severity")
    DELIVER = "deliver", _("Deliver")
    ASK_VERDICT = "ask_verdict", _("Ask for the verdict again")
    CLASS_OUT_OF_SCOPE = "class_out_of_scope", _("Class out of scope")
    PUT_IN_SCOPE = "put_in_scope", _("Put back in scope")
    WARN = "warn", _("Warn before closing")
    CLOSE = "close", _("Close")
    CORRECT = "correct", _("Correct the title or solution")
    NOTE = "note", _("Internal note")
    RELATE = "relate", _("Relate to another ticket")
    SPLIT = "split", _("Split a message into a new ticket")
    LINK_ANOMALY = "link_anomaly", _("Link to a product anomaly")
    STUDY = "study", _("Give the feasibility study")
    ISSUE_QUOTE = "issue_quote", _("Issue a quote")
    WITHDRAW_QUOTE = "withdraw_quote", _("Withdraw the quote")
    FINISH_WORK = "finish_work", _("Say that the paid work is done")
    SETTLE = "settle", _("Settle a contest")
    RECOMPUTE = "recompute", _("Recompute the delays")
    AGREE_TIME = "agree_time", _("Agree a longer delay")
    REFUSE_TIME = "refuse_time", _("Refuse a longer delay")
    ANSWER = "answer", _("Answer")
    ACCEPT = "accept", _("Accept: tested")
    JUDGE_DEFINITIVE = "judge_definitive", _("Judge the workaround definitive")
    JUDGE_PROVISIONAL = "judge_provisional", _("Judge the workaround provisional")
    REFUSE = "refuse", _("Refuse")
    DECLARE_PRODUCTION = "declare_production", _("Declare in production")
    REQUEST_TIME = "request_time", _("Ask for more time")
    CONTEST_SEVERITY = "contest_severity", _("Contest the severity")
    CONTEST_SCOPE = "contest_scope", _("Contest the classing")
    CONTEST_DEADLINE = "contest_deadline", _("Contest a deadline")
    REQUEST_WORK = "request_work", _("Ask for a quote")
    ACCEPT_QUOTE = "accept_quote", _("Accept the quote")
    REFUSE_QUOTE = "refuse_quote", _("Refuse the quote")
    CANCEL_WORK = "cancel_work", _("Cancel the request for a quote")
    WITHDRAW = "withdraw", _("Withdraw")
    FOLLOW_UP = "follow_up", _("The anomaly is back: follow up")
    CLOSE_TACITLY = "close_tacitly", _("Close without an answer")
    EXPIRE_QUOTE = "expire_quote", _("End a quote's validity")

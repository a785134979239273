"""The only writers: one verb, one transaction each."""

from collections.abc import Callable

from tickets.actions import client, linking, manager, quotes, recomputing, vendor
from tickets.acts import Action

PERFORM: dict[Action, Callable[..., object]] = {
    Action.ACKNOWLEDGE: vendor.acknowledge,
    Action.ASSIGN: vendor.assign,
    Action.INFORM: vendor.inform,
    Action.ASK: vendor.ask,
    Action.REQUALIFY: vendor.requalify,
    Action.DELIVER: vendor.deliver,
    Action.ASK_VERDICT: vendor.ask_verdict,
    Action.CLASS_OUT_OF_SCOPE: vendor.class_out_of_scope,
    Action.PUT_IN_SCOPE: vendor.put_in_scope,
    Action.WARN: vendor.warn,
    Action.CLOSE: vendor.close,
    Action.CORRECT: vendor.correct,
    Action.NOTE: vendor.note,
    Action.RELATE: linking.relate,
    Action.SPLIT: linking.split,
    Action.LINK_ANOMALY: linking.link_anomaly,
    Action.STUDY: quotes.study,
    Action.ISSUE_QUOTE: quotes.issue_quote,
    Action.WITHDRAW_QUOTE: quotes.withdraw_quote,
    Action.FINISH_WORK: quotes.finish_work,
    Action.SETTLE: manager.settle,
    Action.RECOMPUTE: recomputing.recompute,
    Action.AGREE_TIME: manager.agree_time,
    Action.REFUSE_TIME: manager.refuse_time,
    Action.ANSWER: client.answer,
    Action.ACCEPT: client.accept,
    Action.JUDGE_DEFINITIVE: client.judge_definitive,
    Action.JUDGE_PROVISIONAL: client.judge_provisional,
    Action.REFUSE: client.refuse,
    Action.DECLARE_PRODUCTION: client.declare_production,
    Action.REQUEST_TIME: client.request_time,
    Action.CONTEST_SEVERITY: client.contest_severity,
    Action.CONTEST_SCOPE: client.contest_scope,
    Action.CONTEST_DEADLINE: client.contest_deadline,
    Action.REQUEST_WORK: quotes.request_work,
    Action.ACCEPT_QUOTE: quotes.accept_quote,
    Action.REFUSE_QUOTE: quotes.refuse_quote,
    Action.CANCEL_WORK: quotes.cancel_work,
    Action.WITHDRAW: client.withdraw,
    Action.FOLLOW_UP: client.follow_up,
}
"""What performs each action a person may do: (ticket, *, by, at, seen, **fields of its form)."""

"""Each action's form: a field for each argument of the action's function, and nothing else."""

from tickets.acts import Action
from tickets.record.forms.base import (
    ActionForm,
    MessageForm,
    MessageWithFilesForm,
    OptionalMessageForm,
    ReasonForm,
)
from tickets.record.forms.client import JudgeProvisionalForm, RefuseForm, RequestTimeForm
from tickets.record.forms.linking import LinkAnomalyForm, RelateForm, SplitForm
from tickets.record.forms.manager import AgreeTimeForm, RecomputeForm, RefuseTimeForm, SettleForm
from tickets.record.forms.quotes import (
    AcceptQuoteForm,
    IssueQuoteForm,
    PutInScopeForm,
    QuoteAnswerForm,
    RequestWorkForm,
    StudyForm,
    WithdrawForm,
    WithdrawQuoteForm,
)
from tickets.record.forms.vendor import (
    AcknowledgeForm,
    AssignForm,
    CloseForm,
    CorrectForm,
    DeliverForm,
    OutOfScopeForm,
    RequalifyForm,
)

FORMS: dict[Action, type[ActionForm]] = {
    Action.ACKNOWLEDGE: AcknowledgeForm,
    Action.ASSIGN: AssignForm,
    Action.INFORM: MessageWithFilesForm,
    Action.ASK: MessageWithFilesForm,
    Action.REQUALIFY: RequalifyForm,
    Action.DELIVER: DeliverForm,
    Action.ASK_VERDICT: MessageForm,
    Action.CLASS_OUT_OF_SCOPE: OutOfScopeForm,
    Action.PUT_IN_SCOPE: PutInScopeForm,
    Action.WARN: MessageForm,
    Action.CLOSE: CloseForm,
    Action.CORRECT: CorrectForm,
    Action.NOTE: MessageWithFilesForm,
    Action.RELATE: RelateForm,
    Action.SPLIT: SplitForm,
    Action.LINK_ANOMALY: LinkAnomalyForm,
    Action.STUDY: StudyForm,
    Action.ISSUE_QUOTE: IssueQuoteForm,
    Action.WITHDRAW_QUOTE: WithdrawQuoteForm,
    Action.FINISH_WORK: MessageWithFilesForm,
    Action.SETTLE: SettleForm,
    Action.RECOMPUTE: RecomputeForm,
    Action.AGREE_TIME: AgreeTimeForm,
    Action.REFUSE_TIME: RefuseTimeForm,
    Action.ANSWER: MessageWithFilesForm,
    Action.ACCEPT: OptionalMessageForm,
    Action.JUDGE_DEFINITIVE: OptionalMessageForm,
    Action.JUDGE_PROVISIONAL: JudgeProvisionalForm,
    Action.REFUSE: RefuseForm,
    Action.DECLARE_PRODUCTION: OptionalMessageForm,
    Action.REQUEST_TIME: RequestTimeForm,
    Action.CONTEST_SEVERITY: ReasonForm,
    Action.CONTEST_SCOPE: ReasonForm,
    Action.CONTEST_DEADLINE: ReasonForm,
    Action.REQUEST_WORK: RequestWorkForm,
    Action.ACCEPT_QUOTE: AcceptQuoteForm,
    Action.REFUSE_QUOTE: QuoteAnswerForm,
    Action.CANCEL_WORK: OptionalMessageForm,
    Action.WITHDRAW: WithdrawForm,
    Action.FOLLOW_UP: OptionalMessageForm,
}

"""What the access table expects, by rule: readings are in `GET` (tests/test_access.py), writings are here."""

from tests.access.crowd import OF_THE_CLIENT, OF_THE_VENDOR, ROLES
from tests.test_access import (
    API_ACTIONS,
    API_OF_A_REPORT,
    API_OF_A_TICKET,
    API_POST,
    AWAY,
    GET,
    NIL,
    NO,
    OF_A_TICKET,
    OK,
    OVER,
    PEOPLE,
    POST,
    SEEING,
    VAGUE,
    WHO,
)
from tickets.acts import Action

# Let in: done, sent on, shown the form again, or told what is wrong with what was sent.
LET_IN = frozenset({200, 201, 302, 400, 409, 422})
REFUSED = frozenset({AWAY, NO, NIL, POST, OVER, WHO})
SIGNED_IN = {*OF_THE_CLIENT, *OF_THE_VENDOR}
ANSWERING, KEEPING, MANAGER = {"agnes", "maud"}, {"maud", "paul"}, {"maud"}
ANYBODY = set(ROLES)

# Who may write by a page; an address that is not here is written to by nobody.
PAGES_POST: dict[str, set[str]] = {
    "file": {"claire"},
    "register": ANSWERING,
    "together": ANSWERING,
    "preview": SIGNED_IN,
    "draft": SIGNED_IN,
    "ticket_reply": SEEING,  # one of its kinds, to whom it is offered; a refusal is shown beside what was typed
    "ticket_draft": SEEING,
    "ticket_watch": SEEING,
    "recompute_apply": MANAGER,
    "queue_display": {*OF_THE_VENDOR},
    "take": ANSWERING,
    "save_view": {*OF_THE_VENDOR},
    "delete_view": {*OF_THE_VENDOR},
    "breach": MANAGER,
    "report_list": MANAGER,
    "report_act": MANAGER,
    "list_exports": SIGNED_IN,
    "list_schedule": SIGNED_IN,
    "list_schedule_remove": SIGNED_IN,
    "anomaly_new": ANSWERING,
    "anomaly_change": ANSWERING,
    "anomaly_deliver": ANSWERING,
    "anomaly_delivery": ANSWERING,
    **{f"price_list_{act}": MANAGER for act in ("new", "edit", "publish", "withdraw", "discard")},
    "canned_new": ANSWERING,
    "canned_change": MANAGER,
    "training_record": KEEPING,
    "training_attendance": KEEPING,
    "training_correct": KEEPING,
    "training_end": KEEPING,
    "training_certificate": KEEPING,
    "privacy_person": {"paul"},
    "exports": {"marc", "maud", "paul"},
    "open_to_readers": {"claire", "marc"},
    "name_deputy": {"lucas", "hugo", "claire", "marc"},  # an administrator for oneself, trained or not
    "end_deputy": {"claire", "marc"},
    "calendar_feed": SIGNED_IN,
    **{f"{kind}_{act}": KEEPING for kind in ("calendar", "policy") for act in ("next", "draft", "publish", "discard")},
    "profile": SIGNED_IN,
    "sessions": SIGNED_IN,
    "view_as": MANAGER,
    "stop_viewing_as": ANYBODY,  # who views as nobody goes home
    "api_tokens": SIGNED_IN,
    "theme": set(),
    "choose_theme": ANYBODY,
    "choose_language": ANYBODY,
    "csp_report": ANYBODY,
    **{
        f"ticket_action:{action}": API_POST[f"api_action_{action}"]
        for action in Action
        if f"api_action_{action}" in API_POST
    },
}  # fmt: skip

OF_A_CLIENT = {
    *OF_A_TICKET, *API_OF_A_TICKET, *API_ACTIONS, "api_attachment", "api_attachment_content", "api_contract",
    "certificate", "export", "export_download", "purge", "canned_filled", "end_deputy", "training",
    "training_correct", "training_end", "training_certificate", "privacy_person", "privacy_data", "ticket_alike",
    "breach", "report", "report_file", "report_act", "quote", "quote_file", "api_quote",
    *API_OF_A_REPORT,
}  # fmt: skip

# Addresses whose object the crowd does not have: found by nobody.
ABOUT_NOTHING = {
    "end_deputy", "recompute_apply", "together", "breach", "delete_view", "list_schedule_remove", "take",
}  # fmt: skip

# One act of the vendor's that reaches several clients, by its very purpose.
OF_MANY_CLIENTS = {
    "anomaly_deliver", "anomaly_delivery", "recompute_apply", "api_anomaly_deliveries", "api_anomaly_delivery",
}  # fmt: skip

# Tables that a writing may touch, of one's own client alone (or of the client acted upon, for the vendor).
LOG = {"accounts_accessrecord", "django_session"}
ACT = {
    "tickets_ticket", "tickets_historicalticket", "tickets_ledgerentry", "tickets_ledgerhead", "tickets_message",
    "tickets_attachment", "tickets_effect", "tickets_mail", "tickets_draft", "tickets_watch", "tickets_keptanswer",
    "tickets_searchdocument", "tickets_outcome", "tickets_staleday",
}  # fmt: skip
RELATIONS = {"tickets_ticketrelation", "tickets_anomalylink", "tickets_historicalanomalylink"}
ANOMALY = {"tickets_productanomaly", "tickets_historicalproductanomaly", "tickets_anomalydelivery"}
TRAINING = {
    "accounts_training", "accounts_historicaltraining", "tickets_certificate", "tickets_effect", "tickets_mail",
}  # fmt: skip
PERSON = {
    "accounts_user", "accounts_historicaluser", "account_emailaddress", "mfa_authenticator",
    "usersessions_usersession", "auth_password",
}  # fmt: skip
PUBLISHED = {
    "sla_calendar", "sla_historicalcalendar", "sla_calendarversion", "sla_historicalcalendarversion", "sla_closure",
    "sla_historicalclosure", "sla_policy", "sla_historicalpolicy", "sla_policyversion", "sla_historicalpolicyversion",
}  # fmt: skip
WRITES: dict[str, set[str]] = {
    "file": ACT,
    "register": ACT,
    "together": ACT,
    "draft": {"tickets_draft"},
    "ticket_reply": ACT,
    "ticket_draft": {"tickets_draft"},
    "ticket_watch": {"tickets_watch"},
    "recompute_apply": ACT,
    "queue_display": {"tickets_queuedisplay"},
    "take": ACT,
    **{key: {"tickets_savedview"} for key in ("save_view", "delete_view")},
    "breach": {"tickets_breachfinding"},
    **{key: {"tickets_monthlyreport", "tickets_mail"} for key in ("report_list", "report_act")},
    "list_exports": {"tickets_listexport"},
    **{key: {"tickets_exportschedule", "tickets_exportrecipient"} for key in ("list_schedule", "list_schedule_remove")},
    **dict.fromkeys(("anomaly_new", "anomaly_change"), ANOMALY),
    **dict.fromkeys(("anomaly_deliver", "anomaly_delivery"), ANOMALY | ACT),
    **{name: {"tickets_cannedanswer", "tickets_historicalcannedanswer"} for name in ("canned_new", "canned_change")},
    **{name: {"tickets_pricelist", "tickets_priceitem"} for name in PAGES_POST if name.startswith("price_list_")},
    **{name: TRAINING for name in PAGES_POST if name.startswith("training_")},
    "privacy_person": {
        "tickets_erasure", "tickets_discardedfile", *PERSON, *ACT, *TRAINING, "accounts_deputation",
        "sla_calendarfeed", "tickets_apitoken",
    },
    "exports": {"tickets_clientexport", "tickets_mail"},
    "open_to_readers": {"accounts_client", "accounts_historicalclient"},
    **{name: {"accounts_deputation", "accounts_historicaldeputation"} for name in ("name_deputy", "end_deputy")},
    "calendar_feed": {"sla_calendarfeed"},
    **{name: PUBLISHED for name in PAGES_POST if name.startswith(("calendar_", "policy_")) and name != "calendar_feed"},
    "profile": PERSON,
    "sessions": PERSON,
    "view_as": {"accounts_consultation"},
    "stop_viewing_as": {"accounts_consultationend"},
    "api_tokens": {"tickets_apitoken"},
    "choose_theme": set(),
    "choose_language": PERSON,
    **{f"ticket_action:{action}": ACT | RELATIONS for action in Action},
    **dict.fromkeys(API_POST, ACT | RELATIONS),
    **{name: ACT | ANOMALY for name in API_POST if name.startswith("api_anomal")},
}  # fmt: skip


def column(who: str) -> int:
    """Return where a role stands in `GET`; an expired training is worth none at all."""
    return PEOPLE.index("lucas" if who == "hugo" else who)


def reading(name: str, who: str, target: str) -> set[int]:
    """Return what reading may answer: as the table says, and « not found » for another client's object."""
    route, _, action = name.partition(":")
    own = GET[route][column(who)]
    if action and who in SEEING:
        own = OK if who in API_POST[f"api_action_{action}"] else NO
    if route not in OF_A_CLIENT:
        # What another client's number in a question finds is as if it were not there.
        return {own} if target == "own" else {own, NO, NIL, VAGUE} | ({OK} if own == VAGUE else set())
    if target != "own" and who in OF_THE_CLIENT:
        return {own, NIL} if own in {NO, POST} else {NIL}
    return {OK, 409} if action and own == OK else {own}


def writers(name: str) -> set[str]:
    """Return who may write at an address, on what is theirs."""
    return API_POST.get(name) or PAGES_POST.get(name, set())


def writing(name: str, who: str, target: str) -> frozenset[int]:
    """Return what writing may answer: let in, or refused."""
    route = name.partition(":")[0]
    if who not in writers(name):
        return REFUSED - ({AWAY} if who in SIGNED_IN else set())
    if target == "own" or who in OF_THE_VENDOR:
        return (
            LET_IN
            | ({NIL} if name in ABOUT_NOTHING else set())
            | ({403} if name == "ticket_reply" else set())
        )
    # What is not theirs: not found, or a form that knows no such choice.
    return frozenset({NO, NIL}) if route in OF_A_CLIENT else LET_IN | REFUSED


def other_method(name: str, who: str) -> frozenset[int]:
    """Return what a method that nothing answers to may get: a refusal."""
    if who in writers(name):  # a form's page is shown again, empty
        return REFUSED | {OK}
    return REFUSED - ({AWAY} if who in SIGNED_IN else set())


def may_touch(name: str, method: str, who: str) -> set[str]:
    """Return the tables in which a cell may write."""
    if method == "get" and name == "privacy_person" and who == "paul":
        return LOG | WRITES[name]  # the preview of an erasure does it all, and undoes it
    if name == "ticket" and method == "get" and who in OF_THE_VENDOR:
        return LOG | {"tickets_reading"}  # how far each agent has read
    if method == "post" and (who in writers(name) or name == "calendar_feed"):
        return LOG | WRITES.get(name, set())
    return LOG

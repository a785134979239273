"""The access policy: who reads what at every address, and who writes by the API; tests/access asks it all.

An address without a row fails there. Here are the rows, a scene with one ticket of each of two clients, and what
a table cannot say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import Client as Organisation
from accounts.models import Role, Training, User
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion
from sla.policy import Severity
from sla.publication import next_draft
from tests.playing import a_quote
from tests.world import World, person
from tickets.actions import linking, vendor
from tickets.actions.anomalies import record_anomaly, record_delivery
from tickets.actions.canned import keep_canned
from tickets.actions.exporting import request_export
from tickets.actions.filing import Filing, file_ticket
from tickets.actions.prices import PriceLine, change_price_list, draft_price_list, publish_price_list
from tickets.actions.trainings import join_certificate
from tickets.acts import Action
from tickets.api.description_views import description
from tickets.attachments import ReceivedFile
from tickets.models import (
    Attachment,
    CannedAnswer,
    Certificate,
    ClientExport,
    ExportState,
    LedgerEntry,
    Mail,
    Message,
    MonthlyReport,
    PriceList,
    ProductAnomaly,
    Purge,
    Ticket,
)
from tickets.monthly.files import WRITERS
from tickets.monthly.issuing import build_report
from tickets.reports.months import Month
from tickets.words import DeliveryKind

CANARY = "CANARI"

PEOPLE = ["anonymous", "rachel", "lucas", "claire", "marc", "agnes", "maud", "paul", "gone"]
# 200 a page, 302 elsewhere (signing in, for who is nobody), 400 a vague question, 403 not for this role,
# 404 nothing there, 405 not by GET, 410 over.
OK, AWAY, VAGUE, NO, NIL, POST, OVER = 200, 302, 400, 403, 404, 405, 410
WHO = 401  # a program is not sent to sign in

GET: dict[str, list[int]] = {
    # reading                anonymous rachel lucas claire marc agnes maud paul gone
    "home": [AWAY] * 9,
    "portal": [AWAY, OK, OK, OK, OK, NO, NO, NO, AWAY],
    "organisation": [AWAY, NO, OK, OK, OK, NO, NO, NO, AWAY],
    "file": [AWAY, NO, NO, OK, NO, NO, NO, NO, AWAY],  # each refusal says where to go instead
    "promise": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],  # empty where one may not file
    "similar": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],  # among the tickets one may see
    "simulator": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],  # under one's own contracts' terms
    "simulator_json": [AWAY, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, AWAY],  # which severity?
    "queue": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "together": [AWAY, NO, NO, NO, NO, NIL, NIL, NO, AWAY],  # which act, on which tickets?
    "workload": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "queue_display": [AWAY, NO, NO, NO, NO, POST, POST, POST, AWAY],
    "ticket_alike": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "take": [AWAY, NO, NO, NO, NO, POST, POST, NO, AWAY],
    "save_view": [AWAY, NO, NO, NO, NO, POST, POST, POST, AWAY],
    "delete_view": [AWAY, NO, NO, NO, NO, POST, POST, POST, AWAY],
    "register": [AWAY, NO, NO, NO, NO, OK, OK, NO, AWAY],
    "board": [AWAY, NO, NO, NO, OK, NO, OK, NO, AWAY],
    "board_tickets": [AWAY, NO, NO, NO, VAGUE, NO, VAGUE, NO, AWAY],  # which figure?
    "breaches": [AWAY, NO, NO, NO, NO, NO, OK, NO, AWAY],
    "breach": [AWAY, NO, NO, NO, NO, NO, NIL, NO, AWAY],  # this deadline is not missed
    "report_list": [AWAY, NO, NO, NO, OK, NO, OK, NO, AWAY],
    "report": [AWAY, NO, NO, NO, NIL, NO, OK, NO, AWAY],  # a draft does not exist for a client
    "report_file": [AWAY, NO, NO, NO, NIL, NO, OK, NO, AWAY],
    "report_act": [AWAY, NO, NO, NO, NO, NO, POST, NO, AWAY],
    "quotes": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "quote": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "quote_file": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "list_file": [AWAY, OK, OK, OK, OK, NO, NO, NO, AWAY],  # the organisation's tickets
    "list_exports": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "list_export_file": [AWAY, NIL, NIL, NIL, NIL, NIL, NIL, NIL, AWAY],  # somebody else's, or none
    "list_schedule": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "list_schedule_remove": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "ticket": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "ticket_clocks": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "statement": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "statement_pdf": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "statement_json": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    "ticket_reply": [AWAY, NIL, NIL, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY],
    "ticket_action": [AWAY, NIL, NIL, NO, NO, OK, OK, NO, AWAY],  # asking a question
    "attachment": [AWAY, NIL, NIL, OK, OK, OK, OK, OK, AWAY],
    # trainings: read by the vendor, kept by managers and the platform administrator
    "trainings": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "trainings_table": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "training": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "training_record": [AWAY, NO, NO, NO, NO, NO, OK, OK, AWAY],
    "training_attendance": [AWAY, NO, NO, NO, NO, NO, OK, OK, AWAY],
    "training_correct": [AWAY, NO, NO, NO, NO, NO, POST, POST, AWAY],
    "training_end": [AWAY, NO, NO, NO, NO, NO, POST, POST, AWAY],
    "training_certificate": [AWAY, NO, NO, NO, NO, NO, POST, POST, AWAY],
    "certificate": [AWAY, NIL, OK, OK, OK, OK, OK, OK, AWAY],
    # personal data
    "own_data": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "privacy": [AWAY, NO, NO, NO, NO, NO, NO, OK, AWAY],
    "privacy_person": [AWAY, NO, NO, NO, NO, NO, NO, OK, AWAY],
    "privacy_data": [AWAY, NO, NO, NO, NO, NO, NO, OK, AWAY],
    "exports": [AWAY, NO, NO, NO, OK, NO, OK, OK, AWAY],
    "export": [AWAY, NIL, NIL, NIL, OK, NIL, OK, OK, AWAY],
    "export_download": [AWAY, NIL, NIL, NIL, OK, NIL, OK, OK, AWAY],
    "purge": [AWAY, NIL, NIL, NIL, OK, NIL, OK, OK, AWAY],
    "name_deputy": [POST] * 9,
    "end_deputy": [POST] * 9,
    # calendars and policies: a draft does not exist for a client
    "calendars": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar_changes": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar_feed": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "calendar_feed_secret": [NIL] * 9,  # a token that nobody was given
    "calendar_draft": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "calendar_publish": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "calendar_next": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "calendar_discard": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "policies": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "policy": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "policy_changes": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "policy_draft": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "policy_publish": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    "policy_next": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "policy_discard": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "recompute": [AWAY, NO, NO, NO, NO, NO, OK, NO, AWAY],
    "recompute_apply": [AWAY, NO, NO, NO, NO, NO, POST, NO, AWAY],
    "recompute_trial": [AWAY, NIL, NIL, NIL, NIL, NO, OK, OK, AWAY],
    # the defects of a solution: the vendor's alone
    "anomalies": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "anomaly_new": [AWAY, NO, NO, NO, NO, OK, OK, NO, AWAY],
    "anomaly": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    "anomaly_change": [AWAY, NO, NO, NO, NO, OK, OK, NO, AWAY],
    "anomaly_deliver": [AWAY, NO, NO, NO, NO, OK, OK, NO, AWAY],
    "anomaly_delivery": [AWAY, NO, NO, NO, NO, OK, OK, OK, AWAY],
    # canned answers: those of who answers clients
    "canned_answers": [AWAY, NO, NO, NO, NO, OK, OK, NO, AWAY],
    "canned_new": [AWAY, NO, NO, NO, NO, OK, OK, NO, AWAY],
    "canned_change": [AWAY, NO, NO, NO, NO, NO, OK, NO, AWAY],  # the team's: a manager's to change
    "canned_filled": [AWAY, NIL, NIL, NO, NO, OK, OK, NO, AWAY],
    # price lists: public once published; a draft does not exist for a client
    "price_lists": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "price_list": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "price_list_new": [AWAY] * 9,  # back to the lists
    "price_list_edit": [AWAY, NIL, NIL, NIL, NIL, NO, OK, NO, AWAY],
    "price_list_publish": [AWAY] * 9,  # back to the list
    "price_list_withdraw": [AWAY] * 9,  # back to the list
    "price_list_discard": [AWAY] * 9,  # back to the list
    # people
    "profile": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "account_change_password": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "account_login": [OK, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, OK],
    "account_logout": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "account_signup": [OK, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, OK],  # a page that says: by invitation
    "account_inactive": [OK] * 9,
    "account_reset_password": [OK] * 9,
    "account_reset_password_done": [OK] * 9,
    "account_reset_password_from_key": [OK] * 9,  # a page that says: this link does not work
    "account_reset_password_from_key_done": [OK] * 9,
    "invitation": [OVER] * 9,
    "theme": [OK] * 9,
    "sessions": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "view_as": [AWAY, NO, NO, NO, NO, NO, OK, NO, AWAY],
    "stop_viewing_as": [POST] * 9,
    "csp_report": [POST] * 9,
    # second factors: a session that no sign-in opened says first who it is
    "account_reauthenticate": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "mfa_index": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "mfa_authenticate": [AWAY] * 9,
    "mfa_reauthenticate": [AWAY] * 9,
    "mfa_activate_totp": [AWAY] * 9,
    "mfa_deactivate_totp": [AWAY, NIL, NIL, NIL, NIL, NIL, NIL, NIL, AWAY],
    "mfa_view_recovery_codes": [AWAY, NIL, NIL, NIL, NIL, NIL, NIL, NIL, AWAY],
    "mfa_generate_recovery_codes": [AWAY] * 9,
    "mfa_download_recovery_codes": [AWAY, NIL, NIL, NIL, NIL, NIL, NIL, NIL, AWAY],
    "mfa_list_webauthn": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "mfa_add_webauthn": [AWAY] * 9,
    "mfa_reauthenticate_webauthn": [AWAY] * 9,
    "mfa_remove_webauthn": [AWAY] * 9,
    "mfa_edit_webauthn": [AWAY] * 9,
    "mfa_login_webauthn": [AWAY] * 9,
    # through one's organisation: a provider that does not exist
    "through_organisation": [OK] * 9,
    "openid_connect_login": [NIL] * 9,
    "openid_connect_callback": [NIL] * 9,
    "saml_login": [NIL] * 9,
    "saml_acs": [AWAY] * 9,
    "saml_finish_acs": [NIL] * 9,
    "saml_metadata": [NIL] * 9,
    "saml_sls": [AWAY] * 9,
    # written to only
    "preview": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "draft": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "ticket_watch": [AWAY, NIL, NIL, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY],
    "ticket_draft": [AWAY, NIL, NIL, AWAY, AWAY, AWAY, AWAY, AWAY, AWAY],
    "open_to_readers": [POST] * 9,
    "choose_theme": [POST] * 9,
    "choose_language": [POST] * 9,
    # the API, and what opens it
    "api_tokens": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "api_token_revoke": [AWAY, POST, POST, POST, POST, POST, POST, POST, AWAY],
    "api_documentation": [AWAY, OK, OK, OK, OK, OK, OK, OK, AWAY],
    "api_schema": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_me": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_tickets": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_registrations": [WHO, POST, POST, POST, POST, POST, POST, POST, WHO],
    "api_ticket": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_ticket_clocks": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_ticket_conversation": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_ticket_ledger": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_ticket_attachments": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_ticket_statement": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_ticket_statement_pdf": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_ticket_actions": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_attachment": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_attachment_content": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_contracts": [WHO, NO, OK, OK, OK, OK, OK, OK, WHO],  # readers do not run the organisation
    "api_contract": [WHO, NO, OK, OK, OK, OK, OK, OK, WHO],
    "api_calendars": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_calendar_versions": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_policies": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_policy_versions": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_price_lists": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_price_list": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_quotes": [WHO, OK, OK, OK, OK, OK, OK, OK, WHO],
    "api_quote": [WHO, NIL, NIL, OK, OK, OK, OK, OK, WHO],
    "api_filers": [WHO, OK, OK, OK, OK, VAGUE, VAGUE, VAGUE, WHO],  # of which client?
    "api_simulation": [WHO, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, VAGUE, WHO],  # which severity?
    "api_figures": [WHO, NO, NO, NO, OK, NO, OK, NO, WHO],
    "api_figures_tickets": [WHO, NO, NO, NO, VAGUE, NO, VAGUE, NO, WHO],  # which figure?
    "api_ticket_similar": [WHO, NIL, NIL, NO, NO, OK, OK, OK, WHO],
    "api_ticket_watch": [WHO, POST, POST, POST, POST, POST, POST, POST, WHO],
    "api_ticket_unwatch": [WHO, POST, POST, POST, POST, POST, POST, POST, WHO],
    "api_queue": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_workload": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_saved_views": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_canned_answers": [WHO, NO, NO, NO, NO, OK, OK, NO, WHO],
    "api_anomalies": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_anomaly": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_anomaly_tickets": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_anomaly_change": [WHO, POST, POST, POST, POST, POST, POST, POST, WHO],
    "api_anomaly_deliveries": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_anomaly_delivery": [WHO, NO, NO, NO, NO, OK, OK, OK, WHO],
    "api_monthly_reports": [WHO, NO, NO, NO, OK, NO, OK, NO, WHO],
    # a draft does not exist for a client
    **{f"api_monthly_report_{suffix}": [WHO, NO, NO, NO, NIL, NO, OK, NO, WHO] for suffix in WRITERS},
    "api_nothing": [NIL] * 9,
    # for the proxy
    "live": [OK] * 9,
    "ready": [OK] * 9,
}
OF_A_PRICE_DRAFT = ["price_list_edit", "price_list_publish", "price_list_withdraw", "price_list_discard"]
OF_AN_ANOMALY = [
    "anomaly", "anomaly_change", "anomaly_deliver", "api_anomaly", "api_anomaly_tickets", "api_anomaly_change",
    "api_anomaly_deliveries",
]  # fmt: skip
API_OF_A_REPORT = [f"api_monthly_report_{suffix}" for suffix in WRITERS]

# Who may write, on a ticket of their own organisation; whoever sees it and may not gets 403, everybody else 404.
AGENTS, MANAGERS, TRAINED = {"agnes", "maud"}, {"maud"}, {"claire"}
SEEING = {"claire", "marc", "agnes", "maud", "paul"}  # readers are not allowed at this client
API_POST: dict[str, set[str]] = {
    "api_tickets": TRAINED,
    "api_registrations": AGENTS,
    "api_ticket_watch": SEEING,
    "api_ticket_unwatch": SEEING,
    "api_anomalies": AGENTS,
    "api_anomaly_change": AGENTS,
    "api_anomaly_deliveries": AGENTS,
    "api_anomaly_delivery": AGENTS,
    "api_action_acknowledge": AGENTS,
    "api_action_assign": AGENTS,
    "api_action_inform": AGENTS,
    "api_action_ask": AGENTS,
    "api_action_requalify": AGENTS,
    "api_action_deliver": AGENTS,
    "api_action_ask_verdict": AGENTS,
    "api_action_class_out_of_scope": AGENTS,
    "api_action_put_in_scope": AGENTS,
    "api_action_warn": AGENTS,
    "api_action_close": AGENTS,
    "api_action_correct": AGENTS,
    "api_action_note": AGENTS,
    "api_action_relate": AGENTS,
    "api_action_split": AGENTS,
    "api_action_link_anomaly": AGENTS,
    "api_action_study": AGENTS,
    "api_action_issue_quote": MANAGERS,
    "api_action_withdraw_quote": MANAGERS,
    "api_action_finish_work": AGENTS,
    "api_action_settle": MANAGERS,
    "api_action_recompute": MANAGERS,
    "api_action_agree_time": MANAGERS,
    "api_action_refuse_time": MANAGERS,
    "api_action_answer": TRAINED,
    "api_action_accept": TRAINED,
    "api_action_judge_definitive": TRAINED,
    "api_action_judge_provisional": TRAINED,
    "api_action_refuse": TRAINED,
    "api_action_declare_production": TRAINED,
    "api_action_request_time": TRAINED | {"marc"},
    "api_action_contest_severity": TRAINED,
    "api_action_contest_scope": TRAINED,
    "api_action_contest_deadline": TRAINED,
    "api_action_request_work": TRAINED | {"marc"},
    "api_action_accept_quote": {"marc"},
    "api_action_refuse_quote": {"marc"},
    "api_action_cancel_work": TRAINED | {"marc"},
    "api_action_withdraw": TRAINED,
    "api_action_follow_up": TRAINED,
}
API_ACTIONS = sorted(name for name in API_POST if name.startswith("api_action_"))
# An action is written to only.
GET |= {name: [WHO, POST, POST, POST, POST, POST, POST, POST, WHO] for name in API_ACTIONS}
API_OF_A_TICKET = sorted(name for name in GET if name.startswith("api_ticket_") or name == "api_ticket")

STATEMENTS = ["statement", "statement_pdf", "statement_json"]
OF_A_CALENDAR = ["calendar", "calendar_changes", "calendar_feed"]
OF_A_POLICY = ["policy", "policy_changes"]
OF_A_CALENDAR_DRAFT = [
    "calendar_draft", "calendar_publish", "calendar_next", "calendar_discard", "recompute_trial",
]  # fmt: skip
OF_A_POLICY_DRAFT = ["policy_draft", "policy_publish", "policy_next", "policy_discard"]
OF_A_TRAINING = ["training", "training_correct", "training_end", "training_certificate"]
OF_A_PROVIDER = [
    "openid_connect_login", "openid_connect_callback", "saml_login", "saml_acs", "saml_finish_acs", "saml_metadata",
    "saml_sls",
]  # fmt: skip
OF_A_TICKET = [
    "ticket", "ticket_clocks", "ticket_reply", "ticket_action", "ticket_draft", "ticket_watch", "attachment",
    *STATEMENTS,
]  # fmt: skip


def routes(resolver: URLResolver | None = None) -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern} has no name"
            yield pattern.name


@dataclass
class Scene:
    """The world, one ticket of each client with a file and an internal note, and a browser for each person."""

    world: World
    ticket: Ticket
    theirs: Ticket
    browsers: dict[str, Client]


def text_file(name: str) -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile(name, b"journal"), name, "text/plain")


def prepared(client: Organisation, *, by: User, at: datetime) -> None:
    """Leave a client an export ready to download and the certificate of a purge."""
    export = request_export(client, by=by, at=at)
    export.state, export.expires_at, export.size = ExportState.READY, at + timedelta(days=1), len(b"journal")
    export.file.save("x", ContentFile(b"journal"))
    contract = client.contracts.get()
    Purge.objects.create(
        client=client,
        contract=contract,
        at=at,
        months=1,
        document={"client": client.name, "tickets": []},
        digest="0",
    )


def write_price_lists(by: User, at: datetime, word: str) -> None:
    """Leave a price list in force, and a draft with the word in it, which is the vendor's alone."""
    draft = draft_price_list(by=by, at=at)
    said = {
        "at": at,
        "validity_days": 30,
        "conditions": "À trente jours.",
        "in_force_from": draft.in_force_from,
    }
    line = PriceLine("DEV", "Développement", "jour", Decimal(980), Decimal(20))
    change_price_list(draft, by=by, title="Tarif public", lines=[line], **said)
    publish_price_list(draft, by=by, at=at)
    following = draft_price_list(by=by, at=at)
    said["in_force_from"] = following.in_force_from
    change_price_list(following, by=by, title=word, lines=[replace(line, label=word)], **said)


@pytest.fixture
def scene(world: World) -> Scene:
    at = timezone.now()
    mine, theirs = (
        file_ticket(
            contract,
            Filing(
                title=f"{word} titre",
                description=f"{word} description",
                steps=f"{word} étapes",
                environment=f"{word} poste",
                affected_version=f"{word} version",
                severity=Severity.MAJEURE,
                attachments=[text_file(f"{word}.txt")],
            ),
            by=by,
            at=at,
        )
        for contract, by, word in (
            (world.contract, world.claire, "nôtre"),
            (world.other_contract, world.olivia, CANARY),
        )
    )
    for ticket in (mine, theirs):
        vendor.note(
            ticket, by=world.agnes, at=at, message=f"{CANARY} interne", attachments=[text_file("interne.txt")]
        )
    for training in Training.objects.all():
        join_certificate(training, text_file("attestation.txt"), by=world.maud, at=at)
    for client in (world.client, world.other_client):
        prepared(client, by=world.maud, at=at)
    for version in (CalendarVersion.objects.get(), PolicyVersion.objects.get()):
        next_draft(version, by=world.maud)
    keep_canned(None, by=world.maud, title=CANARY, body=CANARY, is_shared=True)
    anomaly = record_anomaly(
        by=world.agnes,
        at=at,
        solution=world.solution,
        title=f"{CANARY} défaut",
        summary="Nôtre.",
        analysis=CANARY,
    )
    for ticket in (mine, theirs):
        linking.link_anomaly(ticket, by=world.agnes, at=at, anomaly=anomaly)
    record_delivery(anomaly, by=world.agnes, at=at, what=DeliveryKind.FIX, content=CANARY, how_to_test=CANARY)
    a_quote(world, mine, "nôtre")
    a_quote(world, theirs, CANARY)
    build_report(world.contract, Month.of(at), by=world.maud, at=at)
    write_price_lists(world.maud, at, CANARY)
    gone = person("Gaston Parti", Role.ADMINISTRATOR, world.client)
    browsers = {name: Client() for name in [*PEOPLE, "olivia"]}
    for name, browser in browsers.items():
        if name != "anonymous":
            browser.force_login(gone if name == "gone" else getattr(world, name))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return Scene(world, mine, theirs, browsers)


def address(name: str, ticket: Ticket) -> str:
    arguments = {
        "attachment": lambda: [ticket.attachments.get(message=None).pk],
        "ticket_action": lambda: [ticket.pk, Action.ASK],
        "breach": lambda: [ticket.pk, "resolve"],
        "report": lambda: [report_of(ticket).pk],
        "report_file": lambda: [report_of(ticket).pk, "json"],
        "report_act": lambda: [report_of(ticket).pk, "issue"],
        **{name: lambda: [report_of(ticket).pk] for name in API_OF_A_REPORT},
        "quote": lambda: [ticket.quotes.get().pk],
        "api_quote": lambda: [ticket.quotes.get().pk],
        "quote_file": lambda: [ticket.quotes.get().pk, "json"],
        "list_file": lambda: ["portal", "json"],
        "list_export_file": lambda: [999_999],
        "list_schedule_remove": lambda: [999_999],
        "draft": lambda: ["file"],
        "canned_change": lambda: [CannedAnswer.objects.get().pk],
        "canned_filled": lambda: [ticket.pk, CannedAnswer.objects.get().pk],
        "delete_view": lambda: [1],
        "invitation": lambda: ["MQ-forged-token"],
        "account_reset_password_from_key": lambda: ["1", "forged-token"],
        "calendar_feed_secret": lambda: ["forged-token"],
        "certificate": lambda: [Certificate.objects.get(client=ticket.client).pk],
        "end_deputy": lambda: [1],
        "privacy_person": lambda: [ticket.reporter_id],
        "privacy_data": lambda: [ticket.reporter_id],
        "export": lambda: [ClientExport.objects.get(client=ticket.client).pk],
        "export_download": lambda: [ClientExport.objects.get(client=ticket.client).pk],
        "purge": lambda: [Purge.objects.get(client=ticket.client).pk],
        **{name: lambda: [ticket.client.trainings.earliest("pk").pk] for name in OF_A_TRAINING},
        **{name: lambda: [known_anomaly().pk] for name in OF_AN_ANOMALY},
        "api_anomaly_delivery": lambda: [known_anomaly().deliveries.earliest("pk").pk],
        "anomaly_delivery": lambda: [known_anomaly().pk, known_anomaly().deliveries.get().pk],
        **{name: lambda: ["x"] for name in OF_A_PROVIDER},
        **{name: lambda: [1] for name in ("mfa_remove_webauthn", "mfa_edit_webauthn")},
        "api_token_revoke": lambda: ["00000000-0000-4000-8000-000000000000"],
        "api_attachment": lambda: [ticket.attachments.get(message=None).pk],
        "api_attachment_content": lambda: [ticket.attachments.get(message=None).pk],
        "api_contract": lambda: [ticket.contract_id],
        "api_calendar_versions": lambda: [ticket.contract.calendar_id],
        "api_policy_versions": lambda: [ticket.contract.policy_id],
        **{
            name: lambda: [PriceList.objects.published().latest("in_force_from").pk]
            for name in ("price_list", "api_price_list")
        },
        **{name: lambda: [PriceList.objects.get(published_at=None).pk] for name in OF_A_PRICE_DRAFT},
        **{name: lambda: [ticket.contract.calendar_id] for name in OF_A_CALENDAR},
        **{name: lambda: [ticket.contract.policy_id] for name in OF_A_POLICY},
        **{name: lambda: [draft_of(ticket.contract.calendar).pk] for name in OF_A_CALENDAR_DRAFT},
        **{name: lambda: [draft_of(ticket.contract.policy).pk] for name in OF_A_POLICY_DRAFT},
    }
    if name == "api_nothing":
        return "/api/v1/nothing/here"
    if name in {
        *API_OF_A_TICKET,
        *API_ACTIONS,
        "ticket",
        "ticket_alike",
        "ticket_clocks",
        "ticket_reply",
        "ticket_draft",
        "ticket_watch",
        *STATEMENTS,
    }:
        return reverse(name, args=[ticket.pk])
    return reverse(name, args=arguments[name]() if name in arguments else [])


def known_anomaly() -> ProductAnomaly:
    return ProductAnomaly.objects.get()


def report_of(ticket: Ticket) -> MonthlyReport:
    return MonthlyReport.objects.get(contract=ticket.contract)


def draft_of(parent: Calendar | Policy) -> CalendarVersion | PolicyVersion:
    return parent.versions.get(published_at=None)


def everything() -> list[object]:
    """Return what no refused request may change."""
    return [
        list(LedgerEntry.objects.order_by("pk").values()),
        list(Message.objects.order_by("pk").values()),
        list(Attachment.objects.order_by("pk").values()),
        list(Ticket.objects.order_by("pk").values()),
        Mail.objects.count(),
    ]


def test_every_operation_that_the_api_describes_has_its_row() -> None:
    described = {"get": set(), "post": set()}
    for path, methods in description("en")["paths"].items():
        name = resolve(path.replace("{number}", "1")).url_name
        for method in methods:
            described[method].add(name)
    assert described["post"] == set(API_POST)
    assert described["get"] <= set(GET)
    undescribed = {name for name in GET if name.startswith("api_")} - described["get"] - described["post"]
    assert undescribed == {"api_tokens", "api_token_revoke", "api_documentation", "api_schema", "api_nothing"}


def test_the_timetables_own_action_has_no_address(scene: Scene) -> None:
    url = reverse("ticket_action", args=[scene.ticket.pk, Action.CLOSE_TACITLY])
    assert scene.browsers["maud"].post(url).status_code == 404
    assert (
        scene.browsers["maud"].post(reverse("ticket_action", args=[scene.ticket.pk, "nothing"])).status_code
        == 404
    )


def test_the_file_of_an_internal_note_is_the_vendors_alone(scene: Scene) -> None:
    url = reverse("attachment", args=[scene.ticket.attachments.get(message__is_internal=True).pk])
    response = scene.browsers["agnes"].get(url)
    assert b"".join(response.streaming_content) == b"journal"
    for who in ("claire", "marc", "olivia"):
        assert scene.browsers[who].get(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("portal", "?q={canary}"),
        ("portal", "?state=all&client={client}"),
        ("similar", "?title={canary}+titre&contract={contract}"),
        ("similar", "?title={canary}+titre&client={client}"),
        ("promise", "?contract={contract}&severity=majeure"),
        ("board", "?client={client}"),
        ("board_tickets", "?client={client}"),
        ("file", "?contract={contract}"),
    ],
)
def test_no_question_makes_a_list_tell_of_another_client(scene: Scene, name: str, query: str) -> None:
    url = reverse(name) + query.format(
        canary=CANARY, client=scene.world.other_client.pk, contract=scene.world.other_contract.pk
    )
    for who in ("rachel", "lucas", "claire", "marc"):
        text = scene.browsers[who].get(url).content.decode().replace(f'value="{CANARY}"', "")
        assert f"{CANARY} " not in text
        assert scene.world.other_client.name not in text
        assert scene.world.other_contract.reference not in text


def test_mail_about_a_client_goes_to_nobody_of_another(scene: Scene) -> None:
    for mail in Mail.objects.select_related("recipient", "ticket"):
        assert mail.recipient.client_id in {None, mail.ticket.client_id}

"""The field's closed lists of words: states, kinds of fact, grounds, means (no rule, no database)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sla.policy import Severity

SEVERITIES = {
    Severity.BLOQUANTE: _("Blocking"),
    Severity.MAJEURE: _("Major"),
    Severity.MINEURE: _("Minor"),
}

SEVERITY_DEFINITIONS = {
    Severity.BLOQUANTE: _("The solution cannot be used, or its main functions cannot be reached."),
    Severity.MAJEURE: _("The solution can be used in part; its main functions are affected."),
    Severity.MINEURE: _("The solution can be used in full, if need be through a workaround."),
}

SEVERITY_CHOICES = [(severity.value, label) for severity, label in SEVERITIES.items()]


class State(TextChoices):
    """Where a ticket stands."""

    NEW = "new", _("Filed")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_CLIENT = "waiting_client", _("Waiting for the client")
    UNDER_TEST = "under_test", _("Delivered, under test")
    ACCEPTED = "accepted", _("Accepted, to be put in production")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
    CLOSED = "closed", _("Closed")


OPEN_STATES = frozenset(State) - {State.CLOSED}


class Turn(TextChoices):
    """Who is expected to act."""

    VENDOR = "vendor", _("Vendor")
    CLIENT = "client", _("Client")
    NOBODY = "nobody", _("Nobody")


class EntryKind(TextChoices):
    """What one row of the ledger states."""

    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ASSIGNED = "assigned", _("Assigned")
    VENDOR_MESSAGE = "vendor_message", _("Message of the vendor")
    CLIENT_MESSAGE = "client_message", _("Message of the client")
    QUESTION = "question", _("Question to the client")
    ANSWER = "answer", _("Answer of the client")
    DELIVERED = "delivered", _("Delivery")
    VERDICT_ASKED = "verdict_asked", _("Verdict asked again")
    ACCEPTED = "accepted", _("Delivery accepted")
    REJECTED = "rejected", _("Delivery refused")
    SEVERITY = "severity", _("Severity retained")
    OUT_OF_SCOPE = "out_of_scope", _("Classed out of scope")
    IN_SCOPE = "in_scope", pgettext_lazy("fact", "Put back in scope")
    CONTESTED = "contested", _("Contested by the client")
    SETTLED = "settled", _("Contest settled")
    TIME_REQUESTED = "time_requested", _("More time requested")
    TIME_AGREED = "time_agreed", _("Longer delay agreed")
    TIME_REFUSED = "time_refused", _("Longer delay refused")
    WARNED = "warned", _("Warning before closing")
    CORRECTED = "corrected", _("Title or solution corrected")
    RECOMPUTED = "recomputed", _("Delays recomputed under other versions")
    IN_PRODUCTION = "in_production", _("In production")
    FOLLOWED_UP = "followed_up", _("Followed up by another ticket")
    SPLIT = "split", _("Part of it split into another ticket")
    WORK_REQUESTED = "work_requested", _("Paid work requested")
    STUDIED = "studied", _("Feasibility studied")
    QUOTED = "quoted", _("Quote issued")
    QUOTE_ACCEPTED = "quote_accepted", _("Quote accepted")
    QUOTE_REFUSED = "quote_refused", _("Quote refused")
    QUOTE_EXPIRED = "quote_expired", _("Quote expired")
    QUOTE_WITHDRAWN = "quote_withdrawn", _("Quote withdrawn by the vendor")
    WORK_CANCELLED = "work_cancelled", _("Request for paid work cancelled")
    WORK_DONE = "work_done", _("Paid work done")
    CLOSED = "closed", _("Closed")


class DeliveryKind(TextChoices):
    """What was delivered (C-WKA-1)."""

    FIX = "fix", _("Fix")
    WORKAROUND = "workaround", _("Workaround")


class ContestSubject(TextChoices):
    """What the client contests (C-SEV-2, C-OUT-3)."""

    SEVERITY = "severity", _("the severity retained")
    SCOPE = "scope", _("the classing out of scope")
    DEADLINE = "deadline", _("a deadline")


class OutOfScopeGround(TextChoices):
    """Each ground of C-OUT-1 and C-OUT-2, a named motive (C-OUT-3)."""

    CONFIGURATION = "configuration", _("Installation, configuration or parameterising (C-OUT-1)")
    TRAINING = "training", _("Training of the client's staff (C-OUT-1)")
    DEVELOPMENT = "development", _("Development specific to the client (C-OUT-1)")
    NO_COOPERATION = "no_cooperation", _("The client does not cooperate (C-OUT-2)")
    MISUSE = "misuse", _("Use not conforming to purpose or documentation (C-OUT-2)")
    WILFUL_DAMAGE = "wilful_damage", _("Wilful damage, malice or sabotage (C-OUT-2)")
    FORCE_MAJEURE = "force_majeure", _("Force majeure (C-OUT-2)")
    LOST_DATA = "lost_data", _("Rebuilding data or files lost by the client or a third party (C-OUT-2)")
    ON_SITE = "on_site", _("Travel and work on the client's site (C-OUT-2)")


# C-OUT-2: the circumstances in which the contract owes no service, and a report may exclude a breach (K-11).
EXCLUDED_GROUNDS = (
    OutOfScopeGround.NO_COOPERATION,
    OutOfScopeGround.MISUSE,
    OutOfScopeGround.WILFUL_DAMAGE,
    OutOfScopeGround.FORCE_MAJEURE,
    OutOfScopeGround.LOST_DATA,
    OutOfScopeGround.ON_SITE,
)


class WorkStage(TextChoices):
    """How far work that the contract does not cover has come (C-OUT-4)."""

    REQUESTED = "requested", _("Feasibility to be studied")
    NOT_FEASIBLE = "not_feasible", _("Not feasible")
    FEASIBLE = "feasible", _("Quote to be issued")
    QUOTED = "quoted", _("Quote awaiting the client")
    ACCEPTED = "accepted", _("Quote accepted, work to be done")
    REFUSED = "refused", pgettext_lazy("stage of paid work", "Quote refused")
    EXPIRED = "expired", pgettext_lazy("stage of paid work", "Quote expired")
    CANCELLED = "cancelled", _("Request cancelled by the client")
    DONE = "done", _("Work done")
    LAPSED = "lapsed", _("Lapsed: back in scope, or closed")


class QuoteStanding(TextChoices):
    """What became of a quote (C-OUT-4)."""

    AWAITING = "awaiting", pgettext_lazy("a quote", "Awaits an answer")
    ACCEPTED = "accepted", pgettext_lazy("a quote", "Accepted")
    DONE = "done", pgettext_lazy("a quote", "Accepted, work done")
    REFUSED = "refused", pgettext_lazy("a quote", "Refused")
    EXPIRED = "expired", pgettext_lazy("a quote", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("a quote", "Withdrawn by the vendor")
    REPLACED = "replaced", pgettext_lazy("a quote", "Replaced by another")
    LAPSED = "lapsed", pgettext_lazy("a quote", "Lapsed: ticket back in scope, or closed")


# The client's request is not answered yet.
WORK_UNANSWERED = frozenset({WorkStage.REQUESTED, WorkStage.FEASIBLE, WorkStage.QUOTED})
WORK_UNDER_WAY = WORK_UNANSWERED | {WorkStage.ACCEPTED}


class Promise(TextChoices):
    """The two delays that the contract promises."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
    RESOLVE = "resolve", _("Resolution")


class Attribution(TextChoices):
    """To whom a missed deadline is attributed."""

    VENDOR = "vendor", pgettext_lazy("attributed to", "Vendor")
    CLIENT = "client", pgettext_lazy("attributed to", "Client")
    THIRD_PARTY = "third_party", pgettext_lazy("attributed to", "Third party")
    EXCLUDED = "excluded", pgettext_lazy("attributed to", "Circumstance that the contract excludes")


class ClosingGround(TextChoices):
    """Why a ticket is closed."""

    PRODUCTION = "production", _("Declared in production by the client (C-CLI-1)")
    TACIT = "tacit", _("No answer beyond the delay after the delivery (C-CLI-2)")
    TACIT_PRODUCTION = "tacit_production", _("No production declaration after the acceptance (K-18)")
    WITHDRAWN = "withdrawn", _("Withdrawn by the client (K-19)")
    DUPLICATE = "duplicate", _("Duplicate of another ticket (K-19)")
    OUT_OF_SCOPE = "out_of_scope", _("Out of the support's scope (C-OUT-3)")
    NO_COOPERATION = "no_cooperation", _("Lack of cooperation after a warning (C-OUT-2, K-17)")
    NOT_REPRODUCIBLE = "not_reproducible", _("Anomaly that cannot be reproduced")
    AGREED = "agreed", _("By agreement of the parties")


VENDOR_CLOSING_GROUNDS = (
    ClosingGround.NO_COOPERATION,
    ClosingGround.OUT_OF_SCOPE,
    ClosingGround.NOT_REPRODUCIBLE,
    ClosingGround.DUPLICATE,
    ClosingGround.AGREED,
)

# K-19: these tickets are left out of every rate.
GROUNDS_LEFT_OUT_OF_RATES = frozenset({ClosingGround.DUPLICATE, ClosingGround.WITHDRAWN})


class Means(TextChoices):
    """How a ticket was received (C-WHO-3)."""

    PORTAL = "portal", _("Portal")
    TELEPHONE = "telephone", _("Telephone")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("In person")
    IMPORT = "import", _("Import of a former register")


class EffectKind(TextChoices):
    """What the timetable does when a row is due."""

    ESCALATION = "escalation", _("Escalation")
    REMINDER = "reminder", _("Reminder")
    CLOSING = "closing", _("Closing")
    TRAINING_EXPIRY = "training_expiry", _("Training about to expire")
    QUOTE_REMINDER = "quote_reminder", _("Quote about to expire")
    QUOTE_EXPIRY = "quote_expiry", pgettext_lazy("effect", "Quote expired")


class ScanState(TextChoices):
    """What is known of a stored file's harmlessness; only the first two may be downloaded."""

    CLEAN = "clean", _("Scanned, nothing found")
    NOT_SCANNED = "not_scanned", _("Not scanned")
    HELD = "held", _("Held until it is scanned")
    INFECTED = "infected", _("Infected, in quarantine")


DOWNLOADABLE = frozenset({ScanState.CLEAN, ScanState.NOT_SCANNED})

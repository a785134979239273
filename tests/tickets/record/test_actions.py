"""Each action in the pages: its form, the act, and every way in which it can be refused without losing a word."""

import inspect
import random
import re
import threading
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sla.models import Calendar, Contract
from sla.policy import Severity
from tests.playing import a_price_list, another_calendar_version, known_anomaly, said_by_claire
from tests.tickets.record.lives import Lives
from tests.world import World
from tickets.actions import PERFORM, vendor
from tickets.actions.filing import Filing, file_ticket
from tickets.acts import Action
from tickets.ledger import facts_of
from tickets.life import replay
from tickets.models import Message, Ticket
from tickets.record.consequences import DONE
from tickets.record.forms import FORMS
from tickets.record.offers import ICONS
from tickets.words import EntryKind, State

# For each action: a life in which it is legal, who does it, what is typed.
ACTS: dict[Action, tuple[str, str, dict[str, object]]] = {
    Action.ACKNOWLEDGE: ("new", "agnes", {"message": "Je regarde."}),
    Action.ASSIGN: ("in_progress", "maud", {}),
    Action.INFORM: ("in_progress", "agnes", {"message": "Nous avançons."}),
    Action.ASK: ("in_progress", "agnes", {"message": "Quelle version ?"}),
    Action.REQUALIFY: ("in_progress", "agnes", {"severity": "mineure", "motive": "Un écran suffit."}),
    Action.DELIVER: (
        "in_progress", "agnes", {"what": "fix", "version": "4.3", "content": "Fait.", "how_to_test": "Relancer."},
    ),
    Action.ASK_VERDICT: ("answered_under_test", "agnes", {"message": "Et maintenant ?"}),
    Action.CLASS_OUT_OF_SCOPE: ("in_progress", "agnes", {"ground": "misuse", "explanation": "Hors notice."}),
    Action.PUT_IN_SCOPE: ("out_of_scope", "agnes", {"message": "Vous aviez raison."}),
    Action.WARN: ("waiting_client", "agnes", {"message": "Sans réponse, nous fermerons."}),
    Action.CLOSE: ("in_progress", "agnes", {"ground": "not_reproducible", "message": "Introuvable."}),
    Action.CORRECT: ("in_progress", "agnes", {"title": "L'export s'arrête"}),
    Action.NOTE: ("in_progress", "agnes", {"message": "Voir le journal."}),
    Action.RELATE: ("in_progress", "agnes", {}),
    Action.SPLIT: ("answered_under_test", "agnes", {"title": "Autre chose", "severity": "mineure"}),
    Action.LINK_ANOMALY: ("in_progress", "agnes", {}),
    Action.SETTLE: ("severity_contested", "maud", {"subject": "severity", "upheld": "yes", "motive": "Juste."}),
    Action.RECOMPUTE: ("in_progress", "maud", {"motive": "Fermeture du 24 décembre."}),
    Action.AGREE_TIME: ("time_requested", "maud", {"days": "12", "message": "Entendu."}),
    Action.REFUSE_TIME: ("time_requested", "maud", {"message": "Trop long."}),
    Action.ANSWER: ("waiting_client", "claire", {"message": "La 4.2."}),
    Action.ACCEPT: ("under_test", "claire", {"message": "Testé."}),
    Action.JUDGE_DEFINITIVE: ("workaround", "claire", {"message": "Cela nous va."}),
    Action.JUDGE_PROVISIONAL: ("workaround", "claire", {"message": "Double saisie."}),
    Action.REFUSE: ("under_test", "claire", {"motive": "Toujours vide."}),
    Action.DECLARE_PRODUCTION: ("accepted", "claire", {"message": ""}),
    Action.REQUEST_TIME: ("under_test", "marc", {"days": "10", "reason": "Clôture."}),
    Action.CONTEST_SEVERITY: ("requalified", "claire", {"reason": "La paie attend."}),
    Action.CONTEST_SCOPE: ("out_of_scope", "claire", {"reason": "La notice le dit."}),
    Action.CONTEST_DEADLINE: ("in_progress", "claire", {"reason": "Reçu plus tôt."}),
    Action.REQUEST_WORK: ("out_of_scope", "marc", {"message": "Un devis, s'il vous plaît."}),
    Action.STUDY: ("work_requested", "agnes", {"feasible": "yes", "message": "Deux jours."}),
    Action.ISSUE_QUOTE: ("studied", "maud", {"lines-JOUR": "2,5", "execution": "Livré en un mois."}),
    Action.ACCEPT_QUOTE: ("quoted", "marc", {"agreed": "on", "order_reference": "BC-12"}),
    Action.REFUSE_QUOTE: ("quoted", "marc", {"message": "Trop cher."}),
    Action.WITHDRAW_QUOTE: ("quoted", "maud", {"message": "Une ligne manque."}),
    Action.CANCEL_WORK: ("studied", "claire", {"message": "Nous y renonçons."}),
    Action.FINISH_WORK: ("quote_accepted", "agnes", {"message": "L'écran est livré."}),
    Action.WITHDRAW: ("in_progress", "claire", {"message": "Résolu chez nous."}),
    Action.FOLLOW_UP: ("closed", "claire", {"message": "Cela revient."}),
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english(world: World) -> None:
    User.objects.update(language="en")


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def address(ticket: Ticket, action: str) -> str:
    return f"{ticket.get_absolute_url()}{action}/"


def text_of(answer) -> str:
    """Return what a reader reads: no tags, one space between words."""
    visible = re.sub(
        r"<svg.*?</svg>|<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return " ".join(unescape(visible).split())


def seen_in(answer) -> str:
    return re.search(r'name="seen" value="([\d-]+)"', answer.content.decode())[1]


def typed_for(action: Action, world: World, ticket: Ticket) -> dict[str, object]:
    typed = dict(ACTS[action][2])
    if action in {Action.ACKNOWLEDGE, Action.ASSIGN}:
        typed["owner"] = world.bruno.pk
    if action == Action.ISSUE_QUOTE:
        typed["valid_until"] = f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}"
    if action in {Action.ACCEPT_QUOTE, Action.REFUSE_QUOTE, Action.WITHDRAW_QUOTE}:
        typed["quote"] = ticket.quotes.get().pk
    if action == Action.REQUEST_WORK:
        a_price_list(world)
    if action == Action.CORRECT:
        typed["solution"] = ticket.solution_id
    if action == Action.RECOMPUTE:
        version = another_calendar_version(world, random.Random(0))
        typed |= {"calendar_version": version.pk, "policy_version": ticket.policy_version_id}
    if action == Action.RELATE:
        typed["other"] = world.file().pk
    if action == Action.SPLIT:
        typed["source"] = said_by_claire(world, ticket, replay(facts_of(ticket))).pk
    if action == Action.LINK_ANOMALY:
        typed["anomaly"] = known_anomaly(world).pk
    return typed


def test_every_action_of_a_person_has_a_form_that_fills_its_function() -> None:
    assert set(FORMS) == set(PERFORM) == set(DONE) == set(ICONS) == set(ACTS)
    for action, form in FORMS.items():
        arguments = set(inspect.signature(PERFORM[action]).parameters) - {"ticket", "by", "at"}
        # Words of a message may carry files wherever the action takes them.
        assert set(form.base_fields) == arguments, action


@pytest.mark.parametrize("action", list(ACTS))
def test_an_action_is_done_in_the_page_and_says_what_it_did(world: World, action: Action) -> None:
    life, name, _typed = ACTS[action]
    ticket, person = getattr(Lives(world), life)(), getattr(world, name)
    browser = signed_in(person)
    page = browser.get(ticket.get_absolute_url())
    if action not in {Action.ANSWER, Action.INFORM, Action.ASK, Action.NOTE}:
        assert address(ticket, action) in page.content.decode()
    form = browser.get(address(ticket, action))
    assert form.status_code == 200
    typed = {**typed_for(action, world, ticket), "seen": seen_in(form)}
    done = browser.post(address(ticket, action), typed)
    assert done.status_code == 302, text_of(done)
    after = browser.get(done.headers["Location"])
    assert after.status_code == 200
    assert str(DONE[action]) in text_of(after)


@pytest.mark.parametrize("action", list(ACTS))
def test_htmx_gets_the_form_alone_and_is_sent_to_the_ticket_after_the_act(
    world: World, action: Action
) -> None:
    life, name, _typed = ACTS[action]
    ticket, person = getattr(Lives(world), life)(), getattr(world, name)
    browser = signed_in(person)
    panel = browser.get(address(ticket, action), headers={"HX-Request": "true"})
    assert panel.status_code == 200
    assert "<html" not in panel.content.decode()
    typed = {**typed_for(action, world, ticket), "seen": seen_in(panel)}
    done = browser.post(address(ticket, action), typed, headers={"HX-Request": "true"})
    assert done.status_code == 200
    assert re.fullmatch(r"/tickets/\d+/", done.headers["HX-Redirect"])


def test_a_pause_is_announced_with_the_time_left(world: World) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.agnes)
    form = browser.get(address(ticket, "ask"))
    assert "Resolution: paused," in text_of(form), "what the question will do is foreseen"
    browser.post(address(ticket, "ask"), {"message": "Laquelle ?", "seen": seen_in(form)})
    assert (
        "Your question is sent to the client. State: Waiting for the client. Resolution: paused,"
        in text_of(browser.get(ticket.get_absolute_url()))
    )


def test_a_person_without_training_is_told_why_and_who_may(world: World) -> None:
    world.client.readers_allowed = True
    world.client.save()
    ticket = Lives(world).waiting_client()
    browser = signed_in(world.lucas)
    reading = text_of(browser.get(ticket.get_absolute_url()))
    assert "You have no valid training for Gestia" in reading
    assert "Claire Fontaine" in reading
    refused = browser.post(
        address(ticket, "answer"), {"message": "La version 4.2, écrite trop vite", "seen": "5"}
    )
    assert refused.status_code == 403
    said = text_of(refused)
    assert "You have no valid training for Gestia" in said
    assert "Claire Fontaine" in said
    assert "formation@vendor.example" in said
    assert "La version 4.2, écrite trop vite" in said
    assert not Message.objects.filter(author=world.lucas).exists()


@pytest.mark.parametrize(
    ("name", "action"), [("agnes", "settle"), ("paul", "ask"), ("marc", "accept"), ("agnes", "accept")]
)
def test_who_sees_but_may_not_act_gets_a_page_that_says_so(world: World, name: str, action: str) -> None:
    ticket = Lives(world).under_test()
    for answer in (signed_in(getattr(world, name)).get(address(ticket, action)),
                   signed_in(getattr(world, name)).post(address(ticket, action), {"seen": "1"})):  # fmt: skip
        assert answer.status_code == 403
        assert "is not for you to do" in text_of(answer)
        assert "Who may do it:" in text_of(answer)


def test_an_illegal_move_says_the_state_and_keeps_the_words(world: World) -> None:
    ticket = Lives(world).closed()
    browser = signed_in(world.claire)
    assert browser.get(address(ticket, "answer")).status_code == 409
    answer = browser.post(address(ticket, "answer"), {"message": "Encore une chose…", "seen": "99"})
    assert answer.status_code == 409
    assert "is not possible while the ticket is in the state “Closed”" in text_of(answer)
    assert "Encore une chose…" in text_of(answer)


def test_a_move_that_became_illegal_meanwhile_says_what_happened(world: World) -> None:
    lives = Lives(world)
    ticket = lives.under_test()
    claire, agnes = signed_in(world.claire), signed_in(world.agnes)
    opened = claire.get(address(ticket, "refuse"))
    accepting = claire.get(address(ticket, "accept"))
    assert claire.post(address(ticket, "accept"), {"seen": seen_in(accepting)}).status_code == 302
    late = claire.post(address(ticket, "refuse"), {"motive": "Le total est faux.", "seen": seen_in(opened)})
    assert late.status_code == 409
    assert "is not possible while the ticket is in the state “Accepted, to be put in production”" in text_of(
        late
    )
    assert "Delivery tested and accepted" in text_of(late)
    assert "Le total est faux." in text_of(late)
    assert agnes.get(ticket.get_absolute_url()).status_code == 200
    assert not ticket.entries.filter(kind=EntryKind.REJECTED).exists()


def test_a_stale_form_shows_what_changed_keeps_the_words_and_can_be_confirmed(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes, bruno = signed_in(world.agnes), signed_in(world.bruno)
    opened = agnes.get(address(ticket, "deliver"))
    typed = {
        "what": "workaround", "version": "4.2-b", "content": "Passer par <b>l'écran</b> 12.",
        "how_to_test": "Ouvrir l'écran 12.", "touches_data": "on", "seen": seen_in(opened),
    }  # fmt: skip
    asking = bruno.get(address(ticket, "ask"))
    assert (
        bruno.post(address(ticket, "ask"), {"message": "Et vous ?", "seen": seen_in(asking)}).status_code
        == 302
    )
    stale = agnes.post(address(ticket, "deliver"), typed)
    assert stale.status_code == 409
    said, source = text_of(stale), stale.content.decode()
    assert "Somebody acted on this ticket while you were writing. Since then:" in said
    assert "Question to the client" in said
    assert "Et vous ?" in said
    assert "Bruno Lefevre" in said
    assert "Passer par &lt;b&gt;l&#x27;écran&lt;/b&gt; 12." in source
    assert 'value="4.2-b"' in source
    assert re.search(r'value="workaround"[^>]* checked', source)
    assert re.search(r'name="touches_data"[^>]* checked', source)
    assert not ticket.entries.filter(kind=EntryKind.DELIVERED).exists(), "nothing was written"
    again = agnes.post(address(ticket, "deliver"), {**typed, "seen": seen_in(stale)})
    assert again.status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == State.UNDER_TEST


def test_an_internal_note_of_a_colleague_is_read_before_ones_words_leave(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes, typed = signed_in(world.agnes), {"kind": "ask", "message": "Et ?"}
    opened = agnes.get(ticket.get_absolute_url())
    signed_in(world.bruno).post(address(ticket, "note"), {"message": "Voir *12*.", "seen": seen_in(opened)})
    banner = agnes.get(address(ticket, "clocks"), {"seen": seen_in(opened)})
    assert "Something happened on this ticket" in text_of(banner)
    stale = agnes.post(address(ticket, "reply"), {**typed, "seen": seen_in(opened)})
    assert stale.status_code == 409
    assert "Voir <em>12</em>." in stale.content.decode()
    assert "Et ?</textarea>" in stale.content.decode()
    assert agnes.post(address(ticket, "reply"), {**typed, "seen": seen_in(stale)}).status_code == 302


def test_ones_own_note_makes_no_form_of_ones_own_stale(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes = signed_in(world.agnes)
    opened = agnes.get(address(ticket, "ask"))
    agnes.post(address(ticket, "note"), {"message": "Voir 12.", "seen": seen_in(opened)})
    assert agnes.post(address(ticket, "ask"), {"message": "Et ?", "seen": seen_in(opened)}).status_code == 302


@pytest.mark.parametrize("mark", ["{seq}", "{seq}-0"], ids=["as it was given", "forged"])
def test_an_internal_note_makes_no_form_of_a_client_stale(world: World, mark: str) -> None:
    ticket = Lives(world).in_progress()
    claire = signed_in(world.claire)
    opened = seen_in(claire.get(address(ticket, "answer")))
    assert opened.isdigit()
    vendor.note(ticket, by=world.agnes, at=timezone.now(), message="Voir 12.")
    seen = mark.format(seq=opened)
    assert claire.post(address(ticket, "answer"), {"message": "Ceci.", "seen": seen}).status_code == 302
    late = claire.post(address(ticket, "answer"), {"message": "Et cela.", "seen": seen})
    assert "Voir 12." not in text_of(late)


def test_what_a_colleague_wrote_meanwhile_is_shown_with_its_words(world: World) -> None:
    ticket = Lives(world).in_progress()
    agnes = signed_in(world.agnes)
    opened = agnes.get(address(ticket, "inform"))
    vendor.ask(ticket, by=world.bruno, at=timezone.now(), message="Quel *poste* est touché ?")
    late = agnes.post(address(ticket, "inform"), {"message": "Je cherche.", "seen": seen_in(opened)})
    assert late.status_code == 409
    assert "Quel <em>poste</em> est touché ?" in late.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_verdicts_at_the_same_time_are_one_verdict(world: World) -> None:
    ticket = Lives(world).under_test()
    browser = signed_in(world.claire)
    seen = seen_in(browser.get(address(ticket, "accept")))
    cookies = browser.cookies
    start, answers = threading.Barrier(2), []

    def give(action: str, **typed: str) -> None:
        own = Client()
        own.cookies = cookies
        start.wait()
        answers.append(own.post(address(ticket, action), {**typed, "seen": seen}).status_code)
        connection.close()

    threads = [
        threading.Thread(target=give, args=("accept",)),
        threading.Thread(target=give, args=("refuse",), kwargs={"motive": "Non."}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 409]
    assert ticket.entries.filter(kind__in=[EntryKind.ACCEPTED, EntryKind.REJECTED]).count() == 1


@pytest.mark.parametrize(
    ("action", "typed", "said"),
    [
        (Action.REQUALIFY, {"severity": "mineure", "motive": "  "}, "This field is required."),
        (Action.REQUALIFY, {"severity": "catastrophe", "motive": "Si."}, "Select a valid choice"),
        (Action.DELIVER, {"what": "fix", "content": "Fait.", "how_to_test": ""}, "This field is required."),
        (Action.CLOSE, {"ground": "duplicate", "message": "Doublon."}, "A duplicate names its original"),
        (Action.CLOSE, {"ground": "duplicate", "message": "Doublon.", "duplicate_of": "999999"}, "not the number"),
        (Action.CLOSE, {"ground": "no_cooperation", "message": "Rien."}, "Select a valid choice"),
        (Action.CORRECT, {"title": "x" * 201}, "at most 200 characters"),
        (Action.ASK, {"message": "nul \x00"}, "Null characters are not allowed."),
    ],
)  # fmt: skip
def test_a_form_filled_wrongly_comes_back_with_its_words_and_why(
    world: World, action: Action, typed: dict, said: str
) -> None:
    ticket = Lives(world).in_progress()
    before = ticket.last_seq
    answer = signed_in(world.agnes).post(address(ticket, action), {**typed, "seen": str(before)})
    assert answer.status_code == 422
    assert said in text_of(answer)
    for value in typed.values():
        assert value.strip().replace("\x00", "")[:20] in unescape(answer.content.decode())
    ticket.refresh_from_db()
    assert ticket.last_seq == before


def test_a_refusal_of_the_choice_itself_is_a_409_with_the_form(world: World) -> None:
    ticket = Lives(world).in_progress()
    typed = {"title": ticket.title, "solution": ticket.solution_id, "seen": str(ticket.last_seq)}
    answer = signed_in(world.agnes).post(address(ticket, "correct"), typed)
    assert answer.status_code == 409
    assert "Nothing was changed." in text_of(answer)


def test_a_form_without_its_mark_is_not_performed(world: World) -> None:
    ticket = Lives(world).in_progress()
    for seen in ("", "-1", "many"):
        answer = signed_in(world.agnes).post(address(ticket, "ask"), {"message": "Et ?", "seen": seen})
        assert answer.status_code == 422
    assert not ticket.entries.filter(kind=EntryKind.QUESTION).exists()


@pytest.mark.parametrize("mark", ["9" * 5000, "9" * 30, "-1", "²", "\0"])
def test_a_mark_that_is_no_entry_is_no_error_of_ours(world: World, mark: str) -> None:
    ticket = world.file()
    browser = signed_in(world.claire)
    answer = browser.post(address(ticket, Action.ACCEPT), {"seen": mark, "message": "Testé."})
    assert answer.status_code == 409
    assert "Testé." in text_of(answer)


def test_an_unknown_action_is_a_404(world: World) -> None:
    ticket = Lives(world).in_progress()
    for action in ("explode", "close_tacitly", "reply-all"):
        assert signed_in(world.maud).get(address(ticket, action)).status_code == 404


def test_the_original_of_a_duplicate_is_a_ticket_of_the_same_client(world: World) -> None:
    lives = Lives(world)
    filing = Filing(title="Chez un autre", description="…", severity=Severity.MAJEURE)
    strange = file_ticket(world.other_contract, filing, by=world.olivia, at=lives.then())
    own, ticket = lives.new(), lives.in_progress()
    browser = signed_in(world.agnes)
    form = browser.get(address(ticket, "close"))
    assert f'<option value="{own.pk}">' in form.content.decode()
    assert f'<option value="{strange.pk}">' not in form.content.decode()
    typed = {
        "ground": "duplicate",
        "duplicate_of": strange.pk,
        "message": "Déjà reçu.",
        "seen": seen_in(form),
    }
    answer = browser.post(address(ticket, "close"), typed)
    assert answer.status_code == 422
    assert "This is not the number of another ticket of the same client." in text_of(answer)


def test_a_duplicate_is_closed_by_the_number_of_its_original(world: World) -> None:
    lives = Lives(world)
    original, ticket = lives.new(title="Le premier"), lives.in_progress(title="Le second")
    browser = signed_in(world.agnes)
    form = browser.get(address(ticket, "close"))
    typed = {
        "ground": "duplicate",
        "duplicate_of": original.pk,
        "message": "Déjà reçu.",
        "seen": seen_in(form),
    }
    assert browser.post(address(ticket, "close"), typed).status_code == 302
    assert f"Duplicate of #{original.pk} Le premier" in text_of(
        signed_in(world.claire).get(ticket.get_absolute_url())
    )
    assert f"Original of the duplicate #{ticket.pk} Le second" in text_of(
        browser.get(original.get_absolute_url())
    )


def test_a_follow_up_is_one_click_and_a_second_click_files_nothing_more(world: World) -> None:
    ticket = Lives(world).closed()
    browser = signed_in(world.claire)
    page = browser.get(ticket.get_absolute_url())
    clicked = {"seen": seen_in(page)}
    first = browser.post(address(ticket, "follow_up"), clicked)
    assert first.status_code == 302
    following = Ticket.objects.get(follow_up_of=ticket)
    assert first.headers["Location"] == following.get_absolute_url()
    assert f"Follow-up of #{ticket.pk}" in text_of(browser.get(following.get_absolute_url()))
    assert browser.post(address(ticket, "follow_up"), clicked).status_code == 409
    assert Ticket.objects.filter(follow_up_of=ticket).count() == 1


def test_a_follow_up_that_nothing_can_be_promised_for_is_refused_in_words(world: World) -> None:
    ticket = Lives(world).closed()
    calendar = Calendar.objects.create(name="Sans version publiée")
    Contract.objects.filter(pk=world.contract.pk).update(calendar=calendar)
    browser = signed_in(world.claire)
    typed = {"seen": str(ticket.last_seq), "message": "Cela revient."}
    answer = browser.post(address(ticket, "follow_up"), typed)
    assert answer.status_code == 409
    assert "The deadlines of this contract cannot be computed" in text_of(answer)
    assert "Cela revient." in text_of(answer)
    assert not Ticket.objects.filter(follow_up_of=ticket).exists()


@pytest.mark.parametrize(("kind", "written"), [("inform", "vendor_message"), ("ask", "question")])
def test_the_reply_box_writes_the_kind_that_was_chosen(world: World, kind: str, written: str) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.agnes)
    seen = seen_in(browser.get(ticket.get_absolute_url()))
    answer = browser.post(address(ticket, "reply"), {"kind": kind, "message": "Bonjour", "seen": seen})
    assert answer.status_code == 302
    assert ticket.entries.last().kind == written


def test_a_note_is_for_the_vendor_alone_with_its_files(world: World) -> None:
    ticket = Lives(world).in_progress()
    browser = signed_in(world.agnes)
    seen = seen_in(browser.get(ticket.get_absolute_url()))
    joined = SimpleUploadedFile("secret.txt", b"ligne\n" * 3, content_type="text/plain")
    typed = {"kind": "note", "message": "Un piège connu.", "attachments": joined, "seen": seen}
    assert browser.post(address(ticket, "reply"), typed).status_code == 302
    inside, outside = (
        text_of(signed_in(who).get(ticket.get_absolute_url())) for who in (world.bruno, world.claire)
    )
    assert "Internal note: the client does not see it" in inside
    assert "Un piège connu." in inside
    assert "secret.txt" in inside
    assert "Un piège connu." not in outside
    assert "secret.txt" not in outside
    assert "Internal note" not in outside


def test_a_reply_of_no_kind_or_of_another_kind_is_unknown(world: World) -> None:
    ticket = Lives(world).in_progress()
    for kind in ("", "close", "explode"):
        answer = signed_in(world.agnes).post(
            address(ticket, "reply"), {"kind": kind, "message": "x", "seen": "3"}
        )
        assert answer.status_code == 404


def test_a_stale_reply_keeps_its_kind_and_words(world: World) -> None:
    ticket = Lives(world).waiting_client()
    claire, agnes = signed_in(world.claire), signed_in(world.agnes)
    seen = seen_in(claire.get(ticket.get_absolute_url()))
    agnes.post(address(ticket, "warn"), {"message": "Sans nouvelles…", "seen": seen})
    stale = claire.post(
        address(ticket, "reply"), {"kind": "answer", "message": "C'est la 4.2.", "seen": seen}
    )
    assert stale.status_code == 409
    assert "Warning before closing" in text_of(stale)
    again = {"kind": "answer", "message": "C'est la 4.2.", "seen": seen_in(stale)}
    assert 'name="kind" value="answer"' in stale.content.decode()
    assert claire.post(address(ticket, "reply"), again).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == State.IN_PROGRESS


def test_the_form_foresees_the_deadline_that_the_act_then_gives(world: World) -> None:
    lives = Lives(world, hours_ago=1)
    ticket = lives.in_progress(severity="mineure")
    # The new target runs from the act: it is foreseen to the second, so not one may pass in between.
    with time_machine.travel(timezone.now(), tick=False):
        browser = signed_in(world.agnes)
        form = browser.get(address(ticket, "requalify"))
        foreseen = re.search(r"Blocking — Resolution: due (.*?), \d+ h", text_of(form))
        typed = {"severity": "bloquante", "motive": "Tout est arrêté.", "seen": seen_in(form)}
        browser.post(address(ticket, "requalify"), typed)
        assert foreseen
        assert f"Resolution: due {foreseen[1]}" in text_of(browser.get(ticket.get_absolute_url()))


def test_a_longer_delay_is_foreseen_before_it_is_asked_for(world: World) -> None:
    lives = Lives(world, hours_ago=1)
    ticket = lives.under_test()
    browser = signed_in(world.claire)
    form = browser.get(address(ticket, "request_time"))
    near = re.search(r"the ticket closes on (.*?), at the end of the 6 business days", text_of(form))
    assert near
    previewed = browser.post(
        address(ticket, "request_time"), {"preview": "1", "days": "9", "reason": "", "seen": seen_in(form)}
    )
    assert previewed.status_code == 200
    far = re.search(r"the ticket closes on (.*?), at the end of the 9 business days", text_of(previewed))
    assert far
    assert far[1] != near[1]
    assert "This field is required." not in text_of(previewed)
    assert not ticket.entries.filter(kind=EntryKind.TIME_REQUESTED).exists()


def test_nobody_acts_without_signing_in(world: World) -> None:
    ticket = Lives(world).in_progress()
    for suffix in ("", "ask/", "clocks/", "reply/"):
        answer = Client().get(f"{ticket.get_absolute_url()}{suffix}")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/")
    assert Client().post(address(ticket, "ask"), {"message": "?", "seen": "1"}).status_code == 302
    assert not ticket.entries.filter(kind=EntryKind.QUESTION).exists()

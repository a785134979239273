"""Removals that change nothing, because a second wall says the same: each with its reason, and that wall's test."""

ROLE_REFUSES = (
    "test_func, asked next, lets no stranger in either:"
    " tests/tickets/test_permissions.py::test_a_page_for_some_roles_alone_refuses_a_stranger_by_itself"
)
VENDOR_SEES_ALL = (
    "the page is refused to anybody but the vendor's people (tests/access/test_table.py), who see every ticket:"
    " tests/tickets/test_whose.py::test_the_vendors_people_see_every_ticket"
)
EXPORTED = (
    "the number comes from a list of the client's own tickets, read just before:"
    " tests/access/test_tasks_and_feeds.py::test_a_clients_export_holds_no_word_of_another_nor_of_an_internal_note"
)
ACTION_REFUSES = (
    "the action refuses what the form would then offer:"
    " tests/tickets/test_rules.py (K-19), tests/tickets/test_whose.py"
)
LINKED = (
    "every number in it is a row's of the same client, which the database holds by composite keys:"
    " tests/wall/test_catalogue.py::test_every_link_between_rows_of_clients_is_of_one_client_in_the_database"
)
EQUIVALENT: dict[str, str] = {
    **{
        f"{path}: (LoginRequiredMixin)": ROLE_REFUSES
        for path in (
            "tickets/breachfile/views.py BreachFileView",
            "tickets/desk/queue_views.py DeskView",
            "tickets/lists/views.py TicketListView",
            "tickets/privacy/views.py AdministratorView",
            "tickets/recomputing/views.py ManagerView",
            "tickets/trainings/views.py ReaderView",
        )
    },
    "sla/admin.py VersionAdmin.publish: if not self.has_view_permission(request, draft)": (
        "the back office lets the platform administrator alone in, who sees every version:"
        " tests/access/test_back_office.py"
    ),
    "sla/deputies.py DeputyForm.clean: check_period(first_day, last_day, self.day)": (
        "the action refuses the same days, on the same fields:"
        " tests/tickets/test_refusals_of_pages.py::test_days_that_cannot_be_are_refused_on_the_field_that_says_them"
    ),
    "tickets/actions/client.py _accept: if work.life.delivery is None": (
        "the table of the workflow refuses first:"
        " tests/tickets/test_refusals.py::test_what_is_not_possible_now_is_refused"
    ),
    "tickets/anomalies/views.py AnomalyDeliveryView.post: self.keeper_only()": (
        "the page has no form, and the action asks for the same right:"
        " tests/tickets/test_permissions.py::test_who_keeps_no_defects_is_refused_before_what_is_typed_is_read"
    ),
    "tickets/list_exports/views.py ScheduleView.post: if not may_export(ExportSource(wanted['source']), person)": (
        "the form finds nobody who may receive it:"
        " tests/tickets/test_refusals_of_pages.py::test_a_list_that_is_not_ones_own_leaves_by_no_mail"
    ),
    "tickets/trainings/attendance_views.py AttendanceView.post: if not form.is_valid()": (
        "a sheet without a line is refused as unreadable, in the same place:"
        " tests/tickets/test_permissions.py::test_a_sheet_that_is_none_is_asked_for_again"
    ),
    **dict.fromkeys(
        (
            "tickets/anomalies/views.py AnomalyView.get: Ticket.objects.visible_to(request.user, at=timezone.now())",
            "tickets/anomalies/views.py show_delivery: Ticket.objects.visible_to(request.user, at=timezone.now())",
            "tickets/breachfile/views.py BreachView.found: Ticket.objects.visible_to(self.request.user, at=self.at)",
            "tickets/desk/alike_views.py AlikeView.get: Ticket.objects.visible_to(request.user, at=at)",
            "tickets/desk/queue_page.py QueuePage.of: Ticket.objects.visible_to(person, at=at)",
            "tickets/desk/queue_views.py TakeView.post: Ticket.objects.visible_to(request.user, at=at)",
            (
                "tickets/desk/together_views.py TogetherView.chosen:"
                " Ticket.objects.visible_to(self.request.user, at=timezone.now())"
            ),
            "tickets/desk/workload.py workload: Ticket.objects.visible_to(person, at=at)",
            "tickets/desk/glance.py Glance.read: Ticket.objects.visible_to(person, at=at)",
            "tickets/desk/workload.py what_is_near: Ticket.objects.visible_to(person, at=at)",
            "tickets/similar.py similar_for_triage: Ticket.objects.visible_to(user, at=at)",
            "tickets/recomputing/application.py apply_all: Ticket.objects.visible_to(by, at=at)",
            "tickets/recomputing/preview.py candidates: Ticket.objects.visible_to(user, at=at)",
            "tickets/list_exports/sources.py _queue: Ticket.objects.visible_to(person, at=at)",
        ),
        VENDOR_SEES_ALL,
    ),
    **dict.fromkeys(
        (
            "tickets/exports/preparation.py _Writing.write: Ticket.objects.visible_to(export.requested_by, at=self.at)",
            (
                "tickets/exports/preparation.py _Writing.ticket:"
                " Ticket.objects.visible_to(self.export.requested_by, at=self.at)"
            ),
            "tickets/exports/preparation.py _Writing.ticket: seen.get(pk=number, client=self.export.client)",
        ),
        EXPORTED,
    ),
    **dict.fromkeys(
        (
            (
                "tickets/record/forms/linking.py RelateForm.prepare:"
                " Ticket.objects.filter(client=self.standing.ticket.client_id)"
            ),
            (
                "tickets/record/forms/linking.py SplitForm.prepare:"
                " Message.objects.filter(ticket=ticket, is_internal=False, author__client=ticket.client_id)"
            ),
            "tickets/record/forms/vendor.py CloseForm.prepare: Ticket.objects.filter(client=ticket.client_id)",
            (
                "tickets/record/forms/vendor.py CorrectForm.prepare:"
                " Contract.objects.in_force(support_day(ticket.received_at)).filter(client=ticket.client_id)"
            ),
        ),
        ACTION_REFUSES,
    ),
    **dict.fromkeys(
        (
            "tickets/notifications/audience.py with_deputies: running.filter(client=ticket.client_id, person__in=away)",
            (
                "tickets/notifications/audience.py client_side:"
                " User.objects.filter(Q(pk=ticket.reporter_id) | Q(pk__in=ticket.entries.filter(by__client=t"
            ),
            (
                "tickets/notifications/news.py followed_up:"
                " Ticket.objects.filter(client=case.ticket.client_id, pk=case.entry.data['ticket'])"
            ),
            (
                "tickets/effects/held_files.py _write:"
                " type(stored).objects.filter(client=stored.client_id, file=stored.file.name)"
            ),
        ),
        LINKED,
    ),
    "tickets/actions/attendance.py _Reading.read: Training.objects.filter(person__in=self.people.values())": (
        "what is known is looked up by person, solution and day: it only reads less. tests/tickets/trainings"
    ),
    "tickets/effects/trainings.py _calendars: Contract.objects.in_force(support_day(at)).filter(client__in=clients)": (
        "calendars are looked up by client and solution: it only reads less. tests/tickets/effects"
    ),
    "tickets/notifications/calls.py mention: Message.objects.filter(pk=case.mail.context['note'], is_internal=True)": (
        "only internal notes are told so, and only to the vendor's people: tests/tickets/watching"
    ),
    "tickets/notifications/letter.py Case.words: self.ticket.messages.filter(entry=self.entry, is_internal=False)": (
        "an internal note carries no fact: tests/tickets/test_rules.py::test_an_internal_note_stays_with_the_vendor"
    ),
    "tickets/monthly/replaying.py tell:"
    " Ticket.objects.filter(Q(contract=contract) | Q(pk__in=then), client=contract.client_id, re": (
        "a contract is of one client, and so are the corrections read for it, by the filter of `_solutions_then`"
    ),
    "tickets/monthly/replaying.py _solutions_then:"
    " LedgerEntry.objects.filter(client=contract.client_id, kind=EntryKind.CORRECTED, recorded_a": (
        "the tickets read with it are the client's own, by the filter of `tell`: it only reads less"
    ),
}

"""Removals that change nothing, because a second wall says the same: each with its reason, and that wall's test."""

ROLE_REFUSES = (
    "test_func, asked next, lets no stranger in either:"
    " tests/tickets/test_permissions.py::test_a_page_for_some_roles_alone_refuses_a_stranger_by_itself"
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
}

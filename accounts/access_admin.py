"""The back-office screen of the log of accesses: who, what, when, from where, of which client."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.access_log import AccessRecord
from accounts.history_admin import ReadOnlyAdmin


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    """Sign-ins, refusals and downloads, never changed."""

    list_display = ["at", "kind", "person", "client", "address", "path", "way"]
    list_filter = ["kind", "at", "client", "through"]
    list_select_related = ["person", "client"]
    search_fields = ["person__email", "person__last_name", "person__first_name", "=address", "path"]
    date_hierarchy = "at"
    ordering = ["-id"]
    show_full_result_count = False
    readonly_fields = [
        "at", "kind", "person", "client", "path", "status", "through", "through_name", "address", "agent",
    ]  # fmt: skip
    fields = tuple(readonly_fields)

    @admin.display(description=_("through"), ordering="through")
    def way(self, record: AccessRecord) -> str:
        """Say the way and its name."""
        return f"{record.get_through_display()} · {record.through_name}".strip(" ·")

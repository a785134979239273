"""A back-office screen whose changes are all kept: who, when, what, before and after."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin


class HistoryAdmin(SimpleHistoryAdmin):
    """Show the history; going back is a change like another, made by hand and kept in its turn."""

    object_history_list_template = "admin/history_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Leave out the pages that would write a past state over the present one."""
        return [each for each in super().get_urls() if not (each.name or "").endswith("_simple_history")]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Choose among what exists: each thing has its own screen, and none is deleted from another's."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def revert_disabled(self, request: HttpRequest, obj: object = None) -> bool:
        """Never offer to go back."""
        return True


class KeptAdmin(HistoryAdmin):
    """A screen whose rows are never deleted: tickets and their ledgers hold on to them."""

    kept_because = _("Never deleted, because tickets refer to it: deactivate it instead.")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse, one at a time and in bulk: what was done stays."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Say above what exists why no button deletes it."""
        (name, options), *others = super().get_fieldsets(request, obj)
        return [(name, {**options, "description": self.kept_because} if obj else options), *others]


class ReadOnlyAdmin(admin.ModelAdmin):
    """A screen that shows and never writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: these rows are written by acts."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: these rows are facts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: these rows are facts."""
        return False

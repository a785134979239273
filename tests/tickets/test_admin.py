"""The back office about the work, in words of the reader's language and without a way to write."""

import pytest
from django.contrib.admin.templatetags.admin_list import result_headers

from tests.world import paris
from tickets.models import Effect, LedgerEntry, Mail
from tickets.notifications.sending import send_waiting

OFFICE = "/back-office/tickets/"


@pytest.mark.parametrize("model", [LedgerEntry, Effect, Mail])
def test_no_field_is_called_by_its_english_name(client, world, model):
    world.file()
    send_waiting(paris("2026-04-28 10:30"))
    client.force_login(world.paul)
    address = f"{OFFICE}{model._meta.model_name}/"
    shown = client.get(address)
    one = client.get(f"{address}{model.objects.first().pk}/change/")
    assert shown.status_code == one.status_code == 200
    untranslated = [field for field in model._meta.fields if isinstance(field.verbose_name, str)]
    named = {field.verbose_name for field in untranslated if "_" in field.name}
    columns = {str(each["text"]) for each in result_headers(shown.context["cl"])}
    titles = {str(each.title) for each in shown.context["cl"].filter_specs}
    labels = {
        str(field.field["label"]) for sets in one.context["adminform"] for line in sets for field in line
    }
    assert columns and titles and labels
    assert not (columns | titles | labels) & named

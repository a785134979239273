"""Icons and form controls, as every page draws them."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from accounts.templatetags.icons import drawing, icon
from accounts.templatetags.sections import standing_under


def test_an_icon_is_drawn_in_the_page_and_hidden_from_screen_readers():
    drawn = icon("bell", "icon-small")
    assert drawn.startswith('<svg class="icon icon-small"')
    assert 'aria-hidden="true"' in drawn
    assert "<path" in drawn


@pytest.mark.parametrize("name", ["no-such-icon", "../outline/bell", "Bell", ""])
def test_a_name_that_is_no_icon_is_refused(name):
    with pytest.raises(LookupError):
        drawing(name, "outline")


class Sample(forms.Form):
    title = forms.CharField(label="Title", help_text="In a few words.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)


def test_a_field_in_error_is_tied_to_its_help_and_its_error():
    drawn = Sample({"title": ""})["title"].as_field_group()
    assert 'aria-describedby="id_title_helptext id_title_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_title_helptext"' in drawn
    assert 'id="id_title_error"' in drawn
    assert "form-control is-invalid" in drawn


def test_what_is_required_is_marked_and_what_is_not_is_not():
    form = Sample()
    assert 'class="required"' in form["title"].as_field_group()
    assert 'class="required"' not in form["note"].as_field_group()


def test_choices_share_a_legend_and_a_box_precedes_its_label():
    form = Sample()
    assert "<legend>" in form["kind"].as_field_group()
    box = form["agreed"].as_field_group()
    assert box.index("<input") < box.index("<label")


def test_a_whole_form_says_what_is_wrong_with_it():
    page = Template('{% include "components/form.html" %}').render(Context({"form": Sample({})}))
    assert 'role="alert"' in page


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/calendars/", "page"), ("/calendars/1/changes/", "true"), ("/policies/2/", "true"),
        ("/recompute/", "true"), ("/queue/", ""), ("/", ""),
    ],
)  # fmt: skip
def test_the_navigation_tells_which_entry_a_page_stands_under(path, current):
    assert standing_under(path, "/calendars/", "/policies/", "/recompute/", "") == current


def test_a_form_counts_the_fields_to_mend():
    template = Template('{% include "components/form_errors.html" %}')
    one = Sample({"title": "Late", "kind": "a"})
    with translation.override("en"):
        assert "3 fields have to be mended below" in template.render(Context({"form": Sample({})}))
        assert "One field has to be mended below" in template.render(Context({"form": one}))

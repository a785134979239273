"""Template tags of what is drawn once and kept by what it says: the steps of a ticket, and what every page repeats."""

from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import get_language

from tickets.phrases import this_year

register = template.Library()

LONGEST_KEPT = 4_000  # characters: a thousand drawings stay within a dozen megabytes
MOST_BLANK = 256  # fields drawn empty; the form itself, and its ticket, are not kept with the drawing
Values = tuple[tuple[str, Any], ...]

_blank: dict[tuple[Any, ...], SafeString] = {}


@register.simple_tag
def draw(name: str, /, **shown: Any) -> SafeString:
    """Draw a template that shows these values and nothing else, in the reader's language, time zone and year."""
    values = tuple(shown.items())
    if sum(len(value) for value in shown.values() if isinstance(value, str)) > LONGEST_KEPT:
        return _draw(name, values)
    # A text and the same text marked safe are equal: what is escaped of one is not of the other.
    safe = tuple(name for name, value in values if isinstance(value, SafeData))
    return _drawn(name, values, safe, get_language(), timezone.get_current_timezone_name(), this_year())


@lru_cache(maxsize=1024)
def _drawn(name: str, values: Values, *_read_as: object) -> SafeString:
    return _draw(name, values)


def _draw(name: str, values: Values) -> SafeString:
    return render_to_string(name, dict(values))


@register.simple_tag
def draw_field(field: BoundField) -> SafeString:
    """Draw a field of a form; one of a form not sent yet, with nothing in it, is kept by what it says of itself."""
    if field.form.is_bound or field.initial:
        return field.as_field_group()
    options, widget = field.field, field.field.widget
    said = (
        type(options),
        type(widget),
        tuple(sorted(widget.attrs.items())),
        field.auto_id,
        field.html_name,
        str(field.label),
        str(field.help_text),
        options.required,
        get_language(),
    )
    drawn = _blank.get(said)
    if drawn is None:
        if len(_blank) >= MOST_BLANK:
            _blank.clear()
        drawn = _blank[said] = field.as_field_group()
    return drawn


@register.simple_tag
def draw_fact(said: Any) -> SafeString:
    """Draw a line of the timeline (`Said`)."""
    return draw(
        "record/entry.html",
        icon=said.icon,
        title=str(said.title),
        details=details_of(said),
        author=said.author,
        occurred_at=said.entry.occurred_at,
        recorded_at=said.entry.recorded_at if said.was_recorded_later else None,
        quote=said.quote,
    )


@register.simple_tag(takes_context=True)
def draw_step(context: template.Context, item: Any) -> SafeString:
    """Draw a step of the conversation (`Item`): words, with the fact and the files that go with them, or a fact."""
    seq = item.said.entry.seq if item.said else None
    if item.message is None:
        return draw(
            "record/event.html",
            seq=seq,
            icon=item.said.icon,
            title=str(item.said.title),
            details=details_of(item.said),
            author=item.author,
            at=item.at,
            minute=item.minute,
            quote=item.said.quote,
        )
    parties = {"vendor": context["vendor"]["name"], "client": context["ticket"].client.name}
    return draw(
        "record/words.html",
        seq=seq,
        side=item.side,
        party=parties.get(item.side, ""),
        author=item.author,
        at=item.at,
        minute=item.minute,
        said_on=item.said_on,
        is_internal=item.is_internal,
        fact=render_to_string("record/fact.html", {"said": item.fact}) if item.fact else "",
        body=item.message.body,
        how_to_test=item.said.how_to_test if item.said else "",
        files=render_to_string("record/files.html", {"files": item.files}) if item.files else "",
    )


def details_of(said: Any) -> tuple[tuple[str, str], ...]:
    """Return the particulars of a fact as plain words."""
    return tuple((str(name), str(text)) for name, text in said.details)

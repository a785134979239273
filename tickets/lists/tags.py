"""The badges that every line of a list repeats, drawn once a language: the templates stay those of the components."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tickets.words import State


@lru_cache(maxsize=64)
def severity_tag(severity: str, _language: str | None) -> SafeString:
    """Draw a severity in the active language."""
    return render_to_string("components/severity.html", {"severity": severity})


@lru_cache(maxsize=64)
def state_tag(state: str, _language: str | None) -> SafeString:
    """Draw a state in the active language."""
    shown = {"state": state, "get_state_display": State(state).label}
    return render_to_string("components/state.html", {"ticket": shown})

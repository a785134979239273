"""Removals that change nothing, because a second wall says the same: each with its reason, and that wall's test."""

EQUIVALENT: dict[str, str] = {}

"""Removals that change nothing, because a second wall says the same: each with its reason, and the test of the second."""

EQUIVALENT: dict[str, str] = {}

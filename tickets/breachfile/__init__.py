"""The breach file: every missed deadline of a period, and what was found of it."""

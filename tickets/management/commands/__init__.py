"""Commands of the tickets app, one per module."""

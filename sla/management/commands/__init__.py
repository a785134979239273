"""Commands of the sla app, one per module."""

"""The one shared page of a ticket, and every action on it."""

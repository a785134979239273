"""Pages about calendars and policies: read by those whom they concern, edited by managers."""

"""What time means and what is promised: calendars, policies, contracts, and the clocks' arithmetic."""

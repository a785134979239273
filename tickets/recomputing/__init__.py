"""Recomputing many tickets under other versions, after a preview; trying a draft of a calendar (C-CAL-3)."""

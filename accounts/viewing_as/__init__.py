"""“View as”: a manager reads what a person reads, for a few minutes, and the person can see that it was done."""

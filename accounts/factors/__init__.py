"""Second factors: who needs one, how they are kept, what their pages ask."""

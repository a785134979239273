"""The simulator: which deadlines a ticket would have, and how they come about, without filing anything."""

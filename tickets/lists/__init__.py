"""What the lists of tickets of both sides share."""

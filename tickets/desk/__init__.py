"""The vendor's side: the queue, and registering what came by telephone."""

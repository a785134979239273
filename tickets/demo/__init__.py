"""The demonstration: a vendor, its clients and fourteen months of tickets, lived through the real actions."""

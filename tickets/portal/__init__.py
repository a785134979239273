"""The client's side: filing an anomaly, and the organisation's own list."""

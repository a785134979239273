"""The register of trained people: who was trained for what, until when, with which certificate (C-WHO-1)."""

"""Figures: how the service levels were kept."""

"""Tests of the delay statement."""

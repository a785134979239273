"""Tests of the benchmarks: that what they seed still fits the tables."""

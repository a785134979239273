"""Benchmarks, measured on demand and never as tests: `make bench-sla`, `make bench-ledger`."""

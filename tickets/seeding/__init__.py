"""A database for benchmarks: as many tickets as wanted, each with a ledger that its index agrees with."""

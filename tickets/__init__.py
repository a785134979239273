"""The work: the workflow table, the ledger, the actions, and every page around a ticket."""

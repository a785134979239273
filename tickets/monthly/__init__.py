"""The monthly report of a contract: worked out from the ledgers, reviewed, issued for good, checked again by anyone."""

"""The vendor's pages of product anomalies: a defect of a solution, the tickets that report it, one delivery for all."""

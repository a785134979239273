"""Quotes for work that the contract does not cover (C-OUT-4): the document, its files, the register."""

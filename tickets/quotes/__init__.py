"""Quotes for work that the contract does not cover (C-OUT-4): the pages, the files, the register, the check."""

"""Canned answers: kept on pages of their own, put into a reply with their placeholders filled."""

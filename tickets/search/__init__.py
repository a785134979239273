"""Full-text search: what is indexed, the language of queries, what they find and the words that show it."""

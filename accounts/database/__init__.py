"""The database engine of the instance: Django's own for PostgreSQL, whose transactions say in whose scope they are."""

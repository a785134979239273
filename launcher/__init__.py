"""Sets the project up and runs it, its tests or any command beside a PostgreSQL and a broker of its own.

Everything here uses the standard library alone: it is what creates the virtual environment.
"""

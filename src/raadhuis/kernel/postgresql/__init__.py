"""Django's own backend for PostgreSQL, with one thing less to ask."""

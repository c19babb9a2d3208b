"""The shared database: the only place with SQL."""

"""The HTTP API: `python -m control_api`."""

"""Clients of the speech and model providers, one file each."""

"""Providers that really hear, answer and speak, on the CPU."""

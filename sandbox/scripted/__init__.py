"""Providers whose words, latencies and faults are data."""

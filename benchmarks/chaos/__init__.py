"""Faults on purpose, on real processes and real sockets, and what a caller notices of them."""

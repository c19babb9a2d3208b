"""Telling tenants' servers what happened: signed, retried, in order, never to a private address."""

"""Whom our HTTP clients trust."""

import functools
import ssl

import httpx2


@functools.cache
def trust() -> ssl.SSLContext:
    """The usual certificates, read once a process, or before it is forked: that takes 30 ms, in
    which nothing else runs, and a session has a client for each upstream of its model."""
    return httpx2.create_ssl_context()


@functools.cache
def socket_trust() -> ssl.SSLContext:
    """The same for sockets: what an HTTP client negotiates is kept in the other one."""
    return ssl.create_default_context()

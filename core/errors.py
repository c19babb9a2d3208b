"""The error tree.

    VaartaError
    ├── ConfigError            the settings or the catalog do not hold together
    ├── ProviderError          a speech or model service failed (`provider`, `retryable`)
    │   ├── ProviderTimeout    no answer in time
    │   ├── ProviderBusy       rate limit, overload: worth another upstream or a wait
    │   ├── ProviderRefused    it understood and said no to this: input, voice
    │   │   └── ProviderDenied     it says no to whatever we ask: key, credits, no such model
    │   └── ProviderClosed     the connection ended under us
    ├── LiveKitUnavailable     LiveKit does not answer in time, or refuses our key
    ├── StorageUnavailable     the store of recordings does not answer, or refuses
    └── StoreError             the database said no
        ├── NotFoundError      no such row, or another tenant's
        ├── ConflictError      a named rule of the schema was broken
        ├── CapReached         the tenant has as many as its plan allows
        ├── Crowded            too many of the tenant's own requests wait before this one
        ├── StaleError         another holds the session now: nothing was written
        ├── StoreRefused       it cannot make sense of what was asked: asking again does not help
        └── StoreUnavailable   it cannot do it now, and will by itself
            └── StoreLate          it took longer than it may

Foreign exceptions become one of these where they enter. A message never holds a key, a prompt,
what people said or a provider's own text: it may be logged and shown.
"""

from typing import Final


class VaartaError(Exception):
    """Root of everything that Vaarta raises on purpose."""


class ConfigError(VaartaError):
    """Settings or catalog are unusable; the message names every problem, one a line."""


class ProviderError(VaartaError):
    """A provider failed. `retryable` tells whether the same request may succeed elsewhere."""

    retryable: bool = False

    def __init__(self, provider: str, reason: str, *, retryable: bool | None = None) -> None:
        super().__init__(f"{provider}: {reason}")
        self.provider: Final = provider
        self.reason: Final = reason
        if retryable is not None:
            self.retryable = retryable


class ProviderTimeout(ProviderError):
    """No answer within the time that the settings allow."""

    retryable = True


class ProviderBusy(ProviderError):
    """Rate limited or overloaded; `wait_s` is how long it asks to be left alone."""

    retryable = True

    def __init__(self, provider: str, reason: str, *, wait_s: float | None = None) -> None:
        super().__init__(provider, reason)
        self.wait_s: Final = wait_s


class ProviderRefused(ProviderError):
    """The provider understood the request and refused it."""


class ProviderDenied(ProviderRefused):
    """It would refuse any other request as well, until somebody mends the account."""


class ProviderClosed(ProviderError):
    """The connection could not be opened, or ended before the answer was whole."""

    retryable = True


class LiveKitUnavailable(VaartaError):
    """LiveKit does not answer in time, or refuses our key."""


class StorageUnavailable(VaartaError):
    """The store of recordings does not answer in time, refuses, or lacks what it was given."""


class StoreError(VaartaError):
    """The database could not do what was asked."""


class NotFoundError(StoreError):
    """No such row for this tenant."""


class ConflictError(StoreError):
    """A named constraint refused the change; `rule` is its name."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"refused by {rule}")
        self.rule: Final = rule


class CapReached(StoreError):
    """The plan allows `most` of `what`, words for whoever asked for one more."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"the plan allows {most:,} {what}")
        self.what: Final = what
        self.most: Final = most


class Crowded(StoreError):
    """So many of the tenant's requests wait that this one is not let in."""


class StaleError(StoreError):
    """Another job holds the session by now; whoever wrote for it has to leave."""


class StoreRefused(StoreError):
    """The statement or its arguments are wrong for this database, whenever they come."""


class StoreUnavailable(StoreError):
    """The database is away, late or read-only, or gave way to another transaction: ask again."""


class StoreLate(StoreUnavailable):
    """A statement, or the wait for a connection, took longer than it may."""

"""What can go wrong for a caller.

CallerError
├── ClipError       a file holds no sound that can be played
├── CallTimeout     what was waited for did not happen in time
├── CallEnded       the room was left or closed while something was waited for
├── ApiRefused      the API answered with its error envelope
└── ApiUnreachable  no usable answer from the API
"""

from typing import Final

from core.errors import VaartaError


class CallerError(VaartaError):
    """A call could not be made, or not be carried on."""


class ClipError(CallerError):
    """A clip cannot be played; the message names the file."""


class CallTimeout(CallerError):
    """Something did not happen in time; the message says what."""


class CallEnded(CallerError):
    """The call was over before the awaited thing happened; `reason` is LiveKit's name for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the call ended: {reason}")
        self.reason: Final = reason


class ApiRefused(CallerError):
    """The API said no, in its own words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{message} ({status} {code})")
        self.status: Final = status
        self.code: Final = code


class ApiUnreachable(CallerError):
    """The API did not answer, or with something that it does not answer."""

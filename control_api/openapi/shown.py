"""The base of every body that the API answers with, and the envelope of its errors."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Shown(BaseModel):
    """An object with these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Refusal(BaseModel):
    """What went wrong. `param` names the field at fault where one is."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    message: str
    """For people; it may change."""
    type: Literal[
        "invalid_request_error",
        "authentication_error",
        "insufficient_quota",
        "permission_error",
        "rate_limit_error",
        "api_error",
    ]
    code: str
    """For programs."""
    param: str = ""
    request_id: str
    """Also in the header X-Request-Id; name it when you ask for help."""


class Problem(Shown):
    """One field that was refused."""

    loc: list[str | int]
    """Where: `body` or `query`, then the way to the field."""
    msg: str
    type: str


class Error(Shown):
    """The envelope of every error; a 422 lists every problem that was found."""

    error: Refusal
    detail: list[Problem] = []

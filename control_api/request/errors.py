"""What the API refuses, and the envelope in which it says so."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from core.errors import NotFoundError, VaartaError

RETRY_AFTER_S: Final = 5


class ErrorCode(StrEnum):
    """The `code` of an error; `status` is the HTTP status that goes with it."""

    INVALID_JSON = "invalid_json"
    INVALID_WEBHOOK_URL = "invalid_webhook_url"
    INVALID_REQUEST = "invalid_request"
    INVALID_API_KEY = "invalid_api_key"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a code, not a secret
    API_KEY_EXPIRED = "api_key_expired"
    INSUFFICIENT_CREDITS = "insufficient_credits"
    BUDGET_EXCEEDED = "budget_exceeded"
    PERMISSION_DENIED = "permission_denied"
    DOMAIN_NOT_ALLOWED = "domain_not_allowed"
    MODEL_NOT_AVAILABLE = "model_not_available"
    MODEL_NOT_ALLOWED = "model_not_allowed"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    REQUEST_TIMEOUT = "request_timeout"
    IDEMPOTENCY_CONFLICT = "idempotency_conflict"
    CONFLICT = "conflict"
    REQUEST_TOO_LARGE = "request_too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    VALIDATION_ERROR = "validation_error"
    MODEL_NOT_FOUND = "model_not_found"
    RATE_LIMIT_EXCEEDED = "rate_limit_exceeded"
    TOO_MANY_CONCURRENT_REQUESTS = "too_many_concurrent_requests"
    INTERNAL_ERROR = "internal_error"
    MODEL_UNDER_MAINTENANCE = "model_under_maintenance"
    PROVIDER_ERROR = "provider_error"
    SERVICE_UNAVAILABLE = "service_unavailable"

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status of every error with this code."""
        return _STATUS[self]


_STATUS: Final = {
    ErrorCode.INVALID_JSON: HTTPStatus.BAD_REQUEST,
    ErrorCode.INVALID_WEBHOOK_URL: HTTPStatus.BAD_REQUEST,
    ErrorCode.INVALID_REQUEST: HTTPStatus.BAD_REQUEST,
    ErrorCode.INVALID_API_KEY: HTTPStatus.UNAUTHORIZED,
    ErrorCode.TOKEN_EXPIRED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.API_KEY_EXPIRED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.INSUFFICIENT_CREDITS: HTTPStatus.PAYMENT_REQUIRED,
    ErrorCode.BUDGET_EXCEEDED: HTTPStatus.PAYMENT_REQUIRED,
    ErrorCode.PERMISSION_DENIED: HTTPStatus.FORBIDDEN,
    ErrorCode.DOMAIN_NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    ErrorCode.MODEL_NOT_AVAILABLE: HTTPStatus.FORBIDDEN,
    ErrorCode.MODEL_NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    ErrorCode.REQUEST_TIMEOUT: HTTPStatus.REQUEST_TIMEOUT,
    ErrorCode.IDEMPOTENCY_CONFLICT: HTTPStatus.CONFLICT,
    ErrorCode.CONFLICT: HTTPStatus.CONFLICT,
    ErrorCode.REQUEST_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.VALIDATION_ERROR: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.MODEL_NOT_FOUND: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.RATE_LIMIT_EXCEEDED: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.TOO_MANY_CONCURRENT_REQUESTS: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.INTERNAL_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.MODEL_UNDER_MAINTENANCE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.PROVIDER_ERROR: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.SERVICE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
_TYPE: Final = {
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.PAYMENT_REQUIRED: "insufficient_quota",
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
    HTTPStatus.INTERNAL_SERVER_ERROR: "api_error",
    HTTPStatus.SERVICE_UNAVAILABLE: "api_error",
}
_HEADERS: Final[Mapping[HTTPStatus, Mapping[str, str]]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": str(RETRY_AFTER_S)},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": str(RETRY_AFTER_S)},
}


class ApiError(VaartaError):
    """A refusal. `param` names the field at fault, `detail` lists every bad one of a 422."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
        detail: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.code: Final = code
        self.message: Final = message
        self.param: Final = param
        self.detail: Final = detail
        self.headers: Final = {**_HEADERS.get(code.status, {}), **(headers or {})}

    @property
    def type(self) -> str:
        """What kind of error it is to OpenAI's clients."""
        return _TYPE.get(self.code.status, "invalid_request_error")


def invalid_field(param: str, message: str, kind: str, *, where: str = "body") -> ApiError:
    """A 422 about one field of the body, `a.b` within it, that only a look at the whole finds."""
    return ApiError(
        ErrorCode.VALIDATION_ERROR,
        f"{param}: {message}",
        param=param,
        detail=[{"loc": [where, *map(_step, param.split("."))], "msg": message, "type": kind}],
    )


def _step(name: str) -> str | int:
    """A step on the way to a field: into a list it is a number."""
    return int(name) if name.isdigit() else name


def not_found(what: str, *, param: str | None = None) -> ApiError:
    """A 404; another tenant's id reads the same as an unknown one."""
    return ApiError(ErrorCode.NOT_FOUND, f"No such {what}.", param=param)


def unauthenticated(message: str) -> ApiError:
    """A 401 that says what is wrong with how the request says who asks."""
    return ApiError(ErrorCode.INVALID_API_KEY, message)


def suspended() -> ApiError:
    """A 403 because the operator serves the tenant nothing for now."""
    message = "This tenant is suspended. Ask whoever operates the service."
    return ApiError(ErrorCode.PERMISSION_DENIED, message)


@contextmanager
def known(what: str, *, param: str | None = None) -> Iterator[None]:
    """A 404 about `what` for a row that the block does not find."""
    try:
        yield
    except NotFoundError:
        raise not_found(what, param=param) from None


def unavailable(what: str) -> ApiError:
    """A 503 because something that we need does not answer."""
    return ApiError(ErrorCode.SERVICE_UNAVAILABLE, f"The {what} does not answer. Try again soon.")

"""The look at a webhook's URL when it is given."""

from control_api.request.errors import ApiError, ErrorCode
from core.addresses import AddressGuard, UrlRefused


async def require_webhook_url(guard: AddressGuard, url: str, param: str) -> None:
    """Raises `ApiError` (400) for a URL that the guard of addresses refuses."""
    try:
        await guard.require(url)
    except UrlRefused as exc:
        message = f"{param} {exc}."
        raise ApiError(ErrorCode.INVALID_WEBHOOK_URL, message, param=param) from None

"""A request's body: bounded in size and time, inflated, of the right type, then JSON."""

import asyncio
import zlib
from typing import Any, Final

from aiohttp import web

from control_api.request.errors import ApiError, ErrorCode
from control_api.request.json_text import parse_json

MAX_BODY_BYTES: Final = 1024 * 1024
# A body of the largest size needs 35 kB/s to arrive in time.
_ARRIVAL_TIMEOUT_S: Final = 30.0
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS
_DEFLATE_METHOD: Final = 8


async def read_json(request: web.Request) -> Any:
    """The body's JSON value. Raises `ApiError`: 413, then 415, then 400; 408 when it dawdles."""
    return _parsed(request, await _read_bounded(request))


async def read_json_if_any(request: web.Request) -> Any:
    """As `read_json`; an empty object for a request that has no body."""
    packed = await _read_bounded(request)
    return _parsed(request, packed) if packed else {}


def _parsed(request: web.Request, packed: bytes) -> Any:
    encoding = request.headers.get("Content-Encoding", "").strip().lower() or "identity"
    body = inflate(packed, encoding)
    _require_json(request)
    return parse_json(body)


async def _read_bounded(request: web.Request) -> bytes:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(_ARRIVAL_TIMEOUT_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise _too_large()
    except TimeoutError:
        raise ApiError(ErrorCode.REQUEST_TIMEOUT, "The body did not arrive in time.") from None
    except (web.RequestPayloadError, ConnectionError):
        raise ApiError(ErrorCode.INVALID_REQUEST, "The body is not well-formed HTTP.") from None
    return bytes(body)


def inflate(packed: bytes, encoding: str) -> bytes:
    """`packed` without its content coding; never more than the limit is inflated.

    Raises `ApiError`: 413 when it would be larger, 415 for an unknown coding, 400 when broken.
    """
    if encoding == "identity":
        return packed
    decoder = zlib.decompressobj(_window_bits(packed, encoding))
    try:
        body = decoder.decompress(packed, MAX_BODY_BYTES + 1)
    except zlib.error:
        raise _broken(encoding) from None
    if len(body) > MAX_BODY_BYTES:
        raise _too_large()
    if not decoder.eof or decoder.unused_data:
        raise _broken(encoding)
    return body


def _window_bits(packed: bytes, encoding: str) -> int:
    if encoding == "gzip":
        return _GZIP_WINDOW
    if encoding == "deflate":
        # Some clients send the bare stream, without the header of RFC 1950.
        has_header = packed[:1] and packed[0] & 0x0F == _DEFLATE_METHOD
        return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
    raise ApiError(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding must be gzip, deflate or identity."
    )


def _require_json(request: web.Request) -> None:
    charset = (request.charset or "utf-8").lower()
    if request.content_type != "application/json" or charset not in {"utf-8", "utf8"}:
        raise ApiError(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json in UTF-8."
        )


def _broken(encoding: str) -> ApiError:
    return ApiError(ErrorCode.INVALID_JSON, f"The body is not whole {encoding}.")


def _too_large() -> ApiError:
    return ApiError(ErrorCode.REQUEST_TOO_LARGE, "The body is larger than 1 MiB.")

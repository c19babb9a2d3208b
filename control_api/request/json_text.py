"""JSON as the API reads and writes it: strict on the way in, UTF-8 on the way out."""

import json
import math
from typing import Any, Final, NoReturn

from aiohttp import web
from pydantic import BaseModel

from control_api.request.errors import ApiError, ErrorCode

# Deep enough for any document that people write, far from the interpreter's own limit.
_MAX_DEPTH: Final = 256


def parse_json(body: bytes, *, max_depth: int = _MAX_DEPTH) -> Any:
    """The value that `body` holds.

    Raises `ApiError` (400) for anything but one UTF-8 document of RFC 8259 with unique keys,
    at most 256 levels deep and with numbers that a double or an integer can hold.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise _invalid("The body is not UTF-8.") from None
    except json.JSONDecodeError as exc:
        raise _invalid(f"The body is not JSON: {exc.msg} at character {exc.pos}.") from None
    except ValueError as exc:  # an integer with more digits than Python reads
        raise _invalid("The body is not JSON: a number is too long.") from exc
    if _is_deeper_than(value, max_depth):
        raise _too_deep()
    return value


def json_response(
    value: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """An answer with compact JSON."""
    return web.Response(
        body=compact(value),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def compact(value: Any) -> bytes:
    """Compact JSON of JSON types and of models, those without what they were not given.

    A lone surrogate, which UTF-8 cannot hold, is escaped.
    """
    text = json.dumps(
        value, default=_dumped, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8", "backslashreplace")


def _dumped(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _invalid("The body is not JSON that can be relied on: an object repeats a key.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _invalid(f"The body is not JSON: {name} is no JSON number.")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _invalid("The body is not JSON that can be relied on: a number is out of range.")
    return number


def _is_deeper_than(value: Any, limit: int) -> bool:
    level = _containers([value])
    for _ in range(limit):
        level = [inner for one in level for inner in _containers(one)]
    return bool(level)


def _containers(value: Any) -> list[Any]:
    inside = value.values() if isinstance(value, dict) else value
    return [one for one in inside if isinstance(one, dict | list)]


def _invalid(message: str) -> ApiError:
    return ApiError(ErrorCode.INVALID_JSON, message)


def _too_deep() -> ApiError:
    return _invalid(f"The body is nested deeper than {_MAX_DEPTH} levels.")

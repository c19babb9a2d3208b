"""A request's body and query as their types, or the refusal that names what does not fit."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from control_api.request.errors import ApiError, ErrorCode
from core.catalog import Catalog

# A body of one megabyte can hold more mistakes than anyone reads.
_MAX_DETAILS: Final = 100
_LIMITS: Final = {"too_long": ("max_length", "most"), "too_short": ("min_length", "least")}

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse_body(model: type[ModelT], body: Any, catalog: Catalog) -> ModelT:
    """`body` as `model`; an explicit null is the same as absent. Raises `ApiError` (422)."""
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if value is not None}
    return _parse(model, body, where="body", catalog=catalog)


def parse_query(
    model: type[ModelT], query: Mapping[str, str], catalog: Catalog | None = None
) -> ModelT:
    """The query's known parameters as `model`. Raises `ApiError` (422)."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    known = {name: query[name] for name in names if name in query}
    return _parse(model, known, where="query", catalog=catalog)


def _parse(
    model: type[ModelT], value: Any, *, where: str, catalog: Catalog | None = None
) -> ModelT:
    try:
        return model.model_validate(value, context=catalog)
    except ValidationError as exc:
        raise _refusal(exc, where) from None


def _refusal(exc: ValidationError, where: str) -> ApiError:
    problems = exc.errors(include_url=False)
    detail = [
        {"loc": [where, *one["loc"]], "msg": _said(one), "type": one["type"]}
        for one in problems[:_MAX_DETAILS]
    ]
    param = ".".join(map(str, problems[0]["loc"])) or where
    message = f"{param}: {detail[0]['msg']}"
    return ApiError(ErrorCode.VALIDATION_ERROR, message, param=param, detail=detail)


def _said(problem: ErrorDetails) -> str:
    """What is wrong. Behind a validator pydantic counts a text's characters as items."""
    kind = problem["type"]
    if kind not in _LIMITS or not isinstance(problem["input"], str):
        return problem["msg"]
    name, least_or_most = _LIMITS[kind]
    length = problem["ctx"][name]
    plural = "" if length == 1 else "s"
    return f"String should have at {least_or_most} {length} character{plural}"

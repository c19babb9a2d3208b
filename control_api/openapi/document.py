"""The OpenAPI 3.1 document, made from the declarations and the types that validate."""

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

from control_api.openapi.headers import (
    RESPONSE_HEADERS,
    answer_headers,
    error_headers,
    request_headers,
)
from control_api.openapi.operation import Operation
from control_api.openapi.schema import Schemas
from control_api.request.envelope import Error
from control_api.request.errors import ErrorCode
from core.catalog import Catalog

_SECURITY_SCHEMES: Final = {
    "ApiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "cm_…",
        "description": "A tenant's key; what it may do is said by its permissions and scopes.",
    },
    "Jwt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A person's token with the claims sub, tenant_id, role and exp.",
    },
}
_VERSION: Final = "1.0.0"
"""Of the API, not of the program: it grows when what is described changes."""
_ABOUT: Final = (
    "Voice sessions: create one, connect with any LiveKit client, talk. Errors share one "
    "envelope; `code` is for programs, `message` for people."
)


def build_document(operations: Sequence[Operation], catalog: Catalog) -> dict[str, Any]:
    """The whole description of the routes, in JSON types."""
    schemas = Schemas(_types(operations), catalog)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, schemas
        )
    errors = _refusals_of(operations)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vaarta", "version": _VERSION, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas.used_in([paths, errors]),
            "responses": errors,
            "headers": RESPONSE_HEADERS,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def _types(operations: Iterable[Operation]) -> Iterator[Any]:
    yield Error
    for operation in operations:
        yield from (one for one in (operation.body, operation.query) if one is not None)
        for answer in operation.answers:
            yield from answer.content.values()


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "security": [{name: []} for name in operation.access.value],
        "parameters": _parameters(operation, schemas),
        "responses": {**_successes(operation, schemas), **_refusals(operation)},
    }
    if operation.body is not None:
        content: dict[str, Any] = {"schema": schemas.of_body(operation.body)}
        if operation.example is not None:
            content["example"] = operation.example
        described["requestBody"] = {
            "required": not operation.body_is_optional,
            "content": {"application/json": content},
        }
    return described


def _parameters(operation: Operation, schemas: Schemas) -> list[dict[str, Any]]:
    query = () if operation.query is None else schemas.of_query(operation.query)
    return [
        *(
            {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
            for name in operation.path_parameters
        ),
        *(
            {"name": name, "in": "query", "schema": schema}
            | ({"required": True} if is_required else {})
            for name, schema, is_required in query
        ),
        *request_headers(operation),
    ]


def _path_schema(name: str) -> dict[str, Any]:
    if name in {"model_id", "voice_id"}:
        return {"type": "string", "minLength": 1}
    if name == "number":
        return {"type": "integer", "minimum": 1}
    return {"type": "string", "format": "uuid"}


def _successes(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    return {
        str(answer.status): {
            "description": answer.description,
            "headers": answer_headers(operation, answer.headers),
            "content": {
                media_type: {"schema": schemas.of(shape)}
                for media_type, shape in answer.content.items()
            },
        }
        for answer in operation.answers
    }


def _refusals(operation: Operation) -> dict[str, Any]:
    """The errors, but for a status that the route answers in its own way."""
    taken = {answer.status for answer in operation.answers}
    return {
        str(status.value): {"$ref": f"#/components/responses/{_refusal_name(status, codes)}"}
        for status, codes in _by_status(operation.error_codes).items()
        if status not in taken
    }


def _refusals_of(operations: Iterable[Operation]) -> dict[str, Any]:
    """Every error response that some route has: the envelope, narrowed to the route's codes."""
    return {
        _refusal_name(status, codes): _refusal(status, codes)
        for operation in operations
        for status, codes in _by_status(operation.error_codes).items()
    }


def _by_status(found: Iterable[ErrorCode]) -> dict[HTTPStatus, list[ErrorCode]]:
    codes = sorted(found, key=list(ErrorCode).index)
    statuses = sorted({code.status for code in codes})
    return {status: [code for code in codes if code.status == status] for status in statuses}


def _refusal_name(status: HTTPStatus, codes: Iterable[ErrorCode]) -> str:
    return "-".join([str(status.value), *codes])


def _refusal(status: HTTPStatus, codes: Iterable[ErrorCode]) -> dict[str, Any]:
    narrowed = {"code": {"enum": [code.value for code in codes]}}
    envelope = {"$ref": "#/components/schemas/Error"}
    schema = {"allOf": [envelope, {"properties": {"error": {"properties": narrowed}}}]}
    return {
        "description": f"{status.phrase}: {', '.join(f'`{code}`' for code in codes)}.",
        "headers": error_headers(status),
        "content": {"application/json": {"schema": schema}},
    }

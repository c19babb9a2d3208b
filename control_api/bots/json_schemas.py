"""JSON Schemas that bots bring along: of what a tool takes, of what an analysis finds."""

import json
from collections.abc import Iterator
from typing import Any, Final

from jsonschema import Draft202012Validator, SchemaError
from pydantic_core import PydanticCustomError

from control_api.request.fields import storable_texts

MAX_SCHEMA_BYTES: Final = 8 * 1024


def require_object_schema(value: dict[str, Any]) -> None:
    """Raises `PydanticCustomError` for what is no schema of an object, or too large a one."""
    storable_texts(value)
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(compact.encode()) > MAX_SCHEMA_BYTES:
        raise PydanticCustomError("parameters_too_large", "Schema must be at most 8 KiB")
    if value.get("type") != "object":
        raise PydanticCustomError("parameters_no_object", "Schema must be of type object")
    if problem := _problem(value):
        raise PydanticCustomError(
            "parameters_no_schema", "Not a JSON Schema: {problem}", {"problem": problem}
        )


def _problem(schema: dict[str, Any]) -> str | None:
    """Why it is no schema that can be checked with, None when it is one."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as exc:
        return f"{'.'.join(map(str, exc.absolute_path)) or 'schema'} is wrong"
    except RecursionError:
        return "it is too deep"
    if any(not one.startswith("#") for one in _references(schema)):
        return "$ref must stay within it"
    return None


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _references(one)
    elif isinstance(node, dict):
        for key, one in node.items():
            if key in {"$ref", "$dynamicRef"} and isinstance(one, str):
                yield one
            yield from _references(one)

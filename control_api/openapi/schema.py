"""JSON Schema of the types that validate requests and describe answers."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from core.catalog import Catalog

_REF: Final = "#/components/schemas/{model}"
_CATALOG_MARK: Final = "x-catalog"
_PASSED_THROUGH: Final = r"^(openrouter/[^/\x00]+|clarifai)/[^\x00]+$"

Schema = dict[str, Any]


class Schemas:
    """The schemas of many types, sharing their definitions.

    Every type is named up front: two of one name get longer names only when both are known.
    """

    def __init__(self, types: Iterable[Any], catalog: Catalog) -> None:
        wanted = {_key(one): one for one in types}
        found, shared = TypeAdapter.json_schemas(
            [(key, "validation", TypeAdapter(one)) for key, one in wanted.items()],
            ref_template=_REF,
        )
        self._catalog = catalog
        self._found = {key: self._finished(schema) for (key, _), schema in found.items()}
        self.shared: Final[Schema] = self._finished(shared.get("$defs", {}))

    def of(self, one: Any) -> Schema:
        """What a value of this type looks like; may refer to a shared definition."""
        return copy.deepcopy(self._found[_key(one)])

    def of_body(self, model: type[BaseModel]) -> Schema:
        """A request's body: an explicit null is the same as an absent field."""
        reference = self.of(model)
        for schema in self.used_in(reference).values():
            for name, field in schema.get("properties", {}).items():
                if name not in schema.get("required", []):
                    schema["properties"][name] = _or_null(field)
        return reference

    def of_query(self, model: type[BaseModel]) -> Iterator[tuple[str, Schema, bool]]:
        """Each parameter of a query: its name, what it looks like (text cannot say null), and
        whether it has to be there."""
        schema = copy.deepcopy(self._resolved(self.of(model)))
        required = schema.get("required", ())
        for name, one in schema.get("properties", {}).items():
            yield name, _without_null(one), name in required

    def used_in(self, described: Any) -> dict[str, Schema]:
        """The shared definitions that `described` refers to, and those that they refer to."""
        used: set[str] = set()
        found = _references(described)
        while found - used:
            used |= found
            found = {name for one in used for name in _references(self.shared[one])}
        return {name: schema for name, schema in self.shared.items() if name in used}

    def _resolved(self, schema: Schema) -> Schema:
        name = schema.get("$ref", "").removeprefix(_REF.format(model=""))
        definition: Schema = self.shared[name] if name else schema
        return definition

    def _finished(self, node: Any) -> Any:
        """Without pydantic's titles, and with the catalog's ids where a field names them."""
        if isinstance(node, list):
            return [self._finished(one) for one in node]
        if not isinstance(node, dict):
            return node
        done = {
            key: self._finished(value)
            for key, value in node.items()
            if not (key == "title" and isinstance(value, str)) and (key, value) != ("default", None)
        }
        if _CATALOG_MARK in done:
            return _listed(done, self._catalog)
        return done


def _key(one: Any) -> str:
    return f"{getattr(one, '__module__', '')}.{one!r}"


def _listed(schema: Schema, catalog: Catalog) -> Schema:
    part = schema.pop(_CATALOG_MARK)
    entries = getattr(catalog, part)
    if part != "models":
        return {**schema, "enum": [one.id for one in entries]}
    ids = [one.id for one in entries if one.status == "available"]
    return {"anyOf": [{"type": "string", "enum": ids}, {**schema, "pattern": _PASSED_THROUGH}]}


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return {name for one in node for name in _references(one)}
    if not isinstance(node, dict):
        return set()
    name = str(node.get("$ref", ""))
    prefix = _REF.format(model="")
    own = {name.removeprefix(prefix)} if name.startswith(prefix) else set()
    return own | {inner for one in node.values() for inner in _references(one)}


def _or_null(schema: Schema) -> Schema:
    if {"type": "null"} in schema.get("anyOf", []):
        return schema
    default = {"default": schema.pop("default")} if "default" in schema else {}
    return {"anyOf": [schema, {"type": "null"}], **default}


def _without_null(schema: Schema) -> Schema:
    options = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    return {**schema, **options[0]} if options else schema

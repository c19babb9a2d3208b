"""The API's description: whole, well-formed, and of what validates."""

import re
from typing import Any

import pytest
from aiohttp import web
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from control_api.openapi.document import build_document
from control_api.openapi.operation import Access
from control_api.operations import OPERATIONS
from control_api.request.errors import ErrorCode
from control_api.routes import add_routes
from core.catalog import Catalog

# Pages and their files are no part of what programs call.
_PAGES = ("/console", "/docs", "/openapi.json", "/widget.js")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build_document(OPERATIONS, Catalog.load())


def is_page(path: str) -> bool:
    return path in _PAGES or path.startswith(("/console/", "/docs/", "/widget/"))


def references(node: Any) -> set[str]:
    if isinstance(node, list):
        return {found for one in node for found in references(one)}
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own | {found for one in node.values() for found in references(one)}


def test_every_route_is_declared_and_every_declaration_is_a_route() -> None:
    app = web.Application()
    add_routes(app)
    routed = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }

    declared = [(one.method, one.path) for one in OPERATIONS]

    assert len(declared) == len(set(declared))
    assert {one for one in routed if not is_page(one[1])} == set(declared)


def test_operations_have_names_of_their_own() -> None:
    names = [one.name for one in OPERATIONS]

    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere_and_every_component_is_used(
    document: dict[str, Any],
) -> None:
    wanted = references(document)
    components = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "headers", "responses")
        for name in document["components"][kind]
    }

    assert wanted == components


def keywords(node: Any) -> set[str]:
    if isinstance(node, list):
        return {found for one in node for found in keywords(one)}
    if not isinstance(node, dict):
        return set()
    return set(node) | {found for one in node.values() for found in keywords(one)}


def test_no_limit_is_lost_behind_a_validator(document: dict[str, Any]) -> None:
    lost = {"ge", "le", "gt", "lt", "max_length", "min_length", "x-catalog"}

    assert not keywords(document) & lost


def test_the_document_is_what_openapi_says_that_it_is(document: dict[str, Any]) -> None:
    problems = OpenAPIV31SpecValidator(document).iter_errors()

    assert [error.message for error in problems] == []


def test_every_schema_is_well_formed(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_an_example_is_what_its_schema_takes(document: dict[str, Any], operation: Any) -> None:
    described = document["paths"][operation.path][operation.method.lower()]
    content = described.get("requestBody", {}).get("content", {}).get("application/json")
    assert (content is None) == (operation.body is None)
    if content is not None:
        schema = {**content["schema"], "components": document["components"]}
        assert list(Draft202012Validator(schema).iter_errors(content["example"])) == []


def test_a_create_lists_the_catalogs_ids_and_takes_null_for_absent(
    document: dict[str, Any],
) -> None:
    fields = document["components"]["schemas"]["CreateSession"]["properties"]
    catalog = Catalog.load()

    languages = [one for one in fields["language"]["anyOf"] if "enum" in one]
    assert languages[0]["enum"] == [one.id for one in catalog.languages]
    assert all({"type": "null"} in field["anyOf"] for field in fields.values())
    assert fields["max_duration_seconds"]["anyOf"][0]["maximum"] == 3600


def test_every_code_is_told_of_somewhere_and_access_by_its_own_errors() -> None:
    everywhere = set().union(*(one.error_codes for one in OPERATIONS))
    # What no route brings about by itself: a wrong method is no route.
    assert set(ErrorCode) - everywhere <= {ErrorCode.METHOD_NOT_ALLOWED}
    for operation in OPERATIONS:
        asks = ErrorCode.INVALID_API_KEY in operation.error_codes
        assert asks == (operation.access is not Access.OPEN)


def test_descriptions_are_for_people(document: dict[str, Any]) -> None:
    for operation in OPERATIONS:
        assert re.fullmatch(r"[A-Z][^.]*", operation.summary), operation.name


def test_no_answer_tells_a_default_that_only_the_settings_know(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    shown = [schema for schema in schemas.values() if schema.get("additionalProperties") is False]

    assert shown
    assert not [schema for schema in shown if "default" in keywords(schema)]

"""What endpoints answer is what their schema says."""

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.battery.conftest import signed_in
from tests.battery.routes import ours
from tests.battery.test_lists import endpoints

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def as_json_schema(part):
    """OpenAPI 3.0 says `nullable: true` where JSON Schema says a list of types."""
    if isinstance(part, list):
        return [as_json_schema(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {key: as_json_schema(value) for key, value in part.items() if key != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if part.get("nullable") else made


def said_of(schema, pattern, method="get", status="200"):
    path = "/" + pattern.replace("<uuid:ref>", "{ref}").replace("<path:pk>", "{id}").replace("<pk>", "{id}")
    operation = schema["paths"].get(path) or schema["paths"][path.replace("{id}", "{code}")]
    content = operation[method]["responses"][status]["content"]["application/json"]["schema"]
    return as_json_schema(content) | {"components": as_json_schema(schema["components"])}


def fits(answer, said):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(said, format_checker=checker).validate(answer)


@pytest.mark.parametrize("route", endpoints(), ids=lambda r: r.pattern)
def test_a_list_is_as_the_schema_says(route, schema, full, everything):
    answer = signed_in(everything).get(route.address())

    fits(answer.json(), said_of(schema, route.pattern))


@pytest.mark.parametrize("route", endpoints(), ids=lambda r: r.pattern)
def test_errors_are_as_the_schema_says(route, schema, nothing):
    answer = signed_in(nothing).get(route.address())
    if answer.status_code != 200:  # rows of one's own need no right
        fits(answer.json(), said_of(schema, route.pattern, status=str(answer.status_code)))


def test_every_api_route_is_in_the_schema(schema):
    operations = {(path, method) for path, methods in schema["paths"].items() for method in methods}
    routes = [route for route in ours() if route.is_api and "/v1/" in route.pattern]
    answered = [(route, set(route.view.cls.http_method_names) - {"head"}) for route in routes]
    described = sum(1 for route, methods in answered for method in route.view.actions if method in methods)
    assert len([1 for path, _method in operations if "/v1/" in path]) == described


def test_every_operation_has_a_name_of_its_own(schema):
    names = [operation["operationId"] for methods in schema["paths"].values() for operation in methods.values()]
    assert sorted(names) == sorted(set(names))

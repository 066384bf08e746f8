"""Generated requests against every operation of the schema: never a server error, never an undocumented status."""

import json

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded

from tests.api.conftest import client_of
from tests.fixtures_world import a_user, all_rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
APPS = [
    "ledger",
    "tax",
    "payables",
    "parties",
    "workflow",
    "exchange",
    "organisation",
    "currencies",
    "servicedesk",
    "workcal",
]
EXAMPLES = 6


def operations():
    schema = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    for found in schemathesis.openapi.from_dict(schema).get_all_operations():
        operation = found.ok()
        if operation.path.startswith("/api/v1/"):
            yield operation


def said(client, case):
    """The answer to one generated request."""
    given_body = isinstance(case.body, dict | list | str | int | float | bool) or case.body is None
    body = json.dumps(case.body) if given_body else ""
    headers = {name: str(value) for name, value in (case.headers or {}).items() if "\n" not in str(value)}
    headers = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
    query = "&".join(f"{key}={value}" for key, value in (case.query or {}).items() if str(value).isascii())
    return client.generic(
        case.method, case.formatted_path, body, content_type="application/json", headers=headers, QUERY_STRING=query
    )


def faults(client, operation):
    """The first answer of an operation that its schema does not name, if there is one."""
    documented = {int(status) for status in operation.definition.raw["responses"]}
    found = []

    @seeded(20261123)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def attempt(case):
        answer = said(client, case)
        if answer.status_code not in documented:
            body = repr(case.body)[:200]
            found.append((operation.method, operation.path, answer.status_code, body, case.query, answer.content[:200]))

    attempt()
    return found[:1]


def test_no_generated_request_breaks_the_api(company):
    client = client_of(a_user("Fay Fuzzer", *all_rights(*APPS), company=company))
    client.raise_request_exception = False

    assert [fault for operation in operations() for fault in faults(client, operation)] == []

"""From order to posted bill in so many statements: a repeated read of lines, rights or accounts shows here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.purchasing import bench

pytestmark = pytest.mark.django_db


def test_five_lines_go_from_order_to_posted_bill_in_few_statements(django_capture_on_commit_callbacks):
    world = bench.a_world()
    with django_capture_on_commit_callbacks(execute=True):
        bench.one(world)
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
        bench.one(world)
    assert len(asked.captured_queries) <= 175, "\n".join(query["sql"][:120] for query in asked.captured_queries)

"""Cases of our own in the harness's words: parts of an order received, returned, billed and taken back."""

import pytest

from tests.conformance.adapters.purchasing import Purchasing
from tests.conformance.running import run

ORDER = {
    "op": "purchase.order",
    "ref": "PO1",
    "supplier": "V",
    "date": "2026-01-01",
    "lines": [
        {"product": "P", "qty": "10", "unit_price": "5", "key": "L1"},
        {"product": "P", "qty": "4", "unit_price": "6", "key": "L2"},
    ],
}


def case(*steps, **figures):
    expected = {"check": "purchase.get", "args": {"ref": "PO1"}, "is": {**figures}}
    return {"id": "own", "domain": "purchasing", "given": {}, "steps": list(steps), "expect": [expected]}


def op(name, **words):
    return {"op": f"purchase.{name}", "order": "PO1", "date": "2026-01-05", **words}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            case(ORDER, op("receive", lines={"L2": "3"}), received="3", to_receive="11", to_bill="3"),
            id="a line by its key",
        ),
        pytest.param(
            case(
                ORDER,
                op("receive"),
                op("return_ship", lines={"L1": "4"}),
                op("bill", ref="B1", lines={"L1": "5"}),
                received="10",
                billed="5",
                to_bill="5",
            ),
            id="returned and billed in part",
        ),
        pytest.param(
            case(
                ORDER,
                op("receive", lines={"P": "12"}),
                op("bill", ref="B1"),
                {"op": "purchase.cancel_bill", "bill": "B1"},
                received="12",
                billed="0",
                to_bill="12",
            ),
            id="a bill taken back",
        ),
        pytest.param(
            case(
                ORDER,
                op("receive", ref="R1"),
                {"op": "purchase.cancel_receipt", "receipt": "R1"},
                received="0",
                to_receive="14",
                to_bill="0",
            ),
            id="a receipt that never was",
        ),
        pytest.param(
            case(
                {**ORDER, "state": "draft"},
                {"op": "purchase.confirm", "order": "PO1"},
                op("receive"),
                state="processing",
                to_receive="0",
                to_bill="14",
            ),
            id="confirmed later",
        ),
    ],
)
def test_the_words_of_the_harness_are_understood(told):
    assert run(told, {"purchasing": Purchasing}) == []

"""Each outside case is passed, or it is told which part of it the product does not offer."""

import pytest

from tests.conformance.adapters import ADAPTERS
from tests.conformance.cases import Unsupported, differences
from tests.conformance.conftest import RESULTS
from tests.conformance.running import Adapter, run

pytestmark = pytest.mark.django_db


def test_case(outside_case):
    case = outside_case
    try:
        wrong = run(case, ADAPTERS)
    except Unsupported as reason:
        RESULTS[case["domain"]].append(("unsupported", case["id"], str(reason)))
        pytest.skip(f"not offered: {reason}")
    except Exception as error:
        RESULTS[case["domain"]].append(("failed", case["id"], f"{type(error).__name__}: {error}"))
        raise
    RESULTS[case["domain"]].append(("failed", case["id"], "; ".join(wrong)) if wrong else ("passed", case["id"], ""))
    assert wrong == []


class Echo(Adapter):
    given_keys = frozenset({"known"})

    def echo_say(self, *, word):
        return {"word": word}


def a_case(**changes):
    return {
        "id": "x",
        "domain": "echo",
        "given": {},
        "steps": [{"op": "echo.say", "word": "12.50"}],
        "expect": [],
    } | changes


@pytest.mark.parametrize(
    ("case", "named"),
    [
        (a_case(domain="other"), "domain other"),
        (a_case(given={"unknown": 1}), "given unknown"),
        (a_case(steps=[{"op": "echo.shout", "word": "x"}]), "operation echo.shout"),
        (a_case(steps=[{"op": "echo.say", "word": "x", "loud": True}]), "key loud"),
        (a_case(expect=[{"check": "echo.heard", "is": {}}]), "check echo.heard"),
        (a_case(expect=[{"check": "result", "args": {"of": 0}, "is": {"tone": "x"}}]), "answer key tone"),
    ],
)
def test_what_is_not_understood_is_never_passed(case, named):
    with pytest.raises(Unsupported, match=named):
        run(case, {"echo": Echo})


def test_a_wrong_figure_is_found():
    case = a_case(expect=[{"check": "result", "args": {"of": 0}, "is": {"word": "12.51"}}])

    assert run(case, {"echo": Echo}) == ["result {'of': 0}: word is 12.50, wanted 12.51"]


def test_an_accepted_step_that_must_fail_is_found():
    case = a_case(steps=[{"op": "echo.say", "word": "x", "must_fail": True}])

    assert run(case, {"echo": Echo}) == ["step 0 (echo.say) was accepted, it has to be refused"]


def test_figures_are_compared_as_decimals():
    assert differences({"a": "1.50", "b": True, "c": None}, {"a": "1.5", "b": True, "c": ""}) == []
    assert differences({"a": True}, {"a": "1"}) != []
    assert differences({"rows": [{"a": "1"}]}, {"rows": []}) != []


def test_a_preview_that_the_books_contradict_is_found():
    from dataclasses import replace
    from datetime import date
    from decimal import Decimal

    from finance.tax import computing
    from tests.conformance.adapters import bills

    taxes = {"vat": {"kind": "percent", "rate": "20"}}
    adapter = ADAPTERS["ledger_tax"](a_case(domain="ledger_tax", given={"taxes": taxes}, steps=[]))
    adapter.prepare()
    on, code = date(2026, 5, 4), adapter.taxes["vat"]
    line = computing.TaxableLine(Decimal(2), Decimal("10.00"), computing.taxes_of(code, on))
    totals = computing.compute([line])

    with pytest.raises(AssertionError, match=r"tax: the books hold 4\.00"):
        bills.post_and_agree(adapter, [(line, [code])], replace(totals, tax=Decimal("4.01")), on, "document", 2)

"""Taxes come out as manuals, peers and the standard say."""

from decimal import Decimal

import pytest

from finance.tax.computing import Tax, TaxableLine, compute, spread_discount

D = Decimal


def percent(rate, key="vat", **more):
    return Tax(key, "percent", D(rate), **more)


def a_line(price, *taxes, quantity="1"):
    return TaxableLine(D(quantity), D(price), taxes)


def test_document_rounding_rounds_each_tax_once():
    totals = compute([a_line("1.003", percent(20))] * 3)

    assert (totals.net, totals.tax, totals.gross) == (D("3.00"), D("0.60"), D("3.60"))


def test_line_rounding_rounds_every_line():
    totals = compute([a_line("1.001", percent(20))] * 100, rounding="line")

    assert (totals.net, totals.tax) == (D("100.00"), D("20.00"))


def test_a_fixed_levy_enters_the_base_of_the_next_tax():
    totals = compute([a_line("200", Tax("fix", "fixed_per_unit", D(10), adds_to_base=True), percent(10, "pct"))])

    assert [(t.key, t.base, t.amount) for t in totals.taxes] == [("fix", 200, 10), ("pct", 210, 21)]
    assert totals.gross == 231


def test_a_price_that_includes_its_tax_keeps_its_gross():
    totals = compute([a_line("200", percent(10, included=True))])

    assert (totals.net, totals.tax, totals.gross) == (D("181.82"), D("18.18"), 200)


def test_percentage_of_the_gross_price():
    totals = compute([a_line("100", Tax("t", "percent_of_gross", D(10)))])

    assert totals.tax == D("11.11")


def test_included_fixed_and_percentage_come_out_of_one_price():
    totals = compute(
        [
            a_line(
                "121",
                Tax("fix", "fixed_per_unit", D(10), included=True, adds_to_base=True),
                percent(10, "p", included=True),
            )
        ]
    )

    assert (totals.net, totals.gross) == (100, 121)
    assert [t.amount for t in totals.taxes] == [10, 11]


@pytest.mark.parametrize("rounding", ["document", "line"])
def test_lines_sum_to_the_document(rounding):
    lines = [a_line(price, percent(20)) for price in ("0.13", "9.99", "3.33", "17.05")]

    totals = compute(lines, rounding=rounding)

    assert sum(r.net for r in totals.lines) == totals.net
    assert sum(r.tax for r in totals.lines) == totals.tax
    assert totals.net + totals.tax == totals.gross


def test_a_document_discount_is_shared_without_loss():
    lines = spread_discount(
        [a_line("10", percent(20)), a_line("10", percent(20)), a_line("10", percent(20))], D("1.00")
    )

    assert sum(line.discount for line in lines) == D("1.00")
    assert compute(lines).net == 29


def test_negative_lines_are_returns():
    totals = compute([a_line("100", percent(20)), a_line("40", percent(20), quantity="-1")])

    assert (totals.net, totals.tax) == (60, 12)

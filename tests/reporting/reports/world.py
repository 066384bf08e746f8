"""A company with two years of small books, and the people who read them."""

from datetime import date
from decimal import Decimal
from typing import Any

from backoffice.organisation.models import CostCentre, Department
from finance.ledger import posting
from finance.ledger.posting import Posting
from tests.finance.ledger.builders import account
from tests.fixtures_world import a_party, a_user, all_rights

READS = [
    "ledger.view_journalline",
    "organisation.view_costcentre",
    "ledger.view_journalentry",
    "reports.view_reportrun",
    "reports.add_reportrun",
]


def book(company: Any, by: Any, on: date, text: str, *sides: tuple[Any, ...]) -> Any:
    """Post an entry from (code, amount, more) where a positive amount is a debit."""
    lines = [
        posting.debit(account(company, code), Decimal(amount), **(more[0] if more else {}))
        for code, amount, *more in sides
    ]
    return posting.post(company, Posting(on=on, lines=lines, text=text, journal="GEN"), by=by)


def centres(company: Any) -> tuple[CostCentre, CostCentre]:
    """The warehouse and the office, each of a department of its own."""
    made = []
    for code, name in (("WH", "Warehouse"), ("OF", "Office")):
        department = Department.objects.create(company=company, code=code, name=name)
        made.append(
            CostCentre.objects.create(company=company, department=department, code=f"{code}1", name=f"{name} Leeds")
        )
    return made[0], made[1]


def books(company: Any, by: Any) -> tuple[CostCentre, CostCentre]:
    """Capital, sales, goods, rent and fuel of October 2025, September and October 2026."""
    warehouse, office = centres(company)
    supplier = a_party(company, "Łukasz Transport Ltd")
    book(company, by, date(2025, 1, 2), "Capital", ("1210", "50000"), ("3110", "-50000"))
    for on, sales, goods, fuel in (
        (date(2025, 10, 10), "8000", "4000", "300"),
        (date(2026, 9, 10), "9000", "5000", "310"),
        (date(2026, 10, 10), "10000", "5200", "500"),
    ):
        book(company, by, on, "Sales", ("1210", sales), ("4110", f"-{sales}"))
        book(company, by, on, "Goods", ("5110", goods, {"cost_centre": warehouse}), ("1210", f"-{goods}"))
        book(company, by, on, "Rent of the office", ("7110", "1000", {"cost_centre": office}), ("1210", "-1000"))
        book(
            company,
            by,
            on,
            "Diesel for the lorry",
            ("7210", fuel, {"cost_centre": warehouse}),
            ("2110", f"-{fuel}", {"party": supplier, "due_on": on}),
        )
    return warehouse, office


def readers(company: Any, warehouse: CostCentre) -> dict[str, Any]:
    """Grace reads everything, Marcus his department, Tom nothing of the books."""
    return {
        "grace": a_user(
            "Grace Okafor",
            *READS,
            *all_rights("reports"),
            "payables.view_bill",
            "access.view_override",
            company=company,
        ),
        "marcus": a_user("Marcus Bell", *READS, "payables.view_bill", company=company, department=warehouse.department),
        "tom": a_user("Tom Ashworth", "payables.view_bill", company=company),
    }

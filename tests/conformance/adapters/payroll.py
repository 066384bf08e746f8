"""Payroll cases as the engine reckons them: periods, bands, brackets, contributions."""

from datetime import date
from decimal import Decimal

from hr.payroll.engine import previews
from hr.payroll.engine.bands import Band, charge
from hr.payroll.engine.rounding import cut, half_down, half_up
from tests.conformance.cases import Unsupported
from tests.conformance.running import Adapter

COMPONENT = {"name", "amount", "formula", "base", "kind", "type", "depends_on_payment_days"}


def decimal(value):
    return None if value in (None, "") else Decimal(value)


def table(rows):
    """Bands of a case, whatever it calls their limits; unknown words make the case unsupported."""
    made = []
    for row in rows:
        if unknown := set(row) - {"from", "over", "to", "up_to", "percent"}:
            raise Unsupported(f"band key {', '.join(sorted(unknown))}")
        above = row.get("from", row.get("over", "0"))
        made.append(Band(Decimal(above), decimal(row.get("to", row.get("up_to"))), Decimal(row["percent"])))
    return tuple(made)


def rounding(words):
    """The rounding that a case describes in words: (function, whether each band is rounded for itself)."""
    text = (words or "nearest").lower()
    each_band = "each" in text or words is None
    if "half" in text and ("down" in text or "drop" in text):
        return half_down, each_band
    if "nearest" in text or "half up" in text:
        return half_up, each_band
    if "down" in text or "cut" in text or "drop" in text:
        return cut, each_band
    raise Unsupported(f"rounding {words}")


class Payroll(Adapter):
    given_keys = frozenset(
        {
            "slabs", "surcharge_percent", "round_to", "gross", "benefits", "deductions", "components", "unpaid_days",
            "earnings", "employee_bands", "employer_bands", "rounding", "brackets", "currency",
        }
    )  # fmt: skip

    def calc_annual_tax(self, *, gross=None):
        given = self.given
        found = previews.annual_tax(
            [Decimal(gross or given["gross"]), Decimal(given.get("benefits", "0"))],
            [Decimal(each) for each in given.get("deductions", [])],
            table(given["slabs"]),
            surcharge=Decimal(given.get("surcharge_percent", "0")),
            unit=Decimal(given.get("round_to", "0.01")),
        )
        return {"taxable": found.taxable, "tax": found.tax}

    def calc_brackets(self, *, amount):
        return {"tax": half_up(charge(Decimal(amount), table(self.given["brackets"])))}

    def calc_contributions(self, *, earnings=None):
        amount = Decimal(earnings or self.given["earnings"])
        function, each_band = rounding(self.given.get("rounding"))
        employee, employer = (
            previews.contributions(amount, table(self.given.get(f"{who}_bands", [])), function, each_band=each_band)
            for who in ("employee", "employer")
        )
        return {"employee": employee, "employer": employer, "total": employee + employer}

    def payroll_slip(self, *, month=None, unpaid_days=None):
        components = [self._component(row) for row in self.given["components"]]
        on = date.fromisoformat(f"{month}-01") if month else date(2026, 1, 1)
        unpaid = Decimal(unpaid_days or self.given.get("unpaid_days", "0"))
        return previews.slip(components, on, unpaid_days=unpaid)

    def _component(self, row):
        if unknown := set(row) - COMPONENT:
            raise Unsupported(f"component key {', '.join(sorted(unknown))}")
        kind = row.get("kind", row.get("type", "earning"))
        if kind not in ("earning", "deduction"):
            raise Unsupported(f"component kind {kind}")
        return previews.Component(
            row["name"],
            decimal(row.get("amount")),
            row.get("formula", ""),
            Decimal(row.get("base", "0")),
            is_deduction=kind == "deduction",
            is_prorated=row.get("depends_on_payment_days", True),
        )

"""The elements of British pay and their order; each calculator turns bases and figures into one line with its trace."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hr.payroll.engine.calculating import Case, Line, Period, line
from hr.payroll.engine.elements import DEDUCTION, EARNING, EMPLOYER, INFORMATION, Element
from hr.payroll.engine.rounding import ZERO, half_down, half_up, plain
from hr.payroll.uk import insurance, loans, paye, pensions, tax_codes, wages

VERSION = "uk-1"
CODE, CURRENCY = "uk", "GBP"
MONTHS, WEEKS = 12, 52
# What the year to date keeps; a starter's figures of the former employer and a change of system enter under these.
YEAR_KEEPS = (
    "gross", "net", "taxable", "tax", "niable", "ni", "ni_employer", "pension", "pension_employer",
    "student_loan", "postgraduate_loan",
)  # fmt: skip


def tax_year(on: date) -> str:
    """The tax year of a day: it begins on 6 April."""
    first = on.year if on >= date(on.year, 4, 6) else on.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def month_of(starts_on: date, ends_on: date, pay_on: date) -> Period:
    """A month that is paid on a day: the number of its tax month follows from that day."""
    year = tax_year(pay_on)
    months = (pay_on.year - int(year[:4])) * 12 + pay_on.month - 4 - (pay_on.day < 6)
    return Period(starts_on, ends_on, pay_on, year, months + 1, MONTHS)


def week_of(starts_on: date, ends_on: date, pay_on: date) -> Period:
    """A week that is paid on a day; a year can have a week 53."""
    year = tax_year(pay_on)
    days = (pay_on - date(int(year[:4]), 4, 6)) // timedelta(days=1)
    return Period(starts_on, ends_on, pay_on, year, days // 7 + 1, WEEKS)


def _salary(case: Case, element: Element) -> Line | None:
    parts, shown = ZERO, []
    for basis, amount, days, of_days, hours in case.inputs["pay"]:
        yearly = amount if basis == "annual" else amount * hours * WEEKS
        part = yearly * days / (case.period.of * of_days)
        parts += part
        words = f"{plain(amount)} {'a year' if basis == 'annual' else f'an hour, {plain(hours)} hours a week'}"
        shown.append(words + ("" if days == of_days else f", {days} of {of_days} days"))
    if not shown:
        return None
    return line(case, element, half_up(parts), rates=shown, periods=case.period.of)


def _shares(case: Case) -> tuple[dict[str, Any] | None, pensions.Shares | None]:
    plan = case.inputs.get("pension")
    if not plan:
        return None, None
    earnings = pensions.qualifying(case.base("pensionable"), case.period.of, case.parameters)
    return plan, pensions.shares(earnings, plan["arrangement"], plan["employee"], plan["employer"])


def _pension_trace(case: Case, plan: dict[str, Any], found: pensions.Shares) -> dict[str, Any]:
    return {
        "qualifying earnings": found.earnings,
        "percent": plan["employee"],
        "band": case.parameters.cite("pension.qualifying"),
    }


def _sacrifice(case: Case, element: Element) -> Line | None:
    plan, found = _shares(case)
    if plan is None or found is None or plan["arrangement"] != pensions.SACRIFICE or not found.employee:
        return None
    return line(case, element, -found.employee, **_pension_trace(case, plan, found))


def _pension(case: Case, element: Element) -> Line | None:
    plan, found = _shares(case)
    wanted = pensions.NET_PAY if element.code == "pension" else pensions.RELIEF
    if plan is None or found is None or plan["arrangement"] != wanted or not found.employee:
        return None
    trace = _pension_trace(case, plan, found)
    if found.relief:
        trace["tax relief that the scheme claims"] = found.relief
    return line(case, element, found.employee, ("pension",), **trace)


def _pension_employer(case: Case, element: Element) -> Line | None:
    plan, found = _shares(case)
    if plan is None or found is None or not found.employer:
        return None
    trace = _pension_trace(case, plan, found) | {"percent": plan["employer"]}
    if plan["arrangement"] == pensions.SACRIFICE:
        trace["given up by the person"] = found.employee
    return line(case, element, found.employer, ("pension_employer",), **trace)


def _tax(case: Case, element: Element) -> Line:
    code = tax_codes.read(case.inputs["code"])
    pay, period = case.base("taxable"), case.period
    before = case.to_date("tax")
    found = paye.due(
        code,
        pay=pay,
        pay_before=case.to_date("taxable"),
        tax_before=before,
        number=period.number,
        of=period.of,
        parameters=case.parameters,
    )
    made = line(case, element, found.tax, ("tax",), **paye.explained(code, found, before, period.of))
    if not code.flat and not code.no_tax:
        made.trace["bands"] = case.parameters.cite(f"paye.bands.{code.country}")
    made.adds["taxable"] = pay
    return made


def _insured(case: Case) -> tuple[insurance.Contributions, Decimal, Decimal]:
    """The contributions of this period and what was paid before: directors are reckoned over the year."""
    earnings, category = case.base("niable"), case.inputs["ni"]
    if not case.inputs.get("director"):
        return insurance.due(earnings, category, case.period.of, case.parameters), ZERO, ZERO
    total = earnings + case.to_date("niable")
    found = insurance.due(total, category, 1, case.parameters)
    return found, case.to_date("ni"), case.to_date("ni_employer")


def _ni_trace(case: Case, rows: list[Any], before: Decimal) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "category": case.inputs["ni"],
        "earnings": case.base("niable"),
        "bands": [
            f"{plain(width)} above {plain(band.above)} at {plain(band.rate)} %: {plain(amount)}"
            for band, width, amount in rows
        ]
        or ["below the first threshold"],
        "thresholds": case.parameters.cite("ni.primary_threshold"),
    }
    if case.inputs.get("director"):
        trace |= {"director": "reckoned over the year", "already paid": before}
    return trace


def _ni(case: Case, element: Element) -> Line:
    found, before, _employer = _insured(case)
    amount = found.employee - before
    made = line(case, element, amount, ("ni",), **_ni_trace(case, found.employee_rows, before))
    made.adds["niable"] = case.base("niable")
    return made


def _ni_employer(case: Case, element: Element) -> Line | None:
    found, _employee, before = _insured(case)
    amount = found.employer - before
    if not amount:
        return None
    return line(case, element, amount, ("ni_employer",), **_ni_trace(case, found.employer_rows, before))


def _loan(case: Case, element: Element) -> Line | None:
    if element.code == "postgraduate_loan":
        plan = loans.POSTGRADUATE if case.inputs.get("postgraduate") else None
    else:
        plan = loans.plan_that_counts(case.inputs.get("plans", ()), case.period.of, case.parameters)
    if plan is None:
        return None
    earnings = case.base("niable")
    amount = loans.repayment(earnings, plan, case.period.of, case.parameters)
    if not amount:
        return None
    trace = {
        "plan": plan,
        "earnings": earnings,
        "free in the period": loans.threshold(plan, case.period.of, case.parameters),
        "thresholds": case.parameters.cite("loans.thresholds"),
    }
    return line(case, element, amount, (element.code,), **trace)


def _minimum_wage(case: Case, element: Element) -> None:
    hours = case.inputs.get("hours", ZERO)
    age = case.inputs.get("age")
    if not hours or age is None:
        return
    least = wages.floor_for(age, case.parameters, apprentice=bool(case.inputs.get("apprentice")))
    pay = case.base("wage")
    if pay < half_down(least * hours):
        case.warn("minimum_wage", hourly=wages.hourly(pay, hours), floor=least)


def _enrolment(case: Case, element: Element) -> None:
    age, plan = case.inputs.get("age"), case.inputs.get("pension")
    if plan and plan.get("joins"):
        case.warn("pension_joiner")
    elif not plan and not case.inputs.get("opted_out") and age is not None:
        if pensions.must_enrol(case.base("pensionable"), age, case.period.of, case.parameters):
            case.warn("must_enrol", earnings=case.base("pensionable"))


PAY = {"salary": 1, "taxable": 1, "niable": 1, "pensionable": 1, "wage": 1}
ELEMENTS = (
    Element("salary", "Salary", EARNING, _salary, feeds=PAY, debit="wages"),
    Element(
        "sacrifice", "Pension, pay given up", EARNING, _sacrifice,
        reads=frozenset({"pensionable"}), feeds={"taxable": 1, "niable": 1, "wage": 1}, debit="wages",
    ),
    Element(
        "pension", "Pension", DEDUCTION, _pension,
        reads=frozenset({"pensionable"}), feeds={"taxable": -1}, credit="pension_payable",
    ),
    Element(
        "pension_relief", "Pension, tax relief by the scheme", DEDUCTION, _pension,
        reads=frozenset({"pensionable"}), credit="pension_payable",
    ),
    Element(
        "pension_employer", "Pension, employer", EMPLOYER, _pension_employer,
        reads=frozenset({"pensionable"}), debit="employer_pension", credit="pension_payable",
    ),
    Element("tax", "Income tax", DEDUCTION, _tax, reads=frozenset({"taxable"}), credit="payroll_taxes"),
    Element("ni", "National Insurance", DEDUCTION, _ni, reads=frozenset({"niable"}), credit="payroll_taxes"),
    Element(
        "ni_employer", "National Insurance, employer", EMPLOYER, _ni_employer,
        reads=frozenset({"niable"}), debit="employer_ni", credit="payroll_taxes",
    ),
    Element("student_loan", "Student loan", DEDUCTION, _loan, reads=frozenset({"niable"}), credit="payroll_taxes"),
    Element(
        "postgraduate_loan", "Postgraduate loan", DEDUCTION, _loan,
        reads=frozenset({"niable"}), credit="payroll_taxes",
    ),
    Element("minimum_wage", "Minimum wage", INFORMATION, _minimum_wage, reads=frozenset({"wage"})),
    Element("enrolment", "Pension enrolment", INFORMATION, _enrolment, reads=frozenset({"pensionable"})),
)  # fmt: skip

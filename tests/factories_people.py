"""People to test with: starters with an assignment, and their approved pay."""

from datetime import date
from decimal import Decimal
from typing import Any

from backoffice.organisation.models import CostCentre, Department
from hr.people import hiring, pay
from hr.people.models import Employment, PayRate
from tests.fixtures_world import a_user, all_rights


def a_place(company: Any, code: str = "WH", name: str = "Warehouse") -> CostCentre:
    """A department with one cost centre."""
    department, _new = Department.objects.get_or_create(company=company, code=code, defaults={"name": name})
    centre, _new = CostCentre.objects.get_or_create(
        company=company, code=code, defaults={"name": name, "department": department}
    )
    return centre


def an_officer(company: Any, name: str = "Fiona Marsh") -> Any:
    """Somebody who holds every right of people, and sees departments."""
    return a_user(name, *all_rights("people", "organisation"), company=company)


def a_starter(company: Any, **fields: Any) -> hiring.Starter:
    """Daniel Osei, picker, unless said otherwise."""
    centre = fields.pop("cost_centre", None) or a_place(company)
    return hiring.Starter(
        **{
            "first_names": "Daniel",
            "last_name": "Osei",
            "starts_on": date(2024, 1, 8),
            "job_title": "Picker",
            "department": centre.department,
            "cost_centre": centre,
            **fields,
        }
    )


def an_employment(company: Any, *, by: Any, **fields: Any) -> Employment:
    """Somebody who was hired."""
    return hiring.hire(company, a_starter(company, **fields), by=by)


def a_rate(employment: Employment, on: date, amount: str = "30000", *, by: Any, approver: Any = None) -> PayRate:
    """A proposed rate, approved when somebody is named."""
    rate = pay.propose_pay(employment, effective_from=on, amount=Decimal(amount), reason="Review", by=by)
    return pay.approve(rate, by=approver) if approver is not None else rate

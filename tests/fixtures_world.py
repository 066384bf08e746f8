"""A small company to test with: Calder & Wren without its history, and the people of the demo."""

from datetime import date
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.organisation.models import Company, CostCentre, Department
from backoffice.parties.models import Party
from finance.ledger import charts, periods
from finance.tax import codes

TODAY = date(2026, 11, 23)


def a_company(name: str = "Calder & Wren Ltd", chart: str = "uk", **fields: Any) -> Company:
    """A company with chart, tax codes, journals and three fiscal years around today."""
    company = Company.objects.create(
        name=name, short_name=name.removesuffix(" Ltd"), **{"country": "GB", "currency": "GBP", **fields}
    )
    charts.install(company, chart)
    codes.install(company, chart)
    for year in (2025, 2026, 2027):
        periods.open_year(company, date(year, 1, 1))
    return company


def a_user(name: str, *rights: str, company: Company | None = None, **scope: Any) -> User:
    """A user who holds exactly these rights, in one company or everywhere."""
    user = User.objects.create(email=f"{name.lower().replace(' ', '.')}@calderwren.example", name=name)
    give(user, *rights, company=company, **scope)
    return user


def give(user: User, *rights: str, company: Company | None = None, **scope: Any) -> None:
    """Add rights to a user by a role of their own."""
    role = Role.objects.create(
        name=f"{user.name} {user.role_assignments.count()}", key=f"r-{user.pk}-{user.role_assignments.count()}"
    )
    role.permissions.add(*[_known_rights()[right] for right in rights])
    RoleAssignment.objects.create(user=user, role=role, company=company, **scope)
    user.__dict__.pop("_grants", None)


def a_party(company: Company, name: str = "Northmoor Packaging Ltd", **fields: Any) -> Party:
    """A supplier."""
    return Party.objects.create(company=company, name=name, **{"country": "GB", "currency": "GBP", **fields})


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def warehouse(company: Company) -> CostCentre:
    department = Department.objects.create(company=company, code="WH", name="Warehouse")
    return CostCentre.objects.create(company=company, department=department, code="LEEDS", name="Leeds warehouse")


@pytest.fixture
def bookkeeper(company: Company) -> User:
    """Holds every right on the ledger."""
    return a_user("Grace Okafor", *all_rights("ledger"), company=company)


def all_rights(*apps: str) -> list[str]:
    """Every right of these apps."""
    return [right for right in _known_rights() if right.split(".")[0] in apps]


@cache
def _known_rights() -> dict[str, int]:
    """Every right with its key; made by the migrations, so the same for all tests of a process."""
    found = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": key for app, codename, key in found}

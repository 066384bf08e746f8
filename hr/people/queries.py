"""Reading who is employed, as what and for how much, for sets of people at once."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from backoffice.core.models import Rows
from backoffice.organisation.models import Company
from hr.people.models import Assignment, Employment, PayRate

State = Employment.State


def employed(company: Company, first: date, last: date) -> Rows:
    """Employments that run on at least one day of the span, with person and private details."""
    rows = Employment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first), company=company, starts_on__lte=last)
    return rows.exclude(state=State.WITHDRAWN).select_related("person__private", "company").order_by("number", "id")


def assignments(company: Company, on: date) -> Rows:
    """The assignments that hold on a day, one an employment that runs then."""
    rows = Assignment.objects.filter(holding(on), running(on, "employment__"), employment__company=company)
    return rows.select_related("employment__person", "department", "cost_centre", "manager__person")


def assignments_between(company: Company, first: date, last: date) -> Rows:
    """The assignments that hold on at least one day of the span, in order of time."""
    rows = Assignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), employment__company=company, valid_from__lte=last
    )
    return rows.select_related("department", "cost_centre").order_by("employment", "valid_from")


def pay_rates(company: Company, first: date, last: date) -> Rows:
    """The approved rates that hold on at least one day of the span, in order of time."""
    rows = PayRate.objects.filter(Q(valid_to=None) | Q(valid_to__gt=first), company=company, valid_from__lte=last)
    return rows.filter(state=PayRate.State.APPROVED).order_by("employment", "valid_from")


def employment_of(user: Any, on: date, company: Company | None = None) -> Employment | None:
    """The employment of a user on a day, or None; where there are several, the one that began last."""
    rows = Employment.objects.filter(running(on), person__user=user).select_related("person", "company")
    if company is not None:
        rows = rows.filter(company=company)
    return rows.order_by("-starts_on", "-id").first()


def with_assignment(employments: Any, on: date) -> Any:
    """Employments with `held`: the list of the assignment that holds on a day (none or one), in one more query."""
    rows = Assignment.objects.filter(holding(on)).select_related("department", "cost_centre", "manager__person")
    return employments.prefetch_related(Prefetch("assignments", rows, to_attr="held"))


def holding(on: date, path: str = "") -> Q:
    """The condition that a dated row holds on a day."""
    return Q(**{f"{path}valid_from__lte": on}) & (Q(**{f"{path}valid_to": None}) | Q(**{f"{path}valid_to__gt": on}))


def running(on: date, path: str = "") -> Q:
    """The condition that an employment runs on a day."""
    return (
        Q(**{f"{path}starts_on__lte": on})
        & (Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gte": on}))
        & ~Q(**{f"{path}state": State.WITHDRAWN})
    )


def as_of(employments: Any, on: date) -> Any:
    """Employments with what each does on a day: `job`, its department, manager and hours."""
    rows = Assignment.objects.filter(holding(on), employment=OuterRef("pk"))
    manager = Concat(
        Coalesce(NullIf("manager__person__known_as", Value("")), "manager__person__first_names"),
        Value(" "),
        "manager__person__last_name",
    )
    return employments.annotate(
        job=Subquery(rows.values("job_title")[:1]),
        department_name=Subquery(rows.values("department__name")[:1]),
        held_department=Subquery(rows.values("department")[:1]),
        manager_name=Subquery(rows.filter(manager__isnull=False).annotate(_name=manager).values("_name")[:1]),
        held_manager=Subquery(rows.values("manager")[:1]),
        held_fte=Subquery(rows.values("fte")[:1]),
    )


def held(employment: Employment, on: date) -> Assignment | None:
    """The assignment that holds on a day; before the first day the first one, after the last the last."""
    rows = list(employment.assignments.select_related("department", "cost_centre", "manager__person"))
    rows.sort(key=lambda row: row.valid_from)
    return next((row for row in rows if row.holds(on)), rows[0] if rows else None)


def reports_of(employment: Employment, on: date) -> Rows:
    """The employments that report to this one on a day."""
    under = Assignment.objects.filter(holding(on), manager=employment)
    return Employment.objects.filter(running(on), pk__in=under.values("employment"))


def called(word: str) -> Q:
    """The condition that an employee's number or name holds a word."""
    return (
        Q(number__icontains=word)
        | Q(person__last_name__icontains=word)
        | Q(person__first_names__icontains=word)
        | Q(person__known_as__icontains=word)
    )

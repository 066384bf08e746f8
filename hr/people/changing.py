"""Changes from a day on: another assignment, taking one back that has not begun."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import CostCentre, Department
from hr.people.models import Assignment, Employment

FIELDS = ("job_title", "department", "cost_centre", "manager", "grade", "weekly_hours", "fte")


@Employment.flow.verb
def change_assignment(
    employment: Employment,
    *,
    by: Any,
    effective_from: date,
    job_title: str | None = None,
    department: Department | None = None,
    cost_centre: CostCentre | None = None,
    manager: Employment | None = None,
    grade: str | None = None,
    weekly_hours: Decimal | None = None,
    fte: Decimal | None = None,
) -> None:
    """From this day on the assignment is another: what is not named stays as it was.

    The row that held ends on the day before; a later change keeps its own day. On the first day of a row
    the row itself is put right, its history keeps what it said. Raises `Refused` outside of the employment,
    `ValidationError` for a manager who reports to this person.
    """
    given = (job_title, department, cost_centre, manager, grade, weekly_hours, fte)
    fields = {name: value for name, value in zip(FIELDS, given, strict=True) if value is not None}
    _demand_within(employment, effective_from)
    rows = list(employment.assignments.order_by("valid_from"))
    held = next((row for row in rows if row.holds(effective_from)), None)
    later = next((row for row in rows if row.valid_from > effective_from), None)
    new = Assignment(employment=employment, valid_from=effective_from)
    if held is not None:
        for name in FIELDS:
            setattr(new, name, getattr(held, name))
    for name, value in fields.items():
        setattr(new, name, value)
    new.valid_to = held.valid_to if held is not None else later.valid_from if later is not None else None
    _demand_no_circle(new)
    if held is not None and held.valid_from == effective_from:
        new.pk = held.pk
    elif held is not None:
        Assignment.objects.filter(pk=held.pk).update(valid_to=effective_from)
    new.clean_fields()
    new.save()


@Employment.flow.verb
def cancel_assignment(employment: Employment, *, by: Any, assignment: Assignment) -> None:
    """Take back a change that has not begun: what held before goes on."""
    own = employment.assignments.filter(pk=assignment.pk).first()
    if own is None or own.valid_from <= timezone.localdate(timezone=employment.company.zone):
        raise Refused(_("Only a change that lies ahead can be taken back."), code="begun")
    before = employment.assignments.filter(valid_to=own.valid_from).first()
    if before is None:
        raise Refused(_("The first assignment cannot be taken back: change it instead."), code="first")
    own.delete()
    Assignment.objects.filter(pk=before.pk).update(valid_to=own.valid_to)


def _demand_within(employment: Employment, on: date) -> None:
    last = employment.ends_on
    if on < employment.starts_on or (last is not None and on > last):
        raise Refused(
            _("The employment runs from %(first)s to %(last)s.")
            % {
                "first": date_format(employment.starts_on, "j M Y"),
                "last": date_format(last, "j M Y") if last else _("further notice"),
            },
            code="outside",
        )


# Who stands above somebody on a day, from assignment to assignment.
ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT %(manager)s::bigint
  UNION
    SELECT a.manager_id FROM people_assignment a JOIN above ON a.employment_id = above.id
     WHERE a.manager_id IS NOT NULL AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
)
SELECT 1 FROM above WHERE id = %(self)s
"""


def _demand_no_circle(new: Assignment) -> None:
    if new.manager_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, {"manager": new.manager_id, "on": new.valid_from, "self": new.employment_id})
        if cursor.fetchone():
            raise ValidationError({"manager": _("This manager reports to the person.")})
    manager = new.manager
    if manager is not None and (manager.company_id != new.employment.company_id or not manager.runs(new.valid_from)):
        raise ValidationError({"manager": _("This manager is not employed here on that day.")})

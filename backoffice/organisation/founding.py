"""Founding a company: its row, and one department and cost centre to begin with."""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backoffice.core import events
from backoffice.core.authority import authority, recorder
from backoffice.organisation.events import CompanyFounded
from backoffice.organisation.models import Company, CostCentre, Department


def found(company: Company, *, by: Any) -> Company:
    """Save a new company with its first department and cost centre, and tell it.

    Raises `PermissionDenied` without the right to add companies.
    """
    if denied := authority.only.refusal(by, "organisation.add_company", None):
        raise denied
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('backoffice.actor', %s, true)", [str(by.pk)])
            # two first companies at once must not both count as the first
            cursor.execute("LOCK TABLE organisation_company IN SHARE ROW EXCLUSIVE MODE")
        is_first = not Company.objects.exists()
        company.save()
        department = Department.objects.create(company=company, code="MAIN", name=_("Main department"))
        CostCentre.objects.create(company=company, department=department, code="MAIN", name=_("General costs"))
        recorder.only(company, "found", by, {"name": company.name})
        events.publish(CompanyFounded(company_id=company.pk, by_id=by.pk, is_first=is_first))
    return company

"""Tax details from a day on: a change is a row of its own, the row before ends where it begins."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from hr.payroll.models import TaxDetails
from hr.people.models import Employment

EMERGENCY = "0T M1"  # no allowance, each month alone: what HMRC asks for while there is no code


@transaction.atomic
def change(employment: Employment, *, effective_from: date, by: Any, **changes: Any) -> TaxDetails:
    """Let other details hold from a day on; what is not named stays as it is.

    Raises `PermissionDenied` without the right, `ValidationError` for what is no code, `Refused` without a code.
    """
    if denied := authority.only.refusal(by, "payroll.add_taxdetails", TaxDetails(employment=employment)):
        raise denied
    Employment.objects.select_for_update().get(pk=employment.pk)
    rows = list(TaxDetails.objects.filter(employment=employment).order_by("valid_from"))
    held = next((row for row in rows if row.holds(effective_from)), None)
    later = next((row for row in rows if row.valid_from > effective_from), None)
    made = TaxDetails(employment=employment, valid_from=effective_from, valid_to=later.valid_from if later else None)
    for name in (
        f.name for f in TaxDetails._meta.concrete_fields if f.name not in ("id", "employment", "valid_from", "valid_to")
    ):
        if name in changes:
            setattr(made, name, changes[name])
        elif held is not None:
            setattr(made, name, getattr(held, name))
    if not made.tax_code:
        raise Refused(_("A tax code is needed."), code="code")
    made.clean()
    with acting(by):
        if held is not None and held.valid_from == effective_from:
            made.pk = held.pk
        elif held is not None:
            held.valid_to = effective_from
            held.save(update_fields=["valid_to"])
        made.save()
        recorder.only(employment, "changed_tax_details", by, {"effective_from": effective_from})
    return made


def use_emergency_code(employment: Employment, *, effective_from: date, by: Any) -> TaxDetails:
    """Tax somebody without a code by the emergency code until HMRC sends one."""
    return change(employment, effective_from=effective_from, by=by, tax_code=EMERGENCY, code_source=_("Emergency code"))

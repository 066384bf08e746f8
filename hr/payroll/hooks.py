"""How runs are found in the palette."""

from typing import Any

from django.utils.translation import gettext_lazy

from backoffice.ui.slots import Hit, Search, palette
from hr.payroll.models import PayrollRun


def find_runs(user: Any, words: str) -> list[Hit]:
    """Runs by number for the palette; amounts are not told."""
    rows = PayrollRun.objects.visible_to(user).filter(number__icontains=words)
    return [
        Hit(f"{run} {run.number}", run.get_absolute_url(), "banknote", str(run.get_state_display()))
        for run in rows.order_by("-pk")[:6]
    ]


palette.fill("payroll.payrollrun", Search(gettext_lazy("Payroll runs"), find_runs, prefix="pay:", order=35))

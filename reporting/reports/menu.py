"""What reports put into the side bar and the palette."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.access.rights import companies
from backoffice.ui.slots import Hit, MenuEntry, Search, menu, palette
from reporting.reports.defining import offered

menu.fill(
    "reports.all",
    MenuEntry("reporting", _("All reports"), "reports:report_list", "chart-column", "reports.view_reportrun", order=10),
)
menu.fill(
    "reports.schedules",
    MenuEntry("reporting", _("Schedules"), "reports:schedule_list", "calendar", "reports.view_schedule", order=150),
)
menu.fill(
    "reports.runs",
    MenuEntry(
        "reporting", _("Made reports"), "reports:reportrun_list", "file-text", "reports.view_reportrun", order=160
    ),
)


def find_reports(user: Any, words: str) -> Iterable[Hit]:
    """Reports by their words, among those that this person may see."""
    company = user.last_company or companies(user).order_by("name").first()
    if company is None:
        return
    for report in offered(user, company):
        text = f"{report.title} {report.summary}".lower()
        if all(word in text for word in words.lower().split()):
            yield Hit(str(report.title), reverse("reports:report", args=[report.key]), report.icon, str(report.summary))


palette.fill("reports", Search(_("Reports"), find_reports, prefix="report:", order=40))

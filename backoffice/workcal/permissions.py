"""What this app gives to the standard roles."""

from backoffice.access.roles import grant

SEEN = "workcal.view_calendar workcal.view_span workcal.view_calendarday"
KEPT = " ".join(
    f"workcal.{action}_{model}"
    for model in ("calendar", "span", "calendarday")
    for action in ("add", "change", "delete")
)

grant("administrator", by="workcal", rights=f"{SEEN} {KEPT}")
for role in ("member", "finance-manager", "auditor"):
    grant(role, by="workcal", rights=SEEN)

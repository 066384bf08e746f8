"""What reports give to the standard roles."""

from backoffice.access.roles import grant

RUN = """
reports.view_pack reports.view_packpart reports.view_schedule reports.view_recipient reports.view_reportrun
reports.add_reportrun reports.view_delivery
"""
KEPT = " ".join(
    f"reports.{action}_{model}"
    for model in ("pack", "packpart", "schedule", "recipient")
    for action in ("add", "change", "delete")
)

for role in ("ap-clerk", "auditor"):
    grant(role, "reports", RUN)
for role in ("finance-manager", "finance-director"):
    grant(role, "reports", f"{RUN} {KEPT}")
grant("department-head", "reports", "reports.view_reportrun reports.add_reportrun")

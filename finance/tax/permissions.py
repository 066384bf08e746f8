"""What tax gives to the standard roles."""

from backoffice.access.roles import grant

CHOICES = "tax.view_taxcode tax.view_taxrate tax.view_taxgroupmember"

grant("member", "tax", CHOICES)
for role in (
    "ap-clerk",
    "payroll-clerk",
    "finance-manager",
    "finance-director",
    "department-head",
    "auditor",
    "integration",
):
    grant(role, "tax", f"{CHOICES} tax.view_taxrow")
grant(
    "administrator",
    "tax",
    " ".join(
        f"tax.{action}_{model}"
        for model in ("taxcode", "taxrate", "taxgroupmember")
        for action in ("view", "add", "change")
    ),
)

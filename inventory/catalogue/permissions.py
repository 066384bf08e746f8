"""What the catalogue gives to the standard roles."""

from backoffice.access.roles import grant

SEEN = "catalogue.view_item catalogue.view_category catalogue.view_unit catalogue.view_itemunit catalogue.view_barcode"
KEPT = " ".join(
    f"catalogue.{action}_{model}"
    for model in ("item", "category", "itemunit", "barcode")
    for action in ("add", "change")
)

for role in ("member", "ap-clerk", "finance-manager", "finance-director", "department-head", "auditor", "integration"):
    grant(role, "catalogue", SEEN)
for role in ("storekeeper", "buyer"):
    grant(role, "catalogue", f"{SEEN} {KEPT}")
grant("administrator", "catalogue", f"{SEEN} {KEPT} catalogue.add_unit catalogue.change_unit")

"""What this app gives to the standard roles: the desk keeps equipment, every colleague sees and accepts the own."""

from backoffice.access.roles import grant

RIGHTS = [("asset", "view_own_asset", "Can see the own equipment")]

SEEN = "assets.view_asset assets.view_handover assets.view_outfit"
KEPT = """
assets.add_asset assets.change_asset assets.hand_over_asset assets.take_back_asset assets.restock_asset
assets.repair_asset assets.lose_asset assets.find_asset assets.retire_asset
assets.request_outfit assets.finish_outfit
"""
NEEDED = """
catalogue.view_item people.view_person people.view_employment purchasing.view_requisition parties.view_party
reports.view_reportrun reports.add_reportrun
"""

grant("member", "assets", "assets.view_own_asset assets.accept_asset")
grant(
    "it-agent",
    by="assets",
    rights=f"{SEEN} {KEPT} {NEEDED}",
    name="IT agent",
    description="Answers and resolves incidents, keeps equipment and hands it over.",
)
for role in ("finance-manager", "finance-director", "auditor"):
    grant(role, "assets", "assets.view_asset assets.view_handover")
grant("hr-officer", "assets", "assets.view_asset assets.view_handover")

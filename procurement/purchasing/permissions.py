"""What this app gives to the standard roles.

Every colleague asks for things and sees what they asked for; department heads see and approve their department's.
"""

from backoffice.access.roles import APPROVALS, CHOICES, PAPERS, PARTIES, grant

RIGHTS = [("requisition", "view_own_requisition", "Can see the requisitions that they raised")]

ASKED = """
purchasing.view_own_requisition purchasing.add_requisition purchasing.change_requisition
purchasing.submit_requisition purchasing.withdraw_requisition purchasing.cancel_requisition
"""
SEEN = """
purchasing.view_own_requisition purchasing.view_requisition purchasing.view_requisitionline
purchasing.view_purchaseorder purchasing.view_orderline purchasing.view_coverage purchasing.view_revision
"""
ORDERED = """
purchasing.add_purchaseorder purchasing.change_purchaseorder purchasing.submit_purchaseorder
purchasing.withdraw_purchaseorder purchasing.send_purchaseorder purchasing.acknowledge_purchaseorder
purchasing.amend_purchaseorder purchasing.drop_amendment_purchaseorder purchasing.cancel_rest_purchaseorder
purchasing.close_purchaseorder purchasing.cancel_purchaseorder purchasing.close_requisition
purchasing.send_back_requisition
"""
MATCH_SEEN = "purchasing.view_matchrow purchasing.view_matchchoice purchasing.view_tolerance purchasing.view_acceptance"
MATCHED = f"{MATCH_SEEN} purchasing.add_matchchoice purchasing.change_matchchoice"
TOLERANCES = "purchasing.add_tolerance purchasing.change_tolerance"
REQUESTS_APPROVED = "purchasing.approve_requisition purchasing.send_back_requisition"
ORDERS_APPROVED = "purchasing.approve_purchaseorder purchasing.send_back_purchaseorder"
ITEMS = "catalogue.view_item catalogue.view_category catalogue.view_unit catalogue.view_itemunit"

grant("member", "purchasing", f"{ASKED} {ITEMS}")
grant(
    "buyer",
    by="purchasing",
    rights=f"{SEEN} {ASKED} {ORDERED} {ITEMS} {CHOICES} {PAPERS} {APPROVALS} {PARTIES} parties.add_party "
    "parties.change_party ledger.view_account tax.view_taxcode stock.view_warehouse stock.view_expected "
    "stock.view_goodsreceipt payables.view_bill reports.view_reportrun reports.add_reportrun",
    name="Buyer",
    description="Turns requisitions into orders and looks after them until they are billed.",
)
grant("ap-clerk", "purchasing", SEEN)
grant("finance-manager", "purchasing", f"{SEEN} {REQUESTS_APPROVED} {ORDERS_APPROVED} {ITEMS} stock.view_warehouse")
grant("finance-director", "purchasing", f"{SEEN} {REQUESTS_APPROVED} {ORDERS_APPROVED} {ITEMS} stock.view_warehouse")
grant("department-head", "purchasing", f"{SEEN} {REQUESTS_APPROVED}")
grant("storekeeper", "purchasing", "purchasing.view_purchaseorder purchasing.view_orderline")
grant("auditor", "purchasing", SEEN)
grant("buyer", "purchasing.match", f"{MATCHED} purchasing.add_acceptance")
grant("ap-clerk", "purchasing.match", MATCHED)
grant("finance-manager", "purchasing.match", f"{MATCHED} {TOLERANCES} purchasing.add_acceptance")
grant("finance-director", "purchasing.match", f"{MATCH_SEEN} purchasing.add_acceptance")
grant("department-head", "purchasing.match", "purchasing.view_matchrow")
grant("auditor", "purchasing.match", MATCH_SEEN)

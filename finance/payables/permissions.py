"""What payables gives to the standard roles."""

from backoffice.access.roles import grant

SEEN = "payables.view_bill payables.view_billline payables.view_supplierterms"
ENTERED = """
payables.add_bill payables.change_bill payables.submit_bill payables.withdraw_bill payables.void_bill
payables.add_supplierterms payables.change_supplierterms
"""
APPROVED = "payables.approve_bill payables.send_back_bill payables.post_bill payables.reverse_bill"

grant("ap-clerk", "payables", f"{SEEN} {ENTERED}")
grant("finance-manager", "payables", f"{SEEN} {ENTERED} {APPROVED}")
grant("finance-director", "payables", f"{SEEN} {APPROVED}")
grant(
    "department-head",
    "payables",
    "payables.view_bill payables.view_billline payables.approve_bill payables.send_back_bill",
)
grant("auditor", "payables", SEEN)

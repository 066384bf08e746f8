"""What payables gives to the standard roles."""

from backoffice.access.roles import grant

SEEN = "payables.view_bill payables.view_billline payables.view_supplierterms payables.view_paymentblock"
ENTERED = """
payables.add_bill payables.change_bill payables.submit_bill payables.withdraw_bill payables.void_bill
payables.add_supplierterms payables.change_supplierterms
"""
APPROVED = "payables.approve_bill payables.send_back_bill payables.post_bill payables.reverse_bill"
CLEARED = "payables.block_bill payables.release_payment_bill"

grant("ap-clerk", "payables", f"{SEEN} {ENTERED} payables.block_bill")
grant("finance-manager", "payables", f"{SEEN} {ENTERED} {APPROVED} {CLEARED}")
grant("finance-director", "payables", f"{SEEN} {APPROVED} {CLEARED}")
grant(
    "department-head",
    "payables",
    "payables.view_bill payables.view_billline payables.view_paymentblock payables.approve_bill payables.send_back_bill",
)
grant("auditor", "payables", SEEN)
grant(
    "buyer",
    "payables",
    f"payables.view_bill payables.view_billline payables.view_paymentblock {CLEARED}",
    name="Buyer",
)

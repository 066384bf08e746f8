"""What this app gives to the standard roles."""

from backoffice.access.roles import grant

SEEN = "suppliers.view_supplier suppliers.view_supplieritem"
KEPT = """
suppliers.add_supplier suppliers.change_supplier suppliers.reopen_supplier suppliers.block_supplier
suppliers.add_supplieritem suppliers.change_supplieritem
"""
APPROVED = "suppliers.approve_supplier suppliers.send_back_supplier suppliers.block_supplier suppliers.unblock_supplier"

grant("member", "suppliers", "suppliers.view_supplier")
grant("buyer", "suppliers", f"{SEEN} {KEPT}")
grant("ap-clerk", "suppliers", SEEN)
grant("finance-manager", "suppliers", f"{SEEN} {APPROVED}")
grant("finance-director", "suppliers", f"{SEEN} {APPROVED}")
grant("department-head", "suppliers", "suppliers.view_supplier")
grant("auditor", "suppliers", SEEN)

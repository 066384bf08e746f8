"""What stock gives to the standard roles."""

from backoffice.access.roles import CHOICES, PAPERS, grant

SEEN = " ".join(
    f"stock.view_{model}"
    for model in (
        "warehouse", "bin", "expected", "onhand", "stockmove", "goodsreceipt", "receiptline", "goodsissue", "issueline",
        "supplierreturn", "returnline", "stocktransfer", "transferline", "stockcount", "countline",
    )
)  # fmt: skip
VALUES = "stock.view_position stock.view_costlayer stock.view_costentry stock.view_issuecost"
KEPT = " ".join(
    f"stock.{action}_{model}"
    for model in ("goodsreceipt", "goodsissue", "supplierreturn", "stocktransfer", "stockcount")
    for action in ("add", "change", "void")
)
DONE = """
stock.post_goodsreceipt stock.post_goodsissue stock.take_back_goodsissue stock.post_supplierreturn stock.carry_stocktransfer
stock.submit_stockcount
"""
PLACES = "stock.add_warehouse stock.change_warehouse stock.add_bin stock.change_bin"
DECIDED = "stock.approve_stockcount stock.send_back_stockcount"

grant(
    "storekeeper",
    by="stock",
    rights=f"{SEEN} {KEPT} {DONE} {PLACES} {CHOICES} {PAPERS} parties.view_party",
    name="Storekeeper",
    description="Receives, issues, moves and counts goods.",
)
grant("buyer", by="stock", rights=SEEN)
grant("department-head", by="stock", rights=f"{SEEN} {DECIDED}")
for role in ("finance-manager", "finance-director"):
    grant(role, by="stock", rights=f"{SEEN} {VALUES} {DECIDED}")
for role in ("auditor", "ap-clerk"):
    grant(role, by="stock", rights=f"{SEEN} {VALUES}")
grant("administrator", by="stock", rights=f"stock.view_warehouse stock.view_bin {PLACES}")

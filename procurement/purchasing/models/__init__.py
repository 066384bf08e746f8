"""What people ask for, what is ordered for them, and what of it was billed."""

from procurement.purchasing.models.match import Acceptance, MatchChoice, MatchRow, Tolerance
from procurement.purchasing.models.numbering import Series
from procurement.purchasing.models.order import Coverage, OrderLine, PurchaseOrder, Revision
from procurement.purchasing.models.requisition import Requisition, RequisitionLine

__all__ = [
    "Acceptance",
    "Coverage",
    "MatchChoice",
    "MatchRow",
    "OrderLine",
    "PurchaseOrder",
    "Requisition",
    "RequisitionLine",
    "Revision",
    "Series",
    "Tolerance",
]

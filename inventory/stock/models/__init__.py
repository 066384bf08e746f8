"""The facts of stock: places, what is expected, documents, and the three ledgers of quantity, layers and value."""

from inventory.stock.models.count import CountLine, StockCount
from inventory.stock.models.expected import Expected
from inventory.stock.models.issue import GoodsIssue, IssueLine, StockTransfer, TransferLine
from inventory.stock.models.ledgers import CostEntry, CostLayer, IssueCost, OnHand, Position, StockMove
from inventory.stock.models.places import Bin, Warehouse
from inventory.stock.models.receipt import GoodsReceipt, ReceiptLine, ReturnLine, SupplierReturn

__all__ = [
    "Bin",
    "CostEntry",
    "CostLayer",
    "CountLine",
    "Expected",
    "GoodsIssue",
    "GoodsReceipt",
    "IssueCost",
    "IssueLine",
    "OnHand",
    "Position",
    "ReceiptLine",
    "ReturnLine",
    "StockCount",
    "StockMove",
    "StockTransfer",
    "SupplierReturn",
    "TransferLine",
    "Warehouse",
]

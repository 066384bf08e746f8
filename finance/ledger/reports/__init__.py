"""The reports of the books; importing them puts them into the slot of reports."""

from finance.ledger.reports import balance_sheet, listings, profit_and_loss

__all__ = ["balance_sheet", "listings", "profit_and_loss"]

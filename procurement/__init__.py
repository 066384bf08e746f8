"""Procurement: suppliers, contracts and purchases, from the request to the receipt."""

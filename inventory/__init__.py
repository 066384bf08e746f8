"""Inventory: goods, where they are, what they are worth and what will be needed."""

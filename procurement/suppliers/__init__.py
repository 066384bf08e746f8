"""Who we buy from: standing, terms, items and prices of a supplier.

Words: supplier, qualification, supplier item.
"""

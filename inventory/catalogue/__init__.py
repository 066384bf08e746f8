"""What is bought, kept and issued: items, units, categories, barcodes.

Words: item, unit, category, barcode.
"""

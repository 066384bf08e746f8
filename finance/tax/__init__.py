"""Taxes on documents: codes with dated rates, their computation, and the rows that a return is made of.

Words: tax code, tax rate, base, tax row, return box, reverse charge.
"""

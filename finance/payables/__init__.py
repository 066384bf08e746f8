"""What suppliers ask us to pay: captured, coded, approved, posted.

Words: bill, bill line, credit note, supplier terms, tolerance of stated VAT.
"""

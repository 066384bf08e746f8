"""The own organisation: companies, their departments and cost centres.

Words: company, department, cost centre.
"""

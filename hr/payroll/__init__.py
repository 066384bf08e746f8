"""Pay: elements, dated parameters, runs, payslips, the year to date, and what the ledger gets of it.

Words: element, parameter, payroll run, payslip, year to date, country pack.
"""

"""Facts of pay: what people are paid by (masters), what is paid (runs, payslips), and the year to date.

Pay is private: none of these rows has a history that others could read, and each asks for its own right.
"""

from hr.payroll.models.masters import Element, Parameter, PayItem, TaxDetails
from hr.payroll.models.runs import LeftOut, PayrollRun, Payslip, PayslipLine, RunChunk
from hr.payroll.models.years import YearToDate

__all__ = [
    "Element",
    "LeftOut",
    "Parameter",
    "PayItem",
    "PayrollRun",
    "Payslip",
    "PayslipLine",
    "RunChunk",
    "TaxDetails",
    "YearToDate",
]

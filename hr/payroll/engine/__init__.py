"""The pure engine of pay: elements, bases, dated parameters, bands and calculators, the same for every country.

Decimal only; no database, no clock, no country. What a country adds is a pack (`hr.payroll.uk`).
"""

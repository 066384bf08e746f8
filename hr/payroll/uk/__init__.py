"""The country pack of the United Kingdom: PAYE, National Insurance, student loans, pensions, minimum wage.

Its figures lie in `data/`, one file a tax year, each with its source; its calculators are pure.
"""

"""The one ledger: accounts, periods, journal entries, balances and open items.

Words: account, heading, fiscal year, period, journal, journal entry, line, debit, credit, post, reverse,
balance, open item, allocation, settle.
"""

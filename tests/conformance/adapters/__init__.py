"""One adapter for each domain that the product offers; a domain without one is told as unsupported."""

from tests.conformance.adapters import desk, identifiers, ledger_tax, payroll, purchasing, stock

ADAPTERS = {
    "sla": desk.Desk,
    "identifiers": identifiers.Identifiers,
    "inventory_valuation": stock.Stock,
    "ledger_tax": ledger_tax.LedgerAndTax,
    "payroll": payroll.Payroll,
    "purchasing": purchasing.Purchasing,
    # what these domains share with the ledger; their other operations are told as unsupported
    "multi_currency": ledger_tax.LedgerAndTax,
    "reconciliation": ledger_tax.LedgerAndTax,
}

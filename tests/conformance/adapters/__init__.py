"""One adapter for each domain that the product offers; a domain without one is told as unsupported."""

from tests.conformance.adapters import identifiers, ledger_tax

ADAPTERS = {
    "identifiers": identifiers.Identifiers,
    "ledger_tax": ledger_tax.LedgerAndTax,
    # what these domains share with the ledger; their other operations are told as unsupported
    "multi_currency": ledger_tax.LedgerAndTax,
    "reconciliation": ledger_tax.LedgerAndTax,
}

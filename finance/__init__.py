"""Finance: the ledger and everything that is paid, taxed or owed."""

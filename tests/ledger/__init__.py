"""What must hold of the ledger whatever happens: properties over random histories, and races."""

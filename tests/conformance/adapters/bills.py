"""The same figures a second time, out of the books: a bill with the lines of a tax case is posted and read back."""


def post_and_agree(adapter, lines, totals, on, rounding, digits):
    """Post a bill with these lines; the ledger must hold what the preview said."""

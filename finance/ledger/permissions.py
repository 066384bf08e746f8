"""Rights of the ledger beyond seeing, entering, changing and its verbs."""

# Manual journals need a second person; a program that posts at once has none, so it needs a right that no
# standard role of a person holds.
RIGHTS = [("journalentry", "integrate_journalentry", "Can post entries of other systems at once")]

"""Rights of the ledger beyond seeing, entering, changing and its verbs."""

from backoffice.access.roles import grant

# Manual journals need a second person; a program that posts at once has none, so it needs a right that no
# standard role of a person holds.
RIGHTS = [("journalentry", "integrate_journalentry", "Can post entries of other systems at once")]

# What everybody needs to choose from in a form; no figures.
CHOICES = """
ledger.view_account ledger.view_heading ledger.view_journal ledger.view_fiscalyear ledger.view_period
ledger.view_dimensionset
"""
BOOKS = """
ledger.view_journalentry ledger.view_journalline ledger.view_balance ledger.view_openitem ledger.view_allocation
ledger.view_counter
"""
ENTERED = """
ledger.add_journalentry ledger.change_journalentry ledger.submit_journalentry ledger.discard_journalentry
"""
REVIEWED = """
ledger.send_back_journalentry ledger.post_journalentry ledger.reverse_journalentry ledger.close_period
ledger.add_account ledger.change_account ledger.add_allocation
"""
MASTERS_KEPT = " ".join(
    f"ledger.{action}_{model}"
    for model in ("account", "heading", "journal", "fiscalyear")
    for action in ("view", "add", "change")
)

grant("member", "ledger", CHOICES)
for role in ("ap-clerk", "payroll-clerk"):
    grant(role, "ledger", f"{CHOICES} {BOOKS} {ENTERED}")
grant("finance-manager", "ledger", f"{CHOICES} {BOOKS} {ENTERED} {REVIEWED} ledger.add_fiscalyear")
grant("finance-director", "ledger", f"{CHOICES} {BOOKS} {ENTERED} {REVIEWED} ledger.reopen_period")
for role in ("department-head", "auditor"):
    grant(role, "ledger", f"{CHOICES} {BOOKS}")
grant("integration", "ledger", f"{CHOICES} {BOOKS} ledger.post_journalentry ledger.integrate_journalentry")
grant("administrator", "ledger", MASTERS_KEPT)

"""Rights of banking beyond its verbs, and what it gives to the standard roles."""

from backoffice.access.roles import grant

RIGHTS = [
    ("paymentfile", "download_paymentfile", "Can download payment files"),
    ("paymentrun", "take_out_paymentrun", "Can take payments out of released runs"),
]

SEEN = "banking.view_bankaccount banking.view_paymentrun banking.view_payment banking.view_paymentitem"
PROPOSED = "banking.add_paymentrun banking.change_paymentrun banking.cancel_paymentrun banking.reschedule_paymentrun"
RELEASED = (
    "banking.release_paymentrun banking.export_paymentrun banking.view_paymentfile banking.download_paymentfile"
    " banking.take_out_paymentrun banking.recall_paymentrun"
)

for role in ("ap-clerk", "payroll-clerk"):
    grant(role, "banking", f"{SEEN} {PROPOSED}")
for role in ("finance-manager", "finance-director"):
    grant(role, "banking", f"{SEEN} {PROPOSED} {RELEASED} banking.add_bankaccount banking.change_bankaccount")
grant("auditor", "banking", f"{SEEN} banking.view_paymentfile")
grant("administrator", "banking", "banking.view_bankaccount banking.add_bankaccount banking.change_bankaccount")

"""Who sees and makes pay: the payroll clerk and the finance director see payslips; the auditor and the finance
manager see runs with their totals, which the ledger tells them anyway, and no payslip. Everybody sees their own."""

from backoffice.access.roles import grant

RIGHTS = [("payslip", "view_own_payslip", "Can see the own payslips")]
RUNS = "payroll.view_payrollrun payroll.view_parameter payroll.view_element"
PAY = (
    "payroll.view_payslip payroll.view_payslipline payroll.view_taxdetails payroll.view_payitem "
    "payroll.view_yeartodate payroll.view_leftout payroll.view_runchunk"
)
MADE = """
payroll.add_payrollrun payroll.change_payrollrun payroll.calculate_payrollrun payroll.pause_payrollrun
payroll.submit_payrollrun payroll.withdraw_payrollrun payroll.discard_payrollrun payroll.post_payrollrun
payroll.reverse_payrollrun payroll.add_taxdetails payroll.change_taxdetails payroll.add_payitem payroll.change_payitem
payroll.add_element payroll.change_element payroll.add_yeartodate
"""
APPROVALS = "workflow.view_approvalrequest workflow.view_decision workflow.view_approvalrule"

grant("member", "payroll", "payroll.view_own_payslip")
grant("payroll-clerk", "payroll", f"{RUNS} {PAY} {MADE} {APPROVALS} ledger.view_account ledger.view_journalentry")
grant("finance-director", "payroll", f"{RUNS} {PAY} payroll.approve_payrollrun payroll.send_back_payrollrun")
grant("finance-manager", "payroll", "payroll.view_payrollrun")
grant("auditor", "payroll", RUNS)

"""What this app gives to the standard roles.

Pay is seen by those who make it (payroll), answer for it (finance director) or check it (auditor): nobody else, so
neither HR officers nor managers. The auditor reads all of finance, pay is its largest cost: granted on purpose.
"""

from backoffice.access.roles import grant

RIGHTS = [("employment", "view_own_record", "Can see the own record")]

PEOPLE_SEEN = "people.view_person people.view_employment people.view_assignment"
PEOPLE_KEPT = """
people.add_person people.change_person people.add_employment people.change_employment people.add_assignment
people.withdraw_employment people.give_notice_employment people.withdraw_notice_employment people.leave_employment
people.change_assignment_employment people.cancel_assignment_employment
people.view_privatedetails people.add_privatedetails people.change_privatedetails
people.view_personbankaccount people.add_personbankaccount people.confirm_personbankaccount
people.refuse_personbankaccount
"""
MASTERS = "organisation.view_company organisation.view_department organisation.view_costcentre"
APPROVALS = "workflow.view_approvalrequest workflow.view_decision workflow.view_approvalrule"

grant("member", "people", "people.view_own_record")
grant(
    "hr-officer",
    by="people",
    rights=f"{PEOPLE_SEEN} {PEOPLE_KEPT} {MASTERS} documents.view_attachment documents.add_attachment "
    "documents.view_comment documents.add_comment access.view_user reports.view_reportrun reports.add_reportrun",
    name="HR officer",
    description="Keeps persons, employments and assignments; sees pay only together with the payroll role.",
)
grant(
    "payroll-clerk",
    "people",
    f"{PEOPLE_SEEN} people.view_privatedetails people.view_personbankaccount people.add_personbankaccount "
    "people.confirm_personbankaccount people.refuse_personbankaccount people.view_payrate people.add_payrate "
    f"people.withdraw_payrate {APPROVALS} reports.view_reportrun reports.add_reportrun",
)
grant(
    "finance-director",
    "people",
    f"{PEOPLE_SEEN} people.view_personbankaccount people.confirm_personbankaccount people.refuse_personbankaccount "
    "people.view_payrate people.approve_payrate people.send_back_payrate people.cancel_payrate",
)
grant("department-head", "people", PEOPLE_SEEN)
grant("auditor", "people", f"{PEOPLE_SEEN} people.view_payrate")

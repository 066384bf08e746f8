"""The roles that come with the product, as data: which rights a person of that name needs, and not one more.

Installed after every migrate. A standard role always holds at least what stands here; whoever needs less
makes a role of their own. Rights of apps that are not installed are left out.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.db import connections

from backoffice.access.models import Role
from backoffice.access.verb_rights import create_verb_rights
from backoffice.core.slots import Slot


@dataclass(frozen=True)
class Standard:
    """A role as data; `rights` are `app.codename`, parted by blanks."""

    key: str
    name: str
    description: str
    rights: str

    def of_app(self, label: str) -> set[str]:
        """The code names of this role's rights in one app."""
        return {right.split(".")[1] for right in self.rights.split() if right.split(".")[0] == label}


# What everybody needs to choose from in a form; no figures.
MASTERS = """
organisation.view_company organisation.view_department organisation.view_costcentre
currencies.view_currency currencies.view_rate
ledger.view_account ledger.view_heading ledger.view_journal ledger.view_fiscalyear ledger.view_period
ledger.view_dimensionset
tax.view_taxcode tax.view_taxrate tax.view_taxgroupmember
"""
PAPERS = "documents.view_attachment documents.add_attachment documents.view_comment documents.add_comment"
BOOKS = """
ledger.view_journalentry ledger.view_journalline ledger.view_balance ledger.view_openitem ledger.view_allocation
ledger.view_counter tax.view_taxrow
"""
BILLS_SEEN = """
payables.view_bill payables.view_billline payables.view_supplierterms
parties.view_party parties.view_partybankaccount
workflow.view_approvalrequest workflow.view_decision workflow.view_approvalrule
"""
BILLS_ENTERED = """
payables.add_bill payables.change_bill payables.submit_bill payables.withdraw_bill payables.void_bill
payables.add_supplierterms payables.change_supplierterms
parties.add_party parties.change_party parties.add_partybankaccount parties.change_partybankaccount
exchange.view_upload exchange.add_upload exchange.change_upload
"""
BILLS_APPROVED = "payables.approve_bill payables.send_back_bill payables.post_bill"
JOURNALS_ENTERED = """
ledger.add_journalentry ledger.change_journalentry ledger.submit_journalentry ledger.discard_journalentry
"""
REPORTS = """
reports.view_pack reports.view_packpart reports.view_schedule reports.view_recipient reports.view_reportrun
reports.add_reportrun reports.view_delivery
"""
REPORTS_KEPT = """
reports.add_pack reports.change_pack reports.delete_pack reports.add_packpart reports.change_packpart
reports.delete_packpart reports.add_schedule reports.change_schedule reports.delete_schedule
reports.add_recipient reports.change_recipient reports.delete_recipient
"""
MASTERS_KEPT = " ".join(
    f"{app}.{action}_{model}"
    for app, model in (
        ("organisation", "company"),
        ("organisation", "department"),
        ("organisation", "costcentre"),
        ("currencies", "currency"),
        ("currencies", "rate"),
        ("ledger", "account"),
        ("ledger", "heading"),
        ("ledger", "journal"),
        ("ledger", "fiscalyear"),
        ("tax", "taxcode"),
        ("tax", "taxrate"),
        ("tax", "taxgroupmember"),
        ("workflow", "approvalrule"),
    )
    for action in ("view", "add", "change")
)
PEOPLE_KEPT = " ".join(
    f"access.{action}_{model}" for model in ("user", "role", "roleassignment") for action in ("view", "add", "change")
)

STANDARD = [
    Standard(
        "member", "Colleague", "Sees the masters that forms choose from: accounts, cost centres, tax codes.", MASTERS
    ),
    Standard(
        "ap-clerk",
        "Accounts-payable clerk",
        "Enters bills and suppliers, uploads papers, sends bills for approval and journals for review.",
        f"{MASTERS} {PAPERS} {BILLS_SEEN} {BILLS_ENTERED} {BOOKS} {JOURNALS_ENTERED} {REPORTS}",
    ),
    Standard(
        "payroll-clerk",
        "Payroll clerk",
        "Enters journals of wages and sends them for review.",
        f"{MASTERS} {PAPERS} {BOOKS} {JOURNALS_ENTERED}",
    ),
    Standard(
        "finance-manager",
        "Finance manager",
        "Approves bills up to a limit, reviews and posts journals, reverses, closes periods, keeps the chart.",
        f"{MASTERS} {PAPERS} {BILLS_SEEN} {BILLS_ENTERED} {BILLS_APPROVED} {BOOKS} {JOURNALS_ENTERED} {REPORTS} "
        f"{REPORTS_KEPT} payables.reverse_bill ledger.send_back_journalentry ledger.post_journalentry "
        "ledger.reverse_journalentry ledger.close_period ledger.add_account ledger.change_account "
        "ledger.add_allocation ledger.add_fiscalyear jobs.view_job access.view_override",
    ),
    Standard(
        "finance-director",
        "Finance director",
        "Approves without a limit, posts, reverses and reopens periods; reads all of finance.",
        f"{MASTERS} {PAPERS} {BILLS_SEEN} {BILLS_APPROVED} {BOOKS} {JOURNALS_ENTERED} {REPORTS} {REPORTS_KEPT} "
        "payables.reverse_bill ledger.send_back_journalentry ledger.post_journalentry ledger.reverse_journalentry "
        "ledger.close_period ledger.reopen_period ledger.add_account ledger.change_account ledger.add_allocation "
        "workflow.add_approvalrule workflow.change_approvalrule jobs.view_job access.view_override",
    ),
    Standard(
        "department-head",
        "Department head",
        "Sees the bills and postings of a department and approves its bills; assign it with a department.",
        f"{MASTERS} {PAPERS} payables.view_bill payables.view_billline payables.approve_bill payables.send_back_bill "
        f"{BOOKS} reports.view_reportrun reports.add_reportrun",
    ),
    Standard(
        "auditor",
        "Auditor",
        "Reads all of finance and the history of every document; changes nothing.",
        f"{MASTERS} {BILLS_SEEN} {BOOKS} {REPORTS} documents.view_attachment documents.view_comment "
        "exchange.view_upload audit.view_act audit.view_change access.view_user access.view_role "
        "access.view_roleassignment access.view_override jobs.view_job messaging.view_outgoingmail",
    ),
    Standard(
        "integration",
        "Integration",
        "For programs, not for people: posts entries of other systems at once, without a second person.",
        f"{MASTERS} {BOOKS} parties.view_party ledger.post_journalentry ledger.integrate_journalentry",
    ),
    Standard(
        "administrator",
        "Administrator",
        "Keeps users, roles and masters, and may grant an override with a reason; holds no right on documents.",
        f"{MASTERS_KEPT} {PEOPLE_KEPT} access.view_override access.add_override jobs.view_job "
        "messaging.view_outgoingmail messaging.change_outgoingmail",
    ),
]


standard: Slot[Standard] = Slot("access.standard_roles")
for role in STANDARD:
    standard.fill(role.key, role)


def grant(key: str, by: str, rights: str, *, name: str = "", description: str = "") -> None:
    """An app's part of a standard role: which rights of its own the role holds; called while apps load.

    `by` is the app's label. The first app that knows the role gives its name and description as well.
    """
    standard.fill(f"{key}:{by}", Standard(key, name, description, rights))


def standard_roles() -> list[Standard]:
    """Every standard role with the rights that all apps give it."""
    merged: dict[str, Standard] = {}
    for part in standard:
        known = merged.get(part.key, Standard(part.key, "", "", ""))
        merged[part.key] = Standard(
            part.key,
            known.name or part.name,
            known.description or part.description,
            f"{known.rights} {part.rights}",
        )
    return list(merged.values())


def install_roles(app_config: Any, using: str = "default", **kwargs: Any) -> None:
    """Give the standard roles their rights of one app; called after migrate for each app, and harmless twice."""
    roles = standard_roles()
    if not any(role.of_app(app_config.label) for role in roles):
        return
    if Role._meta.db_table not in connections[using].introspection.table_names():
        return
    # Django makes its own permissions later in the same round: the roles need them now.
    create_permissions(app_config, verbosity=0, using=using, apps=apps)
    create_verb_rights(app_config, using=using)
    links = Role.permissions.through
    known = dict(
        Permission.objects.using(using).filter(content_type__app_label=app_config.label).values_list("codename", "pk")
    )
    for one in roles:
        role, _is_new = Role.objects.using(using).get_or_create(
            key=one.key, defaults={"name": one.name, "description": one.description}
        )
        wanted = [known[name] for name in one.of_app(app_config.label) if name in known]
        links._default_manager.using(using).bulk_create(
            [links(role_id=role.pk, permission_id=pk) for pk in wanted], ignore_conflicts=True
        )


def known_rights() -> set[str]:
    """Every right that exists, as `app.codename`."""
    rows = Permission.objects.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}

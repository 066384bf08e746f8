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
CHOICES = """
organisation.view_company organisation.view_department organisation.view_costcentre
currencies.view_currency currencies.view_rate
"""
PAPERS = "documents.view_attachment documents.add_attachment documents.view_comment documents.add_comment"
APPROVALS = "workflow.view_approvalrequest workflow.view_decision workflow.view_approvalrule"
PARTIES = "parties.view_party parties.view_partybankaccount"
PARTIES_KEPT = "parties.add_party parties.change_party parties.add_partybankaccount parties.change_partybankaccount"
UPLOADS = "exchange.view_upload exchange.add_upload exchange.change_upload"
MASTERS_KEPT = " ".join(
    f"{app}.{action}_{model}"
    for app, model in (
        ("organisation", "company"),
        ("organisation", "department"),
        ("organisation", "costcentre"),
        ("currencies", "currency"),
        ("currencies", "rate"),
        ("workflow", "approvalrule"),
    )
    for action in ("view", "add", "change")
)
PEOPLE_KEPT = " ".join(
    f"access.{action}_{model}" for model in ("user", "role", "roleassignment") for action in ("view", "add", "change")
)

# The rights of the ground; every app above adds its own with `grant`.
STANDARD = [
    Standard(
        "member", "Colleague", "Sees the masters that forms choose from: accounts, cost centres, tax codes.", CHOICES
    ),
    Standard(
        "ap-clerk",
        "Accounts-payable clerk",
        "Enters bills and suppliers, uploads papers, sends bills for approval and journals for review.",
        f"{CHOICES} {PAPERS} {APPROVALS} {PARTIES} {PARTIES_KEPT} {UPLOADS}",
    ),
    Standard(
        "payroll-clerk",
        "Payroll clerk",
        "Prepares payroll, enters journals of wages and sends them for review.",
        f"{CHOICES} {PAPERS}",
    ),
    Standard(
        "finance-manager",
        "Finance manager",
        "Approves bills up to a limit, reviews and posts journals, reverses, closes periods, keeps the chart.",
        f"{CHOICES} {PAPERS} {APPROVALS} {PARTIES} {PARTIES_KEPT} {UPLOADS} jobs.view_job access.view_override",
    ),
    Standard(
        "finance-director",
        "Finance director",
        "Approves without a limit, posts, reverses and reopens periods; reads all of finance.",
        f"{CHOICES} {PAPERS} {APPROVALS} {PARTIES} workflow.add_approvalrule workflow.change_approvalrule "
        "jobs.view_job access.view_override",
    ),
    Standard(
        "department-head",
        "Department head",
        "Sees what is bought and posted for a department and approves it; assign it with a department.",
        f"{CHOICES} {PAPERS}",
    ),
    Standard(
        "auditor",
        "Auditor",
        "Reads all of finance and the history of every document; changes nothing.",
        f"{CHOICES} {APPROVALS} {PARTIES} documents.view_attachment documents.view_comment "
        "exchange.view_upload audit.view_act audit.view_change access.view_user access.view_role "
        "access.view_roleassignment access.view_override jobs.view_job messaging.view_outgoingmail",
    ),
    Standard(
        "integration",
        "Integration",
        "For programs, not for people: posts entries of other systems at once, without a second person.",
        f"{CHOICES} parties.view_party",
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

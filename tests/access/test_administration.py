"""The administration: masters are kept as the person's own acts, the books are only looked at, nobody lifts themselves."""

import pytest
from django.contrib import admin
from django.urls import reverse

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.access.roles import known_rights, standard_roles
from backoffice.audit.models import Act, Change
from backoffice.messaging.models import OutgoingMail
from backoffice.organisation.models import CostCentre
from finance.ledger.models import Account
from tests.finance.ledger.builders import posted
from tests.fixtures_world import a_company, a_user


@pytest.fixture
def ada(company):
    user = a_user("Ada Quinn")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    RoleAssignment.objects.create(user=user, role=Role.objects.get(key="administrator"), company=company)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada, backend="backoffice.access.backends.RoleBackend")
    return client


@pytest.fixture
def root(client, company):
    user = User.objects.create_superuser("root@calderwren.example", "x", name="Root")
    client.force_login(user, backend="backoffice.access.backends.RoleBackend")
    return client


def at(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_a_master_is_saved_as_the_administrators_own_act(as_ada, ada, warehouse):
    data = {
        "company": warehouse.company_id,
        "department": warehouse.department_id,
        "code": "LEEDS",
        "name": "Leeds",
        "is_active": "on",
    }

    answer = as_ada.post(at(CostCentre, "change", warehouse.pk), data)

    assert answer.status_code == 302
    change = Change.objects.filter(table="organisation_costcentre", operation="update").get()
    assert (change.by, change.before, change.after) == (ada, {"name": "Leeds warehouse"}, {"name": "Leeds"})
    assert Act.objects.filter(by=ada, verb="change", object_id=warehouse.pk).exists()


def test_an_administrator_of_one_company_does_not_touch_another(as_ada, company):
    other = a_company("Elsewhere Ltd")
    account = Account.objects.filter(company=other).first()
    data = {"company": other.pk, "code": "NEW", "name": "New", "is_active": "on"}

    assert as_ada.get(at(Account, "change", account.pk)).status_code == 302
    assert as_ada.post(at(CostCentre, "add"), data).status_code == 403
    assert not CostCentre.objects.filter(code="NEW").exists()


def test_nobody_gives_roles_to_themselves_nor_widens_their_own_role(as_ada, ada, company):
    finance, own = Role.objects.get(key="finance-director"), Role.objects.get(key="administrator")
    mine = {"user": ada.pk, "role": finance.pk, "company": company.pk}

    assert as_ada.post(at(RoleAssignment, "add"), mine).status_code == 403
    assert as_ada.post(at(Role, "change", own.pk), {"name": own.name, "key": own.key}).status_code == 403
    page = as_ada.get(at(User, "change", ada.pk)).content.decode()

    assert 'name="role_assignments-0-role"' not in page and 'name="is_staff"' not in page
    assert not ada.role_assignments.filter(role=finance).exists()


def test_a_new_user_gets_an_invitation_and_no_password(as_ada, company):
    role = Role.objects.get(key="auditor")
    rows = {
        "TOTAL_FORMS": 1,
        "INITIAL_FORMS": 0,
        "MIN_NUM_FORMS": 0,
        "MAX_NUM_FORMS": 1000,
        "0-role": role.pk,
        "0-company": company.pk,
    }
    data = {"email": "Bilal@calderwren.example", "name": "Bilal Chaudhry", "job_title": "", "is_active": "on"}

    answer = as_ada.post(at(User, "add"), data | {f"role_assignments-{key}": value for key, value in rows.items()})

    assert answer.status_code == 302
    bilal = User.objects.get(email="bilal@calderwren.example")
    assert not bilal.has_usable_password()
    assert bilal.role_assignments.get().role == role
    assert OutgoingMail.objects.get().recipient == bilal


def test_a_department_brings_its_company_along(as_ada, company, warehouse):
    marcus, head = a_user("Marcus Bell"), Role.objects.get(key="department-head")

    as_ada.post(at(RoleAssignment, "add"), {"user": marcus.pk, "role": head.pk, "department": warehouse.department_id})

    assert marcus.role_assignments.filter(department=warehouse.department).get().company == company


BOOKS = [
    "ledger.journalentry",
    "ledger.balance",
    "ledger.openitem",
    "ledger.allocation",
    "ledger.counter",
    "ledger.dimensionset",
    "ledger.period",
    "ledger.fiscalyear",
    "tax.taxrow",
    "audit.act",
    "audit.change",
    "documents.attachment",
    "documents.comment",
    "access.override",
]


@pytest.mark.parametrize("label", BOOKS)
def test_what_happened_is_only_looked_at_even_by_a_superuser(root, label, rf, company, bookkeeper):
    from django.apps import apps

    posted(company, bookkeeper)
    model = apps.get_model(label)
    page, request = admin.site._registry[model], rf.get("/")
    request.user = User.objects.get(email="root@calderwren.example")
    row = model._base_manager.first()

    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request, row) and not page.has_delete_permission(request, row)
    assert root.get(at(model, "changelist")).status_code == 200
    assert root.get(at(model, "add")).status_code == 403
    if row is not None:
        assert root.get(at(model, "change", row.pk)).status_code == 200
        assert root.post(at(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("label", ["organisation.company", "currencies.rate", "ledger.account", "ledger.heading",
                                   "ledger.journal", "tax.taxcode", "access.role", "access.user", "parties.party"])  # fmt: skip
def test_every_master_opens(root, label, company):
    from django.apps import apps

    model = apps.get_model(label)
    row = model._base_manager.first()

    assert root.get(at(model, "changelist")).status_code == 200
    if row is not None:
        assert root.get(at(model, "change", row.pk)).status_code == 200


def test_the_administration_runs_without_inline_code(root, company):
    account = Account.objects.filter(company=company).first()
    for page in (reverse("admin:index"), at(Account, "changelist"), at(Account, "change", account.pk), at(Role, "add")):
        body = root.get(page).content.decode()
        assert "<style" not in body and " onclick=" not in body and "javascript:" not in body


@pytest.mark.parametrize("standard", standard_roles(), ids=lambda standard: standard.key)
def test_every_right_of_a_standard_role_exists_and_is_given(standard, db):
    from django.apps import apps

    installed = {right for right in standard.rights.split() if apps.is_installed(package(right.split(".")[0]))}
    held = {
        f"{app}.{name}"
        for app, name in Role.objects.get(key=standard.key).permissions.values_list(
            "content_type__app_label", "codename"
        )
    }

    assert installed - known_rights() == set()
    assert held == installed


def package(label):
    from django.apps import apps

    return next((config.name for config in apps.get_app_configs() if config.label == label), "none")


def test_installing_the_roles_twice_changes_nothing(db):
    from django.apps import apps

    from backoffice.access.roles import install_roles

    before = Role.permissions.through.objects.count()
    for config in apps.get_app_configs():
        install_roles(config)

    assert Role.permissions.through.objects.count() == before
    assert Role.objects.count() == len(standard_roles())


def test_the_administrator_holds_no_right_on_documents():
    administrator = next(role for role in standard_roles() if role.key == "administrator")

    assert administrator.of_app("payables") == set()
    assert not any("journalentry" in right or "journalline" in right for right in administrator.rights.split())


def test_nobody_enters_and_approves_by_one_role_but_the_flow_keeps_them_apart():
    clerk = next(role for role in standard_roles() if role.key == "ap-clerk")

    assert not {"approve_bill", "post_bill"} & clerk.of_app("payables")
    assert "post_journalentry" not in clerk.of_app("ledger")


def test_rights_come_from_roles_alone(company, client):
    """Django's own rights of single users and groups, which nobody assigns here, give nothing."""
    from django.contrib.auth.models import Group, Permission

    user, right = (
        User.objects.create_user("sly@calderwren.example", "a long pass phrase", name="Sly"),
        "view_journalentry",
    )
    group = Group.objects.create(name="Old habits")
    group.permissions.add(Permission.objects.get(codename=right))
    user.groups.add(group)
    user.user_permissions.add(Permission.objects.get(codename=right))

    assert not User.objects.get(pk=user.pk).has_perm(f"ledger.{right}")
    signed = client.post(
        reverse("account_login"), {"login": "sly@calderwren.example", "password": "a long pass phrase"}
    )
    assert signed.status_code == 302
    assert client.get(reverse("ledger:journalentry_list")).status_code == 403

"""Plain builders of suppliers, requisitions and orders."""

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType

from backoffice.audit.models import Act
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.organisation.models import CostCentre, Department
from finance.ledger.models import Account
from inventory.stock.models import Warehouse
from procurement.purchasing import approving, mailing, ordering, requesting, sending
from procurement.purchasing.models import OrderLine, PurchaseOrder
from procurement.suppliers.models import Supplier, SupplierItem
from tests.factories_stock import a_bin, journals
from tests.fixtures_world import a_party, a_user, all_rights

TODAY = date(2026, 11, 23)


def a_supplier(company, name="Northmoor Packaging Ltd", *, by=None, state="approved", **fields):
    """A party that we may order from."""
    by = by or somebody(company)
    party = a_party(company, name, email="orders@northmoor.example")
    return Supplier.objects.create(company=company, party=party, state=state, entered_by=by, changed_by=by, **fields)


def somebody(company, name="Rosa Lind"):
    """A buyer with every right in purchasing and stock."""
    from backoffice.access.models import User

    email = f"{name.lower().replace(' ', '.')}@calderwren.example"
    found = User.objects.filter(email=email).first()
    apps = (
        "suppliers",
        "purchasing",
        "stock",
        "catalogue",
        "payables",
        "ledger",
        "documents",
        "tax",
        "parties",
        "organisation",
        "workflow",
        "reports",
    )
    return found or a_user(name, *all_rights(*apps), company=company)


def a_price(supplier, item, price, **fields):
    """What a supplier asks for an item."""
    return SupplierItem.objects.create(
        supplier=supplier, item=item, price=Decimal(price), **{"currency": supplier.party.currency, **fields}
    )


def a_centre(company, code="LEEDS"):
    """A cost centre with its department."""
    department, _made = Department.objects.get_or_create(company=company, code="WH", defaults={"name": "Warehouse"})
    return CostCentre.objects.get_or_create(
        company=company, code=code, defaults={"name": "Leeds warehouse", "department": department}
    )[0]


def a_requisition(company, needs, *, by, submit=True, **fields):
    """A wish of a colleague for (item, quantity) pairs or ready `Need`s."""
    centre = a_centre(company)
    lines = [
        need if isinstance(need, requesting.Need) else requesting.Need(Decimal(need[1]), need[0]) for need in needs
    ]
    facts = {"purpose": "Packing material", "needed_on": TODAY + timedelta(days=14), "cost_centre": centre, **fields}
    return requesting.request(company, lines, requester=by, by=by, department=centre.department, submit=submit, **facts)


def verbs_of(document):
    """What was done to a document, the first first."""
    acts = Act.objects.filter(content_type=ContentType.objects.get_for_model(document), object_id=document.pk)
    return list(acts.order_by("pk").values_list("verb", flat=True))


def papers_drawn():
    """Do the jobs that draw and mail what was sent, as the workers would."""
    return [running.run(job.pk) for job in Job.objects.filter(kind=mailing.KIND, state="queued").order_by("pk")]


def an_order(supplier, rows, *, by, state="sent", approver=None, **fields):
    """An order of (item, quantity, price) rows, brought as far as `state`."""
    company = supplier.company
    journals(company)
    warehouse = Warehouse.objects.filter(company=company).first() or a_bin(company).warehouse
    facts = {"ordered_on": TODAY, "needed_on": TODAY + timedelta(days=7), "currency": supplier.party.currency}
    order = PurchaseOrder(company=company, supplier=supplier, buyer=by, warehouse=warehouse, **(facts | fields))
    account = Account.objects.filter(company=company, kind="expense", role="", needs_cost_centre=False).first()
    lines = [
        OrderLine(
            item=item,
            quantity=Decimal(quantity),
            price=Decimal(price),
            account=None if item.kind == "stock" else account,
        )
        for item, quantity, price in rows
    ]
    ordering.enter(order, by=by, lines=lines)
    if state in ("submitted", "approved", "sent"):
        approving.submit(order, by=by)
    if state in ("approved", "sent"):
        approving.approve(order, by=approver or somebody(company, "Priya Nair"))
    if state == "sent":
        sending.send(order, by=by)
    return order

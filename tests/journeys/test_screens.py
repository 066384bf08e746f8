"""Every screen, in the light, in the dark and on a phone: accessible, quiet, under its policy, no wider than the window.

The screens are those of the URL conf, each with something real in it and opened by the first person who may. A route
that shows no page of its own stands in NO_PAGE with the reason.
"""

import logging
import re
from datetime import date

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from backoffice.audit.models import Act, Change
from backoffice.exchange.models import Upload
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice
from backoffice.organisation.models import Company
from finance.ledger.models import Journal, JournalEntry, Period
from finance.payables.models import Bill
from hr.people.models import Employment, PayRate, PersonBankAccount
from inventory.stock.models import GoodsReceipt, OnHand, StockCount, StockTransfer, SupplierReturn
from itsm.servicedesk.models import Mailbox
from procurement.purchasing import billing
from procurement.purchasing.models import PurchaseOrder
from reporting.reports.defining import reports
from reporting.reports.models import ReportRun
from tests.battery.routes import ours
from tests.factories_stock import a_receipt, an_issue

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=400)]
DAY = date(2026, 11, 20)
WHO = ("grace", "tom", "priya", "ada", "bilal", "hannah", "fiona", "rosa", "imran", "ben", "owen")
GRAVE = ("serious", "critical")
# What may change with the dress is judged in each; everything else once.
DRESSES = (
    ("light", 1440, ()),
    ("dark", 1440, ("color-contrast",)),
    ("light", 390, ("color-contrast", "scrollable-region-focusable", "link-name", "button-name")),
)
# The twentieth row of a table says of accessibility what the first dozen do, and axe takes its time for each cell.
SHORT = "document.querySelectorAll('tbody tr:nth-child(n+13)').forEach(row => row.remove())"
# Routes that answer with no page of their own.
NO_PAGE = {
    "healthz": "a word for load balancers",
    "readyz": "a word for load balancers",
    "ui:preferences": "takes a choice",
    "ui:save_view": "takes a view",
    "ui:drop_view": "takes a view away",
    "ui:badges": "numbers",
    "ui:lookup": "part of a form",
    "ui:draft": "takes a draft",
    "api:schema": "a file",
    "api:docs": "the documentation's own page, judged in tests/api",
    "api:token_revoke": "takes a token away",
    "messaging:notice": "leads on to what the notice is about",
    "messaging:outgoingmail_body": "the mail itself, which has styles of its own",
    "messaging:outgoingmail_eml": "a file",
    "messaging:outgoingmail_file": "a file",
    "jobs:job_progress": "part of a page",
    "jobs:job_cancel": "takes an order",
    "documents:attachment": "a file",
    "documents:attach": "takes a file",
    "documents:comment": "takes a comment",
    "exchange:upload_again": "takes an order",
    "exchange:upload_file": "a file",
    "reports:reportrun_file": "a file",
    "reports:report_file": "a file",
    "reports:schedule_next": "part of a form",
    "people:import_template": "a file",
    "banking:paymentrun_file": "a file",
    "banking:paymentrun_leave_out": "asks about one payment that its address names",
    "banking:paymentrun_pay_part": "asks about one payment that its address names",
    "banking:paymentrun_take_out": "asks about one payment that its address names",
    "payroll:payslip_pdf": "a file",
    "payroll:own_payslip_pdf": "a file",
    "payroll:progress": "part of a page",
    "payroll:seen": "takes an order",
    "payroll:emergency_code": "takes an order",
    "payroll:take_in": "takes an order",
    "stock:expected_receive": "takes an order",
    "stock:stockmove": "leads on to the document that moved it",
    "assets:mine_accept": "takes an order",
    "assets:tag": "leads on to the asset",
    "servicedesk:say": "takes a message",
    # rows that the sample has not; their journeys open them
    "payroll:payitem_end": "asks about an item that runs: tests/hr/payroll",
    "payroll:payitem_take_back": "asks about an item that was never paid: tests/hr/payroll",
    "payroll:own_payslip": "the payslip of whoever is paid: test_pay",
    "purchasing:purchaseorder_edit": "an order that is a draft: test_buying",
    "purchasing:bill_accept": "a bill with differences that are not accepted yet: test_buying",
    "purchasing:bill_credit": "a bill of goods that went back: tests/procurement/purchasing",
    "organisation:setup_step": "judged on a company that is being set up",
}


@pytest.fixture
def rows(company, people):
    """What the sample lacks: an upload, a made report; and a row for each screen whose model has many."""
    client = signed_in(people["tom"])
    torn = ContentFile(b"<torn", name="torn.xml")
    client.post(reverse("exchange:upload_new", args=["bill"]), {"files": torn})
    running.run(Job.objects.filter(kind="reports.deliver").order_by("pk").first().pk)
    waiting = Bill.objects.get(reference="NP-88213")
    return {
        "organisation:setup_done": [Company.objects.get().pk],
        "documents:act": [Act.objects.latest("pk").pk],
        "documents:change": [Change.objects.latest("pk").pk],
        "exchange:upload": [Upload.objects.latest("pk").pk],
        "messaging:notice": [Notice.objects.latest("pk").pk],
        "reports:reportrun": [ReportRun.objects.latest("pk").pk],
        "ledger:journalentry": [Bill.objects.filter(state="posted").latest("pk").entry_id],
        "ledger:journalentry_edit": [a_draft(company, people).pk],
        "ledger:journalentry_verb": [JournalEntry.objects.filter(state="posted").latest("pk").pk, "reverse"],
        "ledger:period_verb": [Period.objects.filter(state="closed").latest("starts_on").pk, "reopen"],
        **of_people(),
        **of_stock(company, people["imran"]),
        "purchasing:purchaseorder_bill": [to_bill().pk],
        "servicedesk:mailbox": [a_mailbox(company, people["ben"])],
        "servicedesk:mailbox_edit": [a_mailbox(company, people["ben"])],
        "payables:bill": [waiting.pk],
        "payables:bill_edit": [Bill.objects.filter(state="draft").latest("pk").pk],
        "payables:bill_verb": [waiting.pk, "send_back"],
    }


def of_people():
    """Daniel, who has a change and a rise ahead, and what waits for a second person."""
    daniel = Employment.objects.get(number="E-0318")
    rate, account = PayRate.objects.get(state="proposed"), PersonBankAccount.objects.get(state="entered")
    return {
        "people:employment": [daniel.pk],
        "people:employment_verb": [daniel.pk, "cancel_assignment"],
        "people:payrate": [rate.pk],
        "people:payrate_verb": [rate.pk, "send_back"],
        "people:personbankaccount": [account.pk],
        "people:personbankaccount_new": [daniel.pk],
        "people:personbankaccount_verb": [account.pk, "confirm"],
        "people:person_edit": [daniel.person_id],
        "people:privatedetails_edit": [daniel.person.private.pk],
    }


def of_stock(company, imran):
    """What Imran began and has not ended: a receipt, an issue, a transfer, a count, a return."""
    held = OnHand.objects.filter(bin__warehouse__company=company, quantity__gt=10).select_related("item", "bin").first()
    bin_, item = held.bin, held.item
    receipt = a_receipt(company, [(item, 1, "5.00", bin_)], by=imran, on=DAY, post=False)
    issue = an_issue(company, [(item, 1, bin_)], by=imran, on=DAY, post=False)
    kept = {"company": company, "warehouse": bin_.warehouse, "entered_by": imran, "changed_by": imran}
    transfer = StockTransfer.objects.create(moved_on=DAY, **kept)
    count = StockCount.objects.create(counted_on=DAY, **kept)
    posted = GoodsReceipt.objects.filter(company=company, state="posted").latest("pk")
    back = SupplierReturn.objects.create(
        **kept | {"warehouse": posted.warehouse}, party=posted.party, returned_on=DAY, reason="Damaged"
    )
    return {
        "stock:goodsreceipt_edit": [receipt.pk],
        "stock:goodsreceipt_scan": [receipt.pk],
        "stock:goodsissue_edit": [issue.pk],
        "stock:stocktransfer": [transfer.pk],
        "stock:stocktransfer_edit": [transfer.pk],
        "stock:stockcount_edit": [count.pk],
        "stock:stockcount_count": [count.pk],
        "stock:supplierreturn": [back.pk],
    }


def to_bill():
    """An order that came and is not billed in full."""
    orders = PurchaseOrder.objects.filter(state="sent").order_by("-pk")
    return next(order for order in orders if billing.billable(order))


def a_mailbox(company, ben):
    """The desk's mailbox, made once."""
    made = {"company": company, "host": "mail.calderwren.example", "login": "desk", "secret": "a pass phrase"}
    made |= {"acts_as": ben}
    return Mailbox.objects.get_or_create(address="desk@calderwren.example", defaults=made)[0].pk


def a_draft(company, people):
    """A journal that Grace began."""
    journal = Journal.objects.get(company=company, code="GEN")
    period = Period.objects.get(company=company, starts_on="2026-11-01")
    by = people["grace"]
    return JournalEntry.objects.create(
        company=company, journal=journal, period=period, on="2026-11-20", text="Carriage", entered_by=by, changed_by=by
    )


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="backoffice.access.backends.RoleBackend")
    return client


def screens(people, rows):
    """Each screen with its address and who opens it; raises for a route that nobody can open and that is no exception."""
    clients = {name: signed_in(people[name]) for name in WHO}
    found, missing = {}, []
    for route in ours():
        if route.is_api or route.name in NO_PAGE:
            continue
        for name in WHO:
            opened = ((a, clients[name].get(a)) for a in addresses(route, people[name], rows))
            address, answer = next(((a, each) for a, each in opened if each.status_code == 200), ("", None))
            if answer is not None:
                if answer["Content-Type"].startswith("text/html"):  # the rest are files
                    found[route.name] = (name, address)
                break
        else:
            missing.append(route.name)
    assert missing == [], " ".join(missing)
    return found


def addresses(route, user, rows):
    """The addresses of a route: with the row that is named for it, else with the latest row of each state."""
    if route.name in rows:
        yield reverse(route.name, args=rows[route.name])
        return
    values = {"label": "payables.bill", "key": "ledger.profit_and_loss", "kind": "bill"}
    above = re.search(r"<int:(?!pk>)(\w+)>", route.pattern)
    if "<int:" not in route.pattern:
        yield route.address(**values)
    elif above:  # a new row is asked for at the row that it belongs to
        for row in one_of_each(route.model._meta.get_field(above[1]).related_model, user):
            yield route.address(**values, **{above[1]: row.pk})
    elif route.model:
        for row in one_of_each(route.model, user):
            for verb in verbs_of(route):
                yield route.address(**values, pk=row.pk, verb=verb)


def verbs_of(route):
    """The verbs that a screen asks about; one empty word for a screen of something else."""
    if "<slug:verb>" not in route.pattern:
        return [""]
    return [*route.options.get("forms", ()), *route.model.flow.moves]


def one_of_each(model, user):
    """The latest row in each state that this person sees, the latest state first; the latest row where there are none."""
    rows = model.objects.visible_to(user)
    if "state" not in {field.name for field in model._meta.concrete_fields}:
        return rows.order_by("-pk")[:1]
    return sorted(rows.order_by("state", "-pk").distinct("state"), key=lambda row: -row.pk)


def judged(window, path):
    """What is wrong with the page in its three dresses: its width with all that it shows, the rest with short tables."""
    answer = window.go(path)
    window.settle()
    wrong = [] if answer.ok else [f"answers {answer.status}"]
    for width in (390, 1440):
        window.page.set_viewport_size({"width": width, "height": 900})
        if window.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"scrolls sideways at {width}")
    window.page.evaluate(SHORT)
    for scheme, width, rules in DRESSES:
        window.page.emulate_media(color_scheme=scheme)
        window.page.set_viewport_size({"width": width, "height": 900})
        wrong += [(scheme, width, *f) for f in grave(window, rules)]
    return wrong


def grave(window, rules):
    """What weighs, when it is there at a second look as well: a page may take in news of a job while axe reads it."""
    found = [f for f in window.findings(*rules) if f[1] in GRAVE]
    if found:
        window.settle()
        found = [f for f in window.findings(*rules) if f[1] in GRAVE]
    return found


def test_every_screen_is_accessible_quiet_and_fits(visit, company, people, rows, caplog):
    caplog.set_level(logging.ERROR)
    found = screens(people, rows)
    found |= {f"report {key}": ("grace", reverse("reports:report", args=[key])) for key, _report in reports.items()}
    windows = {name: visit(people[name]) for name in WHO}

    wrong = {name: bad for name, (who, path) in found.items() if (bad := judged(windows[who], path))}

    assert wrong == {}
    assert len(found) > 60


def test_the_administration_is_accessible_quiet_and_fits(visit, company, people):
    ada = visit(people["ada"])
    client = signed_in(people["ada"])
    paths = [reverse("admin:index")]
    for model in admin.site._registry:
        meta = model._meta
        listing = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        if client.get(listing).status_code == 200:
            paths.append(listing)
    paths += [
        reverse("admin:access_user_change", args=[people["tom"].pk]),
        reverse("admin:access_role_add"),
        reverse("admin:ledger_account_change", args=[company.accounts.first().pk]),
    ]

    wrong = {path: bad for path in paths if (bad := judged(ada, path))}

    assert wrong == {}
    assert len(paths) > 10


def test_doors_and_refusals_have_pages_in_the_same_dress(visit, company, people):
    stranger, tom = visit(), visit(people["tom"])
    wrong = {"sign-in": judged(stranger, "/accounts/login/")}
    for path in ("/nothing/here/", "/ledger/periods/open-year/"):
        tom.go(path)
        wrong[path] = [f for f in tom.findings() if f[1] in GRAVE]
    tom.go("/payables/bills/new/")
    tom.page.keyboard.press("Control+s")
    tom.page.wait_for_selector(".note.bad")
    wrong["form with errors"] = tom.findings()
    tom.page.keyboard.press("Control+k")
    tom.page.keyboard.type("north")
    tom.page.wait_for_selector("#cmds .cmd:has-text('Northmoor')")
    wrong["palette"] = tom.findings()

    assert {where: bad for where, bad in wrong.items() if bad} == {}

"""The index of the house: each app under its own word; namespaces are the labels of the apps."""

from django.contrib import admin
from django.urls import include, path

from backoffice.core import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("backoffice.ui.urls")),
    path("", include("backoffice.api.urls")),
    path("setup/", include("backoffice.organisation.urls")),
    path("parties/", include("backoffice.parties.urls")),
    path("notices/", include("backoffice.messaging.urls")),
    path("jobs/", include("backoffice.jobs.urls")),
    path("calendars/", include("backoffice.workcal.urls")),
    path("documents/", include("backoffice.documents.urls")),
    path("approvals/", include("backoffice.workflow.urls")),
    path("exchange/", include("backoffice.exchange.urls")),
    path("reports/", include("reporting.reports.urls")),
    path("ledger/", include("finance.ledger.urls")),
    path("tax/", include("finance.tax.urls")),
    path("banking/", include("finance.banking.urls")),
    path("payables/", include("finance.payables.urls")),
    path("people/", include("hr.people.urls")),
    path("payroll/", include("hr.payroll.urls")),
    path("catalogue/", include("inventory.catalogue.urls")),
    path("stock/", include("inventory.stock.urls")),
    path("suppliers/", include("procurement.suppliers.urls")),
    path("purchasing/", include("procurement.purchasing.urls")),
    path("assets/", include("itsm.assets.urls")),
    path("desk/", include("itsm.servicedesk.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

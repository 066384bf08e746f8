"""Banking in the administration: what was paid is only looked at, numbers are never shown."""

from django.contrib import admin

from backoffice.core.admin import ReadOnly
from finance.banking.models import BankAccount, PaymentRun


@admin.register(BankAccount)
class BankAccountAdmin(ReadOnly):
    list_display = ["company", "name", "ending", "currency", "is_active"]
    exclude = ["iban"]


@admin.register(PaymentRun)
class PaymentRunAdmin(ReadOnly):
    list_display = ["number", "state", "source", "bank_account", "pay_on", "total", "entered_by", "released_by"]
    list_filter = ["company", "state", "source"]
    exclude = ["left_out"]

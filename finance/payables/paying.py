"""What of the bills is due, for payment runs: open items of posted bills, with what speaks against paying them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from backoffice.parties.models import PartyBankAccount
from finance.banking.slots import Creditor, Payable, payables, payment_checks
from finance.ledger.models import OpenItem, Role
from finance.payables.models import Bill, PaymentBlock

COOL_OFF = timedelta(days=3)  # how long new bank details rest before money goes there (operations B0.13)


class Bills:
    """Supplier bills as a source of payments; what a supplier owes us back is taken off."""

    label = gettext_lazy("Supplier bills")
    role: str = Role.AP
    is_private = False
    right = "payables.view_bill"

    def due(self, company: Company, until: date, currency: str) -> list[Payable]:
        """Open items of posted bills that are due until a day; credit notes whenever they are due."""
        open_items = (
            OpenItem.objects.filter(
                ~Q(rest=0) & (Q(due_on__lte=until) | Q(rest__gt=0)),
                company=company, account__role=Role.AP, currency=currency,
            )
            .select_related("party", "line")
            .order_by("due_on", "pk")
        )  # fmt: skip
        items = {item.line.entry_id: item for item in open_items}
        rows = Bill.objects.filter(entry__in=items, entry__mirror=None).select_related("party", "bank_account")
        bills = list(rows.order_by("due_on", "pk"))
        known = _creditors(bills)
        found = []
        for bill in bills:
            item = items[int(bill.entry_id or 0)]
            creditor, refusal = known[bill.pk]
            found.append(
                Payable(
                    key=f"bill:{bill.pk}",
                    payee=f"party:{bill.party_id}:{creditor.iban[-4:]}",
                    creditor=creditor,
                    amount=-item.rest,
                    due_on=item.due_on,
                    text=bill.reference,
                    party_id=bill.party_id,
                    open_item=item.pk,
                    href=reverse("payables:bill", args=[bill.pk]),
                    refusal=refusal if item.rest < 0 else "",
                )
            )
        return _together(found)

    def creditors(self, keys: Sequence[str]) -> Mapping[str, Creditor]:
        """The creditors of these bills as they are known now."""
        wanted = [int(key.removeprefix("bill:")) for key in keys]
        bills = Bill.objects.filter(pk__in=wanted).select_related("party", "bank_account")
        return {f"bill:{pk}": creditor for pk, (creditor, _refusal) in _creditors(bills).items()}


def _creditors(bills: Any) -> dict[int, tuple[Creditor, str]]:
    """By bill, whom to pay where, and why not: the account on the bill, else the party's only one."""
    rows = list(bills)
    accounts: dict[int, list[PartyBankAccount]] = {}
    wanted = {bill.party_id for bill in rows}
    for known in PartyBankAccount.objects.filter(party__in=wanted, is_active=True).order_by("pk"):
        accounts.setdefault(known.party_id, []).append(known)
    fresh = timezone.now() - COOL_OFF
    found = {}
    for bill in rows:
        own = accounts.get(bill.party_id, [])
        account = bill.bank_account or (own[0] if len(own) == 1 else None)
        refusal = ""
        if account is None:
            refusal = (
                _("It is not said to which account it is paid.")
                if own
                else _("No bank details are known: add them on the supplier's page.")
            )
        elif not account.is_active:
            refusal = _("The bank account on the bill is not active any more.")
        elif not account.is_iban:
            refusal = _("The account has no IBAN.")
        elif account.entered_at > fresh:
            refusal = _("The bank details are new: pay from %s on.") % f"{account.entered_at + COOL_OFF:%-d %B}"
        iban, bic = (account.number, account.bic) if account and account.is_iban and account.is_active else ("", "")
        name = account.holder if account and account.holder else bill.party.legal_name or bill.party.name
        found[bill.pk] = (Creditor(name, iban, bic, bill.party.country), refusal)
    return found


def _together(found: list[Payable]) -> list[Payable]:
    """A credit note goes with the bills of its party, whatever account stands on it."""
    payee = {p.party_id: p.payee for p in reversed(found) if p.amount > 0}
    return [
        p if p.amount > 0 or p.party_id not in payee else Payable(
            p.key, payee[p.party_id], p.creditor, p.amount, p.due_on, p.text, p.party_id, p.open_item, p.href, p.refusal
        )
        for p in found
        if p.amount != ZERO
    ]  # fmt: skip


@payment_checks.filler("payables.blocks")
def blocked(company: Company, wanted: Sequence[Payable]) -> dict[str, str]:
    """Bills whose payment somebody, or a check, has blocked."""
    keys = {int(p.key.removeprefix("bill:")): p.key for p in wanted if p.key.startswith("bill:")}
    blocks = PaymentBlock.objects.filter(bill__in=keys, released_at=None)
    return {
        keys[bill]: _("Payment blocked: %s.") % str(PaymentBlock.Reason(reason).label).lower()
        for bill, reason in blocks.values_list("bill", "reason")
    }


payables.fill("bills", Bills())

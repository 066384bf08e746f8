"""The entry of a bill: one pure function for the preview, the posting and the tests."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.core.flow import held, is_held
from backoffice.core.rounding import ZERO, rounded, shared
from backoffice.currencies import conversion
from finance.ledger.models import Account, Role
from finance.ledger.posting import Line, debit
from finance.ledger.previews import previews
from finance.payables import slots, totalling
from finance.payables.models import Bill, BillLine
from finance.payables.slots import Explained
from finance.payables.totalling import BillTotals
from finance.tax.computing import TaxTotal
from finance.tax.models import TaxCode

HUNDRED = Decimal(100)
Roles = dict[str, Account]


@dataclass
class Part:
    """A side of the entry before it is converted: signed, debit positive, in the bill's currency."""

    account: Account | None
    amount: Decimal
    text: str = ""
    cost_centre: Any = None
    key: int = 0


class Group(NamedTuple):
    """Lines of the bill that an upper app booked: who (the key of the slot), the place of the first entry line,
    counted from 1, and what each line of the bill comes to in company currency (signed, debit positive).
    """

    by: str
    place: int
    amounts: tuple[tuple[int, Decimal], ...]


@dataclass
class Entry:
    """The lines of an entry, and what in it was booked by upper apps."""

    lines: list[Line]
    groups: list[Group]


def entry_for(bill: Bill) -> list[Line]:
    """The lines that the bill posts: costs with their non-recoverable VAT, VAT, rounding, and the payable.

    A credit note is the bill with all sides swapped. Raises `Refused` with the reason why it cannot be posted.
    """
    lines = lines_of(bill)
    sums = totalling.of(bill, lines, conversion.digits(bill.currency))
    return build(bill, lines, sums, roles_of(bill), slots.explained(bill, lines)).lines


def lines_of(bill: Bill) -> list[BillLine]:
    """The lines with everything that sums and entry read, once while a verb holds the bill or a page draws it; prefetched ones as they are."""
    if _prefetched(bill):
        return list(bill.lines.all())
    return held(bill, "lines", lambda: _read_lines(bill))


def knows_lines(bill: Bill) -> bool:
    """Whether `lines_of` answers with what was read for others too."""
    return _prefetched(bill) or is_held(bill)


def _prefetched(bill: Bill) -> bool:
    return "lines" in getattr(bill, "_prefetched_objects_cache", {})


def _read_lines(bill: Bill) -> list[BillLine]:
    lines = list(bill.lines.select_related("account", "cost_centre", "tax_code").order_by("place"))
    prefetch_related_objects(lines, "tax_code__rates")
    groups = [line for line in lines if line.tax_code is not None and line.tax_code.kind == TaxCode.Kind.GROUP]
    prefetch_related_objects(groups, "tax_code__members__member__rates")
    return lines


def roles_of(bill: Bill) -> Roles:
    """The company's accounts by role, one query; once while a verb holds the bill."""
    rows = Account.objects.filter(company=bill.company_id).exclude(role="")
    return held(bill, "roles", lambda: {account.role: account for account in rows})


def build(
    bill: Bill,
    lines: Sequence[BillLine],
    sums: BillTotals,
    roles: Roles,
    explained: Mapping[str, Explained] = MappingProxyType({}),
) -> Entry:
    """The entry from facts already read; no query, nothing written. `explained` lines post what upper apps say."""
    claimed = {key for each in explained.values() for key in each.words}
    _demand_coding(lines, claimed)
    digits = conversion.digits(bill.currency)
    blocked = not_recoverable(sums, digits)
    costs = [
        _cost(bill, line, result.net + extra, is_claimed=line.pk in claimed)
        for line, result, extra in zip(lines, sums.computed.lines, _extra(sums, blocked, digits), strict=True)
    ]
    taxes = _tax_parts(sums, blocked, roles)
    if sums.difference:
        taxes.append(Part(_role(roles, Role.ROUNDING), sums.difference, str(_("VAT as stated by the supplier"))))
    payable = Part(_role(roles, Role.AP), -sums.total, bill.reference)
    costs = [part for part in costs if part.amount or part.account is None]
    return _converted(bill, costs, [part for part in taxes if part.amount], payable, explained)


def _cost(bill: Bill, line: BillLine, amount: Decimal, *, is_claimed: bool) -> Part:
    account = None if is_claimed else _account(line)
    return Part(account, amount, line.text or bill.reference, line.cost_centre, line.pk or 0)


def not_recoverable(sums: BillTotals, digits: int) -> dict[int, Decimal]:
    """By tax code, what of the VAT we may not take back (bill's currency, rounded once)."""
    return {
        total.key: rounded(total.amount * (HUNDRED - sums.codes[total.key].recoverable) / HUNDRED, digits)
        for total in sums.computed.taxes
        if sums.codes[total.key].recoverable < HUNDRED
    }


def recoverable(sums: BillTotals, digits: int) -> list[TaxTotal]:
    """The taxes as a return shows them: base, and the amount that may be taken back."""
    blocked = not_recoverable(sums, digits)
    return [
        TaxTotal(
            t.key, t.base, t.amount if sums.codes[t.key].is_reverse_charge else t.amount - blocked.get(t.key, ZERO)
        )
        for t in sums.computed.taxes
    ]


def _extra(sums: BillTotals, blocked: dict[int, Decimal], digits: int) -> list[Decimal]:
    """For each line the non-recoverable VAT that joins its cost, shared by largest remainder."""
    extra = [ZERO] * len(sums.computed.lines)
    for key, amount in blocked.items():
        weights = [result.taxes.get(key, ZERO) for result in sums.computed.lines]
        if amount:
            extra = [have + more for have, more in zip(extra, shared(amount, weights, digits), strict=True)]
    return extra


def _tax_parts(sums: BillTotals, blocked: dict[int, Decimal], roles: Roles) -> list[Part]:
    by_account: dict[Account, Decimal] = defaultdict(Decimal)
    owed: dict[Account, Decimal] = defaultdict(Decimal)
    for total in sums.computed.taxes:
        code = sums.codes[total.key]
        if not total.amount:
            continue
        if code.is_reverse_charge:
            by_account[_role(roles, Role.VAT_RC_IN)] += total.amount - blocked.get(total.key, ZERO)
            owed[_role(roles, Role.VAT_RC_OUT)] -= total.amount
        else:
            by_account[_role(roles, Role(code.role))] += total.amount - blocked.get(total.key, ZERO)
    return [Part(account, amount, str(_("VAT"))) for account, amount in (*by_account.items(), *owed.items())]


def _converted(
    bill: Bill, costs: list[Part], taxes: list[Part], payable: Part, explained: Mapping[str, Explained]
) -> Entry:
    """Company amounts by the bill's rate: payable and taxes rounded on their own, the rest shared over the costs.

    So the VAT accounts hold exactly what the return shows, and the entry balances to the last penny.
    """
    own = conversion.digits(bill.company.currency)
    fixed = [conversion.converted(part.amount, bill.known_rate, bill.company.currency) for part in (*taxes, payable)]
    target = -sum(fixed, ZERO)
    company = spread([part.amount * bill.known_rate for part in costs], target, own)
    sign = -1 if bill.kind == Bill.Kind.CREDIT_NOTE else 1
    currency = bill.currency if bill.is_foreign else ""
    plain = [(part, amount) for part, amount in zip(costs, company, strict=True) if part.account is not None]
    made = [_line(part, amount, sign, currency) for part, amount in plain]
    groups = []
    by_key = {part.key: sign * amount for part, amount in zip(costs, company, strict=True) if part.account is None}
    for by, each in explained.items():
        amounts = {key: by_key.pop(key) for key in each.words if key in by_key}
        groups.append(Group(by, len(made) + 1, tuple(amounts.items())))
        made += each.post(amounts)
    made += [_line(part, amount, sign, currency) for part, amount in zip((*taxes, payable), fixed, strict=True)]
    made[-1].party, made[-1].due_on = bill.party, bill.due_on
    return Entry(made, groups)


def _line(part: Part, company_amount: Decimal, sign: int, currency: str) -> Line:
    assert part.account is not None
    more = {"text": part.text[:200], "cost_centre": part.cost_centre}
    if not currency:
        return debit(part.account, sign * part.amount, **more)
    return debit(part.account, sign * part.amount, currency=currency, company_amount=sign * company_amount, **more)


def spread(exact: Sequence[Decimal], total: Decimal, digits: int) -> list[Decimal]:
    """Round amounts so that they sum to `total`: the largest remainders take what is missing.

    Raises `ValueError` when there is a total and nothing to carry it.
    """
    if not exact:
        if total:
            raise ValueError("There is no line to carry the amount.")
        return []
    unit = Decimal(1).scaleb(-digits)
    parts = [(value / unit).to_integral_value(rounding="ROUND_FLOOR") * unit for value in exact]
    missing = int((total - sum(parts, ZERO)) / unit)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    step = unit if missing >= 0 else -unit
    for n in range(abs(missing)):
        parts[order[n % len(order)] if missing > 0 else order[-1 - n % len(order)]] += step
    return parts


def _demand_coding(lines: Sequence[BillLine], claimed: set[int]) -> None:
    if not lines:
        raise Refused(_("The bill has no lines."), code="lines")
    for line in lines:
        if line.pk not in claimed:
            _demand_account(line)
        if line.tax_code is None:
            raise Refused(_("Line %(place)s has no VAT code.") % {"place": line.place}, code="coding")


def _demand_account(line: BillLine) -> None:
    account = _account(line)
    if account.why_not_by_hand:
        raise Refused(
            _("Line %(place)s: %(account)s: %(why)s.")
            % {"place": line.place, "account": account, "why": account.why_not_by_hand},
            code="coding",
        )
    if account.needs_cost_centre and line.cost_centre is None:
        raise Refused(
            _("Line %(place)s: %(account)s needs a cost centre.") % {"place": line.place, "account": account},
            code="coding",
        )


def _account(line: BillLine) -> Account:
    if line.account is None:
        raise Refused(_("Line %(place)s has no account.") % {"place": line.place}, code="coding")
    return line.account


def _role(roles: Roles, role: Role) -> Account:
    if role not in roles:
        raise Refused(
            _("No account plays the role “%(role)s”. Choose one in the chart of accounts.") % {"role": role.label},
            code="role",
        )
    return roles[role]


def with_everything(bills: Any) -> Any:
    """Bills with all that their entries read, for several at once."""
    lines = BillLine.objects.select_related("account", "cost_centre", "tax_code").prefetch_related(
        "tax_code__rates", "tax_code__members__member__rates"
    )
    return bills.select_related("party", "company").prefetch_related(Prefetch("lines", lines.order_by("place")))


previews.fill("payables.bill", entry_for)

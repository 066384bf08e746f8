"""Pay from a day on: proposed by one, approved by another, cancelled while it lies ahead."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from backoffice.audit.models import Act
from backoffice.core.encryption import fingerprint
from backoffice.core.errors import Refused
from backoffice.documents import keeping
from backoffice.workflow import approvals
from backoffice.workflow.slots import Described, Subject, subjects
from hr.people.models import Employment, PayRate

State = PayRate.State
WEEKS = Decimal(52)
# Requests for approval are read by many, pay by few: the request is told no amount, so no limit of an approver
# applies and the right to approve pay alone decides.
UNSAID = Decimal(0)


def propose_pay(
    employment: Employment, *, effective_from: date, amount: Decimal, reason: str, by: Any, basis: str = "annual"
) -> PayRate:
    """Propose what is paid from this day on, in the company's currency; it counts once somebody else approved it.

    The day may lie ahead or behind. Raises `Refused` outside of the employment, `PermissionDenied` without the right.
    """
    rate = PayRate(
        company=employment.company,
        employment=employment,
        valid_from=effective_from,
        amount=amount,
        basis=basis,
        reason=reason,
    )
    return entered(rate, by=by)


def entered(rate: PayRate, *, by: Any) -> PayRate:
    """Keep a proposal, write that down and ask for its approval."""
    complete(rate)
    with transaction.atomic():
        keeping.enter(rate, by=by)
        approvals.open(rate, amount=UNSAID, by=by)
    return rate


def complete(rate: PayRate) -> None:
    """Company and currency follow from the employment. Raises `Refused` for a day outside of it."""
    demand_within(rate)
    rate.company, rate.currency = rate.employment.company, rate.employment.company.currency


def propose_all(rates: Sequence[PayRate], *, by: Any) -> None:
    """Propose many rates at once, with a fixed number of statements; the caller asked for the right."""
    for rate in rates:
        rate.entered_by = rate.changed_by = by
    PayRate.objects.bulk_create(rates)
    kind = ContentType.objects.get_for_model(PayRate)
    Act.objects.bulk_create([Act(content_type=kind, object_id=r.pk, verb="enter", by_id=by.pk) for r in rates])
    approvals.open_all([(rate, UNSAID) for rate in rates], by=by)


def demand_within(rate: PayRate) -> None:
    """Refuse a rate that would begin outside of the employment."""
    employment = rate.employment
    if rate.valid_from < employment.starts_on or (employment.ends_on and rate.valid_from > employment.ends_on):
        raise Refused(_("On that day the person is not employed."), code="outside")


def annual(rate: PayRate) -> Decimal:
    """What the rate comes to in a year, to the penny; an hourly one with the hours of its day, 52 weeks."""
    if rate.basis == PayRate.Basis.ANNUAL:
        return rate.amount
    held = rate.employment.assignments.filter(valid_from__lte=rate.valid_from).order_by("-valid_from").first()
    return yearly(rate.basis, rate.amount, held.weekly_hours if held is not None else Decimal(0))


def yearly(basis: str, amount: Decimal, weekly_hours: Decimal) -> Decimal:
    """An amount of a basis in a year of 52 weeks, to the penny, half up."""
    whole = amount if basis == PayRate.Basis.ANNUAL else amount * weekly_hours * WEEKS
    return whole.quantize(Decimal("0.01"), ROUND_HALF_UP)


@PayRate.flow.guard("approve")
def may_approve(rate: PayRate, user: Any) -> Refused | None:
    """Nobody approves twice, nor the own pay; the last approval must lie within a limit."""
    if user.pk is not None and rate.employment.person.user_id == user.pk:
        return Refused(_("Nobody approves their own pay."), code="duty")
    return approvals.why_not(rate, user)


@PayRate.flow.verb
def approve(rate: PayRate, *, by: Any) -> None:
    """Give one approval; the last one that is needed puts the rate in its place."""
    if approvals.approve(rate, by=by):
        accept(rate, by=by)


@PayRate.flow.verb
def accept(rate: PayRate, *, by: Any) -> None:
    """Put the rate between what held before and what holds later; one from the same day is replaced."""
    Employment.objects.select_for_update().get(pk=rate.employment_id)
    demand_within(rate)
    rows = list(PayRate.objects.filter(employment=rate.employment_id, state=State.APPROVED).order_by("valid_from"))
    held = next((row for row in rows if row.holds(rate.valid_from)), None)
    later = next((row for row in rows if row.valid_from > rate.valid_from), None)
    rate.valid_to = held.valid_to if held is not None else later.valid_from if later is not None else None
    if held is not None and held.valid_from == rate.valid_from:
        replace(held, by=by)
    elif held is not None:
        PayRate.objects.filter(pk=held.pk).update(valid_to=rate.valid_from, version=F("version") + 1)


@PayRate.flow.verb
def replace(rate: PayRate, *, by: Any) -> None:
    """Another rate counts from the same day."""


@PayRate.flow.verb
def send_back(rate: PayRate, *, by: Any, reason: str) -> None:
    """Refuse the proposal; another one may follow."""
    approvals.send_back(rate, by=by, reason=reason)


@PayRate.flow.verb
def withdraw(rate: PayRate, *, by: Any) -> None:
    """Take the proposal back before it is approved."""
    approvals.withdraw(rate)


@PayRate.flow.guard("cancel")
def lies_ahead(rate: PayRate, user: Any) -> Refused | None:
    """What was paid by is history: it is followed by another rate, not taken away."""
    if rate.state == State.APPROVED and rate.valid_from <= timezone.localdate(timezone=rate.company.zone):
        return Refused(_("This rate has begun: propose another one from a day on."), code="begun")
    return None


@PayRate.flow.verb
def drop(rate: PayRate, *, by: Any) -> None:
    """The employment never began."""
    approvals.withdraw(rate)


@PayRate.flow.explaining("cancel")
def when_it_opens(rate: PayRate) -> str:
    """What waits is withdrawn or returned, not cancelled."""
    return _("opens for an approved rate that lies ahead.") if rate.state == State.PROPOSED else ""


@PayRate.flow.verb
def cancel(rate: PayRate, *, by: Any) -> None:
    """Take back a rate that has not begun."""


@PayRate.flow.finishing("cancel")
def go_on(rate: PayRate, *, by: Any) -> None:
    """The rate before goes on to where the cancelled one would have ended; only now is the place free."""
    before = PayRate.objects.filter(employment=rate.employment_id, state=State.APPROVED, valid_to=rate.valid_from)
    before.update(valid_to=rate.valid_to, version=F("version") + 1)


def content(rate: PayRate) -> dict[str, Any]:
    """What an approval is about."""
    return {
        "employment": rate.employment_id,
        "from": rate.valid_from.isoformat(),
        "basis": rate.basis,
        # keyed, since the fingerprint of the content is readable and an amount is soon guessed
        "amount": fingerprint(format(rate.amount.normalize(), "f")),
        "currency": rate.currency,
        "reason": rate.reason,
    }


def describe(rate: PayRate) -> Described:
    """The proposal in an approver's list and mail, without its amount: mails are read by those who keep the house."""
    return Described(
        label=str(rate),
        sub=rate.reason,
        amount=None,
        currency=rate.currency,
        detail=_("from %s") % date_format(rate.valid_from, "j M Y"),
    )


def prepare(rates: Any) -> Any:
    """Rates with what `describe` reads, in one query."""
    return rates.select_related("employment__person", "company")


def spoken(rate: PayRate) -> str:
    """The rate in words: 41,250.00 GBP a year."""
    return f"{number_format(rate.amount, 2, force_grouping=True)} {rate.currency} {rate.get_basis_display()}"


subjects.fill("people.payrate", Subject(content, describe, icon="hand-coins", prepare=prepare))

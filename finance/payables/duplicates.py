"""Finding the same bill twice: what is certain is refused (and a constraint proves it), what looks alike is pointed out."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.documents.models import Attachment
from backoffice.parties.models import Party, PartyBankAccount
from finance.ledger.models import FiscalYear
from finance.payables.models import Bill, normalised

NEAR_DAYS = 30
NEAR_AMOUNT = Decimal("0.01")


@dataclass(frozen=True)
class LookAlike:
    """Another bill that may be the same one, and why."""

    bill: Bill
    why: str


def year_of(company_id: int, on: date) -> str:
    """The name of the fiscal year of a day; the calendar year where the books know none."""
    year = FiscalYear.objects.filter(company=company_id, starts_on__lte=on, ends_on__gte=on).first()
    return year.name if year else str(on.year)


def same_as(bill: Bill) -> Bill | None:
    """A bill that is certainly this one: supplier, normalised reference and fiscal year agree, and it stands."""
    found = Bill.objects.filter(
        company=bill.company_id,
        party=bill.party_id,
        reference_key=normalised(bill.reference),
        reference_year=bill.reference_year or year_of(bill.company_id, bill.bill_date),
        replaces=bill.replaces_id,
    )
    return found.exclude(state=Bill.State.VOID).exclude(pk=bill.pk).select_related("entry").first()


def demand_first(bill: Bill) -> None:
    """Raise `Refused` when this bill is here already, or when it replaces one that was not reversed.

    A bill whose entry was reversed may be entered again: the new one then replaces it.
    """
    other = same_as(bill)
    if other is not None and bill.replaces_id is None and other.entry is not None and other.entry.is_reversed:
        bill.replaces = _last_of(other)
        other = same_as(bill)
    if other is not None:
        raise Refused(
            _("%(party)s sent %(reference)s already: it is %(number)s of %(day)s (%(state)s).")
            % {
                "party": bill.party,
                "reference": bill.reference,
                "number": other.number or _("a draft"),
                "day": f"{other.bill_date:%d %b %Y}",
                "state": other.get_state_display().lower(),
            },
            code="duplicate",
            details={"bill": other.pk},
        )


def _last_of(bill: Bill) -> Bill:
    """The end of a chain of bills that replaced each other, as far as it was reversed."""
    following = bill.replaced_by.exclude(state=Bill.State.VOID).select_related("entry").first()
    if following is None or following.entry is None or not following.entry.is_reversed:
        return bill
    return _last_of(following)


def look_alikes(bill: Bill) -> list[LookAlike]:
    """Bills that may be this one: near in amount and date, from the same file, or from a twin of the supplier."""
    whys = (
        (_near(bill).filter(party=bill.party_id), _("same supplier and amount, dates near")),
        (_of_same_file(bill), _("the same file")),
        (
            _near(bill).filter(party__in=twins(bill.party)),
            _("same amount from a party with the same VAT number or bank account"),
        ),
    )
    parts = [rows.annotate(_why=Value(n, output_field=IntegerField())) for n, (rows, _words) in enumerate(whys)]
    found: dict[int, LookAlike] = {}
    for other in sorted(parts[0].union(*parts[1:], all=True), key=lambda other: other._why):
        found.setdefault(other.pk, LookAlike(other, str(whys[other._why][1])))
    return list(found.values())


def with_look_alikes(bills: Any) -> Any:
    """Bills with `has_look_alike`: another of the same supplier, near in amount and date (for lists)."""
    days = timedelta(days=NEAR_DAYS)
    others = Bill.objects.filter(
        party=OuterRef("party"),
        kind=OuterRef("kind"),
        currency=OuterRef("currency"),
        total__range=(OuterRef("total") - NEAR_AMOUNT, OuterRef("total") + NEAR_AMOUNT),
        bill_date__range=(OuterRef("bill_date") - days, OuterRef("bill_date") + days),
    ).exclude(state=Bill.State.VOID)
    return bills.annotate(
        has_look_alike=Exists(others.exclude(pk=OuterRef("pk")).exclude(pk=Coalesce(OuterRef("replaces"), Value(0))))
    )


def twins(party: Party) -> Any:
    """Other parties that share the VAT number or a bank account: perhaps one supplier entered twice."""
    prints = PartyBankAccount.objects.filter(party=party).values("fingerprint")
    alike = Q(bank_accounts__fingerprint__in=prints)
    if party.vat_number:
        alike |= Q(vat_number=party.vat_number)
    return Party.objects.filter(alike, company=party.company_id).exclude(pk=party.pk).distinct()


def _standing(bill: Bill) -> Any:
    rows = Bill.objects.filter(company=bill.company_id).exclude(state=Bill.State.VOID).order_by()
    return rows.exclude(pk__in=[pk for pk in (bill.pk, bill.replaces_id) if pk]).select_related("party")


def _near(bill: Bill) -> Any:
    days = timedelta(days=NEAR_DAYS)
    return _standing(bill).filter(
        ~Q(total=0),
        kind=bill.kind,
        currency=bill.currency,
        total__range=(bill.total - NEAR_AMOUNT, bill.total + NEAR_AMOUNT),
        bill_date__range=(bill.bill_date - days, bill.bill_date + days),
    )


def _of_same_file(bill: Bill) -> Any:
    kind = ContentType.objects.get_for_model(Bill)
    mine = Attachment.objects.filter(content_type=kind, object_id=bill.pk, is_original=True).values("digest")
    others = Attachment.objects.filter(content_type=kind, is_original=True, digest__in=mine).values("object_id")
    return _standing(bill).filter(pk__in=others)

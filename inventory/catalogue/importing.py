"""Bringing in items from a CSV file or workbook: judged row by row, then all come in or none.

Which code is on record already is left as it is, so a file may be brought in twice without harm.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from backoffice.ui import sheets
from backoffice.ui.reading import Unreadable, read_amount
from finance.ledger.models import Account
from finance.tax.models import TaxCode
from inventory.catalogue import scanning
from inventory.catalogue.models import Barcode, Category, Item, ItemUnit, Unit

NEEDED = ("code", "name", "category", "unit")
COLUMNS = (*NEEDED, "kind", "is_asset", "tax_code", "account", "standard_cost", "barcode", "pack_of", "pack_barcode")
EXAMPLE = {
    "code": "MBX-40", "name": "Mailing box 400x300x150", "category": "PACK", "unit": "C62", "kind": "stock",
    "is_asset": "no", "standard_cost": "14.34", "barcode": "5012345678900", "pack_of": "25", "pack_barcode": "15012345678907",
}  # fmt: skip
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"", "no", "false", "0", "n"})


@dataclass
class Planned:
    """What would become of one row."""

    item: Item
    barcodes: list[tuple[str, bool]] = field(default_factory=list)  # code, and whether it is that of the pack
    pack_of: int = 0


def template() -> str:
    """A CSV file with the headings and one example."""
    return sheets.template(COLUMNS, EXAMPLE)


@transaction.atomic
def bring(company: Company, name: str, content: bytes, *, by: Any) -> tuple[int, list[str]]:
    """Enter every item of a file that is not on record: how many, or the problems by line, then nothing is written.

    Raises `Refused` when it is no such file, `PermissionDenied` without the right to add items.
    """
    if denied := authority.only.refusal(by, "catalogue.add_item", Item(company=company)):
        raise denied
    rows = sheets.read(name, content, columns=COLUMNS, needed=NEEDED)
    judge = _Judge(company, rows)
    planned = [judge.planned(row.line, row) for row in rows]
    if judge.problems:
        return 0, judge.problems
    return _write([each for each in planned if each is not None]), []


def _write(planned: Sequence[Planned]) -> int:
    Item.objects.bulk_create(each.item for each in planned)
    packs = {
        id(each): ItemUnit(
            item=each.item, name=_("pack of %s") % each.pack_of, unit=each.item.unit, numerator=each.pack_of
        )
        for each in planned
        if each.pack_of
    }
    ItemUnit.objects.bulk_create(packs.values())
    Barcode.objects.bulk_create(
        Barcode(company_id=each.item.company_id, item=each.item, code=code, item_unit=packs[id(each)] if pack else None)
        for each in planned
        for code, pack in each.barcodes
    )
    return len(planned)


class _Judge:
    """Judges rows against each other and what is on record, with a fixed number of queries."""

    def __init__(self, company: Company, rows: Sequence[Mapping[str, str]]) -> None:
        self.company, self.problems, self.line = company, list[str](), 0
        self.known = set(Item.objects.filter(company=company).values_list("code", flat=True))
        self.categories = {row.code: row for row in Category.objects.filter(company=company)}
        self.units = {row.code: row for row in Unit.objects.all()}
        self.taxes = {row.code: row for row in TaxCode.objects.filter(company=company)}
        self.accounts = {row.code: row for row in Account.objects.filter(company=company)}
        self.codes = Counter(row.get("code", "") for row in rows)
        scanned = [_bare(row.get(name, "")) for row in rows for name in ("barcode", "pack_barcode")]
        self.scanned = Counter(code for code in scanned if code)
        taken = Barcode.objects.filter(company=company, code__in=self.scanned).select_related("item")
        self.taken = {row.code: row.item for row in taken}

    def object(self, words: str) -> None:
        self.problems.append(_("Line %(line)s: %(words)s") % {"line": self.line, "words": words})

    def planned(self, line: int, row: Mapping[str, str]) -> Planned | None:
        """The item of a row, or None when it is on record or wrong; what is wrong is noted, not raised."""
        self.line, before = line, len(self.problems)
        if row.get("code") in self.known:
            return None
        for name in ("code", "name"):
            if not row.get(name) or len(row[name]) > (30 if name == "code" else 120):
                self.object(_("“%s” is empty or too long") % name)
        if self.codes[row.get("code", "")] > 1:
            self.object(_("the code stands in the file more than once"))
        kind, asset = row.get("kind") or Item.Kind.STOCK, row.get("is_asset", "").lower()
        if kind not in Item.Kind.values or asset not in YES | NO:
            self.object(_("kind is stock, service or expense, and is_asset yes or no"))
        if asset in YES and kind == Item.Kind.STOCK:
            self.object(_("what becomes equipment is not kept in stock"))
        item = Item(
            company=self.company,
            code=row.get("code", ""),
            name=row.get("name", ""),
            category=self.choose(self.categories, row, "category"),
            unit=self.choose(self.units, row, "unit"),
            kind=kind,
            is_asset=asset in YES,
            tax_code=self.choose(self.taxes, row, "tax_code"),
            account=self.choose(self.accounts, row, "account"),
            standard_cost=self.cost(row.get("standard_cost", "")),
        )
        planned = Planned(item, pack_of=self.pack(row.get("pack_of", "")))
        planned.barcodes = [
            (code, pack)
            for code, pack in ((self.barcode(row, "barcode"), False), (self.barcode(row, "pack_barcode"), True))
            if code
        ]
        if row.get("pack_barcode") and not planned.pack_of:
            self.object(_("a code of a pack needs “pack_of”"))
        return planned if len(self.problems) == before else None

    def choose(self, rows: Mapping[str, Any], row: Mapping[str, str], name: str) -> Any:
        code = row.get(name, "")
        if code not in rows and (code or name in NEEDED):
            self.object(_("there is no %(what)s “%(code)s”") % {"what": name, "code": code})
        return rows.get(code)

    def cost(self, text: str) -> Decimal:
        try:
            cost = read_amount(text, digits=6) if text else ZERO
        except Unreadable as error:
            self.object(str(error))
            return ZERO
        if not 0 <= cost < 10**12:
            self.object(_("“standard_cost” is not negative"))
        return cost

    def pack(self, text: str) -> int:
        if not text:
            return 0
        if not text.isdecimal() or not 2 <= int(text) <= 1_000_000:
            self.object(_("“pack_of” is a whole number of two or more"))
            return 0
        return int(text)

    def barcode(self, row: Mapping[str, str], name: str) -> str:
        try:
            code = scanning.checked(row.get(name, ""))
        except Refused as reason:
            self.object(str(reason))
            return ""
        if len(code) > 48 or self.scanned[code] > 1:
            self.object(_("the barcode %s is too long, or stands in the file more than once") % code[:48])
        if code in self.taken:
            self.object(_("the barcode %(code)s belongs to %(item)s") % {"code": code, "item": self.taken[code]})
        return code


def _bare(code: str) -> str:
    return "".join(code.split())

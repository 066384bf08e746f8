"""Plain builders of equipment."""

from datetime import date
from decimal import Decimal

from finance.ledger.models import Account
from itsm.assets import tagging
from itsm.assets.models import Asset, Outfit
from tests.factories_people import an_employment
from tests.factories_stock import an_item

TODAY = date(2026, 11, 23)


def a_laptop(company, code="LAP-14", **fields):
    """An item each piece of which becomes an asset."""
    return an_item(company, code, name=fields.pop("name", "Laptop 14 inch"), kind="expense", is_asset=True, **fields)


def an_asset(company, *, by, item=None, **fields):
    """An asset in stock."""
    item = item or a_laptop(company, f"LAP-{Asset.objects.count()}")
    return Asset.objects.create(
        company=company,
        number=fields.pop("number", "") or tagging.take(company, 1)[0],
        item=item,
        account=Account.objects.get(company=company, role="equipment"),
        entered_by=by,
        changed_by=by,
        **{"name": item.name, "cost": Decimal(900), "acquired_on": TODAY, **fields},
    )


def an_outfit(company, *, by, on=date(2126, 12, 1), **fields):
    """What somebody who starts on a day needs; nobody looked yet."""
    return Outfit.objects.get(employment=an_employment(company, by=by, starts_on=on, **fields))

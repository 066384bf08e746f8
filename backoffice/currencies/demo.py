"""Rates of the sample: euro and dollar against the pound, one a week, wandering round what they were."""

from datetime import timedelta
from decimal import Decimal

from backoffice.core.sample import World
from backoffice.currencies.models import Rate

CENTRES = {"EUR": Decimal("0.8400"), "USD": Decimal("0.7650")}


def load(world: World) -> None:
    """A rate a week from a month before the books start until today."""
    rates = []
    for code, centre in CENTRES.items():
        value, day = centre, world.starts_on - timedelta(days=31)
        while day <= world.today:
            rates.append(Rate(base_id=code, quote_id="GBP", on=day, rate=value, source="Sample"))
            value += (centre - value) * Decimal("0.1") + world.between("-0.0060", "0.0060", "0.0001")
            day += timedelta(days=7)
    Rate.objects.bulk_create(rates)

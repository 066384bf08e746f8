"""The fields that stock shares."""

from typing import Any

from django.db import models


class Quantity(models.DecimalField):
    """A quantity in the item's base unit, six decimals: never a float (operations B0.7)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_digits", 18)
        options.setdefault("decimal_places", 6)
        super().__init__(*args, **options)


class UnitCost(models.DecimalField):
    """What one base unit costs, in company currency, six decimals."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_digits", 20)
        options.setdefault("decimal_places", 6)
        super().__init__(*args, **options)

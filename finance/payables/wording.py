"""How quantities and prices are written: with as many decimals as they need."""

from decimal import Decimal


def plain(value: Decimal | None, least: int = 0) -> str:
    """A figure with thousands marks and as many decimals as it needs, at least `least`."""
    if value is None:
        return ""
    digits = max(-int(value.normalize().as_tuple().exponent), least, 0)
    return f"{value:,.{digits}f}"

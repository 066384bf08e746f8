"""The sample's tax codes: those of the United Kingdom."""

from backoffice.core.sample import World
from finance.tax import codes


def load(world: World) -> None:
    """Codes, rates and their return boxes."""
    codes.install(world.company, "uk")
    found = world.company.tax_codes.prefetch_related("rates", "members__member__rates")
    world.things["tax code"] = {code.code: code for code in found}

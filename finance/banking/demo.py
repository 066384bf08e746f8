"""The bank account of Calder & Wren; its runs are proposed by payables, which knows what is due."""

from backoffice.core.sample import World
from finance.banking.models import BankAccount


def load(world: World) -> None:
    """The current account in pounds and the one in euros."""
    account = world.things["account"]
    for code, name, iban, currency in (
        ("1210", "Current account", "GB33BUKB20201555555555", "GBP"),
        ("1215", "Euro account", "GB94BARC10201530093459", "EUR"),
    ):
        world.things[f"bank {currency}"] = BankAccount.objects.create(
            company=world.company,
            name=name,
            account=account[code],
            holder=world.company.name,
            iban=iban,
            bic="BUKBGB22" if currency == "GBP" else "BARCGB22",
            currency=currency,
        )

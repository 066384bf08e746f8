"""Which accounts stock posts to: by the item's category, else by the company's roles."""

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company
from finance.ledger.models import Account, Role
from inventory.catalogue.models import Item


def accounts_of(company: Company) -> dict[str, Account]:
    """The company's accounts by role, one query."""
    return {account.role: account for account in Account.objects.filter(company=company).exclude(role="")}


def role(accounts: dict[str, Account], wanted: Role) -> Account:
    """The account of a role; raises `Refused` when the chart names none."""
    if wanted not in accounts:
        raise Refused(
            _("No account plays the role “%(role)s”. Choose one in the chart of accounts.") % {"role": wanted.label},
            code="role",
        )
    return accounts[wanted]


def stock_account(item: Item, accounts: dict[str, Account]) -> Account:
    """Where the item's value stands: its category's account, else the company's."""
    return item.category.stock_account or role(accounts, Role.STOCK)


def cost_account(item: Item, accounts: dict[str, Account]) -> Account:
    """What pays for what is issued: the category's account, else cost of sales."""
    return item.category.cost_account or role(accounts, Role.COGS)

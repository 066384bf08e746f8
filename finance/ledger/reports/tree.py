"""The tree of headings and accounts that both statements print."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from finance.ledger.models import (
    Account,
    Heading,
)


@dataclass
class Node:
    """A heading or an account with its figures, one for each span; figures are credit minus debit."""

    name: str
    figures: list[Decimal]
    children: list["Node"]
    account: Account | None = None
    heading: Heading | None = None

    @property
    def is_empty(self) -> bool:
        return not any(self.figures) and all(child.is_empty for child in self.children)

    def kinds(self) -> set[str]:
        """The kinds of the accounts below."""
        own = {self.account.kind} if self.account else set()
        return own.union(*(child.kinds() for child in self.children))


def tree(company: Company, statement: str, figures: dict[int, list[Decimal]], width: int) -> list[Node]:
    """The headings of a statement with their accounts, summed up; empty branches are left out."""
    accounts: dict[int, list[Account]] = defaultdict(list)
    for account in Account.objects.filter(company=company, heading__statement=statement).order_by("code"):
        accounts[account.heading_id].append(account)
    below: dict[int | None, list[Heading]] = defaultdict(list)
    for heading in Heading.objects.filter(company=company, statement=statement).order_by("place", "id"):
        below[heading.parent_id].append(heading)

    def grow(heading: Heading) -> Node:
        children = [grow(child) for child in below[heading.pk]]
        for account in accounts[heading.pk]:
            own = figures.get(account.pk, [ZERO] * width)
            children.append(Node(f"{account.code} {account.name}", own, [], account=account))
        children = [child for child in children if not child.is_empty]
        sums = [sum((child.figures[i] for child in children), ZERO) for i in range(width)]
        return Node(heading.name, sums, children, heading=heading)

    return [node for node in (grow(heading) for heading in below[None]) if not node.is_empty]


def sums(nodes: Iterable[Node], width: int) -> list[Decimal]:
    """The figures of several nodes together."""
    listed = list(nodes)
    return [sum((node.figures[i] for node in listed), ZERO) for i in range(width)]
